"""What holds for every video export: a scene that is written down reads back as it was; the books hold every entry, however odd."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mapper.cvat.elements import CUBOID, TAGS
from mapper.cvat.model import Entry, Shape
from mapper.geometry.shapes import Element, Ellipse, Rectangle
from tests.support.reading import export, read, read_text, write

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from tests.support.reading import Reading

META = """<meta><project><id>1</id><tasks><task><id>1</id><subset>A</subset><size>40</size></task>
<task><id>2</id><subset>A</subset><size>100</size><start_frame>5</start_frame><stop_frame>302</stop_frame>
<frame_filter>step=3</frame_filter></task></tasks><labels></labels></project></meta>"""
TASKS = {"1": (0, 0, 1, 40), "2": (40, 5, 3, 100)}
"""Offset, start, step and size."""

numbers = st.integers(-3000, 200_000).map(lambda number: f"{number / 100:.2f}")
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=8)
pairs = st.dictionaries(texts, texts, max_size=3).map(lambda found: tuple(found.items()))
kinds = st.sampled_from(("rectangle", "ellipse", "polygon", "polyline", "points", "cuboid"))


def geometry(kind: str, found: list[str]) -> tuple[dict[str, str], Any]:
    """XML attributes and what they mean; ``found`` are more numbers than are needed."""
    values = [float(number) for number in found]
    if kind in {"rectangle", "ellipse"}:
        names = ("xtl", "ytl", "xbr", "ybr") if kind == "rectangle" else ("cx", "cy", "rx", "ry")
        turn = {"rotation": found[4]} if values[4] % 360 else {}
        make: Any = Rectangle if kind == "rectangle" else Ellipse
        return dict(zip(names, found, strict=False)) | turn, make(*values[:4], values[4] if turn else 0.0)
    if kind == "cuboid":
        return dict(zip(CUBOID, found, strict=False)), values[:16]
    count = 6 + 2 * (len(found[0]) % 3)
    points = ";".join(f"{x},{y}" for x, y in zip(found[:count:2], found[1:count:2], strict=True))
    return {"points": points}, values[:count]


@st.composite
def frames_of(draw: DrawFn, task: str) -> list[int]:
    """Frames of a task, in order."""
    _, start, step, size = TASKS[task]
    return sorted(start + step * index for index in draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=6)))


def element(tag: str, attributes: dict[str, Any], order: Any, content: str = "") -> str:
    """An XML element with its attributes in any order, those that are None left out."""
    names = [name for name, value in attributes.items() if value is not None]
    order.shuffle(names)
    return f"<{tag} {' '.join(f'{name}={quoteattr(str(attributes[name]))}' for name in names)}>{content}</{tag}>\n"


def written(found: tuple[tuple[str, str], ...]) -> str:
    """Attributes of a shape."""
    return "".join(f"<attribute name={quoteattr(name)}>{escape(text)}</attribute>" for name, text in found)


@st.composite
def plain_tracks(draw: DrawFn) -> tuple[str, Any]:
    """A track of a plain kind, and what is to come of it."""
    order = draw(st.randoms(use_true_random=False))
    task, kind, label = draw(st.sampled_from(("1", "2"))), draw(kinds), draw(texts)
    source, group = draw(st.none() | texts), draw(st.none() | st.just("4"))
    body, entries = "", []
    for number, frame in enumerate(draw(frames_of(task))):
        keyframe, outside, own = number == 0 or draw(st.booleans()), draw(st.booleans()), draw(pairs)
        occluded, z_order = draw(st.sampled_from((None, "0", "1"))), draw(st.sampled_from((None, "0", "-3")))
        shown, meaning = geometry(kind, draw(st.lists(numbers, min_size=16, max_size=16)))
        flags = {"frame": frame + TASKS[task][0], "keyframe": int(keyframe), "outside": int(outside)}
        body += element(TAGS[kind], flags | {"occluded": occluded, "z_order": z_order} | shown, order, written(own))
        fields = (occluded, z_order, group, source, None, shown.get("rotation"), None)
        entries.append((frame, keyframe, outside, kind, label, meaning, own, fields))
    head = {"label": label, "source": source, "group_id": group, "task_id": task, "subset": "A"}
    return element("track", head, order, body), (label, kind, task, source, group, entries)


@st.composite
def skeleton_tracks(draw: DrawFn) -> tuple[str, Any]:
    """A skeleton's track in one of the two dialects, and what is to come of it."""
    order = draw(st.randoms(use_true_random=False))
    nested, body, parts, entries = draw(st.booleans()), "", {"a": "", "b": "", "c": ""}, []
    last: dict[str, tuple[Any, ...]] = {}
    for number, frame in enumerate(draw(frames_of("1"))):
        keyframe, points = number == 0 or draw(st.booleans()), ""
        for name in draw(st.lists(st.sampled_from(("a", "b", "c")), min_size=1, max_size=3, unique=True).map(sorted)):
            x, y, outside, occluded, own = draw(numbers), draw(numbers), draw(st.booleans()), draw(st.booleans()), draw(pairs)
            flags = {"label": name, "keyframe": int(keyframe), "outside": int(outside), "occluded": int(occluded), "points": f"{x},{y}"}
            if nested:
                parts[name] += element("points", {"frame": frame, "z_order": 0} | flags | {"label": None}, order, written(own))
            else:
                points += element("points", flags, order, written(own))
            last[name] = (name, float(x), float(y), outside, occluded, own)
            entries.append((frame, keyframe, last[name]))
        own = draw(pairs)
        body += element("skeleton", {"frame": frame, "keyframe": int(keyframe), "z_order": 1}, order, points + written(own))
    body += "".join(element("track", {"label": name}, order, text) for name, text in parts.items() if text)
    return element("track", {"label": "body", "task_id": 1, "subset": "A"}, order, body), entries


