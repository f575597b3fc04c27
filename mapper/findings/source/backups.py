"""What can be wrong with backups, API answers and manifests as documents: SRC175 to SRC184."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class JsonBroken(Issue):
    """A JSON file of a backup or an API answer is not JSON.

    Why it matters: nothing in it can be read.
    Example: an `annotations.json` that is cut off, holds `NaN`, or is an HTML error page.
    What to do: download it again.
    """

    code = "SRC175"
    name = "json-broken"
    template = "{member} is not JSON: {reason}"
    hint = "download it again"

    member: str
    reason: str


class JsonKeyRepeated(Issue):
    """A JSON object has the same key twice.

    Why it matters: readers take one of the two values, and not all the same one; CVAT never writes this.
    Example: `{"frame": 0, "frame": 7}`.
    What to do: remove one of them, or download the file again.
    """

    code = "SRC176"
    name = "json-key-repeated"
    template = "{member} has the key {key!r} twice in one object"
    hint = "remove one of them, or download the file again"

    member: str
    key: str


class JsonMismatch(Issue):
    """A value in a backup or an API answer is not of the kind that CVAT writes there.

    Why it matters: what it means is unknown. An annotation that holds it is not converted; at the head of a document nothing is.
    Example: `"frame": "7"`, or `"shapes": {}`.
    What to do: download the file again; if it was edited, correct the value.
    """

    code = "SRC177"
    name = "json-mismatch"
    template = "{place} is not {wanted}"
    hint = "correct the value, or download the file again"

    place: str
    wanted: str


class PartMissing(Issue):
    """A backup or an API answer lacks one of its files.

    Why it matters: annotations without labels, frames or their task cannot be placed.
    Example: a folder with `annotations.json` and `labels.json`, but without `meta.json`.
    What to do: a task backup is `task.json` with `annotations.json`. Of the API, put three answers into one folder:
    `annotations.json` (`/api/tasks/ID/annotations`), `labels.json` (`/api/labels?task_id=ID`) and `meta.json`
    (`/api/tasks/ID/data/meta`).
    """

    code = "SRC178"
    name = "part-missing"
    template = "{path} has no {member}"
    hint = "{advice}"

    path: str
    member: str
    advice: str


class LabelsUnreadable(Issue):
    """The label schema of a backup or an API answer has a fault.

    Why it matters: labels and attributes decide what everything becomes; with a schema that is read by half, nothing is certain.
    Example: an attribute with the input type `slider`.
    What to do: correct the schema, or give the labels in `source.labels` of the spec.
    """

    code = "SRC179"
    name = "labels-unreadable"
    template = "{member}: {place} {reason}"
    hint = "correct it, or give the labels in source.labels of the spec"

    member: str
    place: str
    reason: str


class JobsMismatch(Issue):
    """A backup holds the annotations of more or fewer jobs than its task has.

    Why it matters: annotations belong to jobs by their position; with another count it is not known which is which.
    Example: a `task.json` with two jobs beside an `annotations.json` with three entries.
    What to do: make the backup again.
    """

    code = "SRC180"
    name = "jobs-mismatch"
    template = "{member} holds the annotations of {found} jobs, the task has {jobs}"
    hint = "make the backup again"

    member: str
    found: int
    jobs: int


class JobExcluded(Issue):
    """A job is left out: CVAT does not count it among the annotations of its task.

    Why it matters: ground truth is there to measure annotators, and consensus replicas are several people's versions of one job.
    Converted together with the annotations they would double every object. CVAT's own export leaves them out, too.
    Example: a task with a consensus of three has four versions of each job.
    What to do: nothing, or choose with `--include-jobs` which types of jobs are converted.
    """

    code = "SRC181"
    name = "job-excluded"
    severity = Severity.INFO
    template = "job {job} is of type {kind} and left out, with {count} annotations"
    hint = "choose with --include-jobs which types of jobs are converted"

    job: int
    kind: str
    count: int


class JobsMerged(Issue):
    """Two jobs of a task hold the same object where they overlap; it is converted once.

    Why it matters: CVAT joins objects of the same label that cover each other (by 75 percent, tracks by half), and so does its
    export. Only rectangles, polygons and tags can be joined; other objects of the overlap stay double, as in CVAT.
    Example: a box on a frame that belongs to job 0 and job 1.
    What to do: nothing. If both were meant, change the label of one.
    """

    code = "SRC182"
    name = "jobs-merged"
    severity = Severity.INFO
    template = "{kind} of a later job is the same as one of an earlier job; the earlier one is kept"
    hint = "nothing to do"

    kind: str


class JsonKeyUnknown(Issue):
    """An annotation has a key that CVAT does not write there, or a value that has no place there.

    Why it matters: it is not read; the annotation itself is kept.
    Example: `"visibility": 2` on a shape, or a rotated polygon.
    What to do: if it matters, write it as an attribute.
    """

    code = "SRC183"
    name = "json-key-unknown"
    severity = Severity.WARNING
    template = "{key} of the {kind} is not read"
    hint = "write it as an attribute if it matters"

    key: str
    kind: str


class ManifestUnreadable(Issue):
    """A manifest, the list of a task's media, has a line that cannot be read.

    Why it matters: names and sizes of frames come from it; a frame whose line is bad has none.
    Example: a `manifest.jsonl` that ends in the middle of a line.
    What to do: make the backup or the manifest again.
    """

    code = "SRC184"
    name = "manifest-unreadable"
    severity = Severity.WARNING
    template = "line {number} of {member} cannot be read: {reason}"
    hint = "make the manifest again"

    member: str
    number: int
    reason: str


ISSUES: tuple[type[Issue], ...] = (
    JsonBroken,
    JsonKeyRepeated,
    JsonMismatch,
    PartMissing,
    LabelsUnreadable,
    JobsMismatch,
    JobExcluded,
    JobsMerged,
    JsonKeyUnknown,
    ManifestUnreadable,
)
