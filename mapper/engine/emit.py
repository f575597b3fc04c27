"""Makes Encord objects of shapes: converts the geometry, keeps it within the image, answers the attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import FIELDS
from mapper.engine.outcomes import REMEMBERED, Outcome
from mapper.engine.scopes import WHOLE, Split, shape_scope
from mapper.findings.base import Issue, Severity
from mapper.findings.geometry import Clipped, KeptOutside, MaskCut, NothingInside, OutsideImage
from mapper.geometry.clip import overshoot
from mapper.geometry.shapes import Approximation, Bitmask, Box, Circle, Cuboid2D, Ellipse, Mended, Named, RotatableBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Image, Shape
    from mapper.encord.model import ShapeWriter
    from mapper.encord.nodes import ObjectNode
    from mapper.engine.accounts import AccountName, Answered, Books, Verdict
    from mapper.engine.outcomes import Emitter, Origin
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.row import ImageRow
    from mapper.engine.scopes import Scope
    from mapper.geometry.shapes import Frame, Mask
    from mapper.transforms.base import Conversion

TRACK = FIELDS.index("track_id")

PLAIN: frozenset[type] = frozenset({Box, RotatableBox, list, tuple, Circle, Ellipse, Cuboid2D, Bitmask})
"""The types of plain geometry; a conversion may also give an Issue, Mended or Approximation."""


@dataclass(slots=True, eq=False)
class ObjectEmitter:
    """Makes one ontology object (or several, when the conversion splits) of every shape of one label and kind.

    ``part`` tells the objects of one shape apart in their hashes. ``known``: what was answered before, by ``Shape.alike`` or, if that
    is 0, by attributes and fields.
    """

    origin: Origin
    node: ObjectNode
    conversion: Conversion
    writer: ShapeWriter
    plan: AnswerPlan
    first_use: Callable[[ObjectNode], None]
    part: bytes = b""
    otherwise: Emitter | None = None
    tied: bool = False
    run: Callable[[Any, Any], Any] = field(init=False)
    inside: Callable[[Any, Any], bytes | None] = field(init=False)
    plain: Verdict = field(init=False)
    known: dict[int | tuple[Any, Any], tuple[Answered, Outcome]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run = self.conversion.run
        self.inside = self.writer.inside
        self.plain = self._verdict("transformed" if self.conversion.changes else "kept")

    def _verdict(self, account: AccountName, why: str = "", metric: str = "") -> Verdict:
        verdict = self.origin.verdict(account, why, metric)
        verdict.targets[self.node.hash] = self.node
        return verdict

    def emit(self, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        """Convert the shape and put it on the row."""
        geometry = self.run(shape.geometry, row.frame)
        if type(geometry) not in PLAIN:
            return self._special(geometry, shape, image, row)
        if self.conversion.many:
            return self._split(geometry, shape, image, row)
        return self._place(geometry, self.plain, shape, image, row)

    def _special(self, result: Any, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        origin = self.origin
        if isinstance(result, Issue):
            if self.otherwise is not None:
                return self.otherwise.emit(shape, image, row)
            severity = Severity.parse(origin.context.spec.policy.invalid_geometry.severity)
            return origin.refuse(result, severity, shape, row)
        verdict, fidelity = self.plain, None
        if isinstance(result, Mended):
            if isinstance(result.issue, MaskCut) and (outside := self._too_far(shape.geometry, row.frame)):
                return origin.refuse(outside, outside.severity, shape, row)
            severity = Severity.parse(origin.context.spec.policy.repaired_geometry.severity)
            origin.report(result.issue, min(severity, result.issue.severity), shape, row)
            verdict = self._verdict("transformed", result.issue.code)
            result = result.geometry
        if isinstance(result, Approximation):
            metric = "iou" if self.conversion.metric == "exact" else self.conversion.metric
            verdict, fidelity = self._verdict("transformed", verdict.why, metric), result.value
            result = result.geometry
        if self.conversion.many:
            return self._split(result, shape, image, row)
        outcome = self._place(result, verdict, shape, image, row)
        if fidelity is not None and outcome.verdict.account != "refused":
            outcome.verdict.measure(fidelity)
        return outcome

    def _too_far(self, mask: Mask, frame: Frame) -> Issue | None:
        """The issue that refuses a mask which had to be cut at the border, if policy refuses what leaves its image."""
        policy = self.origin.context.spec.policy.outside_image
        distance = overshoot(mask.left, mask.top, mask.left + mask.width, mask.top + mask.height, frame)
        refuses = policy.do == "refuse" and distance > policy.tolerance_px
        return OutsideImage(overflow_px=distance, width=frame.width, height=frame.height) if refuses else None

    def _place(self, geometry: Any, verdict: Verdict, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        rendered = self.inside(geometry, row.frame)
        if rendered is None:
            inside = self._kept_inside(geometry, shape, row)
            if isinstance(inside, str):
                return self.origin.refused(inside, shape)
            if inside is not geometry:
                verdict = self._verdict("transformed", verdict.why or "clipped at the border", verdict.metric)
            rendered = self.writer.render(inside, row.frame)
        fields = shape.fields
        known = self.known.get(shape.alike or (shape.attributes, fields))
        if known is None:
            answered = self._answer(shape, image, row, WHOLE)
            if answered.remarks:
                self._remark(answered, shape, row)
                if answered.refused:
                    return self.origin.refused(answered.refused, shape)
            outcome = Outcome(verdict, answered.books, 1)
        else:
            answered, outcome = known
            if verdict is not self.plain:
                outcome = Outcome(verdict, answered.books, 1)
        if not self.node.used:
            self.first_use(self.node)
        if row.tying or (self.tied and fields[TRACK] is not None):
            return Outcome(verdict, self._tie(rendered, shape, answered, row, self.part), 1)
        row.add(self.node, row.object_hash(shape, self.part), answered, rendered)
        return outcome

    def _tie(self, rendered: bytes, shape: Shape, answered: Answered, row: ImageRow, part: bytes) -> Books:
        """Put an object of a track on the row; the books of its values, for the track may hold others."""
        standing = row.add_tied(self.node, shape, answered, rendered, part)
        return answered.books if standing == answered.answers else row.contradiction(self, answered, standing, shape)

    def _split(self, parts: list[Any], shape: Shape, image: Image, row: ImageRow) -> Outcome:
        labels = [part.name if isinstance(part, Named) else "" for part in parts]
        parts = [part.geometry if isinstance(part, Named) else part for part in parts]
        placed: list[Any] = []
        for part in parts:
            inside = self._kept_inside(part, shape, row)
            if isinstance(inside, str):
                return self.origin.refused(inside, shape)
            placed.append(inside)
        names: Scope = {}
        answered = self._answer(shape, image, row, Split(0, len(placed), labels[0]), names)
        self._remark(answered, shape, row)
        if answered.refused:
            return self.origin.refused(answered.refused, shape)
        if not self.node.used:
            self.first_use(self.node)
        books = answered.books
        for index, part in enumerate(placed):
            split = Split(index, len(placed), labels[index])
            own = self._answer(shape, image, row, split, names) if index and self.plan.varies else answered
            if own.remarks != answered.remarks:
                self._remark(own, shape, row)
            name, rendered = b"%b/%d" % (self.part, index), self.writer.render(part, row.frame)
            if row.tying or (self.tied and shape.fields[TRACK] is not None):
                tied = self._tie(rendered, shape, own, row, name)
                books = tied if books is answered.books else books
            else:
                row.add(self.node, row.object_hash(shape, name), own, rendered)
        if len(placed) > 1:  # an equal shape is to have another hash in its templates
            row.taken.add(row.object_hash(shape, self.part))
        clipped = any(before is not after for before, after in zip(parts, placed, strict=True))
        whole: AccountName = "transformed" if clipped or self.conversion.changes else "kept"
        account: AccountName = "split" if len(placed) > 1 else whole
        return Outcome(self._verdict(account, "clipped at the border" if clipped else ""), books, len(placed))

    def _kept_inside(self, geometry: Any, shape: Shape, row: ImageRow) -> Any:
        """The geometry within the image as the policy wants it, or the code of the finding that refuses it."""
        distance = self.writer.overflow(geometry, row.frame)
        return geometry if distance <= 0 else self._outside(geometry, distance, shape, row)

    def _outside(self, geometry: Any, distance: float, shape: Shape, row: ImageRow) -> Any:
        policy = self.origin.context.spec.policy.outside_image
        severity = Severity.parse(policy.severity)
        width, height = row.frame
        inside = self.writer.clip(geometry, row.frame)
        if inside is None and policy.do == "clip":
            nothing = NothingInside(width=width, height=height)
            self.origin.report(nothing, max(severity, Severity.ERROR), shape, row)
            return nothing.code
        if distance <= policy.tolerance_px and inside is not None:
            return inside
        if policy.do == "refuse":
            outside = OutsideImage(overflow_px=distance, width=width, height=height)
            self.origin.report(outside, max(severity, Severity.ERROR), shape, row)
            return outside.code
        clipped = policy.do == "clip" and inside is not geometry
        issue: Issue = Clipped(overflow_px=distance) if clipped else KeptOutside(overflow_px=distance)
        self.origin.report(issue, severity, shape, row)
        return inside if clipped else geometry

    def _answer(self, shape: Shape, image: Image, row: ImageRow, split: Split, names: Scope | None = None) -> Answered:
        """The shape's answers; ``names`` keeps what templates may use from one part of the shape to the next."""
        plan, kept = self.plan, {} if names is None else names

        def scope() -> Scope:
            if not kept:
                found = row.object_hash(shape, self.part).decode()
                kept.update(shape_scope(plan.compiler.scope, shape, image, found))
            return kept | {"split": split.names()}

        answered = plan.of(shape, scope)
        # Only what the plan would give again may skip it: nothing that varies, nothing to report each time.
        if not (plan.varies or answered.remarks or shape.kind == "skeleton") and len(self.known) < REMEMBERED:
            self.known[shape.alike or (shape.attributes, shape.fields)] = answered, Outcome(self.plain, answered.books, 1)
        return answered

    def _remark(self, answered: Answered, shape: Shape, row: ImageRow) -> None:
        for issue, severity, attribute, place in answered.remarks:
            self.origin.report(issue, severity, shape, row, attribute, place)
