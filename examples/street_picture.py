"""Pictures of the example: outlines filled with flat colours, written as PNG without an image library."""

from __future__ import annotations

import math
import struct
import zlib
from typing import NamedTuple

COLOURS = (
    "sky 9ecae8", "road 6b6f76", "pavement b9b4a6", "line f2f2ee", "red c8352f", "blue 2f5fc8", "green 3b8f4a", "skin d9a07a",
    "tyre 222226", "yellow e6b422", "carton b0814f", "shade 7d5a36", "water 4f86a8", "dark 3a3d44", "floor 8d9298", "wall cfd3d6",
)  # fmt: skip
PALETTE = {name: (number, bytes.fromhex(rgb)) for number, (name, rgb) in enumerate(map(str.split, COLOURS))}

Point = tuple[float, float]


class Paint(NamedTuple):
    """A filled area of the picture."""

    color: str
    outline: list[Point]


def turned(points: list[Point], center: Point, degrees: float) -> list[Point]:
    """Points turned clockwise on screen; rounded, so that every machine paints the same pixels."""
    sine, cosine, (cx, cy) = math.sin(math.radians(degrees)), math.cos(math.radians(degrees)), center
    offsets = [(x - cx, y - cy) for x, y in points]
    return [(round(cx + dx * cosine - dy * sine, 2), round(cy + dx * sine + dy * cosine, 2)) for dx, dy in offsets]


def rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """The corners of an upright rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def stroke(start: Point, end: Point, width: float = 3) -> list[Point]:
    """A line as an area."""
    length = math.dist(start, end)
    dx, dy = (end[1] - start[1]) / length * width / 2, (start[0] - end[0]) / length * width / 2
    corners = [(start[0] + dx, start[1] + dy), (end[0] + dx, end[1] + dy), (end[0] - dx, end[1] - dy), (start[0] - dx, start[1] - dy)]
    return [(round(x, 2), round(y, 2)) for x, y in corners]


def round_outline(center: Point, rx: float, ry: float, rotation: float) -> list[Point]:
    """An ellipse as 48 corners."""
    turns = [math.tau * n / 48 for n in range(48)]
    return turned([(center[0] + rx * math.cos(turn), center[1] + ry * math.sin(turn)) for turn in turns], center, rotation)


def fill(pixels: bytearray, width: int, outline: list[Point], value: int) -> None:
    """Sets the pixels whose centre lies inside an outline."""
    edges = list(zip(outline, outline[1:] + outline[:1], strict=True))
    for row in range(len(pixels) // width):
        y = row + 0.5
        crossings = sorted(a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in edges if (a[1] <= y) != (b[1] <= y))
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            first, last = (min(max(math.ceil(x - 0.5), 0), width) for x in (left, right))
            pixels[row * width + first : row * width + last] = bytes([value]) * (last - first)


def stored(data: bytes) -> bytes:
    """A zlib stream of uncompressed blocks: builds of zlib differ in what they compress to, and this must not."""
    blocks = [data[start : start + 65535] for start in range(0, len(data), 65535)]
    parts = [struct.pack("<BHH", block is blocks[-1], len(block), len(block) ^ 0xFFFF) + block for block in blocks]
    return b"\x78\x01" + b"".join(parts) + struct.pack(">I", zlib.adler32(data))


def png(width: int, height: int, paints: list[Paint]) -> bytes:
    """A picture as a PNG of sixteen colours; later paint covers earlier."""
    pixels = bytearray(width * height)
    for paint in paints:
        fill(pixels, width, paint.outline, PALETTE[paint.color][0])
    pairs = bytes(left << 4 | right for left, right in zip(pixels[::2], pixels[1::2], strict=True))
    stride = width // 2
    lines = b"".join(b"\0" + pairs[start : start + stride] for start in range(0, len(pairs), stride))
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0),  # 4 bits a pixel, palette
        b"PLTE": b"".join(rgb for _, rgb in PALETTE.values()),
        b"IDAT": stored(lines),
        b"IEND": b"",
    }
    packed = (struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks.items())
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
