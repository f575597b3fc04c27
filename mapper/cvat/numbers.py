"""Numbers as CVAT writes them, read fast when they are plain and strictly when they are not.

Two million point lists a minute pass through here. JSON parsing is seven times faster than ``float`` per number, but
accepts any JSON, and forgets which separator stood where. So the text without its numerals is compared with what the
separators must be; what passes can only hold numbers. All else goes the slow way, number by number.
"""

from __future__ import annotations

from math import isfinite

from orjson import JSONDecodeError, loads

_NUMERALS = b"0123456789.-"
_DIGITS = b"0123456789 "


class UnevenError(ValueError):
    """A list of points does not consist of pairs."""


def number(text: str) -> float:
    """A finite decimal number; ValueError for anything else that ``float`` takes (nan, inf, ``1_0``, other digits)."""
    value = float(text)
    if "_" in text or not text.isascii() or not isfinite(value):
        raise ValueError(text)
    return value


def pairs(text: str) -> list[float]:
    """``x,y;x,y;…`` as a flat list ``[x, y, x, y, …]``; "" gives an empty list.

    Raises:
        UnevenError: the list does not consist of pairs.
        ValueError: something in it is no finite number.
    """
    raw = text.encode()
    separators = raw.translate(None, _NUMERALS)
    if separators == b",;" * (len(separators) // 2) + b",":
        try:
            values: list[float] = loads(b"[" + raw.replace(b";", b",") + b"]")
        except JSONDecodeError:  # "+1", ".5", "1.", "007": no JSON, but numbers
            return _pairs(text)
        return values if raw.count(b".") == len(values) else [float(value) for value in values]
    return _pairs(text)


def _pairs(text: str) -> list[float]:
    if not text.strip():
        return []
    values: list[float] = []
    for point in text.split(";"):
        x, comma, y = point.partition(",")
        if not comma or "," in y:
            raise UnevenError(text)
        values += (number(x), number(y))
    return values


def plain(texts: tuple[str, ...]) -> list[float]:
    """One number from each text; ValueError if one of them is none."""
    joined = ",".join(texts).encode()
    if joined.translate(None, _NUMERALS) == b"," * (len(texts) - 1):
        try:
            values: list[float] = loads(b"[" + joined + b"]")
        except JSONDecodeError:
            return [number(text) for text in texts]
        return values if joined.count(b".") == len(values) else [float(value) for value in values]
    return [number(text) for text in texts]


def runs(text: str) -> list[int]:
    """Run lengths ``3, 5, 7``, none negative; ValueError for anything else."""
    raw = text.encode()
    commas = raw.translate(None, _DIGITS)
    if commas == b"," * len(commas):
        try:
            lengths: list[int] = loads(b"[" + raw + b"]")
        except JSONDecodeError:
            return [whole(length) for length in text.split(",")]
        if lengths:
            return lengths
    return [whole(length) for length in text.split(",")]


def whole(text: str) -> int:
    """A whole number ≥ 0, also if written ``3.0``; ValueError for anything else."""
    value = number(text)
    if value < 0 or value != int(value):
        raise ValueError(text)
    return int(value)
