"""Checks a finished bundle: its schemas, its books, our own checks of ontology and rows, and Encord's official SDK."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from mapper.connect import bundle as files
from mapper.connect.books import count_issues, ledger_issues
from mapper.connect.bundle import Bundle
from mapper.connect.checks_ontology import ontology_remarks
from mapper.connect.checks_rows import row_remarks
from mapper.connect.frames import frames_of
from mapper.connect.media_list import MediaList
from mapper.connect.ontology_index import ontology_index
from mapper.connect.records import Remark, integer, listed, record, text
from mapper.connect.schemas import Schemas, is_sampled
from mapper.connect.sdk import Judge, sdk_version
from mapper.connect.slices import slices
from mapper.errors import MissingExtraError
from mapper.findings.base import Location, Severity
from mapper.findings.collector import Collector
from mapper.findings.verify import RepeatedRow, SdkChanged, SdkNotUsed, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.bundle import Line
    from mapper.connect.ontology_index import OntologyIndex
    from mapper.connect.records import Record
    from mapper.findings.base import Finding, Issue
    from mapper.places.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What the checks found.

    ``counts``: label_rows, images, objects (on all frames), classifications, media, findings, ontology_objects,
    ontology_classifications, schema_rows (rows held against their schema), sdk_rows (rows that the SDK loaded).
    ``sdk``: the version of the SDK that was used, None without it.
    """

    out: Place
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    sdk: str | None

    @property
    def ok(self) -> bool:
        """Whether nothing of severity error was found."""
        return all(finding.severity < Severity.ERROR for finding in self.findings)


def verify(out: Place, *, sdk: bool | None = None, sample: int | None = None) -> VerifyReport:
    """Check the bundle at ``out``; what is wrong with it is a finding, whatever its files hold.

    ``sdk``: True needs Encord's SDK (the extra ``encord``), False leaves it out, None uses it if it is installed.
    ``sample``: let the SDK load so many rows only, spread evenly; our own checks always see all of them.
    Raises SourceError (no bundle there) and MissingExtraError (``sdk=True`` without the extra).
    """
    bundle = Bundle(out)
    findings = Collector()
    version = _version(sdk, findings)
    checks = _Checks(bundle, findings, sample)
    checks.run(with_sdk=version is not None)
    return VerifyReport(out=out, findings=tuple(findings.findings()), counts=checks.shown(), sdk=version)


def _version(wanted: bool | None, findings: Collector) -> str | None:  # noqa: FBT001 - the caller's own flag
    if wanted is False:
        return None
    try:
        return sdk_version()
    except MissingExtraError as error:
        if wanted:
            raise
        findings.add(SdkNotUsed(reason=str(error)))
        return None


