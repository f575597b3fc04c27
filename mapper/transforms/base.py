"""What every transform shares: a spec node that compiles itself for one source kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from mapper.findings.fidelity import LowFidelity
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.shapes import Approximation

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.findings.base import Issue
    from mapper.geometry.shapes import Frame, Template

Metric = Literal["exact", "iou", "residual_px"]

MinIou = Annotated[
    float | None,
    Field(
        ge=0,
        le=1,
        description="Refuse where the target's intersection over union with the source is lower (an issue, then `otherwise`).",
        examples=[0.95],
    ),
]
"""A parameter of every transform that can be inexact in area."""


class Conversion(NamedTuple):
    """A compiled transform.

    ``run(geometry, frame)`` gives one of these, and never raises for data; look at the type of every result:

    * the target geometry in pixels (with ``many``: a list of them, one per Encord object);
    * an Approximation: the geometry and how near it is, in pixels of residual if ``metric`` says so, else as IoU.
      A conversion whose metric is "exact" may give one too: an upright box from a turned one;
    * Mended: a geometry or Approximation, and an Issue that says what was repaired;
    * an Issue: refused.

    ``rotation`` says what becomes of CVAT's rotation: kept as theta, or folded into the coordinates ("transformed").
    ``changes``: the target is another kind of geometry than the source, though exact.
    """

    run: Callable[[Any, Frame], Any]
    metric: Metric = "exact"
    many: bool = False
    rotation: Literal["kept", "transformed"] = "kept"
    changes: bool = False


class Example(NamedTuple):
    """A conversion that a test executes and the documents show: ``expected`` is what ``run`` gives, to a millionth."""

    params: dict[str, Any]
    source: Kind
    geometry: Any
    frame: Frame
    expected: Any
    template: Template | None = None


class TransformSpec(BaseModel):
    """A ``geometry`` node of a mapping spec; subclasses add ``kind`` and their parameters."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)  # built as a part of what holds it

    accepts: ClassVar[frozenset[Kind]]
    """CVAT kinds that this transform can read."""
    shape: ClassVar[EncordShape]
    """The Encord shape that it gives; absent where that depends on the source: ask ``target``."""

    def target(self, source: Kind) -> EncordShape:
        """The Encord shape that it gives for a source kind in ``accepts``."""
        del source
        return self.shape

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """The function for one source kind in ``accepts``; ``template`` is the label's drawing, for skeletons."""
        raise NotImplementedError


def held(geometry: object, iou: float, min_iou: float | None) -> Approximation | Issue:
    """The approximation, or the issue that it is below the spec's limit."""
    if min_iou is not None and iou < min_iou:
        return LowFidelity(iou=iou, min_iou=min_iou)
    return Approximation(geometry, iou)
