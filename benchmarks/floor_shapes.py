"""Geometry of the floor programs: from CVAT's XML attributes straight to the JSON text of an Encord object.

Each function takes an element and the image's size in pixels and gives Encord's shape and the text from the object's
hash to its end. Numbers go through one ``orjson.loads`` and one ``orjson.dumps`` a shape, and the dictionaries of
points are filled into a template that is kept for each number of points.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Geometry = tuple[str, bytes]


class PointTemplates(dict[int, bytes]):
    """Number of points to ``{"0":{"x":%b,"y":%b},…}``."""

    def __missing__(self, count: int) -> bytes:
        self[count] = b"{" + b",".join(b'"%d":{"x":%%b,"y":%%b}' % n for n in range(count)) + b"}"
        return self[count]


POINTS = PointTemplates()


def numbers(text: str) -> list[float]:
    """``x,y;x,y`` as a flat list; JSON parses numbers fastest, but refuses spellings such as ``.5``."""
    joined = text.replace(";", ",")
    try:
        values: list[float] = orjson.loads(f"[{joined}]")
    except orjson.JSONDecodeError:
        values = [float(part) for part in joined.split(",")]
    return values


def normalised(values: list[float], width: float, height: float) -> bytes:
    """Flat coordinates as a flat JSON list between 0 and 1."""
    values[::2] = [x / width for x in values[::2]]
    values[1::2] = [y / height for y in values[1::2]]
    return orjson.dumps(values)


def by_number(flat: bytes) -> bytes:
    """A flat JSON list of coordinates as a dictionary of points."""
    parts = flat[1:-1].split(b",")
    return POINTS[len(parts) // 2] % tuple(parts)


def box(element: Any, width: float, height: float) -> Geometry:
    """A box, upright or rotated."""
    get = element.get
    left, top = float(get("xtl")), float(get("ytl"))
    value = {
        "h": (float(get("ybr")) - top) / height,
        "w": (float(get("xbr")) - left) / width,
        "x": left / width,
        "y": top / height,
    }
    rotation = get("rotation")
    if rotation:
        value["theta"] = float(rotation) % 360
        return "rotatable_bounding_box", b'","rotatableBoundingBox":%b}' % orjson.dumps(value)
    return "bounding_box", b'","boundingBox":%b}' % orjson.dumps(value)


def polygon(element: Any, width: float, height: float) -> Geometry:
    """A polygon, in the older field and the newer one."""
    flat = normalised(numbers(element.get("points")), width, height)
    return "polygon", b'","polygon":%b,"polygons":[[%b]]}' % (by_number(flat), flat)


def polyline(element: Any, width: float, height: float) -> Geometry:
    """A polyline."""
    return "polyline", b'","polyline":%b}' % by_number(normalised(numbers(element.get("points")), width, height))


def points(element: Any, width: float, height: float) -> Iterator[Geometry]:
    """Each point as an object of its own: Encord's point holds one."""
    parts = normalised(numbers(element.get("points")), width, height)[1:-1].split(b",")
    for x, y in zip(parts[::2], parts[1::2], strict=True):
        yield "point", b'","point":{"0":{"x":%b,"y":%b}}}' % (x, y)


def ellipse(element: Any, width: float, height: float) -> Geometry:
    """An ellipse, rotated or not."""
    get = element.get
    value = {
        "x": float(get("cx")) / width,
        "y": float(get("cy")) / height,
        "rx": float(get("rx")) / width,
        "ry": float(get("ry")) / height,
        "theta": float(get("rotation") or 0) % 360,
    }
    return "ellipse", b'","ellipse":%b}' % orjson.dumps(value)


FRONT = ("tl1", "tr1", "br1", "bl1")
BACK = ("tr2", "tl2", "bl2", "br2")  # CVAT's tl2 and bl2 are the back right edge


