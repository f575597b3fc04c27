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

ROTATION = FIELDS.index("rotation")
ROTATION_BIT = 1 << ROTATION

_HARMLESS = {"rotation": {"", "0", "0.0", "0.00", "360.00"}, "outside": {"0"}, "points": {""}}
"""Values that say nothing, of attributes that stand where CVAT does not write them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One arrangement of XML attributes; slots, because half a dozen of them are read for every shape.

    ``label``: position of the label. ``geometry(values)``: the texts for ``read``. ``fields(values)``: the texts of
    FIELDS, None where absent; ``mask`` has a bit for each that is present. ``rotates``: there is a rotation to look at.
    ``missing``: names the element cannot do without. ``extras``: (name, position) of what CVAT does not write there.
    ``odd``: there is something to look at before the element is read.
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


def compile_layout(tag: str, names: tuple[str, ...]) -> Layout:
    """The layout of an element of ELEMENTS with these XML attributes in this order."""
    element = ELEMENTS[tag]
    at = {name: position for position, name in enumerate(names)}
    fields = [at.get(name, ABSENT) for name in FIELDS]
    if not element.rotates:
        fields[ROTATION] = ABSENT
    known = {"label", *element.geometry, *(FIELDS if element.rotates else FIELDS[:ROTATION])}
    missing = tuple(name for name in ("label", *element.geometry) if name not in at)
    extras = tuple((name, position) for name, position in at.items() if name not in known)
    return Layout(
        kind=element.kind,
        read=element.read,
        label=at.get("label", ABSENT),
        geometry=itemgetter(*(at.get(name, ABSENT) for name in element.geometry), fields[ROTATION]),
        fields=itemgetter(*fields),
        mask=sum(1 << bit for bit, position in enumerate(fields) if position != ABSENT),
        rotates=element.rotates and "rotation" in at,
        missing=missing,
        extras=extras,
        odd=bool(missing or extras or "track_id" in at),
    )


def harmless(name: str, text: str) -> bool:
    """Whether an unknown XML attribute only repeats a default."""
    return text in _HARMLESS.get(name, ())
