"""Issues of the geometry in a bundle's label rows: ENC560 to ENC571; ``verify.ISSUES`` includes them."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class GeometryForm(Issue):
    """The field that holds an object's geometry is missing, or is not of the form that its shape needs.

    Why it matters: the SDK finds the geometry by the shape's own key, and drops other keys.
    Example: a `bounding_box` with a `polygon` instead of a `boundingBox`.
    What to do: convert again; was the bundle edited?
    """

    code = "ENC560"
    name = "geometry-form"
    template = "{shape}: {problem}"
    hint = "convert again; was the bundle edited?"

    shape: str
    problem: str


class NotFinite(Issue):
    """A coordinate or size that is no finite number.

    Why it matters: the SDK stores text, booleans and infinities as they are; Encord cannot draw them.
    Example: `x: "0.5"`.
    What to do: convert again; was the bundle edited?
    """

    code = "ENC561"
    name = "not-finite"
    template = "{shape}: {key} is {value}, no finite number"
    hint = "coordinates are finite numbers"

    shape: str
    key: str
    value: str


class OutsideBounds(Issue):
    """Geometry outside the image.

    Why it matters: coordinates are shares of the image's width and height; what Encord does beyond 0 and 1 is not documented.
    Example: a box that starts at x -0.1. (Turned boxes, ellipses, circles and cuboids may pass the border by an image's size.)
    What to do: let the spec clip or refuse such shapes: `policy.outside_image`.
    """

    code = "ENC562"
    name = "outside-bounds"
    severity = Severity.WARNING
    template = "{shape}: {extents} is outside {low:g}..{high:g}"
    hint = "clip or refuse such shapes: policy.outside_image"

    shape: str
    extents: str
    low: float
    high: float


class NoExtent(Issue):
    """Geometry without width, height, radius or pixels.

    Why it matters: nothing can be seen or selected in Encord.
    Example: a box of width 0, or of a negative width.
    What to do: let the spec refuse such shapes.
    """

    code = "ENC563"
    name = "no-extent"
    template = "{shape}: {problem}"
    hint = "let the spec refuse such shapes"

    shape: str
    problem: str


class BadTheta(Issue):
    """A rotation outside 0 to 360 degrees.

    Why it matters: Encord's range is 0 <= theta < 360, the SDK does not enforce it.
    Example: `theta: -30`.
    What to do: write the same rotation as 330.
    """

    code = "ENC564"
    name = "bad-theta"
    template = "{shape}: theta {theta:g} is not within 0..360"
    hint = "write the rotation modulo 360"

    shape: str
    theta: float


class BadRing(Issue):
    """A ring of a polygon that encloses nothing, or repeats its first point at its end.

    Why it matters: Encord's rings are open and have at least three points; the SDK does not look.
    Example: a polygon of two points.
    What to do: convert again, or let the spec refuse such shapes.
    """

    code = "ENC565"
    name = "bad-ring"
    template = "polygon: a ring {problem}"
    hint = "rings are open and have at least three points"

    problem: str


class PolygonTwins(Issue):
    """The fields `polygon` and `polygons` of one object differ.

    Why it matters: older programs read the first, newer ones the second.
    Example: an edit that changed `polygon` only.
    What to do: write the first ring of the first part to `polygon`.
    """

    code = "ENC566"
    name = "polygon-twins"
    template = "polygon is not the first ring of polygons"
    hint = "write the same points to both, numbered from 0"


class SelfIntersection(Issue):
    """A polygon that crosses or touches itself, or whose hole lies outside of it.

    Why it matters: Encord documents polygons as simple; area and overlap are not defined otherwise. It loads all the same.
    Example: an outline drawn as an eight.
    What to do: correct it in CVAT, or map such labels to bitmasks.
    """

    code = "ENC567"
    name = "self-intersection"
    severity = Severity.WARNING
    template = "polygon: {where} crosses or touches itself"
    hint = "correct it in CVAT, or map the label to a bitmask"

    where: str


class PointCount(Issue):
    """Too few points for a polyline, or not exactly one for a point.

    Why it matters: a line of one point cannot be seen; further points of a point are dropped in silence.
    Example: a `point` with the keys 0 and 1.
    What to do: let the spec split points, or make a skeleton of them.
    """

    code = "ENC568"
    name = "point-count"
    template = "{shape}: {count} points, {wanted} needed"
    hint = "a point has one, a polyline at least two different points"

    shape: str
    count: int
    wanted: str


class SkeletonVertices(Issue):
    """The vertices of a skeleton are not those of its template, in its order.

    Why it matters: Encord counts positions; after a missing vertex all later ones move to the wrong place.
    Example: a skeleton of two vertices on a template of three.
    What to do: write every vertex, with `visibility: invisible` where there is none.
    """

    code = "ENC569"
    name = "skeleton-vertices"
    template = "skeleton {title!r}: {problem}"
    hint = "write every vertex of the template, in its order, with its name and hash"

    title: str
    problem: str


class BitmaskForm(Issue):
    """A bitmask that does not cover its image exactly.

    Why it matters: the SDK refuses another size at export, and never looks at the run lengths.
    Example: run lengths that sum to 700 on an image of 800 pixels.
    What to do: convert again; was the bundle edited?
    """

    code = "ENC570"
    name = "bitmask-form"
    template = "bitmask: {problem}"
    hint = "a bitmask has its image's size, and its run lengths sum to width by height"

    problem: str


class CuboidProjection(Issue):
    """A cuboid without a projection, or with two.

    Why it matters: the SDK refuses none, and drops the offset where there is a vanishing point as well.
    Example: a `cuboid_2d` with `front` only.
    What to do: write either `vanishingPoint` and `scaleRatio`, or `offset`.
    """

    code = "ENC571"
    name = "cuboid-projection"
    template = "cuboid_2d: {problem}"
    hint = "either vanishingPoint and scaleRatio, or offset"

    problem: str


ISSUES: tuple[type[Issue], ...] = (
    GeometryForm, NotFinite, OutsideBounds, NoExtent, BadTheta, BadRing, PolygonTwins, SelfIntersection, PointCount,
    SkeletonVertices, BitmaskForm, CuboidProjection,
)  # fmt: skip
