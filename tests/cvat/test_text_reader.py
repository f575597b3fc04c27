"""Shapes that are read from their text are those that the event parser reads, in whatever they are packed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper.cvat.archive import Limits
from mapper.cvat.readers.native_xml import NativeXml
from mapper.cvat.reporter import Reporter
from mapper.errors import SourceError
from mapper.findings.collector import Collector
from mapper.findings.source.opening import XmlBroken
from tests.properties import strategies
from tests.support.builders import box, cuboid, element, ellipse, export, image, mask, path, seen, skeleton, tag, track, video
from tests.support.layout import OTHER, PLAIN, own_layout
from tests.support.scene_draws import scenes
from tests.support.scene_xml import images_xml, video_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Shape

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
usual = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))


class Trickle(io.BytesIO):
    """A file that gives no more than so many bytes at once."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        return super().read(self._most if size is None or size < 0 else min(size, self._most))


class Read(NamedTuple):
    """Everything that comes of an export; ``shapes`` are apart, with their numbers."""

    outcome: Any
    shapes: list[Shape]


def read(data: bytes, most: int = 1 << 16) -> Read:
    """Read an XML to its end."""
    findings, shapes = Collector(), list[Any]()
    try:
        with NativeXml(Trickle(data, most), Reporter(findings, "a.xml"), (), Limits()) as reader:
            images = [one._replace(shapes=list(_unnumbered(one.shapes, shapes))) for one in reader.images()]
            tracks = [
                one._replace(entries=[entry._replace(shape=next(_unnumbered([entry.shape], shapes))) for entry in one.entries])
                for one in reader.tracks()
            ]
    except SourceError as error:
        return Read((str(error), findings.findings()), shapes)
    return Read((reader.export, images, tracks, findings.findings(), reader.tally, reader.complete, reader.lines), shapes)


def _unnumbered(found: list[Shape], shapes: list[Shape]) -> Iterator[Shape]:
    for shape in found:
        shapes.append(shape)
        yield shape._replace(alike=0)


def same(data: bytes, most: int = 1 << 16) -> list[Shape]:
    """Read a file with and without its shapes being read from their text, and compare; the shapes of the first reading."""
    assert PLAIN in data
    by_text, by_events = read(data, most), read(data.replace(PLAIN, OTHER, 1), most)
    assert by_text.outcome == by_events.outcome
    assert not any(shape.alike for shape in by_events.shapes)
    kept: dict[int, Any] = {}
    for shape in by_text.shapes:
        said = shape.kind, shape.label, shape.attributes, shape.fields
        assert not shape.alike or kept.setdefault(shape.alike, said) == said
    return by_text.shapes


EVERY = (
    box("car", (1, 2, 30, 40), {"color": "red"}), box("car", (5, 2, 33, 40), {"color": "red"}),
    box("car", (1, 2, 30, 40), {"color": "a < b & c"}, rotation=30), box("car", (1, 2, 30, 40), rotation="0.00"),
    ellipse("car", (10, 12, 3, 4)), path("polygon", "car", (1, 2, 3, 4, 5, 2)), path("polyline", "car", (1, 2, 3, 4)),
    path("points", "car", (1, 2)), cuboid("car", tuple(range(16))), mask("car", (0, 2, 2), (1, 1, 2, 2)),
    skeleton("person", (element("nose", 1, 2), element("ear", 3, 4))), tag("night"), box("Пешеход", (1, 2, 3, 4)),
)  # fmt: skip


def test_every_kind_is_read_from_its_text() -> None:
    """All kinds that have numbers of their own are, in images and in tracks; skeletons and what is turned are not numbered."""
    shapes = same(own_layout(export(image(0, *EVERY), image(1, *EVERY))))
    assert {shape.kind for shape in shapes if shape.alike} == {
        "rectangle", "ellipse", "polygon", "polyline", "points", "cuboid", "mask", "tag",
    }  # fmt: skip
    assert [shape.kind for shape in shapes[: len(EVERY)] if not shape.alike] == ["rectangle", "skeleton"]
    assert shapes[0].alike == shapes[1].alike != shapes[3].alike
    drawn = [shape for shape in EVERY if shape.name != "tag"]
    entries = same(
        own_layout(video(*(track("car", *(seen(frame, shape) for frame in range(4)), number=n) for n, shape in enumerate(drawn))))
    )
    assert {shape.kind for shape in entries if shape.alike} == {shape.kind for shape in shapes if shape.alike} - {"tag"}


@given(text=strategies.exports(), most=st.integers(1, 4000))
@usual
def test_images_are_read_alike(text: str, most: int) -> None:
    """Random exports of images, in pieces of any length."""
    same(own_layout(text), most)


@given(scene=scenes(), most=st.integers(1, 4000))
@usual
def test_tracks_are_read_alike(scene: Any, most: int) -> None:
    """The same of random videos, and of the same scenes as images."""
    same(own_layout(video_xml(scene)), most)
    same(own_layout(images_xml(scene)), most)


ODD = (
    "<", ">", '"', "'", "&", "&amp;", "&#10;", "&x;", "\n", "\r", "\r\n", "\t", " ", "\0", "\x1c", "\xa0", "\ufffe", "é", "٣", "_", "1_0",
    "\udcff", "\udcc3", "nan", "inf", "+1", ".5", "1e3", "-", ",", ";", "/", "/>", "</box>",
    "<box ", "<!-- ", "-->", "<![CDATA[", "]]>", "<?x ?>", "\n    <", "\n    </box>",
    "\n  </image>",
    '\n    <box label="car" ', ' xtl="1"', ' rotation="3"', ' rotation=""', ' outside="1"', ' frame="1"', ' keyframe="x"', "<attribute/>",
    '<attribute name="a">b</attribute>', "<points/>", "</track>", '<track id="3" label="x">',
)  # fmt: skip


