"""Specs and label schemas for tests of the analysis, and what the engine itself does with a shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

from mapper.cvat.model import AttributeSpec, Export, LabelSpec
from mapper.encord.ontology import Ontology
from mapper.encord.rows import Dataset
from mapper.engine.analysis.check import check_spec
from mapper.engine.analysis.coverage import TOTAL
from mapper.engine.context import Context
from mapper.engine.program import Program, labels_by_name
from mapper.engine.run import Stage
from mapper.findings.collector import Collector
from mapper.spec.load import LoadedSpec
from mapper.spec.located import load_located
from mapper.spec.model import MappingSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.model import Image
    from mapper.engine.analysis.notes import Note

Json = dict[str, Any]


def loaded(document: Json) -> LoadedSpec:
    """A spec as it is loaded, without the checks that refuse what makes little sense."""
    text = json.dumps(document, indent=1)
    spec = MappingSpec.model_validate_json(text)
    return LoadedSpec(spec=spec, located=load_located(text.encode(), "spec.json"), sha256="", meaning=text, parameters={})


def select(name: str, *values: str, **more: Any) -> AttributeSpec:
    """An attribute with a list of values."""
    return AttributeSpec(name=name, input_type="select", values=values, default=values[0], **more)


def label(name: str, *attributes: AttributeSpec, kind: str = "any", **more: Any) -> LabelSpec:
    """A label."""
    return LabelSpec(name=name, type=kind, attributes=attributes, **more)


def notes(document: Json, *labels: LabelSpec, ontology: Json | None = None, budget: int = TOTAL) -> list[Note]:
    """What the analysis finds."""
    return list(check_spec(loaded(document), labels, ontology, budget).notes)


def messages(found: Sequence[Note]) -> dict[str, list[str]]:
    """The messages by code."""
    said: dict[str, list[str]] = {}
    for note in found:
        said.setdefault(note.issue.code, []).append(note.issue.message())
    return said


def outcome(spec: LoadedSpec, labels: Sequence[LabelSpec], image: Image) -> Any:
    """What the engine makes of the shapes of an image: for each verdict its account, rule apart, and the objects it made."""
    ontology = Ontology()
    program = Program(Context(spec.spec, labels_by_name(tuple(labels)), ontology, Collector(), spec.place))
    export = Export(scope="none", id="", name="", created="", updated="", tasks=(image.task,), labels=())
    stage = Stage(export, Dataset("case", "case"), "case")
    row = stage.row(image, stage.unit(image), set())
    program.convert(image, row)
    objects = orjson.loads(b"[" + b",".join(row.objects) + b"]")
    titles = {node.hash: node.root.title for node in ontology.classifications}
    ends = {
        verdict.account if verdict.account in {"dropped", "refused"} else "made"
        for verdict in program.ledger.verdicts.values()
        if verdict.counts
    }
    answers = [orjson.loads(answer.partition(b":")[2]) for answer in row.answers]
    plain = [[(entry["name"], _plain(entry["answers"])) for entry in answer["classifications"]] for answer in answers]
    return (
        sorted(ends),
        sorted((item["name"], item["shape"]) for item in objects),
        sorted((titles[key], made.root) for key, made in row.instances.items()),
        plain,
    )


def _plain(answers: Any) -> Any:
    return [option["name"] for option in answers] if isinstance(answers, list) else answers
