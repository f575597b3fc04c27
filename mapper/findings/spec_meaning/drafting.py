"""Issues of drafts: what `mapper init` leaves to a person; SPC222."""

from __future__ import annotations

from mapper.findings.base import Issue


class Undecided(Issue):
    """A decision of a draft that nobody has taken yet.

    Why it matters: what a spec does must be somebody's choice; a draft that ran with choices of the tool would guess in silence.
    Example: `kind: {decide: [bounding_box, rotatable_bounding_box]}`.
    What to do: put one of the choices in the place of the node; the first is what the pack does that the draft was made from.
    """

    code = "SPC222"
    name = "open-decision"
    template = "{where} is not decided"
    hint = "write one of these instead of the `decide` node: {choices}"

    where: str
    choices: str


ISSUES = (Undecided,)
