"""Issues of a finished bundle as a whole: ENC520 to ENC528; ``ISSUES`` holds those of its parts as well, up to ENC571."""

from __future__ import annotations

from mapper.findings import verify_answers, verify_ontology, verify_rows, verify_shapes
from mapper.findings.base import Issue, Severity


class UnreadableFile(Issue):
    """A file of the bundle is missing, or is no JSON.

    Why it matters: what it holds can neither be checked nor uploaded.
    Example: a `label_rows.jsonl` whose last line was cut off by a full disk.
    What to do: convert again; a bundle is complete or does not exist, so the file was damaged later.
    """

    code = "ENC520"
    name = "unreadable-file"
    template = "{file} cannot be read: {problem}"
    hint = "convert again: the file was damaged after the conversion"

    file: str
    problem: str


class SchemaViolation(Issue):
    """A file of the bundle does not have the form that its JSON Schema describes.

    Why it matters: programs that read bundles rely on the schemas under `schemas/`.
    Example: a `bundle.json` without `media_mode`.
    What to do: convert again with this version of mapper; report it if that does not help.
    """

    code = "ENC521"
    name = "schema-violation"
    template = "{file} does not follow its schema at {path}: {problem}"
    hint = "convert again with this version of mapper"

    file: str
    path: str
    problem: str


class CountMismatch(Issue):
    """A number in `bundle.json` or `ledger.json` is not what the bundle holds.

    Why it matters: the books say what became of every shape; if they are wrong, something was lost or added.
    Example: `label_rows` is 12 and `label_rows.jsonl` has 11 lines.
    What to do: convert again; report it if the bundle was not edited.
    """

    code = "ENC522"
    name = "count-mismatch"
    template = "{what}: {said} stated, {found} found"
    hint = "convert again; was the bundle edited?"

    what: str
    said: int
    found: int


class MediaMismatch(Issue):
    """The media list and the data units of the label rows do not belong together.

    Why it matters: uploading goes by the media list; a unit without media has no image to carry its labels.
    Example: a label row was deleted from `label_rows.jsonl`, its image still stands in `bundle.json`.
    What to do: convert again instead of editing the bundle.
    """

    code = "ENC523"
    name = "media-mismatch"
    template = "data unit {hash}: {problem}"
    hint = "convert again; was the bundle edited?"

    hash: str
    problem: str


class UnbalancedLedger(Issue):
    """A sum in `ledger.json` does not add up.

    Why it matters: everything read must end in exactly one account.
    Example: 10 boxes read, 8 kept and 1 dropped.
    What to do: convert again; report it if the ledger was not edited.
    """

    code = "ENC524"
    name = "unbalanced-ledger"
    template = "{what}: {read} read, {accounted} accounted for"
    hint = "convert again; was the ledger edited?"

    what: str
    read: int
    accounted: int


class RepeatedRow(Issue):
    """Two label rows share an identity.

    Why it matters: after the upload one of them replaces the other.
    Example: a line of `label_rows.jsonl` that stands twice.
    What to do: convert again instead of joining bundles by hand.
    """

    code = "ENC525"
    name = "repeated-row"
    template = "{key} {hash} has occurred in an earlier row"
    hint = "convert again; bundles cannot be joined by hand"

    key: str
    hash: str


class SdkRefused(Issue):
    """Encord's official SDK refuses the ontology or a label row.

    Why it matters: what the SDK does not load cannot be uploaded.
    Example: an object whose shape is not that of its class (`LabelRowError`).
    What to do: other findings on the same row name the cause; if there is none, report it with the message.
    """

    code = "ENC526"
    name = "sdk-refused"
    template = "Encord's SDK refuses it at {step}: {error}: {text}"
    hint = "look for other findings at the same place first"

    step: str
    error: str
    text: str


class SdkChanged(Issue):
    """Encord's official SDK loads the ontology or a label row, but gives back something else.

    Why it matters: the SDK drops or replaces in silence what it does not understand, so labels would change in Encord.
    Example: a radio answer with two options comes back without any.
    What to do: other findings on the same row name the cause; if there is none, report it with the path.
    """

    code = "ENC527"
    name = "sdk-changed"
    template = "{path}: written {wrote}, Encord's SDK gives back {read}"
    hint = "look for other findings at the same place first"

    path: str
    wrote: str
    read: str


class SdkNotUsed(Issue):
    """Encord's official SDK did not check the bundle.

    Why it matters: mapper's own checks cover what is known of the format, the SDK has the last word on loading.
    Example: `mapper verify` in an environment without the `encord` package.
    What to do: install the extra, `pip install 'cvat-encord-mapper[encord]'`, and verify again.
    """

    code = "ENC528"
    name = "sdk-not-used"
    severity = Severity.INFO
    template = "Encord's SDK did not check the bundle: {reason}"
    hint = "pip install 'cvat-encord-mapper[encord]', then verify again"

    reason: str


ISSUES: tuple[type[Issue], ...] = (
    UnreadableFile, SchemaViolation, CountMismatch, MediaMismatch, UnbalancedLedger, RepeatedRow,
    SdkRefused, SdkChanged, SdkNotUsed,
    *verify_ontology.ISSUES, *verify_rows.ISSUES, *verify_answers.ISSUES, *verify_shapes.ISSUES,
)  # fmt: skip
