"""Conversions of exports with their media: what is compared, what is said, and what the bundle's media list then holds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mapper import convert
from mapper.findings.media_facts import SizeDiffers, SizeScaled, SizeUnrotated
from mapper.media.checks import size_issue
from mapper.media.images import ImageSize
from mapper.media.naming import MAPPINGS
from tests.support import builders, specs
from tests.support.checkout import environment
from tests.support.media import bomb, picture, video
from tests.support.reading import pack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper import Result

BOX = builders.box("car", (10, 10, 30, 20))
ONE = builders.image(0, BOX, name="a.png")

CLIP = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><id>7</id><name>gate</name><size>3</size><mode>interpolation</mode>
<start_frame>0</start_frame><stop_frame>20</stop_frame><frame_filter>step=10</frame_filter>
<labels><label><name>car</name><type>any</type><attributes></attributes></label></labels>
<original_size><width>64</width><height>48</height></original_size><source>gate.mp4</source></task></meta>
<image id="0" name="frame_000000" width="64" height="48"><tag label="car" source="manual"></tag></image>
<image id="10" name="frame_000010" width="64" height="48"></image>
<image id="20" name="frame_000020" width="64" height="48"></image>
</annotations>
"""
PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><project><id>1</id><name>gates</name><tasks>
<task><id>1</id><name>x</name><size>2</size><subset>Train</subset><start_frame>0</start_frame><stop_frame>1</stop_frame></task>
<task><id>2</id><name>y</name><size>1</size><subset>Train</subset><start_frame>0</start_frame><stop_frame>0</stop_frame></task>
</tasks><labels><label><name>car</name><type>any</type><attributes></attributes></label></labels></project></meta>
<image id="0" name="a.png" subset="Train" task_id="1" width="100" height="80"></image>
<image id="1" name="b.png" subset="Train" task_id="1" width="100" height="80"></image>
<image id="2" name="a.png" subset="Train" task_id="2" width="100" height="80"></image>
</annotations>
"""


def codes(result: Result) -> Counter[str]:
    """How often each code of media was found."""
    return Counter({finding.code: finding.count for finding in result.findings if finding.code.startswith("MED")})


def converted(folder: Path, media: Mapping[str, bytes], *images: builders.Element, zipped: bool = True, **options: Any) -> Result:
    """Convert an export with media below ``images/``."""
    members: dict[str, str | bytes] = {"annotations.xml": builders.export(*images)} | {
        f"images/{name}": data for name, data in media.items()
    }
    if zipped:
        return convert(pack(folder / "x.zip", members), folder / "out", **options)
    for name, data in members.items():
        (folder / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "x" / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return convert(folder / "x", folder / "out", **options)


def files(result: Result) -> list[str | None]:
    """The file of each entry of the bundle's media list."""
    assert result.out is not None
    return [entry.get("file") for entry in json.loads((result.out / "bundle.json").read_bytes())["media"]]


@pytest.mark.parametrize("zipped", [True, False])
def test_sound_media_need_no_word(tmp_path: Path, *, zipped: bool) -> None:
    """Images of the sizes that the export says give no finding, in a zip as in a folder."""
    result = converted(tmp_path, {"a.png": picture()}, ONE, zipped=zipped)
    assert codes(result) == {}
    assert files(result) == ["a.png"]


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_against_the_export(tmp_path: Path, form: str, orientation: int) -> None:
    """The export's size is that of the picture as displayed; one that is turned on its side unnoticed is an error."""
    data = picture((100, 80), form, orientation)
    stored = converted(tmp_path, {"a.png": data}, ONE)
    shown = converted(tmp_path, {"a.png": data}, builders.image(0, BOX, name="a.png", size=(80, 100)), force=True)
    if orientation >= 5:
        assert (codes(stored), codes(shown)) == ({"MED712": 1}, {})
        assert not stored.ok
    elif orientation > 1:
        assert (codes(stored), codes(shown)) == ({"MED713": 1}, {"MED710": 1})
    else:
        assert (codes(stored), codes(shown)) == ({}, {"MED710": 1})


