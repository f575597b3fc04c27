"""Shapes and tags as backups and API answers store them: checked, and made into shapes as all readers give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat import fields_json as json
from mapper.cvat.elements import TAGS
from mapper.cvat.fields_json import MismatchError
from mapper.cvat.interpolation.tracks import ROTATING
from mapper.cvat.model import Shape
from mapper.cvat.stored import Placed
from mapper.cvat.stored_geometry import geometry_key, geometry_of, points_issue
from mapper.findings.base import Issue
from mapper.findings.source.backups import JsonKeyUnknown, JsonMismatch
from mapper.findings.source.shapes import AttributeRepeated, ElementUnknown
from mapper.findings.source.skeletons import (
    SkeletonElementDiffers,
    SkeletonElementRefused,
    SkeletonElementRepeated,
    SkeletonEmpty,
)
from mapper.findings.source.stored import LabelUnknown, ScoreUnreadable, StoredAttributeUnreadable, ThreeDimensional
from mapper.geometry.shapes import Element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cvat.interpolation.moments import Pairs
    from mapper.cvat.model import LabelSpec
    from mapper.cvat.reporter import Reporter
    from mapper.cvat.tally import Tally
    from mapper.cvat.words import Labels, Words
    from mapper.geometry.kinds import Kind

Item = dict[str, Any]
"""One annotation as it is stored."""

KINDS: dict[str, Kind] = {kind: kind for kind in TAGS if kind != "tag"}  # type: ignore[misc] # the keys of TAGS are kinds
NAMES = frozenset({"id", "label", "label_id", "job_id", "frame", "group", "source", "attributes"})
DRAWN = NAMES | {"type", "occluded", "outside", "z_order", "rotation", "points", "elements", "score", "parent", "keyframe"}


SPATIAL = 9
"""Numbers of a cuboid of a point cloud (centre, rotation, size); it has zeros up to the sixteen that a flat one has."""


class RefusedError(Exception):
    """An annotation is not passed on, for this issue."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


