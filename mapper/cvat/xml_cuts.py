"""How the text of an element is cut: its geometry on one side, on the other what alike elements have in common."""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.elements import ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.elements import Read

    Cut = Callable[[str], tuple[str, str, tuple[Any, ...]] | None]

_ROTATION = ' rotation="'
_PATH = ("1,1;2,1;2,2",)
_SAMPLES = {"polygon": _PATH, "polyline": _PATH, "points": _PATH, "mask": ("0, 1", "1", "1", "1", "1")}
"""Geometry that is no number throughout."""


class Plain(NamedTuple):
    """A kind of element whose numbers CVAT writes one after the other.

    ``cut``, from the text of an element from its name on: what stands before and behind its geometry, and the texts that
    ``read`` wants, the last of which is the rotation or None; None if the geometry is not written as CVAT writes it.
    ``begin`` and ``entry`` are how an element in an image and in a track begins, ``end`` is the end tag without ``<``.
    ``sample``: such a geometry, without a rotation; ``names`` are those in it.
    """

    tag: str
    cut: Cut
    read: Callable[[tuple[Any, ...]], Read]
    begin: str
    entry: str
    end: bytes
    sample: str
    names: frozenset[str]

    def text(self, before: str, behind: str, *, turned: bool) -> str:
        """An element that says this around its geometry, as XML."""
        rotation = f'{_ROTATION}1"' if turned else ""
        return f"<{before}{self.sample}{rotation}{behind}\n</{self.tag}>"


def _cut_nothing(text: str) -> tuple[str, str, tuple[Any, ...]]:
    return text, "", (None,)


def _cut_path(text: str) -> tuple[str, str, tuple[Any, ...]] | None:
    before, _, behind = text.partition(' points="')
    points, quote, behind = behind.partition('"')
    return (before, behind, (points, None)) if quote else None


def _cut_box(mark: str, second: str, third: str, fourth: str, text: str) -> tuple[str, str, tuple[Any, ...]] | None:
    before, _, behind = text.partition(mark)
    try:
        a, two, b, three, c, four, d, behind = behind.split('"', 7)
    except ValueError:
        return None
    if two != second or three != third or four != fourth:
        return None
    if behind.startswith(_ROTATION):
        rotation, _, behind = behind[len(_ROTATION) :].partition('"')
        return before, behind, (a, b, c, d, rotation)
    return before, behind, (a, b, c, d, None)


def _cut_many(mark: str, between: list[str], text: str) -> tuple[str, str, tuple[Any, ...]] | None:
    before, _, behind = text.partition(mark)
    parts = behind.split('"', 2 * len(between) + 1)
    behind = parts.pop()
    if parts[1::2] != between or not parts:
        return None
    return before, behind, (*parts[::2], None)


def _plain(tag: str) -> Plain:
    element = ELEMENTS[tag]
    names = element.geometry
    mark, between = "".join(f' {name}="' for name in names[:1]), [f" {name}=" for name in names[1:]]
    cut: Cut = _cut_path if names else _cut_nothing
    if element.rotates:
        cut = partial(_cut_box, mark, *between)
    elif between:
        cut = partial(_cut_many, mark, between)
    sample = "".join(f' {name}="{text}"' for name, text in zip(names, _SAMPLES.get(tag, repeat("1")), strict=False))
    return Plain(tag, cut, element.read, f"{tag} ", f"{tag} frame=", f"/{tag}>".encode(), sample, frozenset(names))


PLAIN: dict[str, Plain] = {tag: _plain(tag) for tag in ELEMENTS if tag != "skeleton"}
"""By name. A tag has no geometry, and no entry of a track is one; that of a skeleton is in its elements."""
