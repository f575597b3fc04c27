"""Issues of the answers in a bundle's label rows: ENC550 to ENC558; ``verify.ISSUES`` includes them."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class AnswerEntry(Issue):
    """The answer tables of a row and its objects do not belong together.

    Why it matters: Encord's server refuses an object without an entry in `object_answers`, the SDK drops entries of no object.
    Example: an object on the image whose hash is missing from `object_answers`.
    What to do: convert again; was the bundle edited?
    """

    code = "ENC550"
    name = "answer-entry"
    template = "{table}: {hash!r} {problem}"
    hint = "each object needs exactly one entry in object_answers, also without answers"

    table: str
    hash: str
    problem: str


class BadAnswer(Issue):
    """An answer that its attribute cannot take.

    Why it matters: the SDK loses radio answers that are not exactly one option, and takes a boolean for a number.
    Example: `answers: true` for a numeric attribute.
    What to do: text needs text, numeric a finite number, radio one option, checklist a list of different options.
    """

    code = "ENC551"
    name = "bad-answer"
    template = "{attribute!r}: {problem}"
    hint = "text needs text, numeric a finite number, radio one option, checklist a list of options"

    attribute: str
    problem: str


class RepeatedAnswer(Issue):
    """A text, numeric or radio attribute that is answered twice for one object.

    Why it matters: the last answer wins in silence.
    Example: two entries for Plate, AB12 and CD34.
    What to do: keep one of them.
    """

    code = "ENC552"
    name = "repeated-answer"
    template = "{attribute!r} is answered {count} times"
    hint = "one answer for each attribute"

    attribute: str
    count: int


class OrphanAnswer(Issue):
    """A nested attribute is answered, but the option that it belongs to is not chosen.

    Why it matters: Encord neither shows nor exports such an answer, and the SDK does not notice.
    Example: Which colour: teal, although Colour is Red and not Other.
    What to do: choose the option as well, or leave the answer out.
    """

    code = "ENC553"
    name = "orphan-answer"
    template = "{attribute!r} is answered, but its option {option!r} is not chosen"
    hint = "choose the option as well, or leave the nested answer out"

    attribute: str
    option: str


class RequiredUnanswered(Issue):
    """A required attribute without an answer.

    Why it matters: the labels load, but annotators cannot submit a task before they have answered it.
    Example: Colour is required in the ontology, and a box came without a colour.
    What to do: give the attribute a default in the spec, or do not require it.
    """

    code = "ENC554"
    name = "required-unanswered"
    severity = Severity.WARNING
    template = "the required attribute {attribute!r} is not answered"
    hint = "give it a default in the spec, or do not require it"

    attribute: str


class MisplacedAnswer(Issue):
    """A static answer among the dynamic ones, or the other way round.

    Why it matters: a static answer loses its frames, a dynamic one without frames makes the row unreadable.
    Example: the dynamic attribute Speed in `object_answers`.
    What to do: convert again; did the ontology change after the conversion?
    """

    code = "ENC555"
    name = "misplaced-answer"
    template = "{table}: {attribute!r} is {found}, here stand {wanted} answers"
    hint = "static answers stand in object_answers, dynamic ones in object_actions"

    table: str
    attribute: str
    found: str
    wanted: str


class BadRange(Issue):
    """Frames of an answer or classification that do not exist, overlap, or hold no such object.

    Why it matters: the SDK lets the later of two overlapping answers win, and loses ranges that run backwards.
    Example: `range: [[0, 50]]` on a video of 10 frames.
    What to do: convert again; was the bundle edited?
    """

    code = "ENC556"
    name = "bad-range"
    template = "{what}: {problem}"
    hint = "ranges are pairs of first and last frame, without overlaps, on frames that hold the object"

    what: str
    problem: str


class OverlappingClassifications(Issue):
    """Two instances of one classification on one frame.

    Why it matters: Encord holds one instance of a classification on a frame, and refuses the row.
    Example: two tags Weather on one image, Sun and Rain.
    What to do: decide in the spec which of them stands.
    """

    code = "ENC557"
    name = "overlapping-classifications"
    template = "the classification {title!r} stands twice on frame {frame}"
    hint = "one instance of a classification on a frame"

    title: str
    frame: int


class UnansweredClassification(Issue):
    """A classification without an answer to its root attribute.

    Why it matters: it says nothing, and Encord counts it as a label.
    Example: an instance of Weather with an empty list of answers.
    What to do: leave it out, or answer it.
    """

    code = "ENC558"
    name = "unanswered-classification"
    template = "the classification {title!r} has no answer"
    hint = "leave it out, or answer it"

    title: str


ISSUES: tuple[type[Issue], ...] = (
    AnswerEntry, BadAnswer, RepeatedAnswer, OrphanAnswer, RequiredUnanswered, MisplacedAnswer, BadRange,
    OverlappingClassifications, UnansweredClassification,
)  # fmt: skip
