"""What is said of an export by what lies beside it: SRC147."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class ManifestUsed(Issue):
    """The export does not say something of its frames, and the manifest beside it does.

    Why it matters: a manifest of another task would name the wrong files, or give wrong sizes, by which coordinates are normalised.
    Example: an image task exported for video, with its `manifest.jsonl` in the same zip; that view has no names and no sizes.
    What to do: nothing, if the manifest belongs to the task; take it away otherwise.
    """

    code = "SRC147"
    name = "manifest-used"
    severity = Severity.INFO
    template = "{what} are taken from the manifest beside the export"
    hint = "take the manifest away if it belongs to another task"

    what: str


ISSUES: tuple[type[Issue], ...] = (ManifestUsed,)
