"""The books of skeleton points: each point and each of its flags, apart from the signatures that shapes are counted by.

A skeleton of seventeen points has billions of combinations of flags: they are counted one by one instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Shape
    from mapper.engine.accounts import AccountName, Verdict

PointKey = tuple[str, str, "AccountName", str, str]
"""Label of the skeleton, name of the point or flag, account, rule, why."""

NO_FLAGS = "the target has no visibility"
IN_THE_EXTENTS = "in the coordinates"
HIDDEN = "the point is outside, which is all its visibility can say"
NOT_EMITTED = "outside"


@dataclass(slots=True)
class Points:
    """Counts of points and flags by what became of them."""

    counts: dict[PointKey, int] = field(default_factory=dict)

    def count(self, shape: Shape, verdict: Verdict, objects: int) -> None:
        """The points of one skeleton, which became so many objects under a verdict."""
        counts = self.counts
        for name, account, why in _accounts(shape, verdict, objects):
            key = (shape.label, name, account, verdict.rule, why)
            counts[key] = counts.get(key, 0) + 1


def _accounts(shape: Shape, verdict: Verdict, objects: int) -> Iterator[tuple[str, AccountName, str]]:
    shapes = {getattr(node, "shape", "") for node in verdict.targets.values()}
    lost = verdict.account in {"dropped", "refused"}
    for element in shape.geometry:
        point: tuple[AccountName, str] = ("kept", "")
        outside: tuple[AccountName, str] = ("kept", "")
        occluded: tuple[AccountName, str] = ("dropped", HIDDEN) if element.outside else ("kept", "")
        if lost:
            point = outside = occluded = (verdict.account, verdict.why)
        elif "skeleton" not in shapes:
            # Every other target of the rule is one object of its own, so the rest are keypoints.
            every = "point" not in shapes or objects - (len(verdict.targets) - 1) >= len(shape.geometry)
            point = ("transformed", IN_THE_EXTENTS) if every or not element.outside else ("dropped", NOT_EMITTED)
            outside = occluded = ("dropped", NO_FLAGS)
        yield element.label, *point
        if element.outside:
            yield f"{element.label}.outside", *outside
        if element.occluded:
            yield f"{element.label}.occluded", *occluded
