"""One track while its frames are converted: the hash and the answers that they share, its objects frame by frame.

To the emitters it is a row like that of an image.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from orjson import dumps, loads

from mapper.encord.answers import RANGE, ranged
from mapper.encord.ids import digest_hash, joined
from mapper.encord.rows import object_action, object_answer
from mapper.engine.frame_spool import OVERHEAD
from mapper.engine.row import ImageRow
from mapper.engine.ties import contradicted, places_of
from mapper.findings.base import Location, Severity
from mapper.findings.mapping_tracks import ChangedValue

if TYPE_CHECKING:
    from mapper.cvat.model import Entry, Shape, Track
    from mapper.encord.nodes import ClassificationNode, ObjectNode, OptionNode
    from mapper.engine.accounts import Answered, Books
    from mapper.engine.context import Context
    from mapper.engine.emit import ObjectEmitter
    from mapper.engine.frame_spool import Shelf
    from mapper.engine.marks import Marks
    from mapper.engine.slots import Slot
    from mapper.engine.ties import Place
    from mapper.engine.track_frames import TrackFrame
    from mapper.geometry.shapes import Frame

ANSWERS, TAGS, ACTIONS, UNITS = range(1, 5)
PART_BITS = 3
"""A fragment's key is the number of its frame (or row) and one of these parts."""

_ACTION_END = RANGE + b"]}"


class Target(NamedTuple):
    """Where the fragments of a task go.

    ``per_row``: how many frames a label row holds, 0 for all; frame ``n`` is then frame ``n % per_row`` of row ``n // per_row``.
    """

    shelf: Shelf
    marks: Marks
    per_row: int


@dataclass(slots=True, eq=False)
class Piece:
    """One object of the track within one label row.

    ``head``: what its last frame begins with, one object as long as it stays the same. ``runs``: the frame pairs of each dynamic
    answer.
    """

    hash: bytes
    answers: bytes
    last: Answered
    start: int
    end: int
    head: bytes = b""
    runs: dict[bytes, list[list[int]]] = field(default_factory=dict)

    def close(self) -> None:
        """Note the frames since ``start`` for each of the answers that held on them."""
        actions = self.last.actions
        for action in actions.split(_ACTION_END) if actions else ():
            if not action:
                continue
            pairs = self.runs.setdefault(action.lstrip(b","), [])
            if pairs and pairs[-1][1] + 1 == self.start:
                pairs[-1][1] = self.end
            else:
                pairs.append([self.start, self.end])

    def actions(self, shift: int) -> bytes:
        """The dynamic answers with their ranges, by the numbers of a row that starts at ``shift``."""
        self.close()
        return b",".join(
            ranged(action + _ACTION_END, b",".join(b"[%d,%d]" % (first - shift, last - shift) for first, last in pairs))
            for action, pairs in self.runs.items()
        )


