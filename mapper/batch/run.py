"""Runs a batch: every export by itself in the pool, then the ontology of all, then the index."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from mapper.batch import index
from mapper.batch.digests import order_key, spec_digest
from mapper.batch.ontologies import Shared, own_target, settled, settling, share, target_of
from mapper.batch.order import Order, Row, convert_one
from mapper.batch.pool import Pool, map_all
from mapper.batch.remote_store import store_at
from mapper.batch.setting import BatchResult, News
from mapper.batch.settle import settle_one
from mapper.batch.sources import find_exports
from mapper.encord.writers.bundle import PRETTY
from mapper.errors import OutputError
from mapper.findings.base import Location
from mapper.findings.batch import BundleNotWritten, WorkerDied, WorkerDiedAgain
from mapper.findings.collector import Collector
from mapper.pipeline.pool import usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from mapper.batch.ontologies import Target
    from mapper.batch.pool import Done
    from mapper.batch.remote_store import RemoteStore
    from mapper.batch.setting import Setting
    from mapper.batch.settle import Settled
    from mapper.batch.sources import Export
    from mapper.batch.store import Store
    from mapper.findings.batch import OntologyConflict
    from mapper.places.place import Place

T = TypeVar("T")
R = TypeVar("R")


def run_batch(sources: Sequence[str], out: Place | None, setting: Setting, lists: Sequence[str] = ()) -> BatchResult:
    """Convert all exports; without ``out`` nothing is written.

    Raises SourceError (a source in which there is no export, a place with bundles of others), OutputError (the folder of the bundles
    cannot be written) and StartError.
    """
    exports = find_exports(sources, lists)
    store = store_at(out) if out is not None else None
    if store is not None:
        store.begin(exports, resume=setting.resume, force=setting.force)
    try:
        with Pool(setting.jobs or usable_cores()) as pool:
            return _Batch(exports, store, setting, pool).result()
    finally:
        if store is not None:
            store.sweep(export.name for export in exports)


class _Batch:
    def __init__(self, exports: Sequence[Export], store: Store | RemoteStore | None, setting: Setting, pool: Pool) -> None:
        self.exports = exports
        self.store = store
        self.setting = setting
        self.pool = pool
        self.rows: dict[int, Row] = {}
        self.findings = Collector()
        self.conflicts: dict[int, OntologyConflict] = {}
        key, digest = order_key(setting.loaded, setting.choices), spec_digest(setting.loaded)
        self.orders = [self._order(export, key, digest) for export in exports]

    def _order(self, export: Export, key: str, digest: str) -> Order:
        setting, known = self.setting, self.store.load(export.name) if self.store else None
        return Order(
            source=export.source,
            out=str(self.store.root / export.name) if self.store else None,
            spec=setting.spec,
            spec_digest=digest,
            key=key,
            parameters=setting.parameters,
            locked=setting.locked,
            choices=setting.choices,
            done=replace(known.row, own=None) if known else None,
        )

    def result(self) -> BatchResult:
        if self._convert(range(len(self.orders))):
            return self._report("", stopped=True)
        if self.setting.mode != "given":
            return self._report(self._share())
        given = self.setting.choices.ontology
        document = orjson.loads(given) if given is not None else self.setting.loaded.ontology
        target = target_of(document) if document is not None else None
        if target is not None and self.store is not None:
            self.store.put("ontology.json", target.text)
        return self._report(target.sha256 if target is not None else "")

    def _map(self, work: Callable[[T], R], orders: Sequence[T]) -> Generator[Done[R]]:
        executor = self.setting.executor
        return self.pool.map(work, orders) if executor is None else map_all(work, orders, executor=executor)

    # -- each by itself ------------------------------------------------------------------------------------------

    def _convert(self, places: Sequence[int]) -> bool:
        """Convert these; whether the run was stopped."""
        orders = [self.orders[place] for place in places]
        with closing(self._map(convert_one, orders)) as results:
            for number, done in enumerate(results, 1):
                place = places[done.place]
                row = self.rows[place] = self._kept(place, _row(done))
                self._tell("converting", number, len(places), place)
                if self.setting.stop is not None and self.setting.stop(row):
                    return True
        return False

    def _kept(self, place: int, row: Row) -> Row:
        """Remember a row; what is not needed any more does not stay in memory."""
        if self.store is None:
            return row
        name = self.exports[place].name
        if row.status != "converted":
            self.store.forget(name)
            if all(code != BundleNotWritten.code for code, _, _ in row.findings):
                self.store.discard(name)
        elif row != self.orders[place].done:
            row = self._saved(self.store, place, row)
        return replace(row, own=None)

    def _saved(self, store: Store | RemoteStore, place: int, row: Row) -> Row:
        """Remember a row; if the disk is full, its bundle does not count."""
        try:
            store.save(self.exports[place].name, self.exports[place].source, row)
        except OutputError as error:
            return replace(row, status="refused", message=str(error)).with_issue(BundleNotWritten(str(error)))
        return row

    def _tell(self, step: str, number: int, total: int, place: int) -> None:
        if self.setting.hear is not None:
            self.setting.hear(News(step, number, total, self.exports[place], self.rows[place]))

    # -- all together --------------------------------------------------------------------------------------------

    def _converted(self) -> list[int]:
        return [place for place, row in sorted(self.rows.items()) if row.status == "converted"]

    def _own(self, place: int) -> bytes:
        """The ontology that an export has by itself."""
        known = self.rows[place].own
        if known is None and self.store is not None:
            remembered = self.store.load(self.exports[place].name)
            known = remembered.row.own if remembered is not None else None
        if known is None:
            raise OutputError(f"what was remembered of {self.exports[place].name} is gone; run again with --resume")
        return known

    def _share(self) -> str:
        """Put all bundles onto one ontology, as far as they agree, or each onto its own; the digest of the one, "" if there is none."""
        converted = self._converted()
        shared = None
        if self.setting.mode == "shared":
            shared = share((self.exports[place].name, self._own(place)) for place in converted)
            self._found(shared)
        if self.store is not None:
            again = self._settle(converted, shared)
            self._convert(again)
            self._settle(again, shared)
        if shared is None or not converted:
            return ""
        if self.store is not None:
            self.store.put("ontology.json", shared.target.text)
        return shared.target.sha256

    def _wanted(self, place: int, shared: Shared | None) -> Target:
        apart = shared is None or self.exports[place].name in shared.conflicts
        return own_target(self._own(place)) if apart or shared is None else shared.target

    def _settle(self, places: Sequence[int], shared: Shared | None) -> list[int]:
        """Put these onto it; those that have to be converted anew before."""
        found = ((place, self._settling(place, shared)) for place in places if self.rows[place].status == "converted")
        work = [(place, order) for place, order in found if order is not None]
        again = []
        with closing(self._map(settle_one, [order for _, order in work])) as results:
            for number, done in enumerate(results, 1):
                place = work[done.place][0]
                if done.value is not None and done.value.again:
                    again.append(place)
                    self.orders[place] = replace(self.orders[place], done=None)
                else:
                    self._settled(place, done, self._wanted(place, shared))
                    self._tell("settling", number, len(work), place)
        return sorted(again)

    def _settling(self, place: int, shared: Shared | None) -> Any:
        return settling(str(self.orders[place].out), self.rows[place], self._wanted(place, shared), lambda: self._own(place))

    def _settled(self, place: int, done: Done[Settled], wanted: Target) -> None:
        row = _lost(self.rows[place], done) if done.value is None else settled(self.rows[place], done.value, wanted)
        if row.status == "converted" and self.store is not None:
            row = self._saved(self.store, place, replace(row, own=self._own(place)))
        self.rows[place] = replace(row, own=None)

    # -- the report ----------------------------------------------------------------------------------------------

    def _found(self, shared: Shared) -> None:
        places = {export.name: (place, export) for place, export in enumerate(self.exports)}
        for name, conflict in shared.conflicts.items():
            place, export = places[name]
            self.findings.add(conflict, source=Location(file=export.shown), label=name)
            self.conflicts[place] = conflict
        for drawn in shared.drawn:
            self.findings.add(drawn, label=drawn.base)

    def _told(self, place: int) -> Row:
        """The row as the index has it; what is remembered says nothing of other exports."""
        row, conflict = self.rows[place], self.conflicts.get(place)
        return row if conflict is None or row.status != "converted" else replace(row, message=conflict.message()).with_issue(conflict)

    def _report(self, ontology: str, *, stopped: bool = False) -> BatchResult:
        reached = [place for place in range(len(self.exports)) if place in self.rows]
        exports, rows = [self.exports[place] for place in reached], [self._told(place) for place in reached]
        for issue in index.shared_datasets(exports, rows):
            self.findings.add(issue, label=issue.dataset)
        entries = [index.entry(export, row, dry_run=self.store is None) for export, row in zip(exports, rows, strict=True)]
        findings = tuple(self.findings.findings())
        head = index.head(self.setting.loaded, self.setting.mode, ontology, rows, findings)
        if self.store is not None and not stopped:
            self.store.put("index.jsonl", index.lines(entries))
            self.store.put("batch.json", orjson.dumps(head, option=PRETTY))
        traces = tuple(row.trace for row in rows if row.trace)
        out = self.store.root if self.store is not None else None
        return BatchResult(out=out, entries=tuple(entries), head=head, findings=findings, traces=traces, stopped=stopped)


def _row(done: Done[Row]) -> Row:
    """The row of an order, whatever became of the workers."""
    if done.value is None:
        return _lost(Row(status="refused"), done)
    if done.attempts > 1:
        return replace(done.value, attempts=done.attempts).with_issue(WorkerDied(done.why))
    return done.value


def _lost(row: Row, done: Done[Any]) -> Row:
    issue = WorkerDiedAgain(done.why)
    return replace(row, status="refused", message=issue.message(), attempts=done.attempts).with_issue(issue)
