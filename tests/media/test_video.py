"""Videos: frames as a decoder counts them, the exact rate, the size after rotation, and nothing but the file itself."""

from __future__ import annotations

import io
import shutil
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.media.images import DamagedError
from mapper.media.video import VideoFacts, video_facts
from tests.support.media import decoded, shifted, video

NTSC = Fraction(30000, 1001)


def facts(path: Path) -> VideoFacts:
    """The facts of a video file."""
    with path.open("rb") as file:
        return video_facts(file)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "mpeg4", {}), ("a.mp4", "libx264", {"bf": "2"}), ("a.mov", "mpeg4", {}), ("a.avi", "mpeg4", {}),
        ("a.mkv", "libx264", {"bf": "2"}), ("a.webm", "libvpx", {}), ("a.ts", "libx264", {}), ("a.mkv", "ffv1", {}),
    ],
)  # fmt: skip
def test_containers(tmp_path: Path, name: str, codec: str, options: dict[str, str]) -> None:
    """Each container gives the frames that decoding gives, its rate as a fraction, and its size."""
    path = video(tmp_path / name, 23, rate=NTSC if name != "a.ts" else 25, codec=codec, options=options)
    found = facts(path)
    assert found.frames == decoded(path) == 23
    assert (found.width, found.height) == (64, 48)
    assert found.rate == (NTSC if name != "a.ts" else 25)
    assert found.fps == pytest.approx(29.97 if name != "a.ts" else 25, abs=0.001)
    assert found.duration == pytest.approx(23 / float(found.rate or 1), abs=0.1)


@pytest.mark.parametrize(("rotation", "size"), [(0, (64, 48)), (90, (48, 64)), (180, (64, 48)), (270, (48, 64))])
def test_rotation(tmp_path: Path, rotation: int, size: tuple[int, int]) -> None:
    """The size is that of the video as it is shown."""
    found = facts(video(tmp_path / "a.mp4", rotation=rotation))
    assert (found.width, found.height) == size
    assert found.rotation % 360 == rotation


def test_frames_that_an_edit_list_hides(tmp_path: Path) -> None:
    """The container counts all frames, the decoder only those that are shown: the decoder is right."""
    path = shifted(video(tmp_path / "a.mp4", 25, rate=NTSC, codec="libx264", options={"bf": "2"}), tmp_path / "b.mp4", 5005)
    assert facts(path).frames == decoded(path) == 20


def test_a_video_in_pieces(tmp_path: Path) -> None:
    """A fragmented file, whose index names no frames, is counted by its packets."""
    plain = video(tmp_path / "a.mp4", 25)
    path = tmp_path / "b.mp4"
    import av  # noqa: PLC0415 - only this test writes a container of its own

    with av.open(str(plain)) as source, av.open(str(path), "w", options={"movflags": "frag_keyframe+empty_moov"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    assert facts(path).frames == decoded(path) == 25


@pytest.mark.parametrize("name", ["list.m3u8", "list.mp4", "list.mpd"])
def test_a_playlist_is_refused(tmp_path: Path, name: str) -> None:
    """A file that would have another file opened is no video."""
    video(tmp_path / "secret.mp4")
    texts = {
        "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n#EXT-X-ENDLIST\n",
        "list.mp4": "ffconcat version 1.0\nfile secret.mp4\n",
        "list.mpd": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>secret.mp4</BaseURL></MPD>",
    }
    (tmp_path / name).write_text(texts[name])
    with pytest.raises(DamagedError):
        facts(tmp_path / name)


def test_what_is_no_video(tmp_path: Path) -> None:
    """Nothing, text, half a header, and sound alone are damaged videos."""
    import av  # noqa: PLC0415 - only this test writes a container of its own

    whole = video(tmp_path / "a.mp4").read_bytes()
    for data in (b"", b"not a video", whole[:100], whole[: len(whole) // 2]):
        with pytest.raises(DamagedError):
            video_facts(io.BytesIO(data))
    sound = tmp_path / "sound.mkv"
    with av.open(str(sound), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
    with pytest.raises(DamagedError, match="no video"):
        facts(sound)


def test_an_unknown_codec(tmp_path: Path) -> None:
    """A video that no decoder is known for is a damaged one."""
    data = video(tmp_path / "a.avi").read_bytes()
    with pytest.raises(DamagedError):
        video_facts(io.BytesIO(data.replace(b"FMP4", b"zzzz").replace(b"fmp4", b"zzzz")))


@given(st.sampled_from(["mp4", "mkv", "avi"]), st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), min_size=1, max_size=9))
def test_hostile_bytes(form: str, changes: list[tuple[int, int]]) -> None:
    """Whatever stands in a video: facts, or that it is damaged."""
    data = bytearray(whole(form))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        found = video_facts(io.BytesIO(bytes(data)))
    except DamagedError:
        return
    assert found.frames >= 0
    assert found.width > 0


@cache
def whole(form: str) -> bytes:
    """A sound video."""
    with TemporaryDirectory() as folder:
        return video(Path(folder) / f"a.{form}", 5).read_bytes()


def test_it_makes_no_noise(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Damage in the middle of a file stays between the file and us: nothing goes to the terminal."""
    path = video(tmp_path / "a.mp4", 25, codec="libx264")
    data = bytearray(path.read_bytes())
    for at in range(200, 600, 7):
        data[at] ^= 0x5A
    (tmp_path / "b.mp4").write_bytes(data)
    shutil.copy(path, tmp_path / "c.mp4")
    for name in ("b.mp4", "c.mp4"):
        try:
            facts(tmp_path / name)
        except DamagedError:
            continue
    assert capfd.readouterr() == ("", "")
