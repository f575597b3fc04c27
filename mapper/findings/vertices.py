"""Issues of single points: keypoints and the elements of skeletons; ``geometry.ISSUES`` includes them."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class TooManyPoints(Issue):
    """A points shape holds more points than the spec lets become keypoints.

    Why it matters: each point becomes an object of its own. The `limit` keeps one shape from turning into thousands.

    Example: a shape of 3,000 points under `{kind: point, limit: 1000}`.

    What to do: raise `limit`, or emit the shape as `polyline`.
    """

    found: int
    limit: int

    code = "GEO411"
    name = "too-many-points"
    severity = Severity.ERROR
    template = "the shape has {found} points, the limit is {limit}"
    hint = "raise limit, or emit it as polyline"


class SeveralPoints(Issue):
    """A points shape holds several points, and the spec refuses to split it.

    Why it matters: an Encord keypoint is one point. Split, the points become objects that no longer belong together.

    Example: `<points points="1.00,1.00;5.00,5.00">` under `{kind: point, split: refuse}`.

    What to do: say `split: each`, or emit the shape as `polyline`.
    """

    found: int

    code = "GEO412"
    name = "several-points"
    severity = Severity.ERROR
    template = "the shape has {found} points, and the spec refuses to split them"
    hint = "say `split: each`, or emit it as polyline"


class NoTemplate(Issue):
    """A skeleton's label has no drawing, so the order of its vertices is unknown.

    Why it matters: Encord matches vertices to the template by their position alone, so a guessed order would mix up
    left and right.

    Example: an export whose `<labels>` lacks the skeleton's `<svg>`.

    What to do: export again with labels, or give the spec the label schema under `source.labels`.
    """

    code = "GEO413"
    name = "no-template"
    severity = Severity.ERROR
    template = "the skeleton's label has no drawing to take the order of vertices from"
    hint = "give the spec the label schema under source.labels"


class UnknownElement(Issue):
    """A skeleton has an element that its label's drawing does not have.

    Why it matters: Encord matches vertices to the template by their position, so there is no place for it.

    Example: a point `left_ear` on a skeleton drawn without ears.

    What to do: correct the label in CVAT, or the element.
    """

    element: str

    code = "GEO414"
    name = "unknown-element"
    severity = Severity.ERROR
    template = "the skeleton's element {element!r} is not in its label's drawing"
    hint = "correct the label or the element in CVAT"


class RepeatedElement(Issue):
    """A skeleton has two elements of one name.

    Why it matters: a vertex has one place, and nobody knows which of the two is right.

    Example: a skeleton with two points `nose`.

    What to do: delete one of them in CVAT.
    """

    element: str

    code = "GEO415"
    name = "repeated-element"
    severity = Severity.ERROR
    template = "the skeleton has the element {element!r} twice"
    hint = "delete one of them in CVAT"


class OutsideElement(Issue):
    """A skeleton has an element that is outside, and the spec refuses such skeletons.

    Why it matters: an Encord skeleton has all vertices of its template; one that is not in the picture can only be
    marked as invisible.

    Example: a point with `outside="1"` under `{kind: skeleton, template: from_label, outside: refuse}`.

    What to do: say `outside: invisible`.
    """

    element: str

    code = "GEO416"
    name = "outside-element"
    severity = Severity.ERROR
    template = "the skeleton's element {element!r} is outside, and the spec refuses that"
    hint = "say `outside: invisible`"


class MissingElement(Issue):
    """A skeleton lacks elements of its label's drawing, and the spec refuses such skeletons.

    Why it matters: Encord needs every vertex of the template. The missing ones can be put in the middle of the others
    and marked as invisible, but their places are then not what anybody drew.

    Example: a skeleton of 16 points for a drawing of 17.

    What to do: say `missing: invisible`, or complete the skeleton in CVAT.
    """

    elements: str
    missing: int

    code = "GEO417"
    name = "missing-element"
    severity = Severity.ERROR
    template = "the skeleton lacks {missing} elements: {elements}"
    hint = "say `missing: invisible`, or complete it in CVAT"


class ElementAdded(Issue):
    """A skeleton lacked elements of its label's drawing; they were put in the middle of the others, invisible.

    Why it matters: CVAT leaves out an element that was never visible in its track, while Encord needs every vertex of
    the template. The places of the added vertices say nothing.

    Example: a skeleton of 16 points for a drawing of 17.

    What to do: nothing if `visibility` is heeded downstream; otherwise say `missing: refuse`.
    """

    elements: str
    added: int

    code = "GEO418"
    name = "element-added"
    severity = Severity.WARNING
    template = "{added} elements that the skeleton lacks were added as invisible: {elements}"
    hint = "say `missing: refuse` if added vertices are not acceptable"


ISSUES: tuple[type[Issue], ...] = (
    TooManyPoints, SeveralPoints, NoTemplate, UnknownElement, RepeatedElement, OutsideElement, MissingElement, ElementAdded,
)  # fmt: skip
