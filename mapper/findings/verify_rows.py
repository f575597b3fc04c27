"""Issues of a bundle's label rows, their data units and objects: ENC540 to ENC547; ``verify.ISSUES`` includes them."""

from __future__ import annotations

from mapper.findings.base import Issue


class MalformedRecord(Issue):
    """A part of a label row lacks a key, has one that Encord does not know, or a value of the wrong type.

    Why it matters: the SDK refuses rows without needed keys, and drops unknown ones in silence.
    Example: a `zOrder` on a frame object, for which Encord has no field.
    What to do: convert again; what has no field in Encord belongs into an attribute.
    """

    code = "ENC540"
    name = "malformed-record"
    template = "{what}: {problem}"
    hint = "convert again; was the bundle edited?"

    what: str
    problem: str


class UnitMismatch(Issue):
    """The data units of a label row contradict the row, each other, or themselves.

    Why it matters: of two images with one `data_sequence` the SDK keeps one, without a word.
    Example: a unit that stands under another key than its `data_hash`.
    What to do: convert again; was the bundle edited?
    """

    code = "ENC541"
    name = "unit-mismatch"
    template = "data unit {unit}: {problem}"
    hint = "convert again; was the bundle edited?"

    unit: str
    problem: str


class UnknownFeature(Issue):
    """A label refers to something that the ontology does not hold.

    Why it matters: feature hashes are the only link between labels and ontology.
    Example: an object of the class `a1b2c3d4` after that object was deleted from `ontology.json`.
    What to do: keep `ontology.json` and `label_rows.jsonl` of one conversion together.
    """

    code = "ENC542"
    name = "unknown-feature"
    template = "the ontology has no {what} {hash!r}{there}"
    hint = "ontology and label rows must come from one conversion"

    what: str
    hash: str
    there: str = ""


class ForeignConstant(Issue):
    """A label repeats the name, colour, value or shape of its class, and repeats it wrongly.

    Why it matters: the SDK replaces names and colours by the ontology's, and refuses another shape.
    Example: an object called `car` of a class whose name is Car.
    What to do: convert again; was the ontology edited after the conversion?
    """

    code = "ENC543"
    name = "foreign-constant"
    template = "{what}: {key} is {written!r}, the ontology has {wanted!r}"
    hint = "ontology and label rows must come from one conversion"

    what: str
    key: str
    written: str
    wanted: str


class HashClash(Issue):
    """One hash stands for two things in a label row.

    Why it matters: an object hash is one object of one class; the SDK re-labels the others in silence, or refuses the row.
    Example: an object that is a Car on frame 0 and a Bus on frame 1.
    What to do: convert again; was the bundle edited?
    """

    code = "ENC544"
    name = "hash-clash"
    template = "the hash {hash!r} {problem}"
    hint = "every object and classification of a row needs a hash of its own"

    hash: str
    problem: str


class BadAuthor(Issue):
    """An author that is no e-mail address.

    Why it matters: Encord knows users by e-mail address; null stands for the user who uploads.
    Example: `createdBy: alice`.
    What to do: write an address that is a user of the Encord project, or null.
    """

    code = "ENC545"
    name = "bad-author"
    template = "{what}: {key} {author!r} is no e-mail address"
    hint = "write an e-mail address, or null for the user who uploads"

    what: str
    key: str
    author: str


class BadDate(Issue):
    """A date is missing or cannot be read.

    Why it matters: for a missing date the SDK writes the present time, so no two uploads agree.
    Example: a frame object without `createdAt`.
    What to do: write both dates, as `Fri, 02 Jan 2026 03:04:05 UTC`.
    """

    code = "ENC546"
    name = "bad-date"
    template = "{what}: {key} {problem}"
    hint = "write dates as Fri, 02 Jan 2026 03:04:05 UTC"

    what: str
    key: str
    problem: str


class BadConfidence(Issue):
    """A confidence that is no number from 0 to 1.

    Why it matters: the SDK does not look at it; sorting and filtering by confidence would be wrong.
    Example: a score of 87 in percent.
    What to do: write it as a share, 0.87.
    """

    code = "ENC547"
    name = "bad-confidence"
    template = "{what}: the confidence {confidence} is not within 0 to 1"
    hint = "write it as a share of 1"

    what: str
    confidence: str


ISSUES: tuple[type[Issue], ...] = (
    MalformedRecord, UnitMismatch, UnknownFeature, ForeignConstant, HashClash, BadAuthor, BadDate, BadConfidence,
)  # fmt: skip
