"""Names and values that conditions and attribute rules use, against the label schema: what it does not have is a typo."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from mapper.engine.analysis.diagram import EMPTY
from mapper.engine.analysis.domains import is_listed_number, values_of
from mapper.engine.analysis.leaves import given, passes
from mapper.engine.analysis.notes import Note
from mapper.findings.analysis.values import ImpossibleValue, UnknownAttribute, UnknownLabel
from mapper.spec.matching import TextTest
from mapper.spec.semantics.walk import attribute_lists
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.cvat.model import AttributeSpec, LabelSpec
    from mapper.engine.analysis.coverage import Coverage
    from mapper.spec.load import LoadedSpec
    from mapper.spec.matching import Match
    from mapper.spec.targets import AttributeRule

Pointer = tuple[str | int, ...]
Labels = dict[str, "LabelSpec"]
KEYS = {"in_": "in"}
SHOWN = 6


def names(loaded: LoadedSpec, found: Coverage, labels: Sequence[LabelSpec]) -> Iterator[Note]:
    """A note for each name and value that the schema does not have, at its place."""
    known = {label.name: label for label in reversed(labels)}
    applies = _applies(found)
    for number, rule in enumerate(loaded.spec.rules):
        own = {name: known[name] for name in applies.get(number, ()) if name in known}
        for note in _match(loaded, rule.match, ("rules", number, "match"), known, own):
            yield note._replace(rule=rule.id)
    for pointer, _, rules in attribute_lists(loaded.spec):
        own = known
        if pointer[0] == "rules":
            own = {name: known[name] for name in applies.get(int(pointer[1]), ()) if name in known}
        for index, attribute in enumerate(rules):
            yield from _source(loaded, attribute, (*pointer, index), own)


def _applies(found: Coverage) -> dict[int, dict[str, None]]:
    """The labels of which each rule may take something."""
    applies: dict[int, dict[str, None]] = {}
    for group in found.groups:
        for number, cells in group.conditions.items():
            if cells != EMPTY or number not in applies:
                applies.setdefault(number, {}).update((member.label.name, None) for member in group.members)
    return applies


def _match(loaded: LoadedSpec, match: Match, pointer: Pointer, known: Labels, own: Labels) -> Iterator[Note]:
    for key, test in (("label", match.label), ("tag", match.tag)):
        if test is None or isinstance(test, bool):
            continue
        for at, text in _texts(test, (*pointer, key)):
            if text not in known:
                yield Note(UnknownLabel(text, near(text, known)), loaded.place(at))
        if isinstance(test, str | list) or given(test).keys() <= {"eq", "in_"}:
            own = {name: label for name, label in own.items() if passes(name, test)}
    for name, test in (match.attributes or {}).items():
        yield from _attribute(loaded, name, test, (*pointer, "attributes", name), own)
    for key, several in (("all", match.all), ("any", match.any)):
        for index, inner in enumerate(several or ()):
            yield from _match(loaded, inner, (*pointer, key, index), known, own)
    if match.not_ is not None:
        yield from _match(loaded, match.not_, (*pointer, "not"), known, own)


def _texts(test: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Each text that a test compares for equality, with its place."""
    if isinstance(test, str):
        yield pointer, test
    elif isinstance(test, list):
        yield from (((*pointer, index), text) for index, text in enumerate(test))
    elif isinstance(test, TextTest):
        operators = given(test)
        yield from (((*pointer, name), operators[name]) for name in ("eq", "ne") if name in operators)
        for name in ("in_", "not_in"):
            yield from (((*pointer, KEYS.get(name, name), index), text) for index, text in enumerate(operators.get(name, ())))


def _attribute(loaded: LoadedSpec, name: str, test: Any, pointer: Pointer, own: Labels) -> Iterator[Note]:
    if not own:
        return
    specs = [spec for label in own.values() if (spec := label.attribute(name)) is not None]
    if not specs:
        every = {spec.name for label in own.values() for spec in label.attributes}
        yield Note(UnknownAttribute(name, near(name, every)), loaded.located.key_place(pointer), attribute=name)
        return
    for at, text in _texts(test, pointer):
        if not any(_offers(spec, text) for spec in specs):
            values = dict.fromkeys(chain.from_iterable(spec.values for spec in specs))
            issue = ImpossibleValue(name, repr(text), offered(specs), near(text, values))
            yield Note(issue, loaded.place(at), attribute=name)
    if isinstance(test, TextTest):
        lists = [listed for spec in specs if (listed := values_of(spec)) is not None]
        for operator, wanted in given(test).items():
            single = (
                type(test)(**{KEYS.get(operator, operator): wanted}) if operator not in {"eq", "ne", "in_", "not_in", "present"} else None
            )
            if single is not None and len(lists) == len(specs) and not any(passes(text, single) for listed in lists for text in listed):
                issue = ImpossibleValue(name, f"{operator} {wanted!r}", offered(specs))
                yield Note(issue, loaded.place((*pointer, operator)), attribute=name)


def _offers(spec: AttributeSpec, text: str) -> bool:
    listed = values_of(spec)
    if listed is not None:
        return text in listed
    return spec.input_type == "text" or is_listed_number(spec, text)


def offered(specs: Sequence[AttributeSpec]) -> str:
    """What CVAT offers for an attribute, in words."""
    words: list[str] = []
    for spec in specs:
        listed = values_of(spec)
        words += listed if listed is not None else [f"numbers from {' to '.join(spec.values[:2])}" if spec.values else "numbers"]
    found = list(dict.fromkeys(words))
    return ", ".join(found[:SHOWN]) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "") or "nothing"


def _source(loaded: LoadedSpec, rule: AttributeRule, pointer: Pointer, own: Labels) -> Iterator[Note]:
    """Names under ``from`` that no label declares."""
    source = rule.from_
    if source is None or not own:
        return
    named = source if isinstance(source, str) else source.name
    elements = not isinstance(source, str) and source.of != "shape"
    every = {spec.name for label in own.values() for spec in label.attributes}
    if elements:
        every |= {spec.name for label in own.values() for element in label.elements for spec in element.attributes}
    for text in [named] if isinstance(named, str) else named or ():
        if text not in every:
            at = (*pointer, "from") if isinstance(source, str) else (*pointer, "from", "name")
            yield Note(UnknownAttribute(text, near(text, every)), loaded.place(at), attribute=text)
