"""Gathers a spec and all that it extends: each document once, in one order, without circles."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapper.findings.base import Issue, Severity
from mapper.findings.spec_meaning.extending import ExtendsCycle, TooManyParents, TwoVersions
from mapper.findings.spec_meaning.loading import NotAMapping
from mapper.spec.deciding import undecided
from mapper.spec.located import Located, load_located
from mapper.spec.model import Identifier, Metadata, Parent, Requires
from mapper.spec.place import findings_from
from mapper.spec.version import check_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.findings.base import Location
    from mapper.spec.sources import Source, Sources

Found = tuple["Issue", "Location | None"]

MAX_LEVELS = 8
"""How deep specs may extend one another."""
MAX_DOCUMENTS = 64
"""How many entries of ``extends`` are followed in all."""
MAX_MIB = 16
"""How much text the parents may have in all."""


class Head(BaseModel):
    """What each document of a merged spec must state for itself, since its child's would hide it."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, defer_build=True)

    apiVersion: Literal["mapping/v1"]  # noqa: N815 - the users' key
    kind: Literal["MappingSpec"]
    metadata: Metadata
    requires: Requires | None = None
    extends: list[Parent] = Field(default=[], min_length=1)
    disable: list[Identifier] = Field(default=[], min_length=1)


@dataclass(slots=True, eq=False)
class Document:
    """One document of a family, with its parents in the order of its entries."""

    source: Source
    located: Located
    head: Head | None = None
    parents: list[Document] = field(default_factory=list)

    @property
    def value(self) -> dict[str, Any]:
        """The document as written."""
        value = self.located.value
        return value if isinstance(value, dict) else {}

    def family(self) -> list[Document]:
        """This document and all that it extends: each once, before its parents, in the order of the entries."""
        done: dict[int, Document] = {}

        def visit(document: Document) -> None:
            for parent in reversed(document.parents):
                if id(parent) not in done:
                    visit(parent)
            done[id(document)] = document

        visit(self)
        return list(reversed(done.values()))


def extends(value: Any) -> bool:
    """Whether a document says anything about parents."""
    return isinstance(value, dict) and ("extends" in value or "disable" in value)


def gather(root: Document, sources: Sources) -> list[Found]:
    """Read all that a document extends, into ``parents``; what was found, errors if it cannot be merged."""
    gathering = _Gathering(sources)
    gathering.add(root, [root])
    return [*gathering.found, *gathering.versions(root)]


class _Gathering:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.found: list[Found] = []
        self.known: dict[tuple[str, ...], Document] = {}
        self.followed = 0
        self.size = 0

    def add(self, document: Document, chain: list[Document]) -> None:
        """Check the head of a document and read its parents; ``chain`` leads to it from the root."""
        self.known[document.source.identity] = document
        located = document.located
        wrong: list[Found] = list(check_version(located) or undecided(located))
        try:
            document.head = Head.model_validate_json(json.dumps(located.value))
        except ValidationError as error:
            wrong += [] if wrong else findings_from(error, located, Head)
        self.found += wrong
        if document.head is None or wrong:
            return
        for index, entry in enumerate(document.head.extends):
            place = located.place(("extends", index, "source"))
            self.followed += 1
            if limit := self._over(len(chain)):
                self.found.append((limit, place))
                return
            parent = self._parent(entry, document, chain)
            if isinstance(parent, Issue):
                self.found.append((parent, place))
            elif parent is not None and parent not in document.parents:
                document.parents.append(parent)

    def _over(self, levels: int) -> Issue | None:
        """The limit that the next entry would break, if it does."""
        if levels > MAX_LEVELS:
            return TooManyParents(MAX_LEVELS, "levels")
        if self.followed > MAX_DOCUMENTS:
            return TooManyParents(MAX_DOCUMENTS, "entries")
        return TooManyParents(MAX_MIB, "MiB") if self.size > MAX_MIB << 20 else None

    def _parent(self, entry: Parent, document: Document, chain: list[Document]) -> Document | Issue | None:
        source = self.sources.find(entry.source, entry.digest, document.source)
        if isinstance(source, Issue):
            return source
        known = self.known.get(source.identity)
        if known in chain:
            files = [one.source.title for one in chain[chain.index(known) :]]
            return ExtendsCycle(" > ".join([*files, files[0]]))
        if known is not None:
            return known
        self.size += len(source.data)
        located = load_located(source.data, source.file)
        self.found += located.findings
        parent = Document(source, located)
        if located.valid and isinstance(located.value, dict):
            self.add(parent, [*chain, parent])
        elif located.valid:
            self.found.append((NotAMapping(), located.place(())))
        return parent

    def versions(self, root: Document) -> Iterator[Found]:
        """Packs that are reached in two versions, or in two documents that claim to be one version."""
        first: dict[str, Source] = {}
        for document in root.family():
            source = document.source
            name, version = source.pack
            before = first.setdefault(name, source) if name else source
            if (before.pack, before.sha256) != (source.pack, source.sha256):
                same = before.pack == source.pack
                shown = (f"{before.pack[1]} ({before.file})", f"{version} ({source.file})") if same else (before.pack[1], version)
                yield TwoVersions(name, *shown), root.located.key_place(("extends",))


def errors(found: list[Found]) -> bool:
    """Whether anything found is an error."""
    return any(issue.severity >= Severity.ERROR for issue, _ in found)


def with_texts(root: Document) -> Located:
    """The text of the root, and those of its parents for excerpts."""
    return replace(root.located, parents=tuple(one.located for one in root.family()[1:]))


def canonical(value: Any) -> str:
    """The sha256 of values, with keys sorted, so that layout and comments do not count."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
