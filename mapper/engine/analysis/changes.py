"""From two outcomes to what changed between them, and which version step that calls for."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.engine.analysis.meaning import Document, Outcome
    from mapper.spec.model import MappingSpec

NOTHING = ("unmatched", "undeclared", "refuse")
"""Outcomes that give no object and a finding."""
ENDS = (*NOTHING, "drop", "emit")


class Bump(IntEnum):
    """The step of a version (SemVer).

    MAJOR: something that was converted goes elsewhere, or is no longer converted. MINOR: only what was refused, unmatched
    or dropped is converted now, or there is more than before. PATCH: words and names of rules.
    """

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """The lower-case name."""
        return self.name.lower()


class Change(NamedTuple):
    """One thing that differs; ``attribute`` and ``value`` limit it to shapes with that value of that attribute."""

    what: str
    before: str
    after: str
    bump: Bump
    attribute: str = ""
    value: str | None = None


def changes(before: Outcome, after: Outcome) -> list[Change]:
    """What differs between two outcomes of one cell; [] if they mean the same to the last word."""
    if before == after:
        return []
    ends = _end(before), _end(after)
    found = list(_compared("frames", before.get("frames"), after.get("frames"), Bump.MAJOR))
    if ends == ("emit", "emit"):
        found += _emitted(before["emit"], after["emit"])
    elif ends[0] != ends[1]:
        found = [Change("outcome", _said(before), _said(after), _step(*ends))]
    else:
        found += _compared(ends[0], before[ends[0]], after[ends[1]], Bump.MINOR)
    return found


def _end(outcome: Outcome) -> str:
    return next(end for end in ENDS if end in outcome)


def _step(before: str, after: str) -> Bump:
    if before == "emit" or (before == "drop" and after in NOTHING):
        return Bump.MAJOR
    return Bump.PATCH if before in NOTHING and after in NOTHING else Bump.MINOR


def _said(outcome: Outcome) -> str:
    end = _end(outcome)
    words = {"unmatched": "matched by no rule", "undeclared": "refused: the label is not declared", "refuse": "refused", "drop": "dropped"}
    return words[end] if end in words else "; ".join(map(_item_said, outcome["emit"]))


def _item_said(item: Document) -> str:
    if "impossible" in item:
        return f"refused: no conversion to {item['impossible']}"
    if "object" in item:
        return f"object {item['object']} [{item['shape']}]"
    answer = item["option"] if item["option"] is not None else item["value"]
    return f"classification {item['classification']}: {answer}"


def _emitted(before: list[Document], after: list[Document]) -> Iterator[Change]:
    for first, then in zip(before, after, strict=False):
        yield from _items(first, then)
    for item in before[len(after) :]:
        yield Change("outcome", _item_said(item), "(nothing)", Bump.MAJOR)
    for item in after[len(before) :]:
        yield Change("outcome", "(nothing)", _item_said(item), Bump.MINOR)


def _items(before: Document, after: Document) -> Iterator[Change]:
    """What differs between two things that are made of a shape."""
    if before == after:
        return
    if _item_said(before) != _item_said(after) or before.keys() != after.keys():
        yield Change("outcome", _item_said(before), _item_said(after), Bump.MINOR if "impossible" in before else Bump.MAJOR)
    if before.keys() != after.keys() or "impossible" in before:
        return
    for key in before:
        if key == "attributes":
            yield from _attributes(before[key], after[key])
        elif key == "otherwise":
            yield from _otherwise(before[key], after[key])
        elif key == "geometry":
            yield from _geometry(before, after)
        elif key == "title_if_several" and before["shape"] != after["shape"]:
            continue  # it names the shape, which is told already
        elif key not in {"object", "shape", "classification", "option", "value"} and before[key] != after[key]:
            bump = Bump.PATCH if key.startswith("~") else Bump.MAJOR
            yield Change(key.lstrip("~"), _shown(before[key]), _shown(after[key]), bump)


def _geometry(before: Document, after: Document) -> Iterator[Change]:
    """Another conversion, or other parameters of the same one."""
    first, then = before["geometry"], after["geometry"]
    if first["kind"] == then["kind"]:
        yield from _compared("geometry", first, then, Bump.MAJOR)
    elif before["shape"] == after["shape"]:
        yield Change("geometry", first["kind"], then["kind"], Bump.MAJOR)


def _otherwise(before: Document | None, after: Document | None) -> Iterator[Change]:
    if before is None or after is None:
        if before != after:
            bump = Bump.MINOR if before is None else Bump.MAJOR
            first, then = (_item_said(item) if item else "refused" for item in (before, after))
            yield Change("otherwise", first, then, bump)
        return
    for change in _items(before, after):
        yield change._replace(what=f"otherwise: {change.what}")


def _compared(what: str, before: Any, after: Any, bump: Bump) -> Iterator[Change]:
    """The keys of two documents that differ."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before != after:
            yield Change(what, _shown(before), _shown(after), bump)
        return
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            step = Bump.PATCH if key.startswith("~") else bump
            yield Change(f"{what} {key.lstrip('~')}", _shown(before.get(key)), _shown(after.get(key)), step)


