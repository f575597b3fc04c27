"""Issues of rules that match tracks: SPC278 to SPC281."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class FramesUnstated(Issue):
    """A condition can differ from frame to frame of a track, and the rule does not say what follows.

    Why it matters: one rule decides for a whole track. A track on which this condition holds on some frames only is refused.
    Example: `match: {occluded: true}` without `frames`.
    What to do: state `frames: any`, `all` or `each`, or `track: false` if the rule is not meant for tracks.
    """

    code = "SPC278"
    name = "frames-unstated"
    severity = Severity.WARNING
    template = "{where} can differ from frame to frame of a track, and the rule states no `frames`"
    hint = "state `frames: any`, `all` or `each`, or `track: false`"

    where: str


class NestedFrames(Issue):
    """`frames` stands in a nested condition.

    Why it matters: it decides about the rule's match as a whole, on each frame; in a part of it, it would say nothing.
    Example: `match: {any: [{occluded: true, frames: any}]}`.
    What to do: move it up, beside the first conditions of the match.
    """

    code = "SPC279"
    name = "nested-frames"
    template = "`frames` belongs to the rule's own match, not to a condition in it"
    hint = "move it to the top of the match"


ISSUES: tuple[type[Issue], ...] = (FramesUnstated, NestedFrames)
