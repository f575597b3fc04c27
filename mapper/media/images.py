"""Sizes of image files, from their headers alone: the one place that knows Pillow, which need not be installed.

No picture is decoded, whatever size it claims. Measured: 60 to 110 microseconds a file.
"""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zipfile
import zlib
from contextlib import suppress
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from mapper.media.files import Bounded, OverLimitError

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

LIBRARY = "Pillow"
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF", "JPEG2000", "PPM")
"""What is looked into, by Pillow's names, the usual ones first; no format of Pillow's that runs programs or is seldom read."""
HEADER = 64 << 20
"""How much of a file may be read, in bytes; WebP and AVIF are read whole."""

BAD_BYTES = (
    SyntaxError, OSError, ValueError, EOFError, ArithmeticError, LookupError, TypeError, AttributeError, RuntimeError,
    MemoryError, struct.error, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
"""What Pillow's plugins, and the zip that a file stands in, raise for bytes that are not what they claim to be."""

HEAD = 16 << 10
"""So much of a file is read at once, in bytes; headers of QUICK formats that fit are read without asking the disk again."""
QUICK = ("JPEG", "PNG")
"""Formats that Pillow never takes for whole when they are cut off."""

_PREFIX = 16
_ORIENTATION = 0x0112
_TIFF_SIZE = (256, 257)
_SIDEWAYS = 5
"""From this EXIF orientation on the picture lies on its side; 1 is upright."""
_LAST = 8


class ImageSize(NamedTuple):
    """Width and height in pixels as displayed, and the EXIF orientation (1 to 8) that was applied for that."""

    width: int
    height: int
    orientation: int = 1

    @property
    def stored(self) -> tuple[int, int]:
        """Width and height before the orientation is applied."""
        return (self.height, self.width) if self.orientation >= _SIDEWAYS else (self.width, self.height)


class UnknownFormatError(Exception):
    """None of FORMATS."""


class DamagedError(Exception):
    """A file that cannot be read; the text says why."""


def installed() -> bool:
    """Whether Pillow is there."""
    return find_spec("PIL") is not None


def image_size(file: IO[bytes]) -> ImageSize:
    """The size of an image file; the stream is left open.

    Raises UnknownFormatError, DamagedError, OverLimitError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow warns of (a broken EXIF field, say) leaves the size as it is
        _quiet()
        from PIL.Image import DecompressionBombError  # noqa: PLC0415 - an extra

        try:
            return _size(_opened(file))
        except DecompressionBombError as error:  # raised by some plugins themselves
            raise OverLimitError(str(error)) from None
        except BAD_BYTES as error:
            raise DamagedError(str(error) or type(error).__name__) from None


def _quiet() -> None:
    """Keep what Pillow logs of hostile files off the terminal; programs that set up logging still get it."""
    logger = logging.getLogger("PIL")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _opened(file: IO[bytes]) -> ImageFile:
    """Pillow's view of a header.

    Not by ``Image.open``: it refuses large pictures, genuine ones too, lest someone decode them.
    """
    from PIL import Image  # noqa: PLC0415 - an extra

    Image.preinit()
    head = file.read(HEAD)
    if not head:
        raise DamagedError("it is empty")
    for name in FORMATS:
        if name not in Image.OPEN:
            Image.init()
        if name not in Image.OPEN:
            continue  # Pillow built without it
        factory, accepts = Image.OPEN[name]
        if accepts is not None and accepts(head[:_PREFIX]) is not True:
            continue
        if name in QUICK:
            with suppress(*BAD_BYTES):
                return factory(io.BytesIO(head), "")
        file.seek(0)
        return factory(cast("IO[bytes]", Bounded(file, HEADER)), "")
    raise UnknownFormatError


def _size(image: ImageFile) -> ImageSize:
    """The size as displayed: TIFF's by its own tags, because Pillow has turned that one already."""
    from PIL.Image import Image  # noqa: PLC0415 - an extra
    from PIL.TiffImagePlugin import TiffImageFile  # noqa: PLC0415 - an extra

    width, height = image.size
    if isinstance(image, TiffImageFile):
        width, height = (int(image.tag_v2[tag]) for tag in _TIFF_SIZE)
    try:
        found = Image.getexif(image).get(_ORIENTATION, 1)  # not PngImageFile's own, which decodes
    except BAD_BYTES:  # a broken EXIF block turns nothing
        found = 1
    orientation = found if isinstance(found, int) and 1 <= found <= _LAST else 1
    return ImageSize(height, width, orientation) if orientation >= _SIDEWAYS else ImageSize(width, height, orientation)
