"""Tests that stand beside a spec, in files of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mapper.findings.base import Severity
from mapper.findings.spec_meaning.loading import SpecNotFound
from mapper.spec.cases import CaseFile
from mapper.spec.located import load_located
from mapper.spec.place import findings_from
from mapper.spec.semantics.cases import unsaid

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from mapper.findings.base import Issue, Location
    from mapper.spec.cases import Case

ENDINGS = (".test.yaml", ".test.yml", ".test.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCases:
    """A file of tests: ``cases`` are empty if it is not valid, which ``findings`` then say. ``lines``: for excerpts."""

    file: str
    cases: tuple[Case, ...]
    parameters: dict[str, str]
    findings: tuple[tuple[Issue, Location | None], ...]
    lines: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether its tests can be run."""
        return all(issue.severity < Severity.ERROR for issue, _ in self.findings)


def case_files(spec: Path) -> list[Path]:
    """The files of tests beside a spec, by name: ``STEM.test.yaml`` and ``STEM.ANYTHING.test.yaml``."""
    found = [path for path in sorted(spec.parent.glob("*")) if path.name.endswith(ENDINGS) and path.is_file()]
    return [path for path in found if path.name.startswith(f"{spec.stem}.")]


def read_cases(path: Path, ids: Collection[str], shown: str = "") -> ReadCases:
    """Read a file of tests; ``ids`` are those of the spec's rules, ``shown`` is the name that findings give."""
    name = shown or str(path)
    try:
        located = load_located(path.read_bytes(), name)
    except OSError as error:
        unread = SpecNotFound(name, error.strerror or "unreadable")
        return ReadCases(file=name, cases=(), parameters={}, findings=((unread, None),), lines=())
    found: list[tuple[Issue, Location | None]] = list(located.findings)
    content = None
    if located.valid:
        try:
            content = CaseFile.model_validate_json(json.dumps(located.value))
        except ValidationError as error:
            found += findings_from(error, located, CaseFile)
    if content is not None:
        found += unsaid(content.tests, ids, located)
    valid = content is not None and all(issue.severity < Severity.ERROR for issue, _ in found)
    return ReadCases(
        file=name,
        cases=tuple(content.tests) if content and valid else (),
        parameters={name: _text(value) for name, value in content.parameters.items()} if content else {},
        findings=tuple(found),
        lines=located.lines,
    )


def _text(value: str | float) -> str:
    """A value as ``--set`` takes it."""
    return value if isinstance(value, str) else json.dumps(value)
