"""Specs before any data is read: checked against a label schema, and compared with each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper.cvat.readers import open_export
from mapper.encord.ontology_json import ontology_problems
from mapper.engine.analysis.check import check_spec
from mapper.engine.analysis.counting import Counter, Met
from mapper.engine.analysis.coverage import TOTAL
from mapper.engine.analysis.difference import Compared
from mapper.engine.analysis.difference import compare as compare_specs
from mapper.engine.analysis.versions import version_notes
from mapper.engine.calm import calm_collection
from mapper.errors import SourceError
from mapper.findings.base import Severity
from mapper.findings.collector import Collector
from mapper.spec.beside import read_labels_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mapper.cvat.model import LabelSpec
    from mapper.findings.base import Finding
    from mapper.places.place import Place
    from mapper.spec.load import LoadedSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What the analysis of a spec found; ``witnesses[i]`` is a CVAT XML that shows ``findings[i]``, "" if there is none."""

    findings: tuple[Finding, ...]
    witnesses: tuple[str, ...]
    counts: Mapping[str, int]

    @property
    def ok(self) -> bool:
        """Whether nothing of severity error was found."""
        return all(finding.severity < Severity.ERROR for finding in self.findings)

    def worst(self) -> Severity | None:
        """The highest severity found."""
        return max((finding.severity for finding in self.findings), default=None)


def check(loaded: LoadedSpec, labels: Sequence[LabelSpec], ontology: Mapping[str, Any] | None, budget: int | None = None) -> Check:
    """Analyse a spec over a label schema; SourceError if there is none, or if the ontology cannot be used."""
    if not labels:
        raise SourceError("there is no label schema to check the spec against")
    if ontology is not None and (problems := ontology_problems(dict(ontology))):
        raise SourceError(f"the given ontology cannot be used: {problems[0].path} {problems[0].text}")
    with calm_collection():
        found = check_spec(loaded, labels, ontology, budget or TOTAL)
        return Check(
            findings=tuple(note.finding() for note in found.notes),
            witnesses=tuple(note.witness.xml if note.witness else "" for note in found.notes),
            counts=found.counts._asdict(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two specs do differently; ``met[i]`` says which shapes and tracks of the exports ``compared.differences[i]`` concerns.

    ``findings``: the version rose by too little, or something could not be decided. ``shapes``: how many shapes on images the
    exports hold, None if there were none to count on; ``tracks``: how many tracks.
    """

    before: LoadedSpec
    after: LoadedSpec
    compared: Compared
    met: Mapping[int, Met]
    shapes: int | None
    findings: tuple[Finding, ...]
    tracks: int = 0


def compare(
    first: LoadedSpec, then: LoadedSpec, labels: Sequence[LabelSpec], sources: Sequence[Place], budget: int | None = None
) -> Comparison:
    """What two specs do differently over a label schema: the given one, else that of the exports, else that of the specs."""
    schema = tuple(labels)
    if not schema:
        declared = [label for source in sources for label in labels_of_export(source)]
        schema = tuple({label.name: label for label in reversed(declared)}.values()) or then.labels or first.labels
    with calm_collection():
        found = compare_specs(first, then, schema, budget or TOTAL)
    counter = Counter(first, then, found.differences)
    for source in sources:
        with open_export(source, Collector()) as reader:
            counter.take(reader.images(), reader.file)
            counter.take_tracks(reader.tracks(), reader.file)
    notes = tuple(note.finding() for note in version_notes(first, then, found))
    return Comparison(
        before=first,
        after=then,
        compared=found,
        met=counter.met,
        shapes=counter.shapes if sources else None,
        findings=notes,
        tracks=counter.tracks,
    )


def read_labels(path: Path) -> tuple[LabelSpec, ...]:
    """The label schema of a file of CVAT's label JSON; SourceError if it is none."""
    labels, problems = read_labels_file(path)
    if problems:
        raise SourceError(f"{path} cannot be used: {problems[0].message()}")
    return labels


def labels_of_export(source: Place) -> tuple[LabelSpec, ...]:
    """The label schema that an export declares; SourceError if it cannot be read, or declares none."""
    with open_export(source, Collector()) as reader:
        labels = reader.export.labels
    if not labels:
        raise SourceError(f"{source} declares no labels")
    return labels