@pytest.mark.parametrize(
    ("found", "said", "issue"),
    [
        (ImageSize(1440, 1080), (1920, 1080), SizeDiffers), (ImageSize(960, 540), (1920, 1080), SizeScaled),
        (ImageSize(1920, 1080), (960, 540), SizeScaled), (ImageSize(641, 360), (1920, 1080), SizeScaled),
        (ImageSize(1080, 1920), (1920, 1080), SizeDiffers), (ImageSize(1080, 1920, 6), (1920, 1080), SizeUnrotated),
        (ImageSize(1080, 1920, 6), (1080, 1920), None), (ImageSize(500, 500), (0, 0), None),
    ],
)  # fmt: skip
def test_what_is_said_of_a_size(found: ImageSize, said: tuple[int, int], issue: type | None) -> None:
    """Another shape, another scale and a missing rotation are told apart; a size that is not said cannot be wrong."""
    made = size_issue("a.png", "a.png", found, said)
    assert made is None if issue is None else type(made) is issue


def test_damaged_and_foreign_files(tmp_path: Path) -> None:
    """A file that cannot be read is an error, one of another format a remark; the conversion goes on, sizes are the export's."""
    media = {
        "a.png": b"",
        "b.png": picture()[:30],
        "c.png": b"II*\0\xff\xff\xff\xff",
        "d.png": b"just a text",
        "e.png": bomb(60_000, 60_000),
    }
    result = converted(tmp_path, media, *(builders.image(number, BOX, name=name) for number, name in enumerate(media)))
    assert codes(result) == {"MED714": 3, "MED715": 1, "MED710": 1}
    assert files(result) == list(media)
    found = {finding.code: finding for finding in result.findings}["MED714"]
    place = found.samples[0].source
    assert place is not None
    assert (place.file, place.image, place.line > 0) == ("x.zip/annotations.xml", "a.png", True)


def test_a_member_that_is_damaged_in_the_zip(tmp_path: Path) -> None:
    """Bytes that cannot be unpacked are a damaged file, not the end of the run."""
    converted(tmp_path, {"a.png": picture((300, 200))}, ONE)
    archive = tmp_path / "x.zip"
    data = bytearray(archive.read_bytes())
    at = data.index(b"images/a.png") + len(b"images/a.png")
    data[at : at + 40] = b"\xff" * 40
    archive.write_bytes(data)
    assert codes(convert(archive)) == {"MED714": 1}


def test_an_unsafe_name_and_an_encrypted_member(tmp_path: Path) -> None:
    """What leads out of the archive is left alone; what cannot be read without a password is said."""
    members: dict[str, str | bytes] = {"annotations.xml": builders.export(ONE), "images/../b.png": picture(), "images/a.png": picture()}
    archive = pack(tmp_path / "x.zip", members)
    data = bytearray(archive.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    assert codes(convert(archive)) == {"MED708": 1, "MED717": 1}


def test_no_check_reads_no_file(tmp_path: Path) -> None:
    """`--no-check-media` matches names and looks into nothing."""
    result = converted(tmp_path, {"a.png": b"", "b.png": b""}, ONE, check_media=False)
    assert codes(result) == {"MED703": 1}
    assert files(result) == ["a.png"]


WITHOUT = """
import sys
for name in sys.argv[2:]:
    sys.modules[name] = None
from mapper import convert
result = convert(sys.argv[1])
print(*(f"{f.code} {f.count} {f.severity.word} {f.hint}" for f in result.findings if f.code.startswith("MED")), sep="\\n")
"""


def without(source: Path, *libraries: str) -> list[str]:
    """Codes and hints of media findings where some libraries cannot be imported."""
    command = [sys.executable, "-c", WITHOUT, str(source), *libraries]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment()).stdout.splitlines()


def test_without_the_libraries(tmp_path: Path) -> None:
    """Where Pillow or PyAV is not installed, one remark says what was not checked and how to install it."""
    images = [builders.image(number, BOX, name=f"{number}.png") for number in range(3)]
    converted(tmp_path, {f"{number}.png": b"" for number in range(3)}, *images)
    (said,) = without(tmp_path / "x.zip", "PIL", "av")
    assert said.startswith("MED716 1 info pip install 'cvat-encord-mapper[media]'")
    assert without(tmp_path / "x.zip", "av")[0].startswith("MED714 3")
    (tmp_path / "clip").mkdir()
    (tmp_path / "clip" / "annotations.xml").write_text(CLIP)
    (tmp_path / "clip" / "images").mkdir()
    video(tmp_path / "clip" / "images" / "gate.mp4")
    assert [line.split()[0] for line in without(tmp_path / "clip", "av")] == ["MED716"]


