"""Issues of conversions that lose more than the spec allows; ``geometry.ISSUES`` includes them."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class LowFidelity(Issue):
    """A conversion would lose more of the area than the spec allows.

    Why it matters: the intersection over union of the shape and what would stand for it is below the `min_iou` of the
    spec. To emit it all the same would train a model on areas that nobody drew.

    Example: a box turned by 45 degrees as an upright box of `min_iou: 0.8`.

    What to do: give the shape another target (for a turned box: `rotatable_bounding_box`), allow more loss, or say
    under `otherwise` what such shapes become.
    """

    iou: float
    min_iou: float

    code = "GEO405"
    name = "low-fidelity"
    severity = Severity.ERROR
    template = "the conversion has an IoU of {iou:.4f}, below min_iou {min_iou}"
    hint = "choose another target kind, lower min_iou, or give the object an `otherwise`"


class CuboidResidual(Issue):
    """A cuboid fits no projection well enough.

    Why it matters: CVAT draws both faces of a cuboid freely. Encord keeps the front face and derives the back from a
    vanishing point or an offset, so corners move. The largest move is above the `max_residual_px` of the spec.

    Example: a cuboid whose back face is wider but less high than its front.

    What to do: allow a larger `max_residual_px`, or say under `otherwise` what such cuboids become, for example a
    polygon of their outline.
    """

    residual_px: float
    max_residual_px: float

    code = "GEO406"
    name = "cuboid-residual"
    severity = Severity.ERROR
    template = "a corner of the cuboid would move by {residual_px:.2f} px, more than max_residual_px {max_residual_px}"
    hint = "raise max_residual_px, or give the object an `otherwise` such as a polygon"


class NotACircle(Issue):
    """An ellipse meant for a circle has radii that differ.

    Why it matters: Encord's circle has one radius, and the difference is above the `tolerance_px` of the spec.

    Example: `<ellipse cx="50.00" cy="50.00" rx="20.00" ry="14.00">`.

    What to do: emit it as `ellipse`, allow a larger tolerance, or say under `otherwise` what such ellipses become.
    """

    rx: float
    ry: float
    tolerance_px: float

    code = "GEO407"
    name = "not-a-circle"
    severity = Severity.ERROR
    template = "the radii {rx} and {ry} differ by more than tolerance_px {tolerance_px}"
    hint = "emit it as ellipse, raise tolerance_px, or give the object an `otherwise`"


ISSUES: tuple[type[Issue], ...] = (LowFidelity, CuboidResidual, NotACircle)
