"""What a caller chooses about a run, and what a run gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.findings.base import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from mapper.engine.assembly import MediaMode
    from mapper.findings.base import Finding
    from mapper.pipeline.pool import Start
    from mapper.places.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a caller may choose about a run; mapping decisions stand in the spec instead.

    ``fps``: frames a second of videos, if known. ``frame_size``: width and height in pixels of frames for which the export
    gives none. ``group_size``: the most images of a group, 0 for no limit.
    ``jobs``: how many processes read one large XML of images, 0 for as many as there are usable cores; ``part_bytes``: the least
    that is worth a process; ``start``: how processes start, ``here`` for parts in this one, one after the other.
    ``today``: the day by which waivers are judged; None judges none, so that a run does not depend on the day.
    """

    media: MediaMode = "auto"
    fps: float | None = None
    frame_size: tuple[int, int] | None = None
    group_size: int = 0
    ontology: dict[str, Any] | None = None
    dataset_title: str | None = None
    project_title: str | None = None
    include_jobs: tuple[str, ...] = ("annotation",)
    map_filename: Callable[[str], str] | None = None
    media_dir: Place | None = None
    check_media: bool = True
    strict: bool = False
    keep_partial: bool = False
    force: bool = False
    counted: Callable[[Sequence[Finding]], Sequence[Finding]] | None = None
    today: date | None = None
    jobs: int = 1
    part_bytes: int = 4 << 20
    start: Start = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a conversion gave: ``out`` is None if nothing was published, ``parts`` says in how many the export was read."""

    out: Place | None
    findings: tuple[Finding, ...]
    ledger: dict[str, Any]
    bundle: dict[str, Any]
    ontology: dict[str, Any] = field(repr=False)
    parts: int = 1

    @property
    def ok(self) -> bool:
        """Whether nothing of severity error was found."""
        return all(finding.severity < Severity.ERROR for finding in self.findings)

    @property
    def stats(self) -> dict[str, int]:
        """Counts of images and of what became of their elements."""
        return self.ledger["images"] | self.ledger["totals"]  # type: ignore[no-any-return]

    def worst(self) -> Severity | None:
        """The highest severity found."""
        return max((finding.severity for finding in self.findings), default=None)