@given(data=st.data(), video_too=st.booleans(), most=st.integers(1, 4000))
@settings(usual, max_examples=400)
def test_what_is_odd_is_odd_in_both(data: st.DataObject, video_too: bool, most: int) -> None:  # noqa: FBT001 - drawn
    """Something taken out, put in or exchanged anywhere gives the same images, findings and errors at the same places."""
    drawn = [track("car", *(seen(frame, shape) for frame in range(3)), number=n) for n, shape in enumerate(EVERY) if shape.name != "tag"]
    text = own_layout(video(*drawn) if video_too else export(image(0, *EVERY), image(1, *EVERY[:3]))).decode()
    behind = text.index("<track " if video_too else "<image ")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(behind, len(text)))
        text = text[:place] + data.draw(st.sampled_from(ODD) | st.just("")) + text[place + data.draw(st.integers(0, 12)) :]
    same(text.encode("utf-8", "surrogateescape"), most)


@pytest.mark.parametrize("place", [b'label="car', b'points="1', b'xtl="1', b'z_order="0', b'<attribute name="color', b">red"])
@pytest.mark.parametrize("nth", [0, 1, 2])
def test_bytes_that_are_no_utf_8_are_reported(place: bytes, nth: int) -> None:
    """Half a letter anywhere in a shape is the same error at the same place, whether or not the like of it was read before."""
    parts = own_layout(export(*(image(number, *EVERY) for number in range(3)))).split(place)
    data = place.join(parts[: nth + 1]) + place + b"\xc3" + place.join(parts[nth + 1 :])
    same(data)
    findings, complete = read(data).outcome[3], read(data).outcome[5]
    assert not complete
    assert findings[-1].code == XmlBroken.code


SIDES = (
    ("", 'z_order="0"'), ('z_order="1"', 'occluded="0"'), ('source="auto" occluded="1"', ""), ('outside="0"', 'group_id="3"'),
    ('rotation="5"', 'rotation="0"'), ("", 'rotation="7"'), ('label="x"', 'label="y"'),
)  # fmt: skip


def test_what_two_sides_say_apart_they_say_together() -> None:
    """Each pair of what may stand before and behind the numbers, also where both say the same thing, which is not well-formed."""
    texts = [f'    <box label="car" {before} xtl="1" ytl="2" xbr="3" ybr="4" {behind}>\n    </box>' for before, behind in SIDES]
    for before, _ in SIDES:
        for _, behind in SIDES:
            last = f'    <box label="car" {before} xtl="1" ytl="2" xbr="3" ybr="4" {behind}>\n    </box>\n'
            for number in range(len(texts)):
                known = "\n".join(text for text in (texts[:number] + texts[number + 1 :])[:3])
                body = f'  <image id="0" name="a" width="9" height="9">\n{known}\n{last}{last}{last}  </image>\n'
                same(f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n{body}</annotations>\n'.encode())


def test_patterns_that_do_not_repeat_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each shape says something new, the reader stops to look for what repeats, and reads on all the same."""
    monkeypatch.setattr("mapper.cvat.xml_text.FAIR", 20)
    images = [image(number, *(box("car", (1, 2, 30, 40), {"id": f"{number} {nth}"}) for nth in range(5))) for number in range(30)]
    shapes = same(own_layout(export(*images)), 500)
    assert shapes[0].alike
    assert not shapes[-1].alike


def test_patterns_are_forgotten_when_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow with what an export says, and what was forgotten gets another number."""
    monkeypatch.setattr("mapper.cvat.xml_patterns.REMEMBERED", 3)
    images = [image(number, *(box(f"car {number % 5}", (1, 2, 30, 40)) for _ in range(3))) for number in range(20)]
    shapes = same(own_layout(export(*images)))[:-1]  # behind the last one nothing comes that would tell that it has ended
    assert len({shape.alike for shape in shapes}) == 20
    assert all(shape.alike for shape in shapes)


def test_tracks_that_each_say_something_else_are_forgotten_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of labels and groups of tracks."""
    monkeypatch.setattr("mapper.cvat.xml_patterns.REMEMBERED", 3)
    tracks = [track("car", *(seen(frame, EVERY[0]) for frame in range(3)), number=number, group_id=str(number % 7)) for number in range(20)]
    shapes = same(own_layout(video(*tracks)), 300)[:-1]
    assert all(shape.alike for shape in shapes)


def test_a_shape_too_long_for_this_goes_to_the_event_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is held back beyond a bound, however long a shape is."""
    monkeypatch.setattr("mapper.cvat.xml_text.LONGEST", 300)
    long = path("polygon", "car", [float(number) for number in range(400)])
    shapes = same(own_layout(export(image(0, *EVERY, long, *EVERY), image(1, *EVERY))), 100)
    assert [shape.kind for shape in shapes[13:15] if not shape.alike] == ["polygon"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
def test_real_exports_are_read_alike() -> None:
    """Every XML of the corpus that CVAT wrote is the same both ways, and most shapes of theirs are read from their text."""
    files = [file for file in sorted(CORPUS.rglob("*.xml")) if PLAIN in file.read_bytes()[:60]]
    shapes = [shape for file in files for shape in same(file.read_bytes())]
    assert sum(1 for shape in shapes if shape.alike) > len(shapes) / 2 > 1000
