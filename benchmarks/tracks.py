"""Tracks of several kinds for the mix ``video``: objects that move evenly, with gaps and mutable attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from shapes import KINDS, LABELS, Label, elements

if TYPE_CHECKING:
    from random import Random

FRAMES = 300  # of a video
LENGTHS = {"box": (75, 300), "polygon": (10, 30), "skeleton": (10, 30)}  # in frames; others as polygons
BY_NAME = {label.name: label for label in LABELS}

_PAIR = re.compile(r"(\d+\.\d\d),(\d+\.\d\d)")
_FIELD = re.compile(r'\b([xyc][a-z]*\d?)="(\d+\.\d\d)"')


class Moved(NamedTuple):
    """A geometry in the text of XML attributes, moved by dx and dy a frame."""

    text: str
    dx: float
    dy: float

    def at(self, step: int) -> str:
        """The text so many frames later."""
        dx, dy = self.dx * step, self.dy * step
        moved = _PAIR.sub(lambda pair: f"{float(pair[1]) + dx:.2f},{float(pair[2]) + dy:.2f}", self.text)
        return _FIELD.sub(lambda field: f'{field[1]}="{float(field[2]) + (dx if "x" in field[1] else dy):.2f}"', moved)


def track(rng: Random, mix: dict[str, int]) -> tuple[str, str, int, str]:
    """One track: kind, text of its entries, how many there are, label."""
    (name,) = rng.choices(list(mix), list(mix.values()))
    kind = KINDS[name]
    label = BY_NAME[rng.choice(kind.labels)]
    length = rng.randint(*LENGTHS.get(name, LENGTHS["polygon"]))
    start = rng.randint(0, FRAMES - length)
    inside = elements(rng, label, "manual").replace(' source="manual"', ' keyframe="0"') if name == "skeleton" else ""
    path = Moved(kind.geometry(rng) if kind.geometry else inside, rng.uniform(0, 2), rng.uniform(0, 1))
    values = {one.name: rng.choice(one.used) for one in label.attributes}
    gap = length // 2 if length > 60 else length  # a long track is away for a while
    occluded, parts = 0, []
    for step in (*range(gap), *range(gap + 9, length)):
        last = step in (gap - 1, length - 1)
        keyframe = step % 10 == 0 or last
        if keyframe:
            occluded = int(rng.random() < 0.15)
            values |= {one.name: rng.choice(one.used) for one in label.attributes if one.mutable}
        head = f'    <{kind.element} frame="{start + step}" keyframe="{int(keyframe)}"'
        if name == "skeleton":
            text = path.at(step)
            body = text.replace('outside="0"', 'outside="1"') if last else text
            parts.append(f'{head} z_order="0">\n{body}{_attributes(label, values)}    </{kind.element}>\n')
        else:
            state = f'outside="{int(last)}" occluded="{occluded}"'
            parts.append(f'{head} {state} {path.at(step)} z_order="0">\n{_attributes(label, values)}    </{kind.element}>\n')
    return name, "".join(parts), len(parts), label.name


def _attributes(label: Label, values: dict[str, str]) -> str:
    order = sorted(label.attributes, key=lambda one: not one.mutable)
    return "".join(f'      <attribute name="{one.name}">{escape(values[one.name])}</attribute>\n' for one in order)