def plain(entry: Entry) -> tuple[Any, ...]:
    """An entry in the form of a scene."""
    shape: Shape = entry.shape
    return (entry.frame, entry.keyframe, entry.outside, shape.kind, shape.label, shape.geometry, shape.attributes, shape.fields)


def scene(text: str) -> Reading:
    """Read the content of an export."""
    with TemporaryDirectory() as folder:
        return read_text(Path(folder), export(text, META))


@given(st.lists(plain_tracks(), max_size=4))
def test_what_is_written_reads_back(tracks: list[tuple[str, Any]]) -> None:
    """Every number, text and flag, whatever the order of XML attributes; frames less the offset of their task."""
    found = scene("".join(text for text, _ in tracks))
    assert set(found.codes) <= {"SRC121", "SRC151", "SRC156"}
    assert [
        (track.label, track.kind, track.task.id, track.source, track.group_id, [plain(entry) for entry in track.entries])
        for track in found.tracks
    ] == [expected for _, expected in tracks]


@given(skeleton_tracks())
def test_skeletons_read_back_in_both_dialects(drawn: tuple[str, Any]) -> None:
    """What an entry says of a point comes with it; a point that it leaves out is outside, where it was before."""
    text, expected = drawn
    (track,) = scene(text).tracks
    last: dict[str, Element] = {}
    for entry in track.entries:
        said = {point[0]: point for frame, _, point in expected if frame == entry.frame}
        points = {point.label: point for point in entry.shape.geometry}
        assert {name: point[:6] for name, point in points.items() if name in said} == said
        assert {name: point for name, point in points.items() if name not in said} == {
            name: point._replace(outside=True) for name, point in last.items() if name not in said
        }
        assert entry.outside == all(point.outside for point in points.values())
        assert entry.keyframe == next(keyframe for frame, keyframe, _ in expected if frame == entry.frame)
        last |= points
    assert [entry.frame for entry in track.entries] == sorted({frame for frame, _, _ in expected})


WORDS = st.sampled_from(("0", "1", "2", "7", "-1", "x", "", "1.5", None))
ODD = st.sampled_from(("box", "polygon", "skeleton", "points", "mask", "tag", "blob", "track"))


@st.composite
def odd_children(draw: DrawFn, depth: int = 0) -> str:
    """Any child of a track with any flags, often faulty."""
    tag = draw(ODD)
    attributes = {"frame": draw(WORDS), "keyframe": draw(WORDS), "outside": draw(WORDS), "label": draw(st.sampled_from((None, "a", "car")))}
    if draw(st.integers(0, 4)):
        attributes |= {"xtl": "1", "ytl": "2", "xbr": "3", "ybr": draw(st.sampled_from(("4", "nan")))} if tag == "box" else {}
        attributes |= {"points": draw(st.sampled_from(("1,2", "1,2;3,4;5,6", "1")))} if tag in {"polygon", "points"} else {}
        attributes |= {"rle": "0, 4", "left": "0", "top": "0", "width": "2", "height": "2"} if tag == "mask" else {}
    inside = "".join(draw(st.lists(odd_children(depth + 1), max_size=2))) if tag in {"skeleton", "track"} and depth < 2 else ""
    names = draw(st.lists(st.sampled_from(("a", "b")), max_size=2))
    return element(tag, attributes, draw(st.randoms(use_true_random=False)), inside + written(tuple((name, "1") for name in names)))


@given(st.lists(st.lists(odd_children(), max_size=5), max_size=3))
def test_books_hold_every_entry(contents: list[list[str]]) -> None:
    """However odd: every child of a track is seen, outside or refused; what is yielded is counted as it is; nothing raises."""
    text = export("".join(f'<track id="{number}" label="car">{"".join(parts)}</track>' for number, parts in enumerate(contents)), META)
    with TemporaryDirectory() as folder:
        path = write(Path(folder), text)
        found = read(path)
        root: Any = etree.parse(path).getroot()
    tally = found.reader.tally
    entries = [entry for track in found.tracks for entry in track.entries]
    assert sum(tally.shapes.values()) == sum(not entry.outside for entry in entries)
    assert sum(tally.outside.values()) == sum(entry.outside for entry in entries)
    assert sum(tally.keyframes.values()) == sum(entry.keyframe for entry in entries)
    assert tally.tracks == len(found.tracks)
    there = Counter((child.tag, "car") for track in root.findall("track") for child in track if child.tag not in {"track", "attribute"})
    yielded = Counter((TAGS[entry.shape.kind], "car") for entry in entries)
    assert there == yielded + Counter({key: count for key, count in tally.refused.items() if key[1] == "car"})
    counted = Counter[str]()
    for (_, label, _), count in tally.elements.items():
        counted[label] += count
    skeletons = [entry.shape.geometry for entry in entries if not entry.outside and entry.shape.kind == "skeleton"]
    assert counted == Counter(point.label for points in skeletons for point in points)