def cuboid(element: Any, width: float, height: float) -> Geometry:
    """The front face and the vanishing point (or offset) that fits the back face best, by least squares in pixels."""
    get = element.get
    fx, fy = [float(get(f"x{name}")) for name in FRONT], [float(get(f"y{name}")) for name in FRONT]
    bx, by = [float(get(f"x{name}")) for name in BACK], [float(get(f"y{name}")) for name in BACK]
    mfx, mfy, mbx, mby = sum(fx) / 4, sum(fy) / 4, sum(bx) / 4, sum(by) / 4
    product = sum((f - mfx) * (b - mbx) for f, b in zip(fx, bx, strict=True))
    product += sum((f - mfy) * (b - mby) for f, b in zip(fy, by, strict=True))
    scale = product / (sum((f - mfx) ** 2 for f in fx) + sum((f - mfy) ** 2 for f in fy))
    x, y = (mbx - scale * mfx) / width, (mby - scale * mfy) / height
    front = [value for f, g in zip(fx, fy, strict=True) for value in (f / width, g / height)]
    if abs(1 - scale) < 1e-9:
        return "cuboid_2d", b'","cuboid_2d":%b}' % orjson.dumps({"front": front, "offset": {"x": x, "y": y}})
    vanishing = {"x": x / (1 - scale), "y": y / (1 - scale)}
    value = {"front": front, "vanishingPoint": vanishing, "scaleRatio": scale}
    return "cuboid_2d", b'","cuboid_2d":%b}' % orjson.dumps(value)


def _code(value: int) -> str:
    """A number in Encord's run-length text: five bits a character, lowest first."""
    text = ""
    while True:
        bits, value = value & 31, value >> 5
        if value == -(bits >> 4):  # the rest is only the sign, which the last bit tells already
            return text + chr(bits + 48)
        text += chr(bits + 80)


CODES = {value: _code(value) for value in range(-2048, 2048)}


def mask(element: Any, width: float, height: float) -> Geometry:
    """A mask as run lengths of the whole image, without a bitmap."""
    get = element.get
    crop_width, stride = int(get("width")), int(width)
    corner = int(get("top")) * stride + int(get("left"))
    runs: list[int] = []
    position = end = 0
    for ordinal, run in enumerate(orjson.loads(f"[{get('rle')}]")):
        stop = position + run
        while ordinal % 2 and position < stop:
            row, column = divmod(position, crop_width)
            length = min(stop - position, crop_width - column)
            start = corner + row * stride + column
            if start == end and runs:
                runs[-1] += length
            else:
                runs += (start - end, length)
            end = start + length
            position += length
        position = stop
    runs.append(int(width * height) - end)
    differences = runs[:3] + [run - before for run, before in zip(runs[3:], runs[1:], strict=False)]
    text = "".join([CODES.get(one) or _code(one) for one in differences])
    value = {"top": 0, "left": 0, "height": int(height), "width": stride, "rleString": text}
    return "bitmask", b'","bitmask":%b}' % orjson.dumps(value)


class Skeletons:
    """Templates by label: constant JSON with holes for x, y and visibility of each element."""

    def __init__(self) -> None:
        self.elements: dict[str, list[str]] = {}
        self.templates: dict[str, bytes] = {}

    def add(self, label: str, element: str, identity: str) -> None:
        """Adds an element to a skeleton's label."""
        names = self.elements.setdefault(label, [])
        constant = orjson.dumps({"name": element, "color": "#00ff00", "featureHash": identity, "value": element})
        vertex = b'"%d":{"x":%%b,"y":%%b,%b,"visibility":"%%b"}' % (len(names), constant[1:-1].replace(b"%", b"%%"))
        self.templates[label] = self.templates[label] + b"," + vertex if names else vertex
        names.append(element)

    def convert(self, element: Any, width: float, height: float) -> Iterator[Geometry]:
        """A skeleton with all vertices of its template; those that are absent are invisible."""
        label = element.get("label")
        found = {child.get("label"): child for child in element if child.tag == "points"}
        values: list[float] = []
        visibility: list[bytes] = []
        for name in self.elements[label]:
            child = found.get(name)
            if child is None:
                values += (0, 0)
                visibility.append(b"invisible")
                continue
            values += numbers(child.get("points"))
            hidden = b"occluded" if child.get("occluded") == "1" else b"visible"
            visibility.append(b"invisible" if child.get("outside") == "1" else hidden)
        parts = normalised(values, width, height)[1:-1].split(b",")
        holes = chain.from_iterable(zip(parts[::2], parts[1::2], visibility, strict=True))
        yield "skeleton", b'","skeleton":{%b}}' % (self.templates[label] % tuple(holes))


BASE: dict[str, Callable[[Any, float, float], Geometry]] = {"box": box, "polygon": polygon}
EXTENDED = BASE | {"polyline": polyline, "ellipse": ellipse, "cuboid": cuboid, "mask": mask}
