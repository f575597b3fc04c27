"""What can be wrong with the points of a skeleton: SRC142 to SRC146."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class SkeletonEmpty(Issue):
    """A skeleton has no usable point.

    Why it matters: its points are its geometry; without them there is nothing to convert.
    Example: `<skeleton label="person"></skeleton>`.
    What to do: remove the skeleton in CVAT, or draw it again.
    """

    code = "SRC142"
    name = "skeleton-empty"
    template = "a skeleton has no usable point; it is not converted"
    hint = "remove the skeleton, or draw it again"


class SkeletonElementRefused(Issue):
    """An element of a skeleton is not one point.

    Why it matters: CVAT's skeletons consist of single points; the element is left out, the rest is kept.
    Example: `<points label="nose" points="1,2;3,4">` or a `<box>` inside a skeleton.
    What to do: correct the skeleton in CVAT and export again.
    """

    code = "SRC143"
    name = "skeleton-element-refused"
    template = "element {element!r} of a skeleton is left out: {reason}"
    hint = "correct the skeleton"

    element: str
    reason: str


class SkeletonElementRepeated(Issue):
    """A skeleton has two elements of the same label.

    Why it matters: each sublabel is one point of the drawing; the second has no place in it.
    Example: two `<points label="nose">` in one skeleton.
    What to do: the first is kept; correct the skeleton.
    """

    code = "SRC144"
    name = "skeleton-element-repeated"
    template = "element {element!r} occurs twice in a skeleton; the first is kept"
    hint = "remove one of them"

    element: str


class SkeletonElementDiffers(Issue):
    """An element of a skeleton has another source, group or z-order than the skeleton.

    Why it matters: those belong to the whole skeleton; what the element says of its own is not kept.
    Example: a skeleton with `source="manual"` and an element with `source="auto"`.
    What to do: nothing; the skeleton's own value is used.
    """

    code = "SRC145"
    name = "skeleton-element-differs"
    severity = Severity.INFO
    template = "an element of a skeleton has {attribute}={text!r}, the skeleton {expected!r}; the skeleton's is used"
    hint = "nothing to do"

    attribute: str
    text: str
    expected: str


class FlagUnreadable(Issue):
    """A flag of a skeleton's point, or of an entry of a track, is neither 0 nor 1.

    Why it matters: it decides whether the point or the object is seen; anything but 1 is read as 0.
    Example: `outside="True"`.
    What to do: write 0 or 1.
    """

    code = "SRC146"
    name = "flag-unreadable"
    severity = Severity.WARNING
    template = "{attribute}={text!r} is neither 0 nor 1; it is read as 0"
    hint = "write 0 or 1"

    attribute: str
    text: str


ISSUES: tuple[type[Issue], ...] = (
    SkeletonEmpty,
    SkeletonElementRefused,
    SkeletonElementRepeated,
    SkeletonElementDiffers,
    FlagUnreadable,
)
