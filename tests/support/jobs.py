"""Converts one export by one job and by several, and compares all that comes out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mapper.encord.writers.bundle import FILES
from mapper.errors import MapperError
from mapper.pipeline import Options, run

if TYPE_CHECKING:
    from mapper.pipeline import Result
    from mapper.spec.load import LoadedSpec

SMALL = 200
"""Bytes that are worth a part of their own, where exports are written down by hand."""


class Outcome:
    """All that a run shows: the files of the bundle, the findings, or the error with its findings."""

    def __init__(self, source: Path, spec: LoadedSpec, **options: Any) -> None:
        self.files: dict[str, bytes] = {}
        self.result: Result | None = None
        self.error = ""
        with TemporaryDirectory() as folder:
            out = Path(folder) / "bundle"
            try:
                self.result = run(source, spec, out, Options(**options))
                self.findings = [finding.as_dict() for finding in self.result.findings]
            except MapperError as error:
                self.error = f"{type(error).__name__}: {error}"
                self.findings = [finding.as_dict() for finding in getattr(error, "findings", ())]
            if out.is_dir():
                self.files = {path.name: path.read_bytes() for path in out.iterdir()}
                assert set(self.files) == set(FILES)
            assert [path.name for path in Path(folder).iterdir()] == (["bundle"] if self.files else [])

    @property
    def parts(self) -> int:
        """In how many parts the export was read."""
        return self.result.parts if self.result is not None else 0

    def shown(self) -> dict[str, Any]:
        """What has to be the same, however many jobs there are."""
        return {
            **self.files,
            "findings": self.findings,
            "error": self.error,
            "ledger": self.result.ledger if self.result else None,
            "bundle": self.result.bundle if self.result else None,
        }


def same_with_jobs(source: Path, spec: LoadedSpec, *jobs: int, part_bytes: int = SMALL, **options: Any) -> list[Outcome]:
    """Convert by one job and by the given numbers of jobs, in this process unless ``start`` says otherwise; all must be the same."""
    one = Outcome(source, spec, **options)
    start = options.pop("start", "here")
    found = [Outcome(source, spec, jobs=number, part_bytes=part_bytes, start=start, **options) for number in jobs]
    for other in found:
        for name, value in one.shown().items():
            assert other.shown()[name] == value, name
    return found
