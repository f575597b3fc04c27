"""What the synthetic exports are made of: labels with attributes, kinds of shapes, and mixes of them.

Everything is drawn on an image of 1920 x 1080 from a seeded ``random.Random``; a geometry is the text of its XML
attributes, as CVAT's exporter writes it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

WIDTH, HEIGHT = 1920, 1080


class Attribute(NamedTuple):
    """An attribute: ``declared`` are the lines of its ``values`` (the first is the default), ``used`` those on shapes."""

    name: str
    input_type: str
    declared: tuple[str, ...]
    used: tuple[str, ...]
    mutable: bool = False


class Label(NamedTuple):
    """A label; ``elements`` are the sublabels of a skeleton."""

    name: str
    type: str
    attributes: tuple[Attribute, ...] = ()
    elements: tuple[str, ...] = ()


def _choice(name: str, input_type: str, *values: str, mutable: bool = False) -> Attribute:
    return Attribute(name, input_type, values, values, mutable)


PARKED = Attribute("parked", "checkbox", ("false",), ("false", "true"), mutable=True)
PLATE = Attribute("plate", "text", ("",), ("", "ZX 99 & Co", "Привет", "AB 12", "007"))
AXLES = Attribute("axles", "number", ("2", "12", "1"), ("2", "3", "5"))
DIAMETER = Attribute("diameter_mm", "number", ("0", "50", "0.5"), ("0", "3.5", "12", "49.5"))
DRIVABLE = Attribute("drivable", "checkbox", ("true",), ("true", "false"))

BODY = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip
BONES = ((1, 2), (1, 3), (2, 4), (3, 5), (6, 7), (6, 8), (8, 10), (7, 9), (9, 11), (6, 12), (7, 13), (12, 13), (12, 14),
         (14, 16), (13, 15), (15, 17))  # fmt: skip

LABELS = (
    Label("car", "any", (_choice("color", "select", "red", "blue", "black", "white", "__undefined__"), PLATE, PARKED)),
    Label("truck", "rectangle", (AXLES, _choice("cargo", "radio", "none", "open", "closed"))),
    Label("person", "rectangle", (_choice("action", "select", "standing", "walking", "sitting", mutable=True),)),
    Label("traffic_sign", "rectangle", (_choice("kind", "select", "stop", "yield", "limit", "other"),)),
    Label("bicycle", "any"),
    Label("animal", "rectangle"),
    Label("lesion", "polygon", (_choice("grade", "radio", "I", "II", "III", "IV"), DIAMETER)),
    Label("building", "polygon"),
    Label("road", "polygon"),
    Label("lane", "polyline", (_choice("style", "select", "solid", "dashed", "double"), DRIVABLE)),
    Label("kerb", "polyline"),
    Label("landmark", "points"),
    Label("wheel", "ellipse"),
    Label("parcel", "cuboid"),
    Label("puddle", "mask"),
    Label("cell", "mask"),
    Label("pose", "skeleton", (_choice("activity", "select", "idle", "running", "jumping", mutable=True),), BODY),
    Label("weather", "tag", (_choice("sky", "select", "clear", "cloudy", "rain", "fog", "snow"),)),
    Label("reviewed", "tag"),
)
BY_NAME = {label.name: label for label in LABELS}


def _path(points: list[tuple[float, float]]) -> str:
    return 'points="' + ";".join(f"{x:.2f},{y:.2f}" for x, y in points) + '"'


def _box(rng: Random) -> str:
    w, h = rng.uniform(5, 300), rng.uniform(5, 300)
    x, y = rng.uniform(0, WIDTH - w), rng.uniform(0, HEIGHT - h)
    return f'xtl="{x:.2f}" ytl="{y:.2f}" xbr="{x + w:.2f}" ybr="{y + h:.2f}"'


def _rotated(rng: Random) -> str:
    return f'{_box(rng)} rotation="{rng.uniform(1, 359):.2f}"'


def _polygon(rng: Random) -> str:
    count = round(math.exp(rng.uniform(math.log(20), math.log(200))))
    radius = rng.uniform(20, 190)
    cx, cy = rng.uniform(radius, WIDTH - radius), rng.uniform(radius, HEIGHT - radius)
    turns = [math.tau * n / count for n in range(count)]
    radii = [radius * rng.uniform(0.8, 1) for _ in turns]
    return _path([(cx + r * math.cos(turn), cy + r * math.sin(turn)) for r, turn in zip(radii, turns, strict=True)])


def _polyline(rng: Random) -> str:
    count = rng.randint(3, 40)
    x, y, step = rng.uniform(0, WIDTH / 4), rng.uniform(60, HEIGHT - 60), rng.uniform(5, 35)
    return _path([(x + n * step, y + rng.uniform(-60, 60)) for n in range(count)])


def _points(rng: Random) -> str:
    return _path([(rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)) for _ in range(rng.randint(1, 6))])


def _ellipse(rng: Random) -> str:
    rx, ry = rng.uniform(3, 90), rng.uniform(3, 90)
    cx, cy = rng.uniform(90, WIDTH - 90), rng.uniform(90, HEIGHT - 90)
    rotation = f' rotation="{rng.uniform(1, 359):.2f}"' if rng.random() < 0.5 else ""
    return f'cx="{cx:.2f}" cy="{cy:.2f}" rx="{rx:.2f}" ry="{ry:.2f}"{rotation}'


def _cuboid(rng: Random) -> str:
    """The eight corners in CVAT's order; its names tl2 and bl2 are the back *right* edge, tr2 and br2 the back left."""
    x, y, w, h = rng.uniform(0, 1500), rng.uniform(100, 800), rng.uniform(20, 200), rng.uniform(20, 200)
    dx, dy, shrink = rng.uniform(10, 150), rng.uniform(-80, 0), rng.uniform(0.6, 1)
    edges = {"l1": (x, y, h), "r1": (x + w, y, h)}
    edges |= {"l2": (x + dx + w * shrink, y + dy, h * shrink), "r2": (x + dx, y + dy, h * shrink)}
    return " ".join(
        f'xt{name}="{ex:.2f}" yt{name}="{top:.2f}" xb{name}="{ex:.2f}" yb{name}="{top + height:.2f}"'
        for name, (ex, top, height) in edges.items()
    )


