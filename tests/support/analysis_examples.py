"""An example for each code of the analysis: a spec and a label schema, run in the current folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper import check, compare, validate
from tests.support.specs import answer, classification, rule, spec, thing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.base import Finding

Json = dict[str, Any]
Found = tuple["Sequence[Finding]", dict[str, tuple[str, ...]]]

TYPE: Json = {"name": "type", "input_type": "select", "mutable": False, "default_value": "van", "values": ["van", "lorry"]}
CAR: Json = {"name": "car", "type": "rectangle", "attributes": [TYPE]}
ANY: Json = {"name": "car", "type": "any", "attributes": []}
WET: list[Json] = [{"name": name, "type": "tag", "attributes": []} for name in ("rain", "fog")]
WRITTEN = answer("type", "Type", "radio")
MADE = thing(WRITTEN, name="Car", kind="bounding_box")
RADIO: Json = {"id": "1.1", "name": "Body", "type": "radio", "required": True, "featureNodeHash": "rrrrrrrr", "options": []}
ONTOLOGY: Json = {
    "objects": [
        {"id": "1", "name": "Car", "color": "#D33115", "shape": "bounding_box", "featureNodeHash": "cccccccc", "attributes": [RADIO]}
    ],
    "classifications": [],
}
GAPS = {"CHK808": "tests/engine/analysis: dozens of rules for one label"}
"""Codes of which no small example exists."""
FEW = 20
"""Steps of which one label and kind may take one."""


class Example(NamedTuple):
    """A spec, the labels that it is checked against, and perhaps an ontology."""

    document: Json
    labels: Sequence[Json] = (CAR,)
    ontology: Json | None = None
    budget: int | None = None

    def run(self) -> Found:
        """Check it in the current folder."""
        for name, value in {"mapping.json": self.document, "labels.json": self.labels}.items():
            Path(name).write_text(laid_out(value) + "\n", "utf-8")
        checked = validate("mapping.json")
        assert checked.spec is not None
        found = check(checked.spec, "labels.json", ontology=self.ontology, budget=self.budget).findings
        return found, {checked.file: checked.lines}


def laid_out(value: Any) -> str:
    """JSON with each rule on a line of its own."""
    return json.dumps(value, indent=1) if not isinstance(value, dict) else _lines(value)


def _lines(document: Json) -> str:
    parts = []
    for key, value in document.items():
        inner = ",\n  ".join(map(json.dumps, value)) if isinstance(value, list) else ""
        parts.append(f'"{key}": [\n  {inner}\n]' if inner else f'"{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}"


def drop(name: str, **match: Any) -> Json:
    """A rule that drops what it matches."""
    return {"id": name, "match": match, "drop": {"reason": "not wanted"}}


def types(*values: str) -> Json:
    """A condition on the type."""
    return {"label": "car", "attributes": {"type": list(values)}}


REST = drop("rest")
BOTH = spec(drop("van", occluded=True, **types("van")), REST)
EXAMPLES: dict[str, Example] = {
    "CHK801": Example(spec(rule(MADE, name="van", **types("van")))),
    "CHK802": Example(spec(drop("known", **types("van", "lorry")))),
    "CHK803": Example(spec(drop("known", **types("van", "lorry")), drop("hidden", **types("van"), occluded=True), REST)),
    "CHK804": Example(spec(drop("lorry", **types("lory")), REST)),
    "CHK805": Example(spec(drop("van", **types("van")), drop("hidden", occluded=True), REST)),
    "CHK806": Example(BOTH, budget=FEW),
    "CHK807": Example(BOTH, budget=FEW),
    "CHK811": Example(spec(drop("cars", label="cra"), REST)),
    "CHK812": Example(spec(drop("red", label="car", attributes={"tpye": "van"}), REST)),
    "CHK813": Example(spec(drop("lorry", **types("lory")), REST)),
    "CHK814": Example(
        spec(
            rule(thing(answer("type", "Type", "radio", options={"van": "Van"}), name="Car", kind="bounding_box"), shapes=["rectangle"]),
            policy={"unlisted_value": {"do": "drop", "severity": "warning"}},
        )
    ),
    "CHK815": Example(spec(rule(thing(name="Car", kind="bounding_box"), shapes=["rectangle"])), (CAR | {"attributes": []},), ONTOLOGY),
    "CHK816": Example(spec(*(rule(classification(name="Weather", option=name), name=name, tag=name) for name in ("rain", "fog"))), WET),
    "CHK817": Example(spec(rule(thing(name="Car"), name="car", label="car")), (ANY,)),
}


def _version() -> Found:
    for name, document in {"before.json": spec(rule(MADE)), "mapping.json": spec(REST)}.items():
        Path(name).write_text(laid_out(document) + "\n", "utf-8")
    checked = validate("mapping.json")
    assert checked.spec is not None
    return compare("before.json", checked.spec).findings, {checked.file: checked.lines}


def _undecided() -> Found:
    Path("before.json").write_text(laid_out(BOTH) + "\n", "utf-8")
    Path("labels.json").write_text(laid_out([CAR]) + "\n", "utf-8")
    Path("mapping.json").write_text(laid_out(spec(REST)) + "\n", "utf-8")
    return compare("before.json", "mapping.json", labels="labels.json", budget=FEW).findings, {}


def analysis_examples() -> dict[str, Callable[[], Found]]:
    """The examples by code."""
    return {code: example.run for code, example in EXAMPLES.items()} | {"DIF841": _version, "DIF842": _undecided}
