"""Runs a batch: every export by itself in the pool, then the ontology of all, then the index."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from mapper.batch import index
from mapper.batch.digests import order_key, spec_digest
from mapper.batch.ontologies import Shared, own_target, settled, settling, share, target_of
from mapper.batch.order import Choices, Order, Row, convert_one
from mapper.batch.pool import map_all, usable_cores
from mapper.batch.settle import settle_one
from mapper.batch.sources import find_exports
from mapper.batch.store import Store
from mapper.encord.writers.bundle import PRETTY
from mapper.errors import OutputError
from mapper.findings.base import Location, Severity
from mapper.findings.batch import BundleNotWritten, WorkerDied, WorkerDiedAgain
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from mapper.batch.ontologies import Mode, Target
    from mapper.batch.pool import Done
    from mapper.batch.sources import Export
    from mapper.findings.base import Finding
    from mapper.spec.load import LoadedSpec


class News(NamedTuple):
    """What a batch tells while it runs: ``step`` is "converting" or "settling", ``number`` of ``total`` are through."""

    step: str
    number: int
    total: int
    export: Export
    row: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a batch runs with.

    ``stop``: whether a row ends the run (``--fail-fast``). ``hear`` is told of every export. ``executor``: carries out orders instead of
    the local pool of ``jobs`` processes.
    """

    spec: str
    loaded: LoadedSpec
    parameters: tuple[tuple[str, str], ...] = ()
    locked: bool = False
    choices: Choices = field(default_factory=Choices)
    per_export: bool = False
    jobs: int | None = None
    executor: Executor | None = None
    resume: bool = False
    force: bool = False
    stop: Callable[[Row], bool] | None = None
    hear: Callable[[News], None] | None = None

    @property
    def mode(self) -> Mode:
        """Where the ontologies come from."""
        given = self.choices.ontology is not None or self.loaded.ontology is not None
        return "given" if given else "per-export" if self.per_export else "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a batch gave: the lines of its index and its head, and what was found of several exports together.

    ``stopped``: the run was ended by its first failure; then there are only the lines of what was reached, and no index.
    """

    out: Path | None
    entries: tuple[dict[str, Any], ...]
    head: dict[str, Any]
    findings: tuple[Finding, ...]
    traces: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def ok(self) -> bool:
        """Whether every export was converted and nothing of severity error was found."""
        return not self.stopped and all(record["status"] == "converted" for record in self.entries) and self.worst() is not Severity.ERROR

    def worst(self) -> Severity | None:
        """The highest severity found."""
        words = [record["worst"] for record in self.entries if record["worst"] is not None]
        return max([*map(Severity.parse, words), *(finding.severity for finding in self.findings)], default=None)


def run_batch(sources: Sequence[str], out: Path | None, setting: Setting, lists: Sequence[str] = ()) -> BatchResult:
    """Convert all exports; without ``out`` nothing is written.

    Raises SourceError (a source in which there is no export, a place with bundles of others), OutputError (the folder of the bundles
    cannot be written) and StartError.
    """
    exports = find_exports(sources, lists)
    store = Store(out) if out is not None else None
    if store is not None:
        store.begin(exports, resume=setting.resume, force=setting.force)
    try:
        return _Batch(exports, store, setting).result()
    finally:
        if store is not None:
            store.sweep(export.name for export in exports)


class _Batch:
    def __init__(self, exports: Sequence[Export], store: Store | None, setting: Setting) -> None:
        self.exports = exports
        self.store = store
        self.setting = setting
        self.jobs = setting.jobs or usable_cores()
        self.rows: dict[int, Row] = {}
        self.findings = Collector()
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
        if self.setting.mode == "shared":
            return self._report(self._share())
        given = self.setting.choices.ontology
        document = orjson.loads(given) if given is not None else self.setting.loaded.ontology
        target = target_of(document) if document is not None else None
        if target is not None and self.store is not None:
            self.store.put("ontology.json", target.text)
        return self._report(target.sha256 if target is not None else "")

    # -- each by itself ------------------------------------------------------------------------------------------

    def _convert(self, places: Sequence[int]) -> bool:
        """Convert these; whether the run was stopped."""
        orders = [self.orders[place] for place in places]
        with closing(map_all(convert_one, orders, jobs=self.jobs, executor=self.setting.executor)) as results:
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

    def _saved(self, store: Store, place: int, row: Row) -> Row:
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
        """Put all bundles onto one ontology, as far as they agree; its digest, "" if there is no bundle."""
        converted = self._converted()
        shared = share((self.exports[place].name, self._own(place)) for place in converted)
        if self.store is not None and converted:
            self._settle(converted, shared)
            self._settle(self._converted(), shared)  # those that had to be converted anew
            self.store.put("ontology.json", shared.target.text)
        self._found(shared)
        return shared.target.sha256 if converted else ""

    def _wanted(self, place: int, shared: Shared) -> Target:
        return own_target(self._own(place)) if self.exports[place].name in shared.conflicts else shared.target

    def _settle(self, places: Sequence[int], shared: Shared) -> None:
        found = ((place, self._settling(place, shared)) for place in places)
        work = [(place, order) for place, order in found if order is not None]
        again = []
        with closing(map_all(settle_one, [order for _, order in work], jobs=self.jobs, executor=self.setting.executor)) as results:
            for number, done in enumerate(results, 1):
                place = work[done.place][0]
                if done.value is None or done.value.again:
                    again.append(place)
                    continue
                self._settled(place, settled(self.rows[place], done.value, self._wanted(place, shared)))
                self._tell("settling", number, len(work), place)
        for place in again:
            self.orders[place] = replace(self.orders[place], done=None)
        if again:
            self._convert(sorted(again))

    def _settling(self, place: int, shared: Shared) -> Any:
        return settling(str(self.orders[place].out), self.rows[place], self._wanted(place, shared), lambda: self._own(place))

    def _settled(self, place: int, row: Row) -> None:
        if row.status == "converted" and self.store is not None:
            row = self._saved(self.store, place, replace(row, own=self._own(place)))
        self.rows[place] = replace(row, own=None)

    # -- the report ----------------------------------------------------------------------------------------------

    def _found(self, shared: Shared) -> None:
        places = {export.name: (place, export) for place, export in enumerate(self.exports)}
        for name, conflict in shared.conflicts.items():
            place, export = places[name]
            self.findings.add(conflict, source=Location(file=export.shown), label=name)
            self.rows[place] = replace(self.rows[place], message=conflict.message()).with_issue(conflict)
        for drawn in shared.drawn:
            self.findings.add(drawn, label=drawn.base)

    def _report(self, ontology: str, *, stopped: bool = False) -> BatchResult:
        reached = [place for place in range(len(self.exports)) if place in self.rows]
        exports, rows = [self.exports[place] for place in reached], [self.rows[place] for place in reached]
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
        issue = WorkerDiedAgain(done.why)
        return Row(status="refused", message=issue.message(), attempts=done.attempts).with_issue(issue)
    if done.attempts > 1:
        return replace(done.value, attempts=done.attempts).with_issue(WorkerDied(done.why))
    return done.value