def _shown(value: Any) -> str:
    return "(none)" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# -- attributes ---------------------------------------------------------------------------------------------------------


def _attributes(before: Document, after: Document) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        first, then = before.get(name), after.get(name)
        if first != then:
            yield from (change._replace(attribute=name.removeprefix("= ")) for change in _ways(name, first, then))


def _ways(name: str, before: Document | None, after: Document | None) -> Iterator[Change]:
    """What differs between two ways of one attribute; None where a rule with a value of its own is not there."""
    what = f"attribute {name.removeprefix('= ')}"
    kept = before is not None and "to" in before, after is not None and "to" in after
    if not all(kept) or before is None or after is None:
        if _plain(before) != _plain(after):
            yield Change(what, _way_said(before), _way_said(after), Bump.MAJOR if kept[0] else Bump.MINOR if kept[1] else Bump.PATCH)
        else:
            yield Change(what, _shown(before), _shown(after), Bump.PATCH)
        return
    for key in before:
        if key == "rows":
            yield from _rows(what, before[key], after[key])
        elif key == "others":
            yield from (change._replace(value=None) for change in _rows(f"{what}, values that are not listed", before[key], after[key]))
        elif before[key] != after[key]:
            yield Change(f"{what} {key}", _shown(before[key]), _shown(after[key]), Bump.MAJOR)


def _plain(way: Document | None) -> Any:
    if way is None or "drop" not in way:
        return way
    return {"drop": {key: value for key, value in way["drop"].items() if not key.startswith("~")}}


def _way_said(way: Document | None) -> str:
    if way is None:
        return "(nothing)"
    if "to" in way:
        return f"{way['to']} ({way['type']})"
    return "dropped" if "drop" in way else "not mapped"


def _rows(what: str, before: Document, after: Document) -> Iterator[Change]:
    for value in dict.fromkeys((*before, *after)):
        first, then = before.get(value, before.get("*", "(nothing)")), after.get(value, after.get("*", "(nothing)"))
        if first != then:
            lost = first in {"(unlisted: drop)", "(unlisted: refuse)"}
            step = Bump.PATCH if value.startswith("~") else Bump.MINOR if lost else Bump.MAJOR
            yield Change(f"{what}={value.lstrip('~')}" if value != "*" else what, _shown(first), _shown(then), step, value=value)


# -- policy -------------------------------------------------------------------------------------------------------------


def policy_changes(before: MappingSpec, after: MappingSpec) -> list[Change]:
    """What differs between the decisions that hold for all cells."""
    first, then = _flat(before.policy.model_dump(), "policy"), _flat(after.policy.model_dump(), "policy")
    found = []
    for key in dict.fromkeys((*first, *then)):
        if first.get(key) != then.get(key):
            word = key.rpartition(".")[2]
            bump = Bump.PATCH if word == "reason" else Bump.MINOR if word == "severity" else Bump.MAJOR
            found.append(Change(key, _shown(first.get(key)), _shown(then.get(key)), bump))
    return found


def _flat(document: Document, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in document.items():
        name = f"{prefix}.{key.rstrip('_')}"
        found |= _flat(value, name) if isinstance(value, dict) else {name: value}
    return found