def clip(folder: Path, media: Path, **options: Any) -> Result:
    """Convert an images export of a video task, with a folder of media; its frames stay images."""
    source = folder / "annotations.xml"
    source.write_text(CLIP)
    return convert(source, media_dir=media, **{"media": "image", **options})


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ({"frames": 21}, {}),
        ({"frames": 20}, {"MED719": 1}),
        ({"frames": 5}, {"MED719": 2}),
        ({"frames": 21, "size": (32, 24)}, {"MED718": 1}),
        ({"frames": 21, "size": (48, 64), "rotation": 90}, {}),
        ({"frames": 21, "rotation": 90}, {"MED718": 1}),
    ],
)
def test_a_video_against_the_export(tmp_path: Path, made: dict[str, Any], found: dict[str, int]) -> None:
    """Its size after rotation is that of the task, and it reaches every frame of the export."""
    media = tmp_path / "media"
    media.mkdir()
    video(media / "gate.mp4", **made)
    assert codes(clip(tmp_path, media)) == {"MED709": 3, **found}


@pytest.mark.parametrize(("fps", "found"), [(25, {}), (30, {"MED720": 1})])
def test_the_rate_of_the_spec(tmp_path: Path, fps: float, found: dict[str, int]) -> None:
    """A rate in the spec that is not the video's is named."""
    media = tmp_path / "media"
    media.mkdir()
    video(media / "gate.mp4", 21)
    rules = specs.rule(specs.classification(option="yes"), tag=True)
    spec = specs.write(tmp_path, specs.spec(rules, media={"fps": fps}))
    assert codes(clip(tmp_path, media, spec=spec)) == {"MED709": 3, **found}


def test_a_damaged_video(tmp_path: Path) -> None:
    """It is named once, not for every frame."""
    media = tmp_path / "media"
    media.mkdir()
    (media / "gate.mp4").write_bytes(b"\0" * 50)
    assert codes(clip(tmp_path, media)) == {"MED709": 3, "MED714": 1}


@pytest.mark.parametrize("mode", ["image", "image_group"])
def test_a_contested_file_is_nobodys(tmp_path: Path, mode: Any) -> None:
    """CVAT wrote two tasks' images to one place: neither image has the file, the others keep theirs."""
    members: dict[str, str | bytes] = {"annotations.xml": PROJECT, "images/Train/a.png": picture(), "images/Train/b.png": picture()}
    result = convert(pack(tmp_path / "x.zip", members), tmp_path / "out", media=mode)
    assert codes(result) == {"MED707": 1}
    assert files(result) == [None, "Train/b.png", None]
    finding = next(finding for finding in result.findings if finding.code == "MED707")
    assert "task '1'" in finding.message
    assert "task '2'" in finding.message


RULES = [{"separators": "slash"}, {"like": "cam*/*_final.*", "name": "{2}.{3}"}, {"table": {"DSC_1.png": "b.png"}}]


def test_rules_of_a_spec(tmp_path: Path) -> None:
    """File name rules of the spec are followed; an option and a function of the caller go before them."""
    box = specs.rule(specs.thing(kind="bounding_box"), label="car")
    spec = specs.write(tmp_path, specs.spec(box, media={"filenames": RULES}))
    images = [builders.image(number, BOX, name=name) for number, name in enumerate(("a.png", "b.png"))]
    media = {"cam1\\a_final.png": picture(), "DSC_1.png": picture()}
    assert files(converted(tmp_path, media, *images, spec=spec)) == ["cam1\\a_final.png", "DSC_1.png"]
    assert files(converted(tmp_path, media, *images, spec=spec, map_filename="exact", force=True)) == [None, None]
    last = {"DSC_1.png": "a.png"}
    given = converted(tmp_path, media, *images, spec=spec, map_filename_to_cvat_name=lambda name: last.get(name, ""), force=True)
    assert files(given) == ["DSC_1.png", None]


@pytest.mark.parametrize("mapping", sorted(MAPPINGS))
def test_checks_do_not_change_the_bundle(tmp_path: Path, mapping: str) -> None:
    """Label rows, ontology and ledger are the same whether or not media are looked into."""
    folders = []
    for check in (True, False):
        folder = tmp_path / str(check)
        folder.mkdir()
        result = converted(folder, {"a.png": picture((10, 10))}, ONE, check_media=check, map_filename=mapping)
        assert result.out is not None
        folders.append(result.out)
    for name in ("label_rows.jsonl", "ontology.json", "ledger.json"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
