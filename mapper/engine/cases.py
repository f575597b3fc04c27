"""Runs the tests that stand in a spec: each given shape through the program, what came out against what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import Export, Image, LabelSpec, Task
from mapper.encord.ontology import Ontology, load_ontology
from mapper.encord.rows import Dataset
from mapper.engine.accounts import LOST
from mapper.engine.case_tracks import SIZE, given_shape, track_outcomes
from mapper.engine.context import Context
from mapper.engine.explain import first_miss
from mapper.engine.program import labels_by_name
from mapper.engine.run import Stage
from mapper.engine.watch import WatchedProgram
from mapper.engine.ways import made
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.engine.watch import Event
    from mapper.engine.ways import Made
    from mapper.spec.cases import Case, Expected, Given
    from mapper.spec.load import LoadedSpec

TASK = Task(id="case", width=SIZE, height=SIZE)

Outcome = dict[str, Any]
"""Keys as in ``expect``: rule, object, shape, attributes, classification, answer, dropped, refused."""

DETAILS = frozenset({"attributes", "answer"})
"""Keys that are shown only if a case names them."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case, what it expected and what came out.

    ``rule``: the rule that took the shape, "" if none did. ``reasons``: why it was not the one that was expected.
    """

    name: str
    passed: bool
    expected: tuple[Outcome, ...]
    actual: tuple[Outcome, ...]
    rule: str = ""
    reasons: tuple[str, ...] = ()


def run_cases(loaded: LoadedSpec, cases: Sequence[Case] | None = None) -> list[CaseResult]:
    """All tests of a spec, in order, or other cases."""
    return [_run(loaded, case) for case in (loaded.spec.tests if cases is None else cases)]


def _run(loaded: LoadedSpec, case: Case) -> CaseResult:
    expected = tuple(_stated(item) for item in case.expect)
    if case.given.track is not None:
        return _run_track(loaded, case, expected)
    event = _convert(loaded, case.given)
    actual = _outcomes(event)
    matches = len(expected) == len(actual) and all(map(_meets, expected, actual))
    rules = dict.fromkeys(item["rule"] for item in expected if item.get("rule", event.rule) != event.rule)
    reasons = tuple(_reason(loaded, rule, event) for rule in rules)
    compared = {name for item in expected for name in item}
    shown = tuple({name: value for name, value in item.items() if name in compared or name not in DETAILS} for item in actual)
    return CaseResult(case.name, matches, expected, shown, event.rule, reasons)


def _run_track(loaded: LoadedSpec, case: Case, expected: tuple[Outcome, ...]) -> CaseResult:
    program = _program(loaded, case.given)
    actual = track_outcomes(program, _stage(), TASK, case.given)
    matches = len(expected) == len(actual) and all(map(_meets, expected, actual))
    return CaseResult(case.name, matches, expected, tuple(actual), actual[0]["rule"] if actual else "")


def _stated(expected: Expected) -> Outcome:
    return {name: value for name, value in expected.model_dump().items() if name in expected.model_fields_set}


def _meets(wanted: Outcome, got: Outcome) -> bool:
    names = dict(wanted.get("attributes") or {})
    answers = got.get("attributes", {})
    return all(_equal(value, answers.get(name)) for name, value in names.items()) and all(
        _equal(value, got.get(name)) for name, value in wanted.items() if name != "attributes"
    )


def _equal(wanted: Any, got: Any) -> bool:
    """Whether an answer is what was wanted: one option may be given by its title alone, false means not."""
    if isinstance(got, list) and not isinstance(wanted, list):
        return got == [wanted]
    return bool(wanted == got) or (wanted is False and got is None)


def _reason(loaded: LoadedSpec, wanted: str, event: Event) -> str:
    """Why a rule did not take the shape of a case."""
    number, rule = next((number, rule) for number, rule in enumerate(loaded.spec.rules) if rule.id == wanted)
    miss = first_miss(rule.match, event.shape, event.image)
    line = loaded.place(("rules", number, "id")).line
    if miss is not None:
        inner = "".join(f"; {one.path()} is {one.found}, wanted {one.wanted}" for one in miss.inner)
        return f"rule {wanted} (line {line}) does not match: {miss.path()} is {miss.found}, wanted {miss.wanted}{inner}"
    return f"rule {wanted} (line {line}) matches too, but rule {event.rule} comes before it"


def _program(loaded: LoadedSpec, given: Given) -> WatchedProgram:
    ontology = Ontology() if loaded.ontology is None else load_ontology(loaded.ontology)
    labels = labels_by_name(loaded.labels or (LabelSpec(name=given.label),))
    return WatchedProgram(Context(loaded.spec, labels, ontology, Collector(), loaded.place), lambda _: True)


def _stage() -> Stage:
    export = Export(scope="none", id="", name="", created="", updated="", tasks=(TASK,), labels=())
    return Stage(export, Dataset("case", "case"), "case")


def _convert(loaded: LoadedSpec, given: Given) -> Event:
    program, stage = _program(loaded, given), _stage()
    image = Image(given.frame, given.image, SIZE, SIZE, TASK, given.subset, given.frame, 1, [given_shape(given)])
    program.convert(image, stage.row(image, stage.unit(image), set()))
    return program.events[0]


def _outcomes(event: Event) -> tuple[Outcome, ...]:
    if event.verdict.account in LOST:
        return ({"rule": event.rule, event.verdict.account: True},)
    return tuple(_outcome(event.rule, item) for item in made(event))


def _outcome(rule: str, item: Made) -> Outcome:
    if item.what == "object":
        return {"rule": rule, "object": item.title, "shape": item.shape, "attributes": item.answers}
    nested = {title: value for title, value in item.answers.items() if title != item.title}
    return {"rule": rule, "classification": item.title, "answer": item.answers.get(item.title), "attributes": nested}
