"""Which XML attributes an element has, worked out once for all elements that have the same ones in the same order.

An export repeats a handful of layouts hundreds of thousands of times. So the parser hands over a flat list of names and
values; the names are looked up, and the layout says at which positions the values stand, and what is amiss.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from mapper.cvat.elements import ELEMENTS
from mapper.cvat.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.elements import Read, Texts
    from mapper.geometry.kinds import Kind

ABSENT = -1
"""The position of a missing value: readers append one None to the values."""

TRACK_LABEL, TRACK_SOURCE, TRACK_GROUP = -4, -3, -2
"""Positions of what an entry has from its track: readers append these three and then the None."""

ROTATION = FIELDS.index("rotation")
ROTATION_BIT = 1 << ROTATION
XML_FIELDS = tuple(name for name in FIELDS if name != "score")
"""The fields that stand in XML; a score is only in backups and API answers."""

_ENTRY = ("frame", "keyframe", "outside")

_HARMLESS = {"rotation": {"", "0", "0.0", "0.00", "360.00"}, "outside": {"0"}, "points": {""}}
"""Values that say nothing, of attributes that stand where CVAT does not write them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One arrangement of XML attributes; slots, because half a dozen of them are read for every shape.

    ``label``: position of the label. ``geometry(values)``: the texts for ``read``. ``fields(values)``: the texts of
    FIELDS, None where absent; ``mask`` has a bit for each that is present. ``rotates``: there is a rotation to look at.
    ``missing``: names the element cannot do without. ``extras``: (name, position) of what CVAT does not write there.
    ``odd``: there is something to look at before the element is read. ``entry(values)``: frame, keyframe and outside of
    the entry of a track, None where absent.
    """

    kind: Kind
    read: Callable[[Texts], Read]
    label: int
    geometry: Callable[[list[Any]], Texts]
    fields: Callable[[list[Any]], tuple[str | None, ...]]
    mask: int
    rotates: bool
    missing: tuple[str, ...]
    extras: tuple[tuple[str, int], ...]
    odd: bool
    entry: Callable[[list[Any]], tuple[Any, ...]]


def compile_layout(tag: str, names: tuple[str, ...]) -> Layout:
    """The layout of an element of ELEMENTS in an image, with these XML attributes in this order."""
    at = {name: position for position, name in enumerate(names)}
    places = {"label": at.get("label", ABSENT)} | {name: at.get(name, ABSENT) for name in XML_FIELDS}
    return _layout(tag, at, places, ("label",), odd="track_id" in at)


def entry_layout(tag: str, names: tuple[str, ...]) -> Layout:
    """The layout of an element of ELEMENTS in a track; label, source and group are those of the track."""
    at = {name: position for position, name in enumerate(names)}
    places = {name: at.get(name, ABSENT) for name in ("occluded", "z_order", "rotation", *_ENTRY)}
    places |= {"label": TRACK_LABEL, "source": TRACK_SOURCE, "group_id": TRACK_GROUP, "track_id": ABSENT}
    return _layout(tag, at, places, ("frame",), odd="keyframe" not in at)


def _layout(tag: str, at: dict[str, int], places: dict[str, int], needed: tuple[str, ...], *, odd: bool) -> Layout:
    """A layout from the position of every XML attribute and that of every field ("at" knows only what is written)."""
    element = ELEMENTS[tag]
    if not element.rotates:
        places["rotation"] = ABSENT
    fields = [places.get(name, ABSENT) for name in FIELDS]
    known = {*element.geometry, *(name for name, position in places.items() if position >= 0)}
    missing = tuple(name for name in (*needed, *element.geometry) if name not in at)
    extras = tuple((name, position) for name, position in at.items() if name not in known)
    return Layout(
        kind=element.kind,
        read=element.read,
        label=places["label"],
        geometry=itemgetter(*(at.get(name, ABSENT) for name in element.geometry), fields[ROTATION]),
        fields=itemgetter(*fields),
        mask=sum(1 << bit for bit, position in enumerate(fields) if position >= 0),
        rotates=element.rotates and "rotation" in at,
        missing=missing,
        extras=extras,
        odd=bool(missing or extras or odd),
        entry=itemgetter(*(places.get(name, ABSENT) for name in _ENTRY)),
    )


def harmless(name: str, text: str) -> bool:
    """Whether an unknown XML attribute only repeats a default."""
    return text in _HARMLESS.get(name, ())
