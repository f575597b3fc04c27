"""Loads a spec: bytes, strict values with places, version, parameters, model, semantic checks. In that order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mapper.errors import SpecError
from mapper.findings.base import Severity
from mapper.findings.collector import Collector
from mapper.findings.spec import TooManyProblems
from mapper.findings.spec_meaning.loading import NotAMapping, SpecNotFound
from mapper.resources import shipped_packs
from mapper.spec.beside import read_beside
from mapper.spec.located import Located, load_located
from mapper.spec.model import MappingSpec
from mapper.spec.parameters import substitute
from mapper.spec.place import findings_from
from mapper.spec.semantics import CHECKS
from mapper.spec.suggest import near
from mapper.spec.version import check_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cvat.model import LabelSpec
    from mapper.findings.base import Issue, Location

Found = tuple["Issue", "Location | None"]

MOST = 1000
"""How many findings of an invalid spec are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSpec:
    """A valid spec with its places, digests, and the documents that stand beside it.

    ``sha256``: of the bytes. ``meaning``: of the values after parameters, with keys sorted, so that layout and comments
    do not count. ``labels``: the label schema that the spec names, empty if it names none; ``ontology``: the document of
    the ontology that it names, or None. ``findings``: hints.
    """

    spec: MappingSpec
    located: Located
    sha256: str
    meaning: str
    parameters: Mapping[str, Any]
    labels: tuple[LabelSpec, ...] = ()
    ontology: dict[str, Any] | None = None
    findings: tuple[Found, ...] = field(default=())

    def place(self, pointer: tuple[str | int, ...]) -> Location:
        """Where a part of the spec stands."""
        return self.located.place(pointer)


def load_spec(reference: str | Path, parameters: Mapping[str, str] | None = None) -> LoadedSpec:
    """The spec of a file, or a shipped pack by its name.

    Raises SpecError with all findings if it is not valid.
    """
    loaded, found, _ = read_spec(reference, parameters or {})
    if loaded is None:
        collector = Collector()
        collector.extend(found)
        raise SpecError(f"{reference} is not a valid mapping spec", collector.findings())
    return loaded


def spec_file(reference: str | Path) -> Path:
    """The file that a reference means: a shipped pack's name, or a path."""
    packs = shipped_packs()
    return packs[str(reference)] if str(reference) in packs else Path(reference)


def read_spec(reference: str | Path, parameters: Mapping[str, str]) -> tuple[LoadedSpec | None, list[Found], Located | None]:
    """The spec (None if it is not valid), what was found, and the text that the findings point into.

    Of an invalid spec at most MOST findings are given, errors first, and one that says so.
    """
    loaded, found, located = _read(reference, parameters)
    if loaded is not None or len(found) <= MOST:
        return loaded, found, located
    kept = sorted(found, key=lambda entry: entry[0].severity < Severity.ERROR)
    return None, [*kept[:MOST], (TooManyProblems(MOST), kept[MOST][1])], located


def _read(reference: str | Path, parameters: Mapping[str, str]) -> tuple[LoadedSpec | None, list[Found], Located | None]:
    path = spec_file(reference)
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [(_not_found(str(reference), error), None)], None
    shown = f"{path.parent.name}/{path.name}" if str(reference) in shipped_packs() else str(path)
    located = load_located(data, shown)
    found: list[Found] = list(located.findings)
    if not located.valid:
        return None, found, located
    if not isinstance(located.value, dict):
        return None, [*found, (NotAMapping(), located.place(()))], located
    return *_validated(path, data, located, parameters, found), located


def _not_found(reference: str, error: OSError) -> SpecNotFound:
    why = "neither a shipped pack nor a file" if isinstance(error, FileNotFoundError) else error.strerror or "unreadable"
    return SpecNotFound(reference, why, near(reference, shipped_packs()))


def _validated(
    path: Path, data: bytes, located: Located, parameters: Mapping[str, str], found: list[Found]
) -> tuple[LoadedSpec | None, list[Found]]:
    wrong = check_version(located)
    if wrong:
        return None, [*found, *wrong]
    value, chosen, problems = substitute(located, parameters)
    if problems:
        return None, [*found, *problems]
    try:
        spec = MappingSpec.model_validate_json(json.dumps(value))
    except ValidationError as error:
        return None, [*found, *findings_from(error, replace(located, value=value), MappingSpec)]
    for check in CHECKS:
        found += check(spec, located)
    documents, missing = read_beside(spec, path, located)
    found += missing
    if any(issue.severity >= Severity.ERROR for issue, _ in found):
        return None, found
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    loaded = LoadedSpec(
        spec=spec,
        located=located,
        sha256=sha256(data).hexdigest(),
        meaning=sha256(canonical).hexdigest(),
        parameters=chosen,
        labels=documents.labels,
        ontology=documents.ontology,
        findings=tuple(found),
    )
    return loaded, found
