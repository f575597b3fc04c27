"""The Python face: convert an export, validate a spec. Data problems are findings in the result, never exceptions.

A spec can be checked without engine, pipeline and readers, and importing these takes longer than the check: so each
function imports what it runs, and the names of the results are looked up when they are used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from mapper.errors import SourceError
from mapper.findings.collector import Collector
from mapper.media.naming import MAPPINGS
from mapper.packs.opening import load_pinned, read_pinned
from mapper.places.opening import folder_of, place_of, target_of
from mapper.resources import shipped_packs
from mapper.spec.load import LoadedSpec
from mapper.spec.waivers import expired

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import date
    from typing import Unpack

    from mapper.batch.calling import BatchChoices
    from mapper.batch.order import Row
    from mapper.batch.setting import BatchResult, News
    from mapper.cvat.model import LabelSpec
    from mapper.engine.assembly import MediaMode
    from mapper.engine.cases import CaseResult
    from mapper.findings.base import Finding
    from mapper.pipeline import Result
    from mapper.places.place import Place
    from mapper.workbench.analysis import Check, Comparison, labels_of_export, read_labels
    from mapper.workbench.explain import Answer, Hits

__all__ = [
    "BatchResult", "CaseResult", "Check", "Comparison", "LoadedSpec", "Result", "Validation", "batch", "check", "compare", "convert",
    "explain", "labels_of_export", "load_spec", "read_labels", "rule_hits", "run_tests", "shipped_packs", "validate",
]  # fmt: skip

_ANALYSIS = "mapper.workbench.analysis"
_LAZY = {
    "BatchResult": "mapper.batch.setting",
    "CaseResult": "mapper.engine.cases", "Check": _ANALYSIS, "Comparison": _ANALYSIS, "Result": "mapper.pipeline",
    "labels_of_export": _ANALYSIS, "read_labels": _ANALYSIS,
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'mapper.api' has no attribute {name!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Whether a spec is valid, and everything that was found.

    ``lines`` is its text, and ``texts`` are those of all files that findings point into, for excerpts.
    """

    spec: LoadedSpec | None
    findings: tuple[Finding, ...]
    file: str
    lines: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the spec can be run."""
        return self.spec is not None


def load_spec(reference: str | Path, parameters: Mapping[str, str] | None = None, *, locked: bool = False) -> LoadedSpec:
    """The spec of a file, or a shipped pack by its name, with all that it extends.

    ``locked``: what it extends must be pinned by mapper.lock, and be what that says. Raises SpecError with all findings if
    it is not valid.
    """
    return load_pinned(reference, parameters or {}, locked=locked)


def validate(
    spec: str | Path, *, parameters: Mapping[str, str] | None = None, locked: bool = False, today: date | None = None
) -> Validation:
    """Check a mapping spec (a file, or a shipped pack's name) without any data; ``locked`` as in `load_spec`.

    ``today`` judges its waivers.
    """
    loaded, found, located = read_pinned(spec, parameters or {}, locked=locked)
    collector = Collector()
    for issue, place in (*found, *(expired(loaded, today) if loaded else ())):
        collector.add(issue, spec=place)
    return Validation(
        spec=loaded,
        findings=tuple(collector.findings()),
        file=located.file if located else str(spec),
        lines=located.lines if located else (),
        texts=located.texts if located else {},
    )


def check(
    spec: str | Path | LoadedSpec,
    labels: str | Path | Sequence[LabelSpec] | None = None,
    *,
    parameters: Mapping[str, str] | None = None,
    ontology: str | Path | Mapping[str, Any] | None = None,
    budget: int | None = None,
) -> Check:
    """Analyse a spec over a label schema (CVAT's label JSON, or labels; else that which the spec names) before any data is read.

    What costs more than ``budget`` steps (8,000,000) is unknown. Raises SpecError, or SourceError without a readable schema.
    """
    from mapper.workbench import analysis  # noqa: PLC0415 - a check without labels needs no engine

    loaded = spec if isinstance(spec, LoadedSpec) else load_spec(spec, parameters)
    schema = analysis.read_labels(Path(labels)) if isinstance(labels, str | Path) else tuple(labels or loaded.labels)
    return analysis.check(loaded, schema, _ontology(ontology), budget)


def compare(
    before: str | Path | LoadedSpec,
    after: str | Path | LoadedSpec,
    *,
    labels: str | Path | Sequence[LabelSpec] | None = None,
    sources: Sequence[Path | Place] = (),
    budget: int | None = None,
) -> Comparison:
    """What two specs do differently over the given label schema, else the exports', else the specs', else over what they mention.

    ``budget`` as for `check`. Raises SpecError and SourceError.
    """
    from mapper.workbench import analysis  # noqa: PLC0415 - a check without labels needs no engine

    first, then = (spec if isinstance(spec, LoadedSpec) else load_spec(spec) for spec in (before, after))
    schema = analysis.read_labels(Path(labels)) if isinstance(labels, str | Path) else tuple(labels or ())
    return analysis.compare(first, then, schema, sources, budget)


def run_tests(spec: str | Path, *, parameters: Mapping[str, str] | None = None, locked: bool = False) -> list[CaseResult]:
    """Run the tests that stand in a spec, inherited ones among them; raises SpecError if it is not valid."""
    from mapper.engine.cases import run_cases  # noqa: PLC0415 - a check of a spec needs no engine

    return run_cases(load_spec(spec, parameters, locked=locked))


def convert(
    source: str | Path,
    out: str | Path | None = None,
    *,
    spec: str | Path | LoadedSpec = "standard",
    parameters: Mapping[str, str] | None = None,
    locked: bool = False,
    ontology: str | Path | Mapping[str, Any] | None = None,
    media: MediaMode = "auto",
    fps: float | None = None,
    frame_size: tuple[int, int] | None = None,
    group_size: int = 0,
    include_jobs: Collection[str] = ("annotation",),
    media_dir: str | Path | None = None,
    map_filename: str | None = None,
    map_filename_to_cvat_name: Callable[[str], str] | None = None,
    check_media: bool = True,
    dataset_title: str | None = None,
    project_title: str | None = None,
    strict: bool = False,
    keep_partial: bool = False,
    force: bool = False,
    counted: Callable[[Sequence[Finding]], Sequence[Finding]] | None = None,
    today: date | None = None,
    jobs: int = 1,
) -> Result:
    """Convert a CVAT export to an Encord bundle at ``out``; without ``out`` nothing is written.

    ``source``, ``out``, ``media_dir``: also URLs. ``media``: what a task's data become; ``auto`` makes a video of video data, unless the
    export holds its frames as images, and single images of all else. ``fps`` and ``frame_size`` (width, height) stand in for what the
    export does not say, ``group_size`` splits groups.
    ``map_filename_to_cvat_name`` takes a media file's path (below ``images/``) and gives the image name in the export;
    ``map_filename`` names a ready one: exact, stem, basename, basename-stem. Either goes before the spec's ``media.filenames``.
    ``check_media`` compares the media that are there with the export, as far as Pillow and PyAV are installed (extra ``media``).
    ``include_jobs``: of backups, the types of jobs that are converted (annotation, ground_truth, consensus_replica).
    ``counted`` says which findings count under ``strict``, all if it is not given; ``today`` the day by which waivers are judged, if any.
    ``jobs``: processes that read one large XML side by side, 0 for one a core. Raises SpecError, SourceError, OutputError, LedgerError.
    """
    from mapper.pipeline import Options, run  # noqa: PLC0415 - a check of a spec needs no engine

    loaded = spec if isinstance(spec, LoadedSpec) else load_spec(spec, parameters, locked=locked)
    options = Options(
        media=media, fps=fps, frame_size=frame_size, group_size=group_size, include_jobs=tuple(include_jobs), ontology=_ontology(ontology),
        dataset_title=dataset_title, project_title=project_title, check_media=check_media,
        media_dir=folder_of(media_dir) if media_dir is not None else None,
        map_filename=map_filename_to_cvat_name or (MAPPINGS[map_filename] if map_filename is not None else None),
        strict=strict, keep_partial=keep_partial, force=force, counted=counted, today=today, jobs=jobs,
    )  # fmt: skip
    return run(place_of(source), loaded, target_of(out) if out is not None else None, options)


def batch(
    sources: str | Path | Sequence[str | Path],
    out: str | Path | None = None,
    *,
    spec: str | Path = "standard",
    parameters: Mapping[str, str] | None = None,
    locked: bool = False,
    ontology: str | Path | Mapping[str, Any] | None = None,
    ontology_per_export: bool = False,
    jobs: int | None = None,
    executor: Executor | None = None,
    resume: bool = False,
    force: bool = False,
    stop: Callable[[Row], bool] | None = None,
    hear: Callable[[News], None] | None = None,
    **choices: Unpack[BatchChoices],
) -> BatchResult:
    """Convert many CVAT exports to bundles below ``out``, with an index; without ``out`` nothing is written.

    ``sources``: exports, patterns, ``@FILE`` for a list, folders of exports. All bundles have one ontology, unless
    ``ontology_per_export``, or a given one. ``jobs``: processes that convert side by side, as many as there are usable cores if it is
    not given; an ``executor`` of `concurrent.futures` takes their place. ``resume`` goes on with a batch at ``out``: what is complete,
    by its digests, is not converted again. ``stop`` is asked for each export whether the run shall end, ``hear`` is told of each.
    ``choices`` are those of `convert`, and URLs are taken as there. Raises SpecError; SourceError if a source holds no export; OutputError.
    """
    from mapper.batch.calling import called  # noqa: PLC0415 - a check of a spec needs no engine

    return called(
        [str(source) for source in ([sources] if isinstance(sources, str | Path) else sources)], None if out is None else target_of(out),
        str(spec), load_spec(spec, parameters, locked=locked), choices, parameters=tuple(sorted((parameters or {}).items())), locked=locked,
        ontology=_ontology(ontology), per_export=ontology_per_export, jobs=jobs, executor=executor, resume=resume, force=force, stop=stop,
        hear=hear,
    )  # fmt: skip


def explain(
    source: str | Path,
    *,
    spec: str | Path | LoadedSpec = "standard",
    parameters: Mapping[str, str] | None = None,
    locked: bool = False,
    ontology: str | Path | Mapping[str, Any] | None = None,
    media: MediaMode = "auto",
    image: str | None = None,
    shape: int | None = None,
    track: str | None = None,
    line: int | None = None,
    label: str | None = None,
    limit: int = 20,
) -> Answer:
    """Tell for chosen shapes and tracks of an export which rule took them, why no earlier one did, and what came of them.

    ``image`` (name or glob), ``shape`` (from 1), ``track`` (id), ``line`` and ``label`` choose. Raises SpecError or SourceError.
    """
    from mapper.pipeline import Options  # noqa: PLC0415 - a check of a spec needs no engine
    from mapper.workbench.choice import Choice  # noqa: PLC0415 - as above
    from mapper.workbench.explain import explain as explain_shapes  # noqa: PLC0415 - as above

    loaded = spec if isinstance(spec, LoadedSpec) else load_spec(spec, parameters, locked=locked)
    choice = Choice(image=image, shape=shape, line=line, label=label, track=track, limit=limit)
    return explain_shapes(place_of(source), loaded, Options(media=media, ontology=_ontology(ontology)), choice)


def rule_hits(
    source: str | Path,
    *,
    spec: str | Path | LoadedSpec = "standard",
    parameters: Mapping[str, str] | None = None,
    locked: bool = False,
    ontology: str | Path | Mapping[str, Any] | None = None,
    media: MediaMode = "auto",
) -> Hits:
    """Count what each rule of a spec decides on an export; nothing is written. Raises SpecError or SourceError."""
    from mapper.pipeline import Options  # noqa: PLC0415 - a check of a spec needs no engine
    from mapper.workbench.explain import hits  # noqa: PLC0415 - as above

    loaded = spec if isinstance(spec, LoadedSpec) else load_spec(spec, parameters, locked=locked)
    return hits(place_of(source), loaded, Options(media=media, ontology=_ontology(ontology)))


def _ontology(given: str | Path | Mapping[str, Any] | None) -> dict[str, Any] | None:
    if given is None or not isinstance(given, str | Path):
        return None if given is None else dict(given)
    try:
        document = orjson.loads(Path(given).read_bytes())
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read the ontology {given}: {error}") from error
    if not isinstance(document, dict):
        raise SourceError(f"{given} is no Encord ontology")
    return document
