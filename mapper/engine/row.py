"""One image while its shapes are converted: fragments, hashes and classification instances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from mapper.encord.answers import choice, ranged
from mapper.encord.ids import digest_hash, joined
from mapper.encord.rows import classification_answer, object_action, object_answer, object_stamps
from mapper.engine.ties import TRACK, left_out
from mapper.findings.base import Location

if TYPE_CHECKING:
    from mapper.cvat.model import Image, Shape
    from mapper.encord.nodes import ClassificationNode, ObjectNode, OptionNode
    from mapper.encord.rows import Unit
    from mapper.engine.accounts import Answered, Books
    from mapper.engine.emit import ObjectEmitter
    from mapper.geometry.shapes import Frame


@dataclass(slots=True)
class Instance:
    """A classification on this image."""

    hash: bytes
    root: bytes
    nested: bytes
    manual: bool
    options: list[OptionNode]


@dataclass(slots=True)
class Tracked:
    """An object that several images of a group share by its foreign track id."""

    answers: bytes
    actions: dict[bytes, list[bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class ImageRow:
    """Fragments of one image's part of a label row.

    ``taken``: hashes used in the row so far (shared by the images of a group); ``tracks``: objects that recur in a group.
    ``tying``: all objects belong to one track.
    """

    tying: ClassVar[bool] = False

    image: Image
    frame: Frame
    unit: Unit
    file: str
    range: bytes
    prefix: str
    manual: bytes
    automatic: bytes
    taken: set[bytes]
    tracks: dict[bytes, Tracked] | None = None
    objects: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    actions: list[bytes] = field(default_factory=list)
    instances: dict[str, Instance] = field(default_factory=dict)
    here: set[bytes] = field(default_factory=set)

    def object_hash(self, shape: Shape, part: bytes = b"") -> bytes:
        """The hash of a shape by its own geometry; equal shapes are told apart by their occurrence."""
        key = f"{self.prefix}{shape.kind}\0{shape.label}\0{shape.key}".encode("utf-8", "surrogatepass") + part
        found = digest_hash(key)
        return self._another(key) if found in self.taken else found

    def _another(self, key: bytes) -> bytes:
        occurrence = 1
        while (found := digest_hash(b"%b#%d" % (key, occurrence))) in self.taken:
            occurrence += 1
        return found

    def _track_hash(self, node: ObjectNode, shape: Shape, part: bytes) -> bytes | None:
        """The hash of a foreign track; None if the image holds it already, since an object stands once on a frame."""
        track = shape.fields[TRACK] or ""
        found = digest_hash(joined("track", self.image.task.id, shape.label, track, node.hash) + part)
        if found in self.here:
            return None
        self.here.add(found)
        return found

    def add(self, node: ObjectNode, found: bytes, answered: Answered, rendered: bytes) -> None:
        """Put one object on the image."""
        self.taken.add(found)
        self.objects.append(b'%b%b%b",%b}' % (node.prefix, self._stamp(answered), found, rendered))
        self.answers.append(b'"%b":{"classifications":[%b],"objectHash":"%b"}' % (found, answered.answers, found))
        if answered.actions:
            self.actions.append(object_action(found, ranged(answered.actions, self.range)))

    def _stamp(self, answered: Answered) -> bytes:
        """When, by whom and with what confidence the object was made."""
        if answered.confidence != 1:
            return object_stamps(self.unit.created, self.unit.edited, answered.confidence)[not answered.manual]
        return self.manual if answered.manual else self.automatic

    def add_tied(self, node: ObjectNode, shape: Shape, answered: Answered, rendered: bytes, part: bytes) -> bytes | None:
        """Put an object with a foreign track id on the image.

        Gives the static answers that stand for the track, which may be others; None if the image holds the track already,
        so that the shape became an object of its own.
        """
        found = self._track_hash(node, shape, part)
        if found is None or self.tracks is None:
            self.add(node, found or self.object_hash(shape, part), answered, rendered)
            return None if found is None else answered.answers
        self.taken.add(found)
        self.objects.append(b'%b%b%b",%b}' % (node.prefix, self._stamp(answered), found, rendered))
        track = self.tracks.setdefault(found, Tracked(answered.answers))
        if answered.actions:
            track.actions.setdefault(answered.actions, []).append(self.range)
        return track.answers

    def contradiction(self, emitter: ObjectEmitter, answered: Answered, standing: bytes | None, shape: Shape) -> Books:
        """The books of a tied shape whose static answers are not those that stand for its track."""
        return left_out(emitter, answered, standing, shape, self)

    def classify(self, node: ClassificationNode, shape: Shape, root: bytes, answered: Answered, options: list[OptionNode]) -> str:
        """Put a classification on the image; "kept", "merged" with an equal one, or "conflict"."""
        found = self.instances.get(node.hash)
        if found is None:
            instance = self.object_hash(shape, b"classification")
            self.taken.add(instance)
            self.instances[node.hash] = Instance(instance, root, answered.answers, answered.manual, options)
            return "kept"
        if node.root.type == "checklist":
            ticked = {id(option) for option in (*found.options, *options)}
            found.options = [option for option in node.root.options if id(option) in ticked]
            found.root = choice(node.root, found.options)
            return "merged"
        return "merged" if (found.root, found.nested) == (root, answered.answers) else "conflict"

    def classifications(self) -> list[bytes]:
        """The entries of ``classification_answers``."""
        return [
            classification_answer(
                item.hash,
                feature,
                self.range,
                self.unit,
                b",".join(filter(None, (item.root, item.nested))),
                manual=item.manual,
            )
            for feature, item in self.instances.items()
        ]

    def place(self, line: int) -> Location:
        """A line of the image, for findings."""
        return Location(file=self.file, line=line, image=self.image.name)

    def locate(self, shape: Shape) -> Location:
        """The place of a shape, for findings."""
        index = next((index for index, other in enumerate(self.image.shapes) if other is shape), 0)
        named = f"{shape.kind} {index + 1}, label {shape.label}"
        return Location(file=self.file, line=shape.line, image=self.image.name, shape=named)


def tracked_entries(tracks: dict[bytes, Tracked]) -> tuple[list[bytes], list[bytes]]:
    """The answers and actions of the objects that a group's images share; equal answers stand once, with all their frames."""
    answers = [object_answer(found, track.answers) for found, track in tracks.items()]
    actions = [
        object_action(found, b",".join(ranged(entry, b",".join(ranges)) for entry, ranges in track.actions.items()))
        for found, track in tracks.items()
        if track.actions
    ]
    return answers, actions
