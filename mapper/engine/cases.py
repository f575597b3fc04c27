"""Runs the tests that stand in a spec: each given shape through the program, what came out against what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from mapper.cvat.model import Export, Image, LabelSpec, Shape, Task
from mapper.encord.ontology import Ontology, load_ontology
from mapper.encord.rows import Dataset
from mapper.engine.context import Context
from mapper.engine.program import Program, labels_by_name
from mapper.engine.run import Stage
from mapper.findings.collector import Collector
from mapper.geometry.shapes import Ellipse, Rectangle

if TYPE_CHECKING:
    from mapper.geometry.kinds import Kind
    from mapper.spec.cases import Case, Expected, Given
    from mapper.spec.load import LoadedSpec

SIZE = 1000
"""Width and height of the image that a given shape stands on, in pixels."""

Outcome = dict[str, Any]
"""Keys as in ``expect``: rule, object, shape, classification, dropped, refused."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case, what it expected and what came out."""

    name: str
    passed: bool
    expected: tuple[Outcome, ...]
    actual: tuple[Outcome, ...]


def run_cases(loaded: LoadedSpec) -> list[CaseResult]:
    """All tests of a spec, in order."""
    return [_run(loaded, case) for case in loaded.spec.tests]


def _run(loaded: LoadedSpec, case: Case) -> CaseResult:
    expected = tuple(_stated(item) for item in case.expect)
    actual = tuple(_convert(loaded, case.given))
    matches = len(expected) == len(actual) and all(wanted.items() <= got.items() for wanted, got in zip(expected, actual, strict=True))
    return CaseResult(case.name, matches, expected, actual)


def _stated(expected: Expected) -> Outcome:
    return {name: value for name, value in expected.model_dump().items() if value is not None}


def _convert(loaded: LoadedSpec, given: Given) -> list[Outcome]:
    ontology = Ontology() if loaded.ontology is None else load_ontology(loaded.ontology)
    labels = labels_by_name(loaded.labels or (LabelSpec(name=given.label),))
    context = Context(loaded.spec, labels, ontology, Collector(), loaded.place)
    program = Program(context)
    task = Task(id="case")
    shape = _shape(given)
    image = Image(given.frame, given.image, SIZE, SIZE, task, given.subset, given.frame, 1, [shape])
    export = Export(scope="none", id="", name="", created="", updated="", tasks=(task,), labels=())
    stage = Stage(export, Dataset("case", "case"), "case")
    row = stage.row(image, stage.unit(image), set())
    program.convert(image, row)
    verdict = next(verdict for verdict in program.ledger.verdicts.values() if verdict.counts)
    if verdict.account in {"dropped", "refused"}:
        return [{"rule": verdict.rule, verdict.account: True}]
    objects = orjson.loads(b"[" + b",".join(row.objects) + b"]")
    made = [{"rule": verdict.rule, "object": item["name"], "shape": item["shape"]} for item in objects]
    titles = {node.hash: node.root.title for node in ontology.classifications}
    return made + [{"rule": verdict.rule, "classification": titles[feature]} for feature in row.instances]


def _shape(given: Given) -> Shape:
    kind: Kind = "tag" if given.tag else given.shape or "tag"
    fields = (
        "1" if given.occluded else "0",
        str(given.z_order),
        str(given.group) if given.group else None,
        given.source,
        None,
        str(given.rotation) if given.rotation else None,
    )
    geometry = _geometry(kind, given)
    return Shape(kind, given.label, geometry, repr(geometry), tuple(given.attributes.items()), fields, 1)


def _geometry(kind: Kind, given: Given) -> Any:
    if kind == "rectangle":
        xtl, ytl, xbr, ybr = map(float, given.box or ())
        return Rectangle(xtl, ytl, xbr, ybr, float(given.rotation))
    if kind == "ellipse":
        cx, cy, rx, ry = map(float, given.ellipse or ())
        return Ellipse(cx, cy, rx, ry, float(given.rotation))
    return None if kind == "tag" else [float(number) for number in given.points or ()]
