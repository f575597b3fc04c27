"""Issues of mapping tracks: MAP340 to MAP359."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class MixedFrames(Issue):
    """A rule holds on some frames of a track and not on others, and does not say what follows.

    Why it matters: a track is one object of one class. Which rule takes it must not depend on a guess.
    Example: `match: {occluded: true}`, and a track that is occluded on some of its frames.
    What to do: state `frames: any`, `all` or `each` beside the rule's conditions.
    """

    code = "MAP340"
    name = "mixed-frames"
    template = "rule {rule!r} holds on {holding} of {frames} frames of this track, and does not say what follows"
    hint = "state `frames: any`, `all` or `each` in the rule's match"

    rule: str
    holding: int
    frames: int


class ChangedValue(Issue):
    """A value changes within a track, and the Encord attribute that takes it holds one value for all frames.

    Why it matters: one of the values is lost.
    Example: an attribute that is not mutable in CVAT, edited between two exports of a job that were merged; or a mutable one
    that the spec maps to an attribute with `dynamic: false`.
    What to do: make the attribute dynamic (`dynamic: true`), or decide in `policy.changed_value`.
    """

    code = "MAP341"
    name = "changed-value"
    template = "{attribute!r} changes within this track; {outcome}"
    hint = "map it with `dynamic: true`, or decide in policy.changed_value"

    attribute: str
    outcome: str


class FrameNotListed(Issue):
    """A track is seen on a frame that its task does not have.

    Why it matters: there is no image that could hold the object.
    Example: a task with `step=5` and an entry on frame 12, or an entry past the task's last frame.
    What to do: convert to a video row (`--media video`), or correct the export.
    """

    code = "MAP342"
    name = "frame-not-listed"
    template = "frame {frame} is none of the task's frames"
    hint = "use --media video, or correct the export"

    frame: int


class KeyframesUndecided(Issue):
    """The spec does not say what becomes of CVAT's keyframe flags.

    Why it matters: Encord has no keyframes. That the flags are lost is to be a decision, not an accident.
    Example: a spec that was written for images, and an export with tracks.
    What to do: add `keyframe: {keep: false, reason: …}` to `policy.fields`.
    """

    code = "MAP343"
    name = "keyframes-undecided"
    severity = Severity.WARNING
    template = "policy.fields does not decide about `keyframe`; the flags of {count} keyframes are left out"
    hint = "add `keyframe: {{keep: false, reason: …}}` to policy.fields"

    count: int


ISSUES: tuple[type[Issue], ...] = (MixedFrames, ChangedValue, FrameNotListed, KeyframesUndecided)
