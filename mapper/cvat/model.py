"""What a CVAT export holds, whatever format it came in.

Labels and tasks are small and frozen. A shape is a tuple: hundreds of thousands are made in a run, and most of them
only travel from the reader to the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from mapper.geometry.kinds import Kind
    from mapper.geometry.shapes import Template

InputType = Literal["select", "radio", "checkbox", "number", "text"]

FIELDS = ("occluded", "z_order", "group_id", "source", "track_id", "rotation", "score")
"""CVAT's implicit fields, in the order in which ``Shape.fields`` holds them. XML never has a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeSpec:
    """An attribute as the label declares it; ``declared`` is False if it was only seen in use."""

    name: str
    input_type: InputType
    mutable: bool = False
    default: str = ""
    values: tuple[str, ...] = ()
    declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSpec:
    """A label: ``type`` is CVAT's (``any`` if not said), ``elements`` are the sublabels of a skeleton."""

    name: str
    type: str = "any"
    color: str = ""
    attributes: tuple[AttributeSpec, ...] = ()
    elements: tuple[LabelSpec, ...] = ()
    template: Template | None = None
    declared: bool = True

    def attribute(self, name: str) -> AttributeSpec | None:
        """The attribute of that name, if declared."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task (or job) of an export; frames are absolute, dates ISO text as CVAT wrote them, "" if not known.

    ``offset`` is what a project export added to this task's frame numbers (frame = image id - offset). ``width`` and
    ``height`` are ``original_size`` in pixels, 0 where the export does not say them.
    """

    id: str
    name: str = ""
    subset: str = ""
    mode: str = ""
    size: int = 0
    start_frame: int = 0
    stop_frame: int = 0
    step: int = 1
    created: str = ""
    updated: str = ""
    source: str = ""
    offset: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What an export says of itself before its images: scope, tasks and label schema."""

    scope: Literal["task", "job", "project", "none"]
    id: str
    name: str
    created: str
    updated: str
    tasks: tuple[Task, ...]
    labels: tuple[LabelSpec, ...]


class Shape(NamedTuple):
    """One element of an image (a shape or a tag).

    ``geometry``: Rectangle, Ellipse, Mask, a flat list (polygon, polyline, points; 16 numbers for a cuboid, in CVAT's
    storage order), a tuple of Element (skeleton), or None (tag). ``key`` is the geometry's own text, which identifies
    the shape among others of its label. ``attributes``: (name, text) pairs in document order. ``fields``: raw texts of
    FIELDS, None where absent; ``rotation`` is there only if it is not zero, ``score`` is a number from 0 to 1.
    ``alike``: shapes of one reading that share a number, but for 0, have equal kind, label, attributes and fields.
    """

    kind: Kind
    label: str
    geometry: Any
    key: str
    attributes: tuple[tuple[str, str], ...]
    fields: tuple[str | None, ...]
    line: int
    alike: int = 0


class Image(NamedTuple):
    """One image with its shapes in document order; ``frame`` is the frame number within its task's media."""

    id: int
    name: str
    width: int
    height: int
    task: Task
    subset: str
    frame: int
    line: int
    shapes: list[Shape]


class Entry(NamedTuple):
    """One frame of a track.

    ``frame``: within the task's media, counted from 0, without what a project export adds. ``outside``: the object is not
    seen from here on; ``shape`` then holds its last place. ``shape`` carries the track's label, all attributes that hold on
    this frame (mutable and immutable) and the fields; its ``key`` and ``line`` are the entry's own.
    """

    frame: int
    keyframe: bool
    outside: bool
    shape: Shape


class Track(NamedTuple):
    """One object through the frames of a task, its entries in ascending order of frames, one a frame.

    Entries stand for every frame on which the object is seen: what a format leaves to interpolation is filled in by its
    reader. ``id`` is the format's own ("" if it has none), ``source`` and ``group_id`` are raw texts or None.
    """

    id: str
    label: str
    kind: Kind
    task: Task
    subset: str
    source: str | None
    group_id: str | None
    line: int
    entries: list[Entry]
