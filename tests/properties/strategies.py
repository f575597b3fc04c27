"""Random exports: every kind of shape, odd texts, broken numbers, repetitions, and labels that nobody declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.support.builders import (
    Attribute,
    Label,
    box,
    cuboid,
    element,
    ellipse,
    export,
    image,
    mask,
    path,
    skeleton,
    tag,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from tests.support.builders import Element

Strategy = st.SearchStrategy

ODD_TEXTS = ("", " ", "  a ", "été", "漢字", "\U0001f697", 'a"b', "<&>'", "a\\b", "%b%d", "{{ x }}", "tab\tline\nend", "\u2028", "\x7f")
TEXTS = st.sampled_from(ODD_TEXTS) | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)
LABELS = ("car", "person", "car (polygon)", "rain", "CVAT source", "", " car", "été <&>")
ATTRIBUTES = ("color", "ok", "speed", "note", "CVAT source", "CVAT occluded", "CVAT points", "", "été <&>")
VALUES = st.sampled_from(("red", "blue", "true", "false", "__undefined__", "", "7", "007", "+5", "1e400", "1" * 30, "-0.50", "nan")) | TEXTS
INPUT_TYPES = ("select", "radio", "checkbox", "number", "text")
SOURCES = ("manual", "auto", "semi-auto", "file", "", "manual ")

plain_numbers = st.integers(-30, 130).map(float) | st.integers(-3000, 13000).map(lambda number: number / 100)
broken_numbers = st.sampled_from(("nan", "inf", "1e400", "x", "", "1_0", " 5", "5.", "-0", "1e3", "१"))
numbers: SearchStrategy[Any] = st.one_of(plain_numbers, plain_numbers, plain_numbers, plain_numbers, broken_numbers)


@st.composite
def attribute_specs(draw: DrawFn) -> Attribute:
    """An attribute as a label declares it."""
    input_type = draw(st.sampled_from(INPUT_TYPES))
    values = ("red", "blue", "") if input_type in {"select", "radio"} else ()
    return Attribute(draw(st.sampled_from(ATTRIBUTES)), input_type, values, mutable=draw(st.booleans()))


declared_attributes = st.lists(attribute_specs(), max_size=4).map(tuple)
POINTS = ("head", "tail", "wing")


@st.composite
def labels(draw: DrawFn) -> list[Label]:
    """A label schema; some labels of it are skeletons, some have no drawing."""
    found = []
    for name in draw(st.lists(st.sampled_from(LABELS), max_size=5, unique=True)):
        kind = draw(st.sampled_from(("any", "any", "rectangle", "polygon", "mask", "tag", "points", "cuboid", "skeleton")))
        parts: tuple[Label, ...] = ()
        if kind == "skeleton":
            names = draw(st.lists(st.sampled_from(POINTS), min_size=1, max_size=3, unique=True))
            parts = tuple(Label(part, attributes=draw(declared_attributes)) for part in names)
        drawn = draw(st.integers(0, 3)) > 0
        found.append(Label(name, kind, draw(declared_attributes), draw(st.sampled_from(("#00aaff", "", "teal"))), parts, drawn))
    return found


values = st.lists(st.tuples(st.sampled_from(ATTRIBUTES) | TEXTS, VALUES), max_size=3, unique_by=lambda pair: pair[0])


@st.composite
def fields(draw: DrawFn, *, turning: bool = False) -> dict[str, Any]:
    """The implicit fields of a shape, some of them odd or absent."""
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found["occluded"] = draw(st.sampled_from(("0", "1", None, "true")))
        found["z_order"] = draw(st.sampled_from(("0", "3", "-2", "x", None, "007")))
        found["group_id"] = draw(st.sampled_from((None, "0", "4", "x")))
        found["source"] = draw(st.sampled_from((*SOURCES, None)))
        found["track_id"] = draw(st.sampled_from((None, None, "1", "2", "")))
    if turning and draw(st.booleans()):
        found["rotation"] = draw(st.sampled_from(("0", "0.0", "30", "359.99", "-45", "720", "1e-17", "nan")))
    return found


@st.composite
def masks(draw: DrawFn) -> Element:
    """A mask whose runs mostly fill its crop, which mostly lies in the image."""
    width, height = draw(st.integers(0, 12)), draw(st.integers(0, 8))
    cuts = sorted(draw(st.lists(st.integers(0, width * height), max_size=6)))
    runs = [end - start for start, end in zip([0, *cuts], [*cuts, width * height], strict=True)]
    crop = (draw(st.integers(-4, 110)), draw(st.integers(-4, 90)), width + draw(st.sampled_from((0, 0, 0, 1, -1))), height)
    return mask(draw(st.sampled_from(LABELS)), runs, crop, draw(values), **draw(fields()))


@st.composite
def skeletons(draw: DrawFn) -> Element:
    """A skeleton with known, unknown and repeated points."""
    names = draw(st.lists(st.sampled_from((*POINTS, "other", "")), max_size=4))
    parts = [
        element(name, draw(plain_numbers), draw(plain_numbers), draw(values), outside=draw(st.sampled_from(("0", "1"))), occluded="1")
        for name in names
    ]
    return skeleton(draw(st.sampled_from(LABELS)), parts, draw(values), **draw(fields()))


@st.composite
def drawings(draw: DrawFn) -> Element:
    """A box, ellipse, cuboid or path."""
    label, carried = draw(st.sampled_from(LABELS)), draw(values)
    kind = draw(st.sampled_from(("box", "box", "ellipse", "cuboid", "polygon", "polyline", "points")))
    if kind == "box":
        return box(label, [draw(numbers) for _ in range(4)], carried, **draw(fields(turning=True)))
    if kind == "ellipse":
        return ellipse(label, [draw(numbers) for _ in range(4)], carried, **draw(fields(turning=True)))
    if kind == "cuboid":
        return cuboid(label, [draw(numbers) for _ in range(16)], carried, **draw(fields()))
    flat = draw(st.lists(plain_numbers, max_size=12))
    return path(kind, label, flat[: len(flat) // 2 * 2], carried, **draw(fields()))


@st.composite
def tags(draw: DrawFn) -> Element:
    """A tag."""
    return tag(draw(st.sampled_from(LABELS)), draw(values), source=draw(st.sampled_from((*SOURCES, None))))


shapes: SearchStrategy[Element] = st.one_of(drawings(), drawings(), masks(), skeletons(), tags())


@st.composite
def images(draw: DrawFn, *, odd: bool = True) -> list[Element]:
    """Images with shapes; if odd, ids and names repeat and sizes are broken now and then."""
    found: list[Element] = []
    for number in range(draw(st.integers(0, 4))):
        drawn = draw(st.lists(shapes, max_size=5))
        again = draw(st.booleans())
        if drawn and again:
            drawn.append(drawn[0])
        size = draw(st.sampled_from(((100, 80), (100, 80), (33, 7), (1, 1), (1920, 1080))))
        name = draw(st.sampled_from((f"{number}.png", f"{number}", "a/été <&>.jpg"))) if odd else f"{number}.png"
        broken = {"width": draw(st.sampled_from(("100", "100", "100", "0", "x")))} if odd else {}
        key = draw(st.integers(0, 5)) if odd else number
        found.append(image(key, *drawn, name=name, size=size, **broken, subset=draw(st.sampled_from((None, None, "train")))))
    return found


@st.composite
def exports(draw: DrawFn) -> str:
    """A whole export, odd in any way."""
    return export(*draw(images()), labels=draw(labels()), meta=draw(st.integers(0, 4)) > 0, name=draw(TEXTS))


@st.composite
def parts(draw: DrawFn) -> tuple[list[Label], list[Element]]:
    """Labels, and images each of a frame and name of its own."""
    return draw(labels()), draw(images(odd=False))
