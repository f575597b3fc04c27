"""Where the findings of a command go: to stdout and into files, less those that a baseline accepts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.base import Finding
    from mapper.reports.baseline import Judged, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What ``--output-format``, ``--report``, ``--baseline`` and ``--write-baseline`` said."""

    form: str
    reports: tuple[tuple[str, str], ...] = ()
    baseline: str | None = None
    write_baseline: str | None = None

    def known(self) -> list[Known] | None:
        """The entries of the baseline, None if there is none; to be called before the work begins.

        Raises UsageError for options that contradict each other, ConfigError for a file that is no baseline.
        """
        files = [file for _, file in self.reports] + [file for file in (self.baseline, self.write_baseline) if file is not None]
        if self.baseline is not None and self.write_baseline is not None:
            raise click.UsageError("--baseline and --write-baseline contradict each other: a new baseline accepts all there is")
        if len({os.path.realpath(file) for file in files}) != len(files):
            raise click.UsageError("two reports cannot go to one file")
        return None if self.baseline is None else _read(self.baseline)

    def judge(self, findings: Sequence[Finding], known: Sequence[Known] | None) -> Judged:
        """The findings to report; with ``--write-baseline`` none, because the new baseline accepts them all."""
        from mapper.reports.baseline import Judged, judge  # noqa: PLC0415 - --help needs no baseline

        if self.write_baseline is not None:
            return Judged((), tuple(findings))
        return Judged(tuple(findings)) if known is None else judge(findings, known, _shown(self.baseline or ""))

    def write(self, text_of: Callable[[str], str], accepted: Sequence[Finding] = ()) -> None:
        """Write all files; ``text_of`` gives the text for a format, ``accepted`` are the findings of a new baseline.

        Each file appears whole or not at all. Raises OutputError if one cannot be written.
        """
        for form, file in self.reports:
            put(Path(file), text_of(form))
        if self.write_baseline is not None:
            from mapper.reports.baseline import document  # noqa: PLC0415 - as above

            put(Path(self.write_baseline), document(accepted))

    def about(self, judged: Judged) -> dict[str, Any]:
        """What a JSON document says about the baseline; nothing if there is none."""
        file = self.baseline or self.write_baseline
        return {} if file is None else {"baseline": {"file": _shown(file), "known": len(judged.known)}}

    def said(self, judged: Judged) -> str:
        """One line for people about the baseline; "" if there is none."""
        from mapper.reports.style import plural, visible  # noqa: PLC0415 - --help needs no report

        if self.write_baseline is not None:
            return f"Baseline written: {visible(_shown(self.write_baseline))} accepts {plural(len(judged.known), 'finding')}\n"
        if self.baseline is None:
            return ""
        return f"Baseline {visible(_shown(self.baseline))}: {plural(len(judged.known), 'known finding')} left out\n"


def _shown(file: str) -> str:
    return file.replace(os.sep, "/")


def _read(file: str) -> list[Known]:
    from mapper.cli.settings.files import failure  # noqa: PLC0415 - --help needs no baseline
    from mapper.findings.base import Issue, Location  # noqa: PLC0415 - as above
    from mapper.findings.config import BadBaseline  # noqa: PLC0415 - as above
    from mapper.reports.baseline import LARGEST, read  # noqa: PLC0415 - as above

    try:
        with Path(file).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise failure(BadBaseline(error.strerror or str(error)), Location(file=_shown(file)), what="the baseline") from error
    known = BadBaseline(f"it has more than {LARGEST >> 20} MiB") if len(data) > LARGEST else read(data)
    if isinstance(known, Issue):
        raise failure(known, Location(file=_shown(file)), what="the baseline")
    return known


def put(path: Path, text: str) -> None:
    """Write a file as a whole: beside its place first, then moved there; raises OutputError."""
    from mapper.errors import OutputError  # noqa: PLC0415 - --help writes nothing

    data = text.encode("utf-8", "backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", suffix=".partial", delete=False) as file:
            partial = Path(file.name)
            try:
                file.write(data)
                file.close()
                partial.chmod(0o644)
                partial.replace(path)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
