"""Issues of geometry: what a conversion refuses, what it repairs, and what lies outside the image."""

from __future__ import annotations

from mapper.findings import fidelity, vertices
from mapper.findings.base import Issue, Severity


class EmptyGeometry(Issue):
    """A shape has no area where its target needs one.

    Why it matters: a box without width, an ellipse without radius or a mask without pixels can be drawn in CVAT by a
    slip of the hand. Encord would load it, nobody could see or select it, and it would count as an object.

    Example: `<box xtl="10.00" ytl="20.00" xbr="10.00" ybr="45.00">` has no width.

    What to do: delete the shape in CVAT, or drop such shapes with a rule on `width`, `height` or `area`.
    """

    kind: str

    code = "GEO401"
    name = "empty-geometry"
    severity = Severity.ERROR
    template = "the {kind} has no area"
    hint = "delete it in CVAT, or drop it with a rule on width, height or area"


class TooFewPoints(Issue):
    """A path has fewer different points than its target needs.

    Why it matters: a polygon needs three different vertices and a polyline two points. Encord's SDK accepts fewer in
    silence, and the editor cannot show them.

    Example: `<polygon points="10.00,10.00;20.00,20.00">`.

    What to do: correct or delete the shape in CVAT, or emit it as `polyline` or `point`.
    """

    kind: str
    needed: int
    found: int

    code = "GEO402"
    name = "too-few-points"
    severity = Severity.ERROR
    template = "the {kind} has {found} different points, {needed} are needed"
    hint = "correct it in CVAT, or emit it as another kind"


class InvertedBox(Issue):
    """A box had left and right, or top and bottom, exchanged, and was turned around.

    Why it matters: CVAT does not check imported boxes, so `xtl` may be larger than `xbr`. The area meant is clear, but
    the tool that wrote it may have made other mistakes.

    Example: `<box xtl="80.00" ytl="20.00" xbr="10.00" ybr="45.00">`.

    What to do: nothing if the boxes look right; otherwise look at how the export came about.
    """

    xtl: float
    ytl: float
    xbr: float
    ybr: float

    code = "GEO403"
    name = "inverted-box"
    severity = Severity.WARNING
    template = "the box from ({xtl}, {ytl}) to ({xbr}, {ybr}) had its sides exchanged"
    hint = "check the boxes of this export in Encord"


class ClosingVertex(Issue):
    """A polygon repeated its first vertex at its end; the repetition was left out.

    Why it matters: neither CVAT nor Encord closes polygons this way, so the file was likely written by another tool.
    The area is the same, but the number of points is not.

    Example: `<polygon points="0.00,0.00;9.00,0.00;9.00,9.00;0.00,0.00">`.

    What to do: nothing.
    """

    x: float
    y: float

    code = "GEO404"
    name = "closing-vertex"
    severity = Severity.INFO
    template = "the polygon repeated its first vertex ({x}, {y}) at its end"


class MaskRuns(Issue):
    """The run lengths of a mask do not fill its crop.

    Why it matters: the runs have to add up to width times height. If they do not, nobody knows which pixels were meant.

    Example: `rle="3, 4, 2"` with `width="4"` and `height="2"`: 9 pixels for a crop of 8.

    What to do: export again; if it stays, correct the mask in CVAT.
    """

    total: int
    width: int
    height: int

    code = "GEO408"
    name = "mask-runs"
    severity = Severity.ERROR
    template = "the runs of the mask add up to {total}, its crop is {width} by {height}, or a run is negative"
    hint = "export again, or draw the mask anew in CVAT"


class MaskCut(Issue):
    """Pixels of a mask lie outside the image and were cut off.

    Why it matters: an Encord bitmask covers exactly the image, so it cannot hold them.

    Example: a mask with `left="1900" width="60"` on an image 1920 pixels wide.

    What to do: nothing if the masks look right; many of them suggest that the image's size in the export is wrong.
    """

    cut: int
    total: int

    code = "GEO409"
    name = "mask-cut"
    severity = Severity.WARNING
    template = "{cut} of the mask's {total} pixels lie outside the image and were cut off"
    hint = "compare the size of the image with the export"


class NoPixels(Issue):
    """A shape turned into a bitmask covers no pixel of the image.

    Why it matters: a pixel is set when its centre is inside the shape. Nothing is left of a shape thinner than a pixel,
    or outside the image.

    Example: a polygon of 0.4 by 0.4 pixels.

    What to do: drop such shapes with a rule on `area`, or keep their kind.
    """

    kind: str

    code = "GEO410"
    name = "no-pixels"
    severity = Severity.ERROR
    template = "the {kind} covers no pixel of the image"
    hint = "drop it with a rule on area, or keep its kind"


class OutsideImage(Issue):
    """A shape reaches beyond its image and was refused.

    Why it matters: Encord's coordinates run from 0 to 1 over the image. Its SDK loads others without a word, and
    training code fails on them later.

    Example: a box with `xbr="1931.00"` on an image 1920 pixels wide.

    What to do: let the spec clip such shapes, or correct them in CVAT. If there are many, compare the size of the image
    with the export.
    """

    overflow_px: float
    width: int
    height: int

    code = "GEO419"
    name = "outside-image"
    severity = Severity.ERROR
    template = "the shape reaches {overflow_px:.2f} px beyond the image of {width} by {height}"
    hint = "let the spec clip it, or correct it in CVAT"


class Clipped(Issue):
    """A shape reached beyond its image and was clipped to it.

    Why it matters: the object is smaller than it was drawn.

    Example: a box with `xbr="1931.00"` on an image 1920 pixels wide now ends at 1920.

    What to do: nothing if it is a few pixels; otherwise compare the size of the image with the export.
    """

    overflow_px: float

    code = "GEO420"
    name = "clipped"
    severity = Severity.WARNING
    template = "the shape reached {overflow_px:.2f} px beyond the image and was clipped"
    hint = "compare the size of the image with the export if there are many"


class NothingInside(Issue):
    """A shape lies outside its image altogether.

    Why it matters: clipped to the image, nothing of it is left.

    Example: a box from x = 2000 on an image 1920 pixels wide.

    What to do: delete it in CVAT. If there are many, compare the size of the image with the export.
    """

    width: int
    height: int

    code = "GEO421"
    name = "nothing-inside"
    severity = Severity.ERROR
    template = "nothing of the shape lies in the image of {width} by {height}"
    hint = "delete it in CVAT, or compare the size of the image with the export"


class KeptOutside(Issue):
    """A shape reaches beyond its image and was kept as it is.

    Why it matters: Encord's coordinates run from 0 to 1 over the image. Its SDK loads others without a word, and
    training code may fail on them. A turned box, an ellipse, a circle and a cuboid cannot be clipped without becoming
    another kind; other shapes are kept where the spec says so.

    Example: an ellipse whose outline passes the lower side of the image by four pixels.

    What to do: nothing if downstream code takes it; otherwise let the spec refuse such shapes, or emit them as polygon.
    """

    overflow_px: float

    code = "GEO422"
    name = "kept-outside"
    severity = Severity.WARNING
    template = "the shape reaches {overflow_px:.2f} px beyond the image and was kept"
    hint = "let the spec refuse it, or emit it as a kind that can be clipped"


ISSUES: tuple[type[Issue], ...] = (
    EmptyGeometry, TooFewPoints, InvertedBox, ClosingVertex, *fidelity.ISSUES, MaskRuns, MaskCut, NoPixels,
    *vertices.ISSUES, OutsideImage, Clipped, NothingInside, KeptOutside,
)  # fmt: skip