def _mask(rng: Random) -> str:
    """A jittered ellipse as run lengths over its crop: row by row, background first."""
    width, height = rng.randint(20, 200), rng.randint(20, 150)
    runs, end = [], 0
    for row in range(height):
        half = width / 2 * math.sqrt(1 - ((row + 0.5) / height * 2 - 1) ** 2) * rng.uniform(0.85, 1)
        left, right = math.floor(width / 2 - half), math.ceil(width / 2 + half)
        runs += [row * width + left - end, right - left]
        end = row * width + right
    if end < width * height:
        runs.append(width * height - end)
    crop = f'left="{rng.randint(0, WIDTH - width)}" top="{rng.randint(0, HEIGHT - height)}"'
    return f'rle="{", ".join(map(str, runs))}" {crop} width="{width}" height="{height}"'


def elements(rng: Random, label: Label, source: str) -> str:
    """The points of a skeleton as child elements: one in ten outside, one in five occluded."""
    x, y, size = rng.uniform(0, WIDTH - 300), rng.uniform(0, HEIGHT - 300), rng.uniform(50, 300)
    return "".join(
        f'      <points label="{name}" source="{source}" outside="{int(rng.random() < 0.1)}" '
        f'occluded="{int(rng.random() < 0.2)}" {_path([(x + rng.random() * size, y + rng.random() * size)])}>\n'
        "      </points>\n"
        for name in label.elements
    )


class Kind(NamedTuple):
    """A kind of shape: its element, the labels that it takes, its geometry (None: a skeleton or a tag)."""

    element: str
    labels: tuple[str, ...]
    geometry: Callable[[Random], str] | None = None


BOX_LABELS = ("car", "truck", "person", "traffic_sign", "bicycle", "animal")
KINDS = {
    "box": Kind("box", BOX_LABELS, _box),
    "rotated": Kind("box", BOX_LABELS, _rotated),
    "polygon": Kind("polygon", ("car", "bicycle", "lesion", "building", "road"), _polygon),
    "polyline": Kind("polyline", ("lane", "kerb"), _polyline),
    "points": Kind("points", ("landmark",), _points),
    "ellipse": Kind("ellipse", ("wheel",), _ellipse),
    "cuboid": Kind("cuboid", ("parcel",), _cuboid),
    "mask": Kind("mask", ("puddle", "cell"), _mask),
    "skeleton": Kind("skeleton", ("pose",)),
    "tag": Kind("tag", ("weather", "reviewed")),
}
MIXES = {
    "boxes": {"box": 100},
    "boxpoly": {"box": 60, "polygon": 40},
    "core": {"box": 50, "polygon": 30, "polyline": 8, "points": 6, "tag": 6},
    "mixed": {"box": 40, "rotated": 6, "polygon": 24, "polyline": 6, "points": 4, "ellipse": 4, "cuboid": 3, "mask": 5,
              "skeleton": 4, "tag": 4},
    "vid_boxes": {"box": 100},
    "video": {"box": 60, "rotated": 8, "polygon": 16, "polyline": 4, "points": 3, "ellipse": 3, "cuboid": 2, "skeleton": 4},
}  # fmt: skip
