"""Plain immutable geometry in pixels: origin top left, x right, y down, numbers are floats.

Tuples on purpose: one of these is made for every shape of an export, and a named tuple costs a third of a frozen
dataclass. A path is a flat list ``[x0, y0, x1, y1, …]`` as CVAT stores it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from mapper.findings.base import Issue

Path = list[float]
"""Flat coordinates ``[x0, y0, x1, y1, …]`` in pixels."""

Polygons = list[list[Path]]
"""Parts of one instance; a part is its outline followed by its holes; rings are open (no repeated first point)."""

Visibility = Literal["visible", "occluded", "invisible"]


class Frame(NamedTuple):
    """Size of an image in pixels."""

    width: int
    height: int


class Rectangle(NamedTuple):
    """CVAT's box: corners of the unrotated box, ``rotation`` in degrees clockwise on screen about its centre."""

    xtl: float
    ytl: float
    xbr: float
    ybr: float
    rotation: float


class Ellipse(NamedTuple):
    """Centre, semi-axes, ``rotation`` in degrees clockwise on screen; the same in CVAT and Encord."""

    cx: float
    cy: float
    rx: float
    ry: float
    rotation: float


class Mask(NamedTuple):
    """CVAT's mask: run lengths over the crop box, row-major, background first; they sum to width by height."""

    runs: list[int]
    left: int
    top: int
    width: int
    height: int


class Element(NamedTuple):
    """One point of a CVAT skeleton; ``label`` is the sublabel's name, ``attributes`` are (name, text) pairs."""

    label: str
    x: float
    y: float
    outside: bool
    occluded: bool
    attributes: tuple[tuple[str, str], ...]
    line: int


class Box(NamedTuple):
    """Encord's upright bounding box: top left corner and size."""

    x: float
    y: float
    w: float
    h: float


class RotatableBox(NamedTuple):
    """Encord's rotatable box: the unrotated box and ``theta`` in degrees (0 ≤ theta < 360), clockwise about its centre."""

    x: float
    y: float
    w: float
    h: float
    theta: float


class Circle(NamedTuple):
    """Centre and radius in pixels."""

    x: float
    y: float
    r: float


class Cuboid2D(NamedTuple):
    """Encord's 2D cuboid: front face (flat, four corners) and either an offset (isometric) or a vanishing point and scale.

    Back corner = front corner + offset, or vanishing + scale · (front - vanishing).
    """

    front: Path
    offset: tuple[float, float] | None
    vanishing: tuple[float, float] | None
    scale: float


class Vertex(NamedTuple):
    """One vertex of an Encord skeleton, in the template's order."""

    x: float
    y: float
    visibility: Visibility


class Bitmask(NamedTuple):
    """Run lengths over the whole image, row-major, zeros first; they sum to width by height of the image."""

    runs: list[int]


class Approximation(NamedTuple):
    """What an inexact conversion gives: the geometry and how near it is (IoU in 0…1, or a residual in pixels)."""

    geometry: object
    value: float


class Named(NamedTuple):
    """One of the parts that a shape was split into, by the name that it had in the shape: a skeleton's element."""

    geometry: object
    name: str


class Mended(NamedTuple):
    """What a conversion gives when it went through after a repair: the geometry (or an Approximation), and what it repaired."""

    geometry: object
    issue: Issue


class Template(NamedTuple):
    """A skeleton's drawing: nodes in order as (element label, x, y), x and y in 0…1; edges as pairs of node indices."""

    nodes: tuple[tuple[str, float, float], ...]
    edges: tuple[tuple[int, int], ...]
