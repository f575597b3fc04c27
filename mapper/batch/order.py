"""The contract of a batch: one order, which is one export to convert, gives one row; wherever it is carried out.

Orders and rows are small and picklable, so that any executor can carry them. Bad data is part of the row and never an
exception; the bundle appears whole or not at all, and the same order gives the same bytes, so that carrying it out twice
does no harm.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import orjson

from mapper.batch.digests import bundle_digest, source_digest, spec_digest
from mapper.batch.leftovers import sweep
from mapper.batch.own import own_ontology
from mapper.batch.traces import trace_of
from mapper.engine.program import Program
from mapper.errors import LedgerError, MapperError, OutputError
from mapper.findings.base import Severity
from mapper.findings.batch import BundleNotWritten, SpecChanged
from mapper.media.naming import MAPPINGS
from mapper.packs.opening import load_pinned
from mapper.pipeline import Options, run
from mapper.places.opening import place_of, target_of

if TYPE_CHECKING:
    from datetime import date

    from mapper.engine.assembly import MediaMode
    from mapper.engine.context import Context
    from mapper.findings.base import Finding, Issue
    from mapper.pipeline import Result
    from mapper.places.place import Place
    from mapper.spec.load import LoadedSpec

Status = Literal["converted", "unpublished", "refused", "failed"]
"""converted: there is a bundle. unpublished: ``strict`` or an export that breaks off kept it back. refused: the export cannot be
read, or its bundle not be written. failed: a bug of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a caller chooses for all exports of a batch; each means what it means for one (`mapper.pipeline.Options`).

    ``ontology``: the JSON text of an existing one. ``map_filename``: a name of ``mapper.media.naming.MAPPINGS``.
    """

    media: MediaMode = "auto"
    fps: float | None = None
    frame_size: tuple[int, int] | None = None
    group_size: int = 0
    include_jobs: tuple[str, ...] = ("annotation",)
    media_dir: str | None = None
    map_filename: str | None = None
    check_media: bool = True
    strict: bool = False
    keep_partial: bool = False
    today: date | None = None
    ontology: str | None = None

    def options(self) -> Options:
        """The same for the pipeline; what is in the way is replaced, as a batch looks for that before it begins."""
        return Options(
            media=self.media,
            fps=self.fps,
            frame_size=self.frame_size,
            group_size=self.group_size,
            include_jobs=self.include_jobs,
            media_dir=place_of(self.media_dir) if self.media_dir is not None else None,
            map_filename=MAPPINGS[self.map_filename] if self.map_filename is not None else None,
            check_media=self.check_media,
            strict=self.strict,
            keep_partial=self.keep_partial,
            today=self.today,
            ontology=orjson.loads(self.ontology) if self.ontology is not None else None,
            force=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one order.

    ``key`` is the order's. ``digests``: of the ``source``, the ``spec``, the ``bundle`` and its ``ontology``, as far as they are
    known. ``findings``: code, severity and count of each cause, all occurrences summed. ``own``: the ontology of this export
    alone, as `mapper.batch.own` writes it, if the batch has not been given one. ``attempts``: how often a worker began it.
    ``trace``: of a bug, for the terminal.
    """

    status: Status
    key: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    findings: tuple[tuple[str, str, int], ...] = ()
    message: str = ""
    own: bytes | None = None
    attempts: int = 1
    trace: str = ""

    def worst(self) -> Severity | None:
        """The highest severity found."""
        return max((Severity.parse(word) for _, word, _ in self.findings), default=None)

    def with_issue(self, issue: Issue) -> Row:
        """The row with one more finding."""
        return replace(self, findings=summed([*self.findings, (issue.code, issue.severity.word, 1)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One export to convert.

    ``source`` and ``out`` are places as text; without ``out`` nothing is written. ``spec`` is a reference with its ``parameters``,
    and ``spec_digest`` what `mapper.batch.digests.spec_digest` said of it when the batch began. ``key`` stands for all that decides
    on the bundle but the source. ``done``: what an earlier run made of this export; if its digests still hold, it is the answer.
    """

    source: str
    out: str | None
    spec: str
    spec_digest: str
    key: str
    parameters: tuple[tuple[str, str], ...] = ()
    locked: bool = False
    choices: Choices = field(default_factory=Choices)
    done: Row | None = None


def convert_one(order: Order) -> Row:
    """Carry out an order; never raises for bad data or a full disk, and leaves a whole bundle or none.

    Only a lack of memory passes through: the worker that ran into it is of no more use.
    """
    digests = {"spec": order.spec_digest}
    try:
        source = place_of(order.source)
        with suppress(OSError):  # what cannot be read has no digest, and the run below says where it cannot
            digests["source"] = source_digest(source)
        if order.done is not None and _holds(order, order.done, digests.get("source", "")):
            return order.done
        out = target_of(order.out) if order.out is not None else None
        if isinstance(out, Path):
            sweep(out)
        row = _converted(order, source, out, digests)
    except OutputError as error:
        row = Row(status="refused", message=str(error)).with_issue(BundleNotWritten(str(error)))
    except MapperError as error:
        row = _refused(error)
    except OSError as error:
        why = f"{error.strerror or error}"
        row = Row(status="refused", message=why).with_issue(BundleNotWritten(why))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug that one export meets does not stop the others; the row says what it is, and the exit code is 3
        row = Row(status="failed", message=f"{type(error).__name__}: {error}", trace=trace_of(error))
    return replace(row, key=order.key, digests=digests | row.digests)


def _holds(order: Order, done: Row, source: str) -> bool:
    """Whether an earlier run's bundle is what this order would make: nothing that decides on it has changed, nor it itself."""
    if order.out is None or done.status != "converted" or (done.key, done.digests.get("source")) != (order.key, source):
        return False
    return bundle_digest(target_of(order.out)).get("bundle", "") == done.digests.get("bundle")


def _converted(order: Order, source: Place, out: Place | None, digests: dict[str, str]) -> Row:
    loaded = _spec(order.spec, order.parameters, locked=order.locked)
    if spec_digest(loaded) != order.spec_digest:
        _spec.cache_clear()
        issue = SpecChanged(order.spec)
        return Row(status="refused", message=issue.message()).with_issue(issue)
    seen: list[Context] = []

    def make(context: Context) -> Program:
        seen.append(context)
        return Program(context)

    result = run(source, loaded, out, order.choices.options(), make)
    return _row(result, seen[-1], out, digests)


@lru_cache(maxsize=2)
def _spec(reference: str, parameters: tuple[tuple[str, str], ...], *, locked: bool) -> LoadedSpec:
    return load_pinned(reference, dict(parameters), locked=locked)


def _row(result: Result, context: Context, out: Place | None, digests: dict[str, str]) -> Row:
    own = own_ontology(context.ontology, result.ontology)
    about = {key: result.bundle[key] for key in ("source", "project", "dataset", "media_mode")}
    made = {} if result.out is None or out is None else bundle_digest(out)
    published = bool(made) or out is None
    complete = result.bundle["source"]["complete"]
    why = "" if published else "a finding keeps the bundle back, under --strict" if complete else "the export breaks off"
    return Row(
        status="converted" if published else "unpublished",
        digests=digests | made,
        about=about,
        counts=result.bundle["counts"],
        findings=_summary(result.findings),
        message=why,
        own=own,
    )


def _refused(error: MapperError) -> Row:
    findings = _summary(getattr(error, "findings", ()))
    return Row(status="failed" if isinstance(error, LedgerError) else "refused", findings=findings, message=str(error))


def _summary(findings: tuple[Finding, ...]) -> tuple[tuple[str, str, int], ...]:
    return summed([(finding.code, finding.severity.word, finding.count) for finding in findings])


def summed(counts: list[tuple[str, str, int]]) -> tuple[tuple[str, str, int], ...]:
    """Counts with equal codes and severities added up, by code."""
    found: dict[tuple[str, str], int] = {}
    for code, word, count in counts:
        found[code, word] = found.get((code, word), 0) + count
    return tuple((code, word, count) for (code, word), count in sorted(found.items()))
