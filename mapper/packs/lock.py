"""``mapper.lock``: what every spec of a project extends, pinned by two digests a source."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationError

from mapper.errors import OutputError
from mapper.findings.packs.lock import LockUnreadable
from mapper.spec.located import MAX_BYTES, load_located
from mapper.spec.node import Node
from mapper.spec.place import findings_from

if TYPE_CHECKING:
    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located

LOCK = "mapper.lock"
FORMAT: Literal["mapper-lock/v1"] = "mapper-lock/v1"
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
RelativePath = Annotated[str, Field(pattern=r"^[^/\\~$:][^\\:]*$", max_length=1000)]


class LockedSource(Node):
    """A source that is pinned."""

    source: str = Field(min_length=1, description="The reference, as the spec writes it.", examples=["standard@1"])
    kind: Literal["shipped", "https", "git"] = Field(description="Where it comes from.")
    name: str = Field(description="Name of the pack or spec.", examples=["acme-traffic"])
    version: str = Field(description="Its version.", examples=["1.2.0"])
    sha256: Digest = Field(description="Of the bytes as they were fetched; for git, of a plain tar of the folder's files.")
    files: Digest = Field(description="Of the files that it holds, by name: what a copy in the tree must have.")
    meaning: Digest = Field(description="Of its rules with all that they extend, as values: layout and comments do not count.")
    bytes: int = Field(ge=0, description="How many bytes were fetched.")
    commit: str | None = Field(None, pattern=r"^[0-9a-f]{40,64}$", description="The commit, for git.")
    vendored: RelativePath | None = Field(None, description="Folder of its copy in the tree, relative to the lock file.")


class LockedSpec(Node):
    """A spec of the project, and all that it extends."""

    path: RelativePath = Field(description="The spec's file, relative to the lock file.", examples=["specs/street.yaml"])
    sources: list[str] = Field(description="All pinned sources that it reaches.", examples=[["standard@1"]])


class Lock(Node):
    """The lock file of a project."""

    lock: Literal["mapper-lock/v1"] = Field(description="Form of this file.")
    specs: list[LockedSpec] = Field(description="The specs, by path.")
    sources: list[LockedSource] = Field(description="The sources, by reference.")

    def source(self, reference: str) -> LockedSource | None:
        """The entry of a reference."""
        return next((entry for entry in self.sources if entry.source == reference), None)

    def spec(self, path: str) -> LockedSpec | None:
        """The entry of a spec."""
        return next((entry for entry in self.specs if entry.path == path), None)


@dataclass(frozen=True, slots=True)
class LockFile:
    """A lock file: where it is, what it holds (None if it is not there or damaged), and what was found in it."""

    path: Path
    lock: Lock | None = None
    located: Located | None = None
    found: tuple[tuple[Issue, Location | None], ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of the project."""
        return self.path.parent

    def relative(self, path: Path) -> str:
        """A path as the lock file writes it; OutputError if it lies elsewhere."""
        full, root = path.resolve(), self.folder.resolve()
        if not full.is_relative_to(root):
            raise OutputError(f"{path} does not lie below the folder of {self.path}")
        return full.relative_to(root).as_posix()

    def place(self, reference: str) -> Location | None:
        """Where the entry of a reference stands."""
        if self.lock is None or self.located is None:
            return None
        return next((self.located.place(("sources", i)) for i, entry in enumerate(self.lock.sources) if entry.source == reference), None)


def read_lock(path: Path, shown: str = "") -> LockFile:
    """The lock file at a path, which findings call ``shown``; one that is not there is empty."""
    if not path.is_file():
        return LockFile(path)
    located = load_located(path.read_bytes()[: MAX_BYTES + 1], shown or str(path))
    if not located.valid or not isinstance(located.value, dict):
        issues = [issue.message() for issue, _ in located.findings] or ["it holds no mapping"]
        place = located.findings[0][1] if located.findings else located.place(())
        return LockFile(path, None, located, ((LockUnreadable(issues[0]), place),))
    try:
        return LockFile(path, Lock.model_validate_json(json.dumps(located.value)), located)
    except ValidationError as error:
        found = findings_from(error, located, Lock)
        return LockFile(path, None, located, tuple((LockUnreadable(issue.message()), place) for issue, place in found[:1]))


def lock_text(lock: Lock) -> str:
    """The lock file's text: the same lock gives the same bytes, and every entry stands on lines of its own."""
    document = lock.model_dump(exclude_none=True)
    document["specs"].sort(key=lambda entry: entry["path"])
    document["sources"].sort(key=lambda entry: entry["source"])
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write_lock(path: Path, lock: Lock) -> None:
    """Write a lock file, whole or not at all; raises OutputError if the disk refuses."""
    try:
        handle, name = mkstemp(dir=path.parent, prefix=".mapper-lock-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(lock_text(lock))
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
