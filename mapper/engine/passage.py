"""The frames of a track that one rule takes, converted one after the other.

A frame mostly says what the frame before it said, but for the place: then only the geometry is converted and rendered. That is
what half of a run's time went to, so it stands in one place (``Passage.run``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.engine.emit import PLAIN, ObjectEmitter
from mapper.engine.frame_spool import OVERHEAD
from mapper.engine.track_rules import origin_of
from mapper.findings.mapping_tracks import ChangedValue, FrameNotListed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.model import Entry, Shape
    from mapper.engine.accounts import Books, Verdict
    from mapper.engine.ledger import Ledger
    from mapper.engine.outcomes import Emitter
    from mapper.engine.track_row import Piece, TrackRow
    from mapper.engine.tracks import Rows

Counts = dict[tuple["Verdict", "Books"], int]


def _nothing(*_: object) -> None:
    """What an emitter that makes no objects does with geometry."""


@dataclass(slots=True, eq=False)
class Passage:
    """One rule at work on one track.

    ``counts``: what became of the entries of the current label row, which is the ``here``-th; ``made``: objects so far;
    ``fates``: the verdicts that were given.
    """

    emitter: Emitter
    row: TrackRow
    rows: Rows
    ledger: Ledger
    counts: Counts = field(default_factory=dict)
    here: int = 0
    made: int = 0
    fates: dict[int, Verdict] = field(default_factory=dict)

    def run(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Convert the entries, which are in order of frames; the verdicts that were given."""
        row, shelf = self.row, self.row.target.shelf
        given, put = row.target.marks.given, shelf.put
        run, inside = (emitter.run, emitter.inside) if isinstance(emitter := self.emitter, ObjectEmitter) else (_nothing, _nothing)
        piece: Piece | None = None
        known = attributes = fields = None
        following, repeated, weight = -1, 0, 0
        for number, (frame, _, _, shape) in zip(self.rows.numbers_of([entry[0] for entry in entries]), entries, strict=True):
            if piece is not None and number == following and shape[4] == attributes and shape[5] == fields:
                geometry = run(shape[2], row.frame)
                rendered = inside(geometry, row.frame) if type(geometry) in PLAIN else None
                if rendered is not None:
                    put(number, piece.head, rendered)
                    piece.end = number
                    following = number + 1
                    repeated += 1
                    weight += len(rendered) + OVERHEAD
                    continue
            if known is not None:
                self._count(*known, repeated)
                repeated = 0
            known = verdict, books = self._one(frame, number, shape)
            piece, attributes, fields = self._steady(shape, verdict, books), shape[4], shape[5]
            following = -1 if piece is None else piece.end + 1
        if known is not None:
            self._count(*known, repeated)
        shelf.weigh(weight)
        self.settle()
        fates = list(self.fates.values())
        if not self.rows.per_frame:
            fates[0].objects += self.made + row.target.marks.given - given
        return fates

    def _one(self, frame: int, number: int | None, shape: Shape) -> tuple[Verdict, Books]:
        """Convert one entry by all the rules of the art."""
        row, view, rows = self.row, self.row.view, self.rows
        view.frame = frame
        if number is None:
            verdict, books, objects = origin_of(self.emitter).refuse(FrameNotListed(frame), FrameNotListed.severity, shape, row)
        else:
            if rows.per_row and number // rows.per_row != self.here:
                self.settle()
                self.here = number // rows.per_row
            if rows.varying:
                row.frame = view.here
            row.number = number
            verdict, books, objects = self.emitter.emit(shape, row.image, row)
        self.fates[id(verdict)] = verdict
        self._count(verdict, books, 1, objects)
        if shape.kind == "skeleton":
            self.ledger.points.count(shape, verdict, objects)
        return verdict, books

    def _steady(self, shape: Shape, verdict: Verdict, books: Books) -> Piece | None:
        """The object that the next entry goes on with if its values are the same; None if more than its place has to be seen to."""
        emitter, rows = self.emitter, self.rows
        if (
            not isinstance(emitter, ObjectEmitter)
            or emitter.conversion.many
            or verdict is not emitter.plain
            or rows.per_row
            or rows.varying
        ):
            return None
        known = emitter.known.get(shape.alike or (shape.attributes, shape.fields))
        return self.row.pieces.get(emitter.part) if known is not None and known[0].books is books else None

    def _count(self, verdict: Verdict, books: Books, count: int, objects: int | None = None) -> None:
        if count:
            key = verdict, books
            self.counts[key] = self.counts.get(key, 0) + count
            if self.rows.per_frame:
                verdict.objects += count if objects is None else objects

    def settle(self) -> None:
        """End a label row: write the answers, and enter what became of the entries so far."""
        row = self.row
        self.made += row.settle(self.here)
        shelf = row.context.shelf
        for (verdict, books), count in self.counts.items():
            kept = shelf.without(books, row.lost, ChangedValue.code)
            verdict.counts[kept] = verdict.counts.get(kept, 0) + count
        self.counts.clear()
        row.lost.clear()
