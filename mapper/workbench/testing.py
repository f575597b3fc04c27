"""Everything that tests a spec: its own cases, those in files beside it, golden cases; and which rules they reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper.engine.cases import CaseResult, run_cases
from mapper.errors import SpecError
from mapper.findings.base import Severity, location_dict
from mapper.findings.collector import Collector
from mapper.packs.opening import load_pinned, read_pinned
from mapper.resources import shipped_packs
from mapper.spec.case_files import case_files, read_cases
from mapper.spec.load import LoadedSpec, spec_file
from mapper.spec.waivers import expired
from mapper.workbench.golden import golden_cases, run_golden

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from mapper.findings.base import Finding, Location
    from mapper.workbench.golden import GoldenResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One test: ``file`` it stands in, ``kind`` case or golden; of a golden case ``differences``, of others the rest."""

    __test__ = False  # not one of pytest's

    file: str
    kind: str
    name: str
    passed: bool
    expected: tuple[dict[str, Any], ...] = ()
    actual: tuple[dict[str, Any], ...] = ()
    rule: str = ""
    reasons: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The form of JSON reports, without what is empty."""
        record: dict[str, Any] = {"file": self.file, "kind": self.kind, "name": self.name, "passed": self.passed}
        if self.kind == "case":
            record |= {"expected": list(self.expected), "actual": list(self.actual), "rule": self.rule or None}
        lists = {"reasons": self.reasons, "differences": self.differences, "updated": self.updated}
        return record | {key: list(value) for key, value in lists.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """All tests of a spec: ``covered`` are the rules in which a shape of some test ended; ``rules`` all, with their places.

    ``loaded`` is None if the spec is not valid; ``in_tests`` says that only its tests are to blame. ``broken``: files of
    tests that cannot be run. ``texts``: lines by file, for excerpts. ``what``: the kind of document that is not valid.
    """

    name: str
    loaded: LoadedSpec | None
    findings: tuple[Finding, ...]
    texts: Mapping[str, tuple[str, ...]]
    results: tuple[TestResult, ...] = ()
    rules: tuple[tuple[str, Location], ...] = ()
    covered: frozenset[str] = frozenset()
    in_tests: bool = False
    broken: bool = False
    what: str = "mapping spec"

    @property
    def ok(self) -> bool:
        """Whether every test could be run and passed."""
        return self.loaded is not None and not self.broken and all(result.passed for result in self.results)

    @property
    def percent(self) -> float:
        """How many of a hundred rules are covered."""
        return 100 * sum(rule in self.covered for rule, _ in self.rules) / len(self.rules) if self.rules else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The form of JSON reports."""
        missing = [{"rule": rule, "spec": location_dict(place)} for rule, place in self.rules if rule not in self.covered]
        return {
            "file": self.name,
            "ok": self.ok,
            "findings": [finding.as_dict() for finding in self.findings],
            "tests": [result.as_dict() for result in self.results],
            "coverage": {
                "rules": len(self.rules),
                "covered": len(self.rules) - len(missing),
                "percent": round(self.percent, 2),
                "missing": missing,
            },
        }


def run_suite(
    reference: str,
    parameters: Mapping[str, str],
    *,
    locked: bool = False,
    today: date | None = None,
    update: bool = False,
    name: str = "",
    more: Sequence[Path] = (),
) -> Suite:
    """Run all tests of a spec; ``name`` is what reports call it, ``more`` are files of tests that do not lie beside it.

    With ``update``, golden cases are written anew.
    """
    loaded, found, located = read_pinned(reference, parameters, locked=locked)
    collector = Collector()
    collector.extend(found)
    texts = dict(located.texts) if located else {}
    if loaded is None:
        section = located.values.get(("tests",)) if located else None
        errors = [place for issue, place in found if issue.severity >= Severity.ERROR]
        inside = section is not None and all(place and section.line <= place.line <= section.end_line for place in errors)
        return Suite(name=name or reference, loaded=None, findings=tuple(collector.findings()), texts=texts, in_tests=inside)
    collector.extend(expired(loaded, today))
    results = [_of_case(loaded.located.file, result) for result in run_cases(loaded)]
    covered = {result.rule for result in results}
    files = list(dict.fromkeys((*case_files(spec_file(reference)), *more)))
    broken = _in_files(files, reference, parameters, loaded, collector, results, texts, locked=locked)
    covered |= {result.rule for result in results}
    for case in golden_cases(spec_file(reference)):
        golden = run_golden(case, reference, parameters, locked=locked, update=update)
        covered |= golden.rules
        results.append(_of_golden(_shown(reference, case), golden))
    return Suite(
        name=name or reference,
        loaded=loaded,
        findings=tuple(collector.findings()),
        texts=texts,
        results=tuple(results),
        rules=tuple((rule.id, loaded.place(("rules", number, "id"))) for number, rule in enumerate(loaded.spec.rules)),
        covered=frozenset(covered),
        broken=broken,
    )


def _in_files(
    files: Sequence[Path],
    reference: str,
    parameters: Mapping[str, str],
    loaded: LoadedSpec,
    collector: Collector,
    results: list[TestResult],
    texts: dict[str, tuple[str, ...]],
    *,
    locked: bool,
) -> bool:
    """Run the tests in files of their own; whether some could not be run."""
    broken = False
    for path in files:
        read = read_cases(path, {rule.id for rule in loaded.spec.rules}, _shown(reference, path))
        collector.extend(read.findings)
        texts[read.file] = read.lines
        broken |= not read.valid
        try:
            spec = load_pinned(reference, {**read.parameters, **parameters}, locked=locked) if read.parameters else loaded
        except SpecError as error:
            results.append(TestResult(file=read.file, kind="case", name="parameters", passed=False, reasons=(_first(error),)))
            continue
        results += [_of_case(read.file, result) for result in run_cases(spec, read.cases)]
    return broken


def _first(error: SpecError) -> str:
    return str(error.findings[0].message) if error.findings else str(error)


def _of_case(file: str, result: CaseResult) -> TestResult:
    return TestResult(
        file=file, kind="case", name=result.name, passed=result.passed, expected=result.expected, actual=result.actual,
        rule=result.rule, reasons=result.reasons,
    )  # fmt: skip


def _shown(reference: str, path: Path) -> str:
    """A path as reports name it; of a shipped pack its place below ``rules``, wherever that is installed."""
    packs = shipped_packs()
    return path.relative_to(packs[reference].parents[1]).as_posix() if reference in packs else str(path)


def _of_golden(file: str, golden: GoldenResult) -> TestResult:
    return TestResult(
        file=file, kind="golden", name=golden.name, passed=golden.passed, differences=golden.differences, updated=golden.updated
    )
