"""Loads a spec: bytes, strict values with places, what it extends, version, parameters, model, semantic checks. In that order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
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
from mapper.spec.deciding import undecided
from mapper.spec.documents import Document, canonical, errors, extends, gather, with_texts
from mapper.spec.located import Located, load_located
from mapper.spec.merge import merge
from mapper.spec.model import MappingSpec
from mapper.spec.parameters import substitute
from mapper.spec.place import findings_from
from mapper.spec.semantics import CHECKS
from mapper.spec.sources import LocalSources, root_source
from mapper.spec.suggest import near
from mapper.spec.version import check_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cvat.model import LabelSpec
    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Pointer
    from mapper.spec.sources import Folder, Source, Sources

Found = tuple["Issue", "Location | None"]

MOST = 1000
"""How many findings of an invalid spec are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSpec:
    """A valid spec with its places, digests, and the documents that stand beside it.

    ``sha256``: of the bytes. ``meaning``: of the values after merging and parameters, with keys sorted, so that layout
    and comments do not count. ``family``: the documents that it is made of, itself first. ``labels``: the label schema
    that the spec names, empty if it names none; ``ontology``: the document of the ontology that it names, or None.
    ``findings``: hints.
    """

    spec: MappingSpec
    located: Located
    sha256: str
    meaning: str
    parameters: Mapping[str, Any]
    labels: tuple[LabelSpec, ...] = ()
    ontology: dict[str, Any] | None = None
    findings: tuple[Found, ...] = field(default=())
    family: tuple[Source, ...] = ()

    def place(self, pointer: tuple[str | int, ...]) -> Location:
        """Where a part of the spec stands."""
        return self.located.place(pointer)


def load_spec(reference: str | Path, parameters: Mapping[str, str] | None = None, sources: Sources | None = None) -> LoadedSpec:
    """The spec of a file, or a shipped pack by its name.

    ``sources`` finds what it extends: without one, files of its project and shipped packs. Raises SpecError with all
    findings if it is not valid.
    """
    loaded, found, _ = read_spec(reference, parameters or {}, sources)
    if loaded is None:
        collector = Collector()
        collector.extend(found)
        raise SpecError(f"{reference} is not a valid mapping spec", collector.findings())
    return loaded


def spec_file(reference: str | Path) -> Path:
    """The file that a reference means: a shipped pack's name, or a path."""
    packs = shipped_packs()
    return packs[str(reference)] if str(reference) in packs else Path(reference)


def read_spec(
    reference: str | Path, parameters: Mapping[str, str], sources: Sources | None = None
) -> tuple[LoadedSpec | None, list[Found], Located | None]:
    """The spec (None if it is not valid), what was found, and the text that the findings point into."""
    path = spec_file(reference)
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [(_not_found(str(reference), error), None)], None
    is_shipped = str(reference) in shipped_packs()
    shown = f"{path.parent.name}/{path.name}" if is_shipped else str(path)
    return read_source(root_source(path, data, shown, shipped=is_shipped), parameters, sources)


def read_source(
    source: Source, parameters: Mapping[str, str], sources: Sources | None = None
) -> tuple[LoadedSpec | None, list[Found], Located]:
    """The same for a document that is at hand already.

    Of an invalid spec at most MOST findings are given, errors first, and one that says so.
    """
    loaded, found, located = _read(source, parameters, sources)
    if loaded is not None or len(found) <= MOST:
        return loaded, found, located
    kept = sorted(found, key=lambda entry: entry[0].severity < Severity.ERROR)
    return None, [*kept[:MOST], (TooManyProblems(MOST), kept[MOST][1])], located


def _read(source: Source, parameters: Mapping[str, str], sources: Sources | None) -> tuple[LoadedSpec | None, list[Found], Located]:
    """The same, with all findings."""
    located = load_located(source.data, source.file)
    found: list[Found] = list(located.findings)
    if not located.valid:
        return None, found, located
    if not isinstance(located.value, dict):
        return None, [*found, (NotAMapping(), located.place(()))], located
    root = Document(source, located)
    if extends(located.value):
        found += gather(root, sources or LocalSources())
        if errors(found):
            return None, found, with_texts(root)
        located, problems = merge(root)
        found += problems
        if errors(problems):
            return None, found, located
    return *_validated(root, located, parameters, found), located


def meaning_of(source: Source, sources: Sources | None = None) -> str:
    """The digest of what a document means with all that it extends, its parameters at their defaults.

    It is computed for documents that cannot be merged, too: what they mean then is their own values.
    """
    root = Document(source, load_located(source.data, source.file))
    located = root.located
    if extends(located.value) and not errors(gather(root, sources or LocalSources())):
        located, _ = merge(root)
    return canonical(substitute(located, {})[0] if isinstance(located.value, dict) else located.value)


def _not_found(reference: str, error: OSError) -> SpecNotFound:
    why = "neither a shipped pack nor a file" if isinstance(error, FileNotFoundError) else error.strerror or "unreadable"
    return SpecNotFound(reference, why, near(reference, shipped_packs()))


def _validated(
    root: Document, located: Located, parameters: Mapping[str, str], found: list[Found]
) -> tuple[LoadedSpec | None, list[Found]]:
    wrong = check_version(root.located) or undecided(root.located)
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
    family = root.family()
    documents, missing = read_beside(spec, partial(_folder, family, located), located)
    found += missing
    if errors(found):
        return None, found
    loaded = LoadedSpec(
        spec=spec,
        located=located,
        sha256=sha256(root.source.data).hexdigest(),
        meaning=canonical(value),
        parameters=chosen,
        labels=documents.labels,
        ontology=documents.ontology,
        findings=tuple(found),
        family=tuple(document.source for document in family),
    )
    return loaded, found


def _folder(family: list[Document], located: Located, pointer: Pointer) -> Folder:
    """The folder of the document in which a part of the spec was written."""
    home = located.home(pointer).document
    return next((document.source.folder for document in family if document.located is home), family[0].source.folder)