@dataclass(slots=True)
class _Checks:
    bundle: Bundle
    findings: Collector
    sample: int | None
    schemas: Schemas = field(default_factory=Schemas)
    counts: Counter[str] = field(default_factory=Counter)
    identities: set[bytes] = field(default_factory=set)

    def run(self, *, with_sdk: bool) -> None:
        head = self.bundle.head()
        ontology, ledger = (self.bundle.document(name) for name in (files.ONTOLOGY, files.LEDGER))
        self._schemas("bundle", files.BUNDLE, {**head, "media": []} if head else None)
        self._schemas("ontology", files.ONTOLOGY, ontology)
        self._schemas("ledger", files.LEDGER, ledger)
        self._report(map(Remark, ledger_issues(ledger)), files.LEDGER)
        judge = self._ontology(ontology, with_sdk=with_sdk)
        self._rows(ontology_index(ontology), judge, integer(record(head.get("counts")).get("label_rows")))
        severities = self._findings_file()
        self._books(head, ontology, ledger, severities)
        for problem in self.bundle.problems:
            place = Location(file=problem.file, line=problem.line)
            self.findings.add(UnreadableFile(file=problem.file, problem=problem.text), source=place)

    def shown(self) -> dict[str, int]:
        """The counts of the report."""
        return {name: count for name, count in sorted(self.counts.items()) if name not in {"counted_objects", "videos"}}

    def _is_read(self, name: str) -> bool:
        """Whether a file could be read so far."""
        return all(problem.file != name for problem in self.bundle.problems)

    # -- documents -----------------------------------------------------------------------------------------------

    def _schemas(self, part: str, file: str, document: Any, line: int = 0) -> None:
        if document is not None:
            place = Location(file=file, line=line)
            for issue in self.schemas.violations(part, file, document):
                self.findings.add(issue, source=place, label=part)

    def _report(self, remarks: Iterator[Remark], file: str, line: int = 0, title: str = "") -> None:
        for issue, image, shape, label, attribute in remarks:
            place = partial(Location, file=file, line=line, image=image or title, shape=shape)
            self.findings.add(issue, source=place, label=label, attribute=attribute)

    def _ontology(self, ontology: Any, *, with_sdk: bool) -> Judge | None:
        if ontology is None:
            return None
        self._report(ontology_remarks(ontology), files.ONTOLOGY)
        if not with_sdk:
            return None
        judge, issues = Judge.load(ontology)
        for issue in issues:
            # An ontology may be given, with keys that this version of the SDK does not know.
            lost = isinstance(issue, SdkChanged) and issue.read == "nothing"
            self.findings.add(issue, severity=Severity.WARNING if lost else None, source=Location(file=files.ONTOLOGY), label="ontology")
        return judge

    def _media(self) -> Iterator[Any]:
        for number, entry in enumerate(self.bundle.media(), 1):
            if is_sampled(number):
                self._schemas("media", files.BUNDLE, entry)
            yield entry

    def _findings_file(self) -> Counter[str]:
        severities: Counter[str] = Counter(dict.fromkeys((severity.word for severity in Severity), 0))
        for line in self._readable(files.FINDINGS):
            self.counts["findings"] += 1
            severities[text(record(line.value).get("severity"))] += 1
            if is_sampled(line.number):
                self._schemas("findings", files.FINDINGS, line.value, line.number)
        return severities

    def _readable(self, name: str) -> Iterator[Line]:
        for line in self.bundle.lines(name):
            if line.problem is None:
                yield line
            else:
                place = Location(file=name, line=line.number)
                self.findings.add(UnreadableFile(file=f"line {line.number} of {name}", problem=line.problem.text), source=place)

    def _books(self, head: Record, ontology: Any, ledger: Any, severities: Counter[str]) -> None:
        found: dict[str, int] = {}
        if self._is_read(files.ROWS):
            found["label_rows"] = self.counts["label_rows"]
            found["objects"] = self.counts["counted_objects"] + self.counts["classifications"]
            if self.counts["videos"] == 0 and "tracks" not in record(head.get("counts")):  # frames of tracks are no images of the export
                found["images"] = self.counts["images"]
        for name in ("objects", "classifications") if ontology is not None else ():
            found[f"ontology_{name}"] = self.counts[f"ontology_{name}"] = len(listed(record(ontology).get(name)))
        known = severities if self._is_read(files.FINDINGS) else {}
        self._report(map(Remark, count_issues(head, ledger, found, known)), files.BUNDLE)

    # -- label rows ----------------------------------------------------------------------------------------------

    def _rows(self, index: OntologyIndex, judge: Judge | None, total: int) -> None:
        media = MediaList(self._media()) if self._is_read(files.BUNDLE) else None
        for line in self._readable(files.ROWS):
            row = record(line.value)
            title = text(row.get("data_title"))
            self._count(row)
            if is_sampled(line.number):
                self.counts["schema_rows"] += 1
                # Of a large group its first images: the schema takes longer than all other checks.
                self._schemas("label_row", files.ROWS, next(slices(row)) if row else line.value, line.number)
            self._report(row_remarks(line.value, index), files.ROWS, line.number, title)
            self._report(map(Remark, self._identity(row)), files.ROWS, line.number, title)
            if media is not None:
                self._report(map(Remark, media.unit_issues(row)), files.ROWS, line.number, title)
            if judge is not None and self._is_chosen(line.number, total):
                self.counts["sdk_rows"] += 1
                # Last, since the SDK rewrites older skeleton flags in place.
                self._report((Remark(issue, label="label rows") for issue in judge.row_issues(row)), files.ROWS, line.number, title)
        if media is not None:
            self._report(map(Remark, media.rest() if self._is_read(files.ROWS) else ()), files.BUNDLE)
            self.counts["media"] = media.count

    def _count(self, row: Record) -> None:
        self.counts["label_rows"] += 1
        self.counts["images"] += len(record(row.get("data_units")))
        on_frames = sum(len(frame.objects) for frame in frames_of(row))
        moving = row.get("data_type") == "video"
        self.counts["videos"] += moving
        self.counts["objects"] += on_frames
        # A video's objects count once, whatever their frames.
        self.counts["counted_objects"] += len(record(row.get("object_answers"))) if moving else on_frames
        self.counts["classifications"] += len(record(row.get("classification_answers")))

    def _identity(self, row: Record) -> Iterator[Issue]:
        # A single image's data_hash is its unit's, of which the media list has one.
        for key in ("label_hash", "data_hash") if row.get("data_type") == "img_group" else ("label_hash",):
            digest = blake2b(f"{key} {text(row.get(key))}".encode(), digest_size=8).digest()
            if digest in self.identities:
                yield RepeatedRow(key=key, hash=text(row.get(key)))
            self.identities.add(digest)

    def _is_chosen(self, number: int, total: int) -> bool:
        if self.sample is None:
            return True
        if total <= self.sample:
            return number <= self.sample
        return number * self.sample // total != (number - 1) * self.sample // total
