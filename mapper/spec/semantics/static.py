"""What is known of a rule before any data: for which labels and kinds of shape it always, never or perhaps holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.geometry.kinds import KINDS, Kind
from mapper.spec.matching import OtherField
from mapper.spec.semantics.conditions import EQUALITY_TESTS, TEXT_TESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.spec.matching import Match, TextTest

Label = str | None
"""A label's name; None stands for every label that the conditions at hand do not name."""
Verdict = bool | None
"""Always, never, or (None) it depends on the data."""

DATA_CONDITIONS = (
    "width", "height", "area", "rotation", "point_count", "occluded", "z_order", "group", "source", "score", "track", "image",
    "subset", "frame",
)  # fmt: skip
"""Keys of a match whose outcome only a shape can tell."""


def verdict(match: Match, label: Label, kind: Kind) -> Verdict:
    """Whether a match holds for the shapes of one label and kind."""
    parts: list[Verdict] = [_tag(match, label, kind)]
    if match.label is not None:
        parts.append(_named(match.label, label))
    if match.shapes is not None:
        parts.append(kind in match.shapes)
    if match.attributes or any(getattr(match, name) is not None for name in DATA_CONDITIONS):
        parts.append(None)
    if match.elements is not None:
        parts.append(None if kind == "skeleton" else False)
    parts += [verdict(inner, label, kind) for inner in match.all or ()]
    if match.any is not None:
        parts.append(_some(verdict(inner, label, kind) for inner in match.any))
    if match.not_ is not None:
        parts.append(_opposite(verdict(match.not_, label, kind)))
    return _every(parts)


def possible_kinds(match: Match) -> list[Kind]:
    """The kinds that a match does not rule out."""
    labels = labels_to_try(match)
    return [kind for kind in KINDS if any(verdict(match, label, kind) is not False for label in labels)]


def named_kinds(match: Match) -> frozenset[Kind] | None:
    """The kinds that a match asks for by name, in ``shapes`` or ``tag``; None if it names none."""
    parts: list[frozenset[Kind] | None] = [None if match.shapes is None else frozenset(match.shapes)]
    if match.tag not in (None, False):
        parts.append(frozenset({"tag"}))
    parts += [named_kinds(inner) for inner in match.all or ()]
    if match.any is not None:
        branches = [named_kinds(inner) for inner in match.any]
        known = [branch for branch in branches if branch is not None]
        parts.append(frozenset().union(*known) if len(known) == len(branches) else None)
    named = [part for part in parts if part is not None]
    return frozenset.intersection(*named) if named else None


def labels_to_try(match: Match) -> list[Label]:
    """The labels that tell all about a match: those it asks for by name, or those it mentions and one for all others."""
    for condition in (match.label, match.tag):
        wanted = _listed(condition)
        if wanted is not None:
            return list(dict.fromkeys(wanted))
    return [*dict.fromkeys(mentioned_labels(match)), None]


def mentioned_labels(match: Match) -> Iterator[str]:
    """The labels that occur in a match, wherever they stand."""
    for condition in (match.label, match.tag):
        if isinstance(condition, str):
            yield condition
        elif isinstance(condition, list):
            yield from condition
        elif condition is not None and not isinstance(condition, bool):
            yield from (text for text in (condition.eq, condition.ne) if isinstance(text, str))
            yield from (*(condition.in_ or ()), *(condition.not_in or ()))
    for inner in (*(match.all or ()), *(match.any or ()), *((match.not_,) if match.not_ else ())):
        yield from mentioned_labels(inner)


def _listed(condition: Any) -> list[str] | None:
    if isinstance(condition, str):
        return [condition]
    if isinstance(condition, list):
        return condition
    if condition is None or isinstance(condition, bool):
        return None
    return [condition.eq] if isinstance(condition.eq, str) else condition.in_


def _tag(match: Match, label: Label, kind: Kind) -> Verdict:
    if match.tag is None:
        return True
    if isinstance(match.tag, bool):
        return match.tag == (kind == "tag")
    return _named(match.tag, label) if kind == "tag" else False


def _named(condition: str | list[str] | TextTest, label: Label) -> Verdict:
    """Whether a label meets a condition; a label that no condition names is none of the texts in it."""
    if isinstance(condition, str):
        return label == condition
    if isinstance(condition, list):
        return label in condition
    parts: list[Verdict] = [condition.present is not False]
    for name in type(condition).model_fields:
        wanted = getattr(condition, name)
        if isinstance(wanted, OtherField):
            parts.append(None)
        elif wanted is not None and name in EQUALITY_TESTS:
            parts.append(EQUALITY_TESTS[name](label, wanted))
        elif wanted is not None and name in TEXT_TESTS:
            parts.append(None if label is None else TEXT_TESTS[name](label, wanted))
    return _every(parts)


def _every(parts: Iterable[Verdict]) -> Verdict:
    found = list(parts)
    return False if False in found else None if None in found else True


def _some(parts: Iterable[Verdict]) -> Verdict:
    found = list(parts)
    return True if True in found else None if None in found else False


def _opposite(part: Verdict) -> Verdict:
    return None if part is None else not part
