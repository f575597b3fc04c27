"""Encord's bitmask: run lengths over the whole image in a string of its own making."""

from __future__ import annotations

from operator import sub
from typing import TYPE_CHECKING

from mapper.encord.model import ShapeWriter

if TYPE_CHECKING:
    from mapper.geometry.shapes import Bitmask, Frame

_RAW = 3  # runs before the first difference: it is taken to the run two before, from the fourth on
_FIRST = 48  # character code of group 0
_MORE = 32
_DIGIT = 31
_SIGN = 16
_BITS = 5
_TABLE = 4096


def _text_of(number: int) -> str:
    """Groups of five bits in two's complement, lowest first; 32 is added where more follow."""
    text = ""
    while True:
        group = number & _DIGIT
        number >>= _BITS
        if number == (-1 if group & _SIGN else 0):
            return text + chr(_FIRST + group)
        text += chr(_FIRST + group + _MORE)


class _Texts(dict[int, str]):
    """Texts of small numbers, which nearly all are, once they were asked for; others are made anew each time, so the table stays small."""

    def __missing__(self, number: int) -> str:
        text = _text_of(number)
        if -_TABLE <= number < _TABLE:
            self[number] = text
        return text


_text = _Texts().__getitem__


def encode(runs: list[int]) -> str:
    """The ``rleString`` of run lengths (row-major, zeros first)."""
    return "".join([*map(_text, runs[:_RAW]), *map(_text, map(sub, runs[_RAW:], runs[1:]))])


def decode(text: str) -> list[int]:
    """The run lengths of an ``rleString``; ValueError if it is none."""
    runs: list[int] = []
    number = shift = 0
    for character in text:
        group = ord(character) - _FIRST
        if not 0 <= group < 2 * _MORE:
            raise ValueError(f"{character!r} does not occur in a bitmask")
        number |= (group & _DIGIT) << shift
        shift += _BITS
        if group < _MORE:
            number -= (group & _SIGN) << (shift - _BITS + 1)
            runs.append(number + runs[-2] if len(runs) >= _RAW else number)
            number = shift = 0
    if shift:
        raise ValueError("the bitmask ends within a number")
    return runs


def render(bitmask: Bitmask, frame: Frame) -> bytes:
    """``"bitmask":{top, left, height, width, rleString}`` over the whole image."""
    text = encode(bitmask.runs).replace("\\", "\\\\").encode()  # the backslash is group 44; a quote cannot occur
    return b'"bitmask":{"top":0,"left":0,"height":%d,"width":%d,"rleString":"%b"}' % (frame.height, frame.width, text)


def overflow(bitmask: Bitmask, frame: Frame) -> float:
    """Nothing: its runs are those of the image."""
    del bitmask, frame
    return 0.0


def clip(bitmask: Bitmask, frame: Frame) -> Bitmask:
    """The same."""
    del frame
    return bitmask


WRITER = ShapeWriter("bitmask", render, overflow, clip, render)
