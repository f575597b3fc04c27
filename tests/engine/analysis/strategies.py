"""Random label schemas, conditions and shapes that are near to each other, so that they meet often."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from mapper.cvat.model import FIELDS, AttributeSpec, Image, LabelSpec, Shape, Task
from mapper.geometry.kinds import KINDS
from mapper.geometry.shapes import Element, Ellipse, Mask, Rectangle, Template
from mapper.spec.matching import Match

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from mapper.geometry.kinds import Kind

NAMES = ("car", "cart", "rain", "")
ATTRIBUTES = ("type", "n", "ok", "note")
TEXTS = ("van", "vans", "a van", "", "5", "5.0", "7", "x/y", "[a]", "true")
GLOBS = ("*", "v*", "*van", "?an", "[uvw]an", "[!v]*", "va[a-n]*", "*5*", "*[/]*", "[")
NUMBERS = (0, 1, 2.5, 4, 5, 7, 20, 200)

texts = st.sampled_from(TEXTS)
numbers = st.sampled_from(NUMBERS)
ranges = st.tuples(numbers, numbers).map(sorted)


@st.composite
def text_tests(draw: DrawFn, *, ordered: bool = False) -> Any:
    """A condition on a text."""
    if draw(st.booleans()):
        return draw(texts | st.lists(texts, min_size=1, max_size=3))
    made = {
        "eq": texts,
        "ne": texts,
        "in": st.lists(texts, min_size=1, max_size=3),
        "not_in": st.lists(texts, min_size=1, max_size=3),
        "like": st.sampled_from(GLOBS),
        "contains": st.sampled_from(("va", "5", " ")),
        "starts": st.sampled_from(("v", "a ", "5", "*")),
        "ends": st.sampled_from(("n", ".0", "]")),
        "empty": st.booleans(),
        "present": st.booleans(),
    } | (dict.fromkeys(("lt", "le", "gt", "ge"), numbers) | dict.fromkeys(("between", "not_between"), ranges) if ordered else {})
    return {key: draw(made[key]) for key in draw(st.lists(st.sampled_from(sorted(made)), min_size=1, max_size=2, unique=True))}


@st.composite
def number_tests(draw: DrawFn) -> Any:
    """A condition on a number."""
    if draw(st.booleans()):
        return draw(numbers | st.lists(numbers, min_size=1, max_size=2))
    several = st.lists(numbers, min_size=1, max_size=2)
    made = dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), numbers) | {"in": several, "not_in": several, "present": st.booleans()}
    made |= dict.fromkeys(("between", "not_between"), ranges)
    return {key: draw(made[key]) for key in draw(st.lists(st.sampled_from(sorted(made)), min_size=1, max_size=2, unique=True))}


CONDITIONS: dict[str, Any] = {
    "label": st.sampled_from((*NAMES[:3], ["car", "rain"], {"starts": "car"}, {"ne": "car"}, {"like": "*a*"})),
    "shapes": st.lists(st.sampled_from(KINDS[:8]), min_size=1, max_size=4, unique=True),
    "tag": st.sampled_from((True, False, "rain", ["rain", "car"])),
    "attributes": st.dictionaries(st.sampled_from(ATTRIBUTES), text_tests(ordered=True), min_size=1, max_size=2),
    "occluded": st.booleans(),
    "track": st.booleans(),
    "source": st.sampled_from(("manual", ["auto", "file"], {"ne": "manual"}, {"present": False})),
    "image": text_tests(),
    "subset": text_tests(),
    "score": number_tests(),
    "elements": st.just({"label": "nose"}),
    **dict.fromkeys(("width", "height", "area", "rotation", "point_count", "z_order", "group", "frame"), number_tests()),
}
USUAL = ("label", "shapes", "attributes", "attributes", "occluded", "tag")


@st.composite
def conditions(draw: DrawFn, depth: int = 2) -> dict[str, Any]:
    """A match as a spec writes it."""
    keys = draw(st.lists(st.sampled_from((*USUAL, *CONDITIONS)), max_size=3))
    found = {key: draw(CONDITIONS[key]) for key in dict.fromkeys(keys)}
    if depth and draw(st.integers(0, 2)) == 0:
        inner = conditions(depth - 1)
        key = draw(st.sampled_from(("any", "all", "not")))
        found[key] = draw(inner) if key == "not" else draw(st.lists(inner, min_size=1, max_size=2))
    return found


def parsed(match: dict[str, Any]) -> Match:
    """The model of a match."""
    return Match.model_validate_json(json.dumps(match))


@st.composite
def attributes(draw: DrawFn, name: str) -> AttributeSpec:
    """An attribute as a label declares it."""
    kind: Any = draw(st.sampled_from(("select", "radio", "checkbox", "number", "text")))
    listed: dict[str, tuple[str, ...]] = {
        "select": ("van", "vans", "5"),
        "radio": ("van", "x/y"),
        "number": ("0", "10", "1"),
        "checkbox": ("false",),
        "text": (),
    }
    return AttributeSpec(name=name, input_type=kind, values=listed[kind], default=(*listed[kind], "")[0])


@st.composite
def schemas(draw: DrawFn) -> list[LabelSpec]:
    """One to three labels."""
    found = []
    for name in draw(st.lists(st.sampled_from(NAMES[:3]), min_size=1, max_size=3, unique=True)):
        kind = draw(st.sampled_from(("any", "any", "rectangle", "polygon", "tag", "skeleton", "mask")))
        parts = ("head", "tail") if kind == "skeleton" else ()
        found.append(
            LabelSpec(
                name=name,
                type=kind,
                color="#00aaff",
                attributes=tuple(draw(attributes(key)) for key in draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=3, unique=True))),
                elements=tuple(LabelSpec(name=part, type="points") for part in parts),
                template=Template((("head", 0.5, 0.1), ("tail", 0.5, 0.9)), ((0, 1),)) if parts else None,
            )
        )
    return found


lengths = st.sampled_from((0.0, 1.0, 2.0, 2.5, 4.0, 5.0, 7.0, 10.0, 20.0, 40.0))
places = st.tuples(lengths, lengths)


@st.composite
def geometries(draw: DrawFn, kind: Kind) -> Any:
    """A geometry whose measures are near the numbers of conditions."""
    across, down, turned = draw(lengths), draw(lengths), draw(st.sampled_from((0.0, 0.0, 4.0, 7.0, 200.0, -5.0)))
    if kind == "rectangle":
        return Rectangle(0.0, 0.0, across, down, turned)
    if kind == "ellipse":
        return Ellipse(30.0, 30.0, across / 2, down / 2, turned)
    if kind == "mask":
        width, height = int(across) + 1, int(down) + 1
        pixels = draw(st.sampled_from((width * height, 1, min(5, width * height))))
        return Mask([0, pixels, width * height - pixels][: 3 if pixels < width * height else 2], 0, 0, width, height)
    if kind == "cuboid":
        return [number for point in draw(st.lists(places, min_size=8, max_size=8)) for number in point]
    if kind == "skeleton":
        count = draw(st.integers(1, 3))
        return tuple(Element(f"p{at}", *draw(places), outside=False, occluded=False, attributes=(), line=1) for at in range(count))
    least = {"polygon": 3, "polyline": 2, "points": 1}.get(kind)
    return None if least is None else [number for point in draw(st.lists(places, min_size=least, max_size=8)) for number in point]


@st.composite
def shapes(draw: DrawFn, label: LabelSpec) -> tuple[Shape, Image]:
    """A shape of a label on an image, odd in any way."""
    kind: Kind = draw(st.sampled_from(KINDS))
    declared = [(spec.name, draw(st.sampled_from((*spec.values, "")) | texts)) for spec in label.attributes if draw(st.integers(0, 4))]
    more = [("note", draw(texts))] if draw(st.integers(0, 4)) == 0 and label.attribute("note") is None else []
    geometry = draw(geometries(kind))
    fields = (
        draw(st.sampled_from(("0", "1", None))),
        draw(st.sampled_from(("0", "4", "7", "-1", "2.5", "x", None))),
        draw(st.sampled_from((None, "4", "20", "x"))),
        draw(st.sampled_from(("manual", "auto", "file", "other", None))),
        draw(st.sampled_from((None, None, "1"))),
        *(None,) * (len(FIELDS) - 5),
    )
    shape = Shape(kind, label.name, geometry, "", (*declared, *more), fields, 1)
    frame = draw(st.sampled_from((0, 1, 4, 5, 300)))
    image = Image(frame, draw(texts), 100, 100, Task(id="1"), draw(texts), frame, 1, [shape])
    return shape, image