@dataclass(slots=True, eq=False, kw_only=True)
class TrackRow(ImageRow):
    """A track, or the part of it that one rule takes, on its way to a label row.

    ``view`` is the current frame, which ``image`` stands for too; ``number`` is its place in the task's rows. ``lost``: what
    ``policy.changed_value`` leaves out, by ledger place and by the hash of the Encord attribute.
    """

    tying: ClassVar[bool] = True

    view: TrackFrame
    context: Context
    target: Target
    track: Track
    identity: bytes
    number: int = 0
    hashes: dict[bytes, bytes] = field(default_factory=dict)
    pieces: dict[bytes, Piece] = field(default_factory=dict)
    lost: dict[Place, str] = field(default_factory=dict)
    known: dict[tuple[bytes, bytes], list[Slot]] = field(default_factory=dict)

    def object_hash(self, _: Shape, part: bytes = b"") -> bytes:
        """The track's hash, the same on all frames."""
        found = self.hashes.get(part)
        if found is None:
            key, occurrence, taken = self.identity + part, 0, self.taken
            found = digest_hash(key)
            while found in taken:
                occurrence += 1
                found = digest_hash(b"%b#%d" % (key, occurrence))
            self.hashes[part] = found
        return found

    def frame_at(self, frame: int) -> Frame:
        """The size of one of the task's frames."""
        head = self.view.heads.get(frame)
        return self.view.size if head is None else head.size

    # -- what emitters call --------------------------------------------------------------------------------------

    def add_tied(self, node: ObjectNode, shape: Shape, answered: Answered, rendered: bytes, part: bytes) -> bytes:
        """Put the object on the current frame; gives the static answers that stand for the track."""
        number, target = self.number, self.target
        piece = self.pieces.get(part)
        if piece is None:
            piece = self.pieces[part] = self._piece(self.object_hash(shape, part), answered)
        elif number == piece.end + 1 and (answered is piece.last or answered.actions == piece.last.actions):
            piece.end = number
        else:
            piece.close()
            piece.start = piece.end = number
        piece.last = answered
        head = b'%b%b%b",' % (node.prefix, self._stamp(answered), piece.hash)
        weight = len(rendered) + OVERHEAD
        if head != piece.head:
            piece.head = head
            weight += len(head)
        target.shelf.put(number, piece.head, rendered)
        target.shelf.weigh(weight)
        return piece.answers

    def _piece(self, found: bytes, answered: Answered) -> Piece:
        number = self.number
        self.taken.add(found)
        return Piece(found, answered.answers, answered, number, number)

    def contradiction(self, emitter: ObjectEmitter, answered: Answered, standing: bytes | None, shape: Shape) -> Books:
        """The books of a shape whose static answers are not those that stand; what is lost is reported."""
        key = (answered.answers, standing or b"")
        slots = self.known.get(key)
        if slots is None:
            slots = self.known[key] = contradicted(emitter.plan, answered, key[1], absent=True)
        policy = self.context.spec.policy.changed_value
        first = policy is not None and policy.do == "first"
        severity = Severity.ERROR if policy is None else Severity.parse(policy.severity)
        outcome = "the value of its first frame stands" if first else "left out"
        for slot in slots:
            name = slot.name or (slot.node.title if slot.node else "")
            emitter.origin.report(ChangedValue(name, outcome), severity, shape, self, name)
            if not first and slot.node:
                self.lost[slot.space, slot.name] = slot.node.hash
        places = places_of(slots) if first else ()
        return self.context.shelf.without(answered.books, places, ChangedValue.code)

    def classify(self, node: ClassificationNode, shape: Shape, root: bytes, answered: Answered, options: list[OptionNode]) -> str:
        """Put a classification on the current frame; "kept", "merged" with an equal one, or "conflict"."""

        def instance() -> bytes:
            found = self.object_hash(shape, b"classification" + (b"/%d" % len(self.hashes)))
            self.taken.add(found)
            return found

        answers = (node.hash, root, answered.answers, answered.manual)
        return self.target.marks.put(node, self.number, answers, options, instance)

    # -- the end of a row ----------------------------------------------------------------------------------------

    def settle(self, row: int) -> int:
        """Write what the objects of one label row answer; how many they are."""
        target, shift = self.target, row * self.target.per_row
        dropped = set(self.lost.values())
        for piece in self.pieces.values():
            answers = _without(piece.answers, dropped) if dropped else piece.answers
            target.shelf.add(row << PART_BITS | ANSWERS, object_answer(piece.hash, answers))
            actions = piece.actions(shift)
            if actions:
                target.shelf.add(row << PART_BITS | ACTIONS, object_action(piece.hash, actions))
        made = len(self.pieces)
        self.pieces.clear()
        return made

    # -- places --------------------------------------------------------------------------------------------------

    def locate(self, shape: Shape) -> Location:
        """The place of an entry, for findings."""
        track = f"track {self.track.id}, " if self.track.id else ""
        named = f"{track}frame {self.view.frame}, {shape.kind}, label {shape.label}"
        return Location(file=self.file, line=shape.line, image=self.view.name, shape=named)


def identity_of(track: Track, first: Entry) -> bytes:
    """What identifies a track: task, subset, label, kind, and its first visible frame with the geometry there."""
    place = (track.task.id, track.subset, track.label, track.kind, str(first.frame), first.shape.key)
    return joined("track", *place)


def _without(answers: bytes, features: set[str]) -> bytes:
    kept = (entry for entry in loads(b"[%b]" % answers) if entry["featureHash"] not in features)
    return b",".join(dumps(entry) for entry in kept)
