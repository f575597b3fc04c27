"""What can be wrong with shapes, tags and their attributes: SRC130 to SRC141."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class ElementUnknown(Issue):
    """An image or a track holds an element that is no shape of CVAT there.

    Why it matters: what it means is unknown, so it is not converted.
    Example: `<circle label="wheel" cx="10" cy="10" r="4"/>`.
    What to do: write it as a shape of CVAT (here an ellipse).
    """

    code = "SRC130"
    name = "element-unknown"
    template = "element {element} is no shape of CVAT; it is not converted"
    hint = "write it as one of CVAT's shapes"

    element: str


class ChildUnexpected(Issue):
    """A shape holds an element that is no attribute.

    Why it matters: it is not read; if it stands for a field of the shape, that field has its default.
    Example: `<box …><rotation>12</rotation></box>`; CVAT writes `rotation="12"`.
    What to do: write it as CVAT does, or remove it.
    """

    code = "SRC131"
    name = "child-unexpected"
    severity = Severity.WARNING
    template = "element {child} in {parent} is not read; its text is {text!r}"
    hint = "write it as CVAT does, or remove it"

    parent: str
    child: str
    text: str


class XmlAttributeUnknown(Issue):
    """An element has an XML attribute that CVAT does not write there.

    Why it matters: it is not read; the element itself is kept.
    Example: `<box … confidence="0.9">`.
    What to do: if it matters, write it as an `<attribute>` of the shape.
    """

    code = "SRC132"
    name = "xml-attribute-unknown"
    severity = Severity.WARNING
    template = "XML attribute {attribute}={text!r} of {element} is not read"
    hint = "write it as an <attribute> of the shape if it matters"

    element: str
    attribute: str
    text: str


class XmlAttributeMissing(Issue):
    """An element lacks an XML attribute that it cannot do without.

    Why it matters: without label or coordinates there is nothing to convert.
    Example: `<box label="car" xtl="1" ytl="2" xbr="3">`.
    What to do: correct the shape in CVAT and export again.
    """

    code = "SRC133"
    name = "xml-attribute-missing"
    template = "{element} has no {attribute}; it is not converted"
    hint = "add {attribute}, or remove the {element}"

    element: str
    attribute: str


class NumberUnreadable(Issue):
    """A coordinate is no finite decimal number.

    Why it matters: the shape has no place in the image.
    Example: `xtl="nan"`, `points="1,2;3,x"`.
    What to do: correct the shape in CVAT and export again.
    """

    code = "SRC134"
    name = "number-unreadable"
    template = "{attribute} of {element} holds no finite number: {text!r}; the {element} is not converted"
    hint = "correct the number, or remove the {element}"

    element: str
    attribute: str
    text: str


class PointsUneven(Issue):
    """A list of points does not consist of pairs.

    Why it matters: CVAT writes `x,y;x,y;…`; with an odd number it is not known which are x and which are y.
    Example: `points="1,2;3"`.
    What to do: correct the shape in CVAT and export again.
    """

    code = "SRC135"
    name = "points-uneven"
    template = "points of {element} are no pairs x,y;x,y: {text!r}; the {element} is not converted"
    hint = "correct the points, or remove the {element}"

    element: str
    text: str


class PointsTooFew(Issue):
    """A shape has fewer points than its kind needs.

    Why it matters: a polygon needs three points to have an inside, a polyline two, points one.
    Example: `<polygon label="car" points="1,2;3,4">`.
    What to do: remove the shape in CVAT, or finish drawing it.
    """

    code = "SRC136"
    name = "points-too-few"
    template = "{element} has {found} points, at least {needed} are needed; it is not converted"
    hint = "finish the {element} in CVAT, or remove it"

    element: str
    found: int
    needed: int


class RunsMismatch(Issue):
    """The runs of a mask do not fill its box.

    Why it matters: runs and box contradict each other, so it is not known which pixels are meant.
    Example: `rle="0, 2, 3, 2" width="3" height="2"`: seven pixels for six.
    What to do: draw the mask again in CVAT.
    """

    code = "SRC137"
    name = "runs-mismatch"
    template = "the runs of a mask cover {found} pixels, its box {width} x {height} has {needed}; it is not converted"
    hint = "draw the mask again, or remove it"

    found: int
    width: int
    height: int
    needed: int


class MaskSizeCorrected(Issue):
    """A mask gives its width and height one too small, as CVAT 2.3.0 to 2.4.1 wrote them.

    Why it matters: the runs fit the corrected box exactly, so the mask is read with that.
    Example: `rle="0, 12" width="2" height="3"`: twelve pixels are 3 x 4.
    What to do: nothing; an export from a newer CVAT has the right size.
    """

    code = "SRC138"
    name = "mask-size-corrected"
    severity = Severity.INFO
    template = "a mask's box {width} x {height} is one too small each way; {wider} x {higher} is used"
    hint = "nothing to do"

    width: int
    height: int
    wider: int
    higher: int


class AttributeNameless(Issue):
    """An attribute of a shape has no name.

    Why it matters: its value belongs to nothing.
    Example: `<attribute>red</attribute>`.
    What to do: write `<attribute name="colour">red</attribute>`.
    """

    code = "SRC139"
    name = "attribute-nameless"
    template = "an attribute of {element} has no name; its text is {text!r}"
    hint = "give the attribute a name"

    element: str
    text: str


class AttributeRepeated(Issue):
    """A shape has two attributes of the same name.

    Why it matters: a name can have one value; the second one is not read.
    Example: `<attribute name="colour">red</attribute><attribute name="colour">blue</attribute>`.
    What to do: the first is kept; correct the shape.
    """

    code = "SRC140"
    name = "attribute-repeated"
    template = "attribute {attribute!r} occurs twice with the values {first!r} and {second!r}; the first is kept"
    hint = "remove one of them"

    attribute: str
    first: str
    second: str


class TrackIdPresent(Issue):
    """Shapes in an images export carry a `track_id`.

    Why it matters: CVAT does not write it (#7239), so another tool did; it is kept as a field of the shape that the spec can
    map, and does not make shapes into tracks.
    Example: `<box label="car" … track_id="4">`.
    What to do: decide in `policy` what becomes of `track_id`.
    """

    code = "SRC141"
    name = "track-id-present"
    severity = Severity.INFO
    template = "{element} carries track_id={track!r}, which CVAT does not write"
    hint = "decide in policy what becomes of track_id"

    element: str
    track: str


ISSUES: tuple[type[Issue], ...] = (
    ElementUnknown,
    ChildUnexpected,
    XmlAttributeUnknown,
    XmlAttributeMissing,
    NumberUnreadable,
    PointsUneven,
    PointsTooFew,
    RunsMismatch,
    MaskSizeCorrected,
    AttributeNameless,
    AttributeRepeated,
    TrackIdPresent,
)
