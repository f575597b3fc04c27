"""Sizes of image files by their headers: as displayed, for every orientation and format, and never by decoding."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from mapper.media.files import OverLimitError
from mapper.media.images import FORMATS, HEADER, DamagedError, ImageSize, UnknownFormatError, image_size
from tests.support.media import bomb, picture


def size(data: bytes) -> ImageSize:
    """The size of a file that holds these bytes."""
    return image_size(io.BytesIO(data))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format(form: str) -> None:
    """Each format that is named is looked into."""
    assert size(picture((31, 17), form)) == ImageSize(31, 17)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation(form: str, orientation: int) -> None:
    """The size is that of the picture as Pillow turns it when it is shown; stored it is what it was."""
    data = picture((30, 20), form, orientation)
    with Image.open(io.BytesIO(data)) as opened:
        shown = ImageOps.exif_transpose(opened)
    found = size(data)
    assert (found.width, found.height) == shown.size
    assert (found.stored, found.orientation) == ((30, 20), orientation)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_orientations_that_do_not_exist(orientation: int) -> None:
    """A number that EXIF does not know turns nothing."""
    assert size(picture((30, 20), "JPEG", orientation)) == ImageSize(30, 20)


def test_a_bomb_is_not_decoded() -> None:
    """A picture of 3.6 thousand million pixels has its size told in a few kilobytes, and needs none of the memory."""
    data = bomb(60_000, 60_000)
    tracemalloc.start()
    try:
        assert size(data) == ImageSize(60_000, 60_000)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_large_pictures_of_other_formats() -> None:
    """A format whose reader refuses large pictures by itself is beyond the limit, not damaged."""
    data = bytearray(picture((30, 20), "WEBP", 1))
    assert data[12:16] == b"VP8X"
    data[24:30] = b"\xff\xff\x03\xff\xff\x03"
    with pytest.raises(OverLimitError):
        size(bytes(data))


def test_it_makes_no_noise(capfd: pytest.CaptureFixture[str]) -> None:
    """What Pillow has to say of a hostile file does not go to the terminal."""
    data = bytearray(picture((30, 20), "TIFF"))
    samples = data.index(b"\x15\x01\x03\x00\x01\x00\x00\x00") + 8
    data[samples : samples + 2] = b"\x00\x08"
    with pytest.raises(DamagedError):
        size(bytes(data))
    assert capfd.readouterr() == ("", "")


def test_a_header_without_end() -> None:
    """A file that wants more than the limit to be read for its size is given up."""
    with pytest.raises(OverLimitError):
        size(b"RIFF\xff\xff\xff\x7fWEBPVP8 ".ljust(HEADER + 1, b"\0"))


@pytest.mark.parametrize("data", [b"not a picture", b"%PDF-1.7", b"\0" * 64, b"<svg/>"])
def test_other_formats(data: bytes) -> None:
    """What is no picture of a known format is told apart from a damaged one."""
    with pytest.raises(UnknownFormatError):
        size(data)


@pytest.mark.parametrize("form", FORMATS)
def test_cut_off_headers(form: str) -> None:
    """An empty file, and one that ends within its header, is damaged."""
    for length in (0, 7):
        with pytest.raises((DamagedError, UnknownFormatError)):
            size(picture((30, 20), form)[:length])


@given(st.sampled_from(FORMATS), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6))
def test_hostile_bytes(form: str, changes: list[tuple[int, int]]) -> None:
    """Whatever stands in a header: a size, or one of the three ways in which there is none."""
    data = bytearray(picture((30, 20), form, 6 if form in {"JPEG", "PNG", "WEBP", "TIFF"} else None))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        found = size(bytes(data))
    except (UnknownFormatError, DamagedError, OverLimitError):
        return
    assert found.width >= 0
    assert found.height >= 0
