"""What a batch runs with, what it tells meanwhile, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.batch.order import Choices
from mapper.findings.base import Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from mapper.batch.ontologies import Mode
    from mapper.batch.order import Row
    from mapper.batch.sources import Export
    from mapper.findings.base import Finding
    from mapper.places.place import Place
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

    out: Place | None
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