class StoredShapes:
    """Reads the annotations of one task; what cannot be read is reported and counted as refused."""

    def __init__(self, words: Words, labels: Labels, report: Reporter, tally: Tally) -> None:
        self.words = words
        self.labels = labels
        self.report = report
        self.tally = tally

    def shape(self, item: Any, place: str) -> Placed | None:
        """A shape on a frame, or None if it is refused."""
        try:
            kind, label = self.kind(item), self.label(item, "shape")
            return self._placed(item, kind, label, place)
        except (MismatchError, RefusedError) as error:
            self.refuse(item, error, place)
        return None

    def tag(self, item: Any, place: str) -> Placed | None:
        """A tag on a frame, or None if it is refused."""
        try:
            label = self.label(item, "tag")
            self.unread(item, NAMES, "tag", place)
            frame = json.count(item, "frame")
            pairs = self.filled(self.pairs(item, label.name, "tag", place), label)
            fields = (None, None, self.group(item), self.source(item), None, None, None)
        except (MismatchError, RefusedError) as error:
            self.refuse(item, error, place, "tag")
            return None
        return Placed(frame, Shape("tag", label.name, None, "", pairs, fields, 0))

    # -- parts of annotations --------------------------------------------------------------------------------------

    def kind(self, item: Any) -> Kind:
        """What a shape is drawn as."""
        if not isinstance(item, dict):
            raise MismatchError("an annotation", "an object")
        kind = json.text(item, "type")
        if kind not in KINDS:
            raise RefusedError(ElementUnknown(kind[:60]))
        return KINDS[kind]

    def label(self, item: Any, kind: str, skeleton: str = "") -> LabelSpec:
        """The label of an annotation."""
        if not isinstance(item, dict):
            raise MismatchError("an annotation", "an object")
        name = self.words.label(item)
        if name is None:
            raise RefusedError(LabelUnknown(kind, self.words.shown(item)))
        return self.labels.spec(name, skeleton)

    def group(self, item: Item) -> str | None:
        """The group's number; None for no group."""
        number = json.whole(item, "group", 0)
        return str(number) if number else None

    def source(self, item: Item) -> str | None:
        """How it was made."""
        return json.text(item, "source") if item.get("source") is not None else None

    def points(self, item: Item, kind: Kind) -> list[float]:
        """The numbers of a shape, as many as its kind has."""
        points = json.numbers(item, "points")
        if issue := points_issue(kind, points):
            raise RefusedError(issue)
        if kind == "cuboid" and not any(points[SPATIAL:]):
            raise RefusedError(ThreeDimensional(kind))
        return points

    def point(self, item: Item, label: str) -> list[float]:
        """The two numbers of an element of a skeleton."""
        points = json.numbers(item, "points")
        if len(points) != 2:  # noqa: PLR2004 - x and y
            raise RefusedError(SkeletonElementRefused(label, f"it has {len(points)} numbers, not two"))
        return points

    def pairs(self, item: Item, label: str, kind: str, place: str) -> Pairs:
        """The attributes that stand there, those with an unknown name or without a text left out."""
        found: dict[str, str] = {}
        for pair in json.objects(item, "attributes"):
            name, value = self.words.attribute(pair), pair.get("value")
            if name is None or not isinstance(value, str):
                reason = f"{name!r} has no text" if name is not None else f"{pair.get('name', pair.get('spec_id'))!r} is not known"
                self.without(StoredAttributeUnreadable(kind, reason[:80]), "attribute", name or "", label, place)
            elif name in found:
                self.without(AttributeRepeated(name, found[name], value), "attribute", name, label, place)
            else:
                found[name] = value
        return tuple(found.items())

    def filled(self, pairs: Pairs, spec: LabelSpec) -> Pairs:
        """The attributes, with the label's defaults for those that are missing."""
        known = {name for name, _ in pairs}
        missing = [(attribute.name, attribute.default) for attribute in spec.attributes if attribute.name not in known]
        return (*pairs, *missing) if missing else pairs

    def score(self, item: Item, label: str, kind: str, place: str) -> str | None:
        """The score as text, or None."""
        score = item.get("score")
        if score is None:
            return None
        if type(score) in (int, float) and 0 <= score <= 1:
            return str(score)
        self.without(ScoreUnreadable(kind, repr(score)[:60]), "attribute", "score", label, place)
        return None

    # -- what is wrong -----------------------------------------------------------------------------------------------

    def unread(self, item: Item, known: frozenset[str], kind: str, place: str) -> None:
        """Report the keys that CVAT does not write there."""
        for key in sorted(item.keys() - known):
            self.report.add(JsonKeyUnknown(key[:60], kind), shape=place, attribute=key[:60])

    def without(self, issue: Issue, what: str, name: str, label: str, place: str) -> None:
        """Leave a part of an annotation out."""
        self.tally.refuse(what, name, issue.code)
        self.report.add(issue, shape=place, label=label, attribute=name)

    def refuse(self, item: Any, error: MismatchError | RefusedError, place: str, tag: str = "") -> None:
        """Leave a whole annotation out."""
        issue = issue_of(error)
        tag, label = tag or xml_name(item), self.name(item)
        self.tally.refuse(tag, label, issue.code)
        self.report.add(issue, shape=place, label=label)

    def part_refused(self, error: MismatchError | RefusedError, item: Any, skeleton: str, place: str) -> None:
        """Leave an element of a skeleton out."""
        self.without(issue_of(error), "points", f"{skeleton}/{self.name(item)}", skeleton, place)

    def name(self, item: Any) -> str:
        """The label's name if it can be told, for a finding."""
        return (self.words.label(item) or "") if isinstance(item, dict) else ""

    # -- shapes --------------------------------------------------------------------------------------------------

    def _placed(self, item: Item, kind: Kind, label: LabelSpec, place: str) -> Placed:
        self.unread(item, DRAWN, kind, place)
        frame, turn = json.count(item, "frame"), json.number(item, "rotation")
        rotation = None
        if turn % 360:
            if kind in ROTATING:
                rotation = repr(turn)
            else:
                self.report.add(JsonKeyUnknown(f"rotation {turn!r}", kind), shape=place, attribute="rotation")
        if json.flag(item, "outside"):
            self.report.add(JsonKeyUnknown("outside", kind), shape=place, attribute="outside")
        geometry = geometry_of(kind, self.points(item, kind), turn)
        if isinstance(geometry, Issue):
            raise RefusedError(geometry)
        fields = self.fields(item, rotation)
        pairs = self.filled(self.pairs(item, label.name, kind, place), label)
        if kind == "skeleton":
            geometry = self._elements(item, label.name, fields, place)
        score = self.score(item, label.name, kind, place)
        return Placed(frame, Shape(kind, label.name, geometry, geometry_key(kind, geometry), pairs, (*fields, score), 0))

    def fields(self, item: Item, rotation: str | None) -> tuple[str | None, ...]:
        """The implicit fields but for the score."""
        occluded = "1" if json.flag(item, "occluded") else "0"
        return occluded, str(json.whole(item, "z_order", 0)), self.group(item), self.source(item), None, rotation

    def _elements(self, item: Item, label: str, fields: tuple[str | None, ...], place: str) -> tuple[Element, ...]:
        """The points of a skeleton; those that cannot be read are left out."""
        found: dict[str, Element] = {}
        for index, part in enumerate(json.items(item, "elements")):
            at = f"{place}.elements[{index}]"
            try:
                element = self._element(part, label, fields, at)
            except (MismatchError, RefusedError) as error:
                self.part_refused(error, part, label, at)
                continue
            if element.label in found:
                self.part_refused(RefusedError(SkeletonElementRepeated(element.label)), part, label, at)
            found.setdefault(element.label, element)
        if not found:
            raise RefusedError(SkeletonEmpty())
        return tuple(found.values())

    def _element(self, part: Any, label: str, fields: tuple[str | None, ...], place: str) -> Element:
        kind, spec = self.kind(part), self.label(part, "element", label)
        if kind != "points":
            raise RefusedError(SkeletonElementRefused(spec.name, f"it is a {kind}, not a point"))
        x, y = self.point(part, spec.name)
        self.differing(part, fields, place)
        pairs = self.filled(self.pairs(part, label, "point", place), spec)
        return Element(spec.name, x, y, json.flag(part, "outside"), json.flag(part, "occluded"), pairs, 0)

    def differing(self, part: Item, fields: tuple[str | None, ...], place: str) -> None:
        """Report what an element says of its own that belongs to the skeleton; zeros say nothing."""
        _, z_order, group, source, *_ = fields
        for key, whole in (("z_order", z_order), ("group", group), ("source", source)):
            own = part.get(key)
            if own and str(own) != whole:
                self.report.add(SkeletonElementDiffers(key, str(own)[:60], whole or ""), shape=place, attribute=key)


def issue_of(error: MismatchError | RefusedError) -> Issue:
    """What to report of an annotation that cannot be read."""
    return error.issue if isinstance(error, RefusedError) else JsonMismatch(error.place, error.wanted)


def xml_name(item: Mapping[str, Any] | Any) -> str:
    """The name under which an annotation is counted."""
    kind = item.get("type") if isinstance(item, dict) else None
    return TAGS.get(kind, kind[:60] or "shape") if isinstance(kind, str) else "shape"
