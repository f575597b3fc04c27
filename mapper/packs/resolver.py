"""Finds what specs extend, as the lock file pins it; the network is used only if a fetcher is given."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.base import Issue
from mapper.findings.packs.content import ForeignName
from mapper.findings.packs.lock import DigestDiffers, LockMissing, LockStale, MeaningDiffers, NoDigest, NotFetched, NotLocked
from mapper.findings.spec_meaning.extending import BadSource
from mapper.packs.cache import Cache, digest_of
from mapper.packs.contents import PackFolder, document_name, files_digest, files_of, open_pack, within
from mapper.packs.lock import LockedSource
from mapper.spec.load import meaning_of
from mapper.spec.references import NO_VARIABLES, File, Git, Shipped, masked, parse
from mapper.spec.sources import Source, local, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.packs.archive import Files
    from mapper.packs.fetch import Fetcher
    from mapper.packs.lock import LockFile
    from mapper.spec.references import Web


class Pinned(NamedTuple):
    """A source that was reached: its document, and what the lock file says of it."""

    source: Source
    entry: LockedSource


@dataclass(slots=True)
class PackSources:
    """Files of the project, shipped packs, and packs from elsewhere.

    ``locked``: every source that is no file of the project must stand in the lock file, and be what it says. ``fetcher``
    None: only what is in the cache or in the tree is used. ``renew``: fetch anew whatever the lock file pins. ``reached``
    fills with all sources that are no files of the project, ``touched`` with their references.
    """

    file: LockFile
    cache: Cache
    locked: bool = False
    fetcher: Fetcher | None = None
    renew: bool = False
    reached: dict[str, Pinned] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def find(self, source: str, digest: str | None, of: Source) -> Source | Issue:
        """The document that a reference means, its digests compared with what pins it."""
        reference = parse(source)
        inside = isinstance(of.home, PackFolder)
        if isinstance(reference, str):
            return ForeignName(source, reference) if inside and reference == NO_VARIABLES else BadSource(masked(source), reference)
        if isinstance(reference, File):
            found = within(reference, of) if inside else local(reference, of)
            return found if isinstance(found, Issue) else _checked(found, source, digest)
        self.touched.add(source)
        known = self.reached.get(source)
        if known is None:
            pinned = self._shipped(reference, source) if isinstance(reference, Shipped) else self._remote(reference, source, digest)
            if isinstance(pinned, Issue):
                return pinned
            known = self.reached[source] = pinned
        return _checked(known.source, source, digest)

    def measure(self) -> list[MeaningDiffers]:
        """Find out what each source means that was reached, and give those that mean something else than what is pinned."""
        different: list[MeaningDiffers] = []
        for name, (source, entry) in list(self.reached.items()):
            meaning = meaning_of(source, self)
            self.reached[name] = Pinned(source, entry.model_copy(update={"meaning": meaning}))
            pin = None if self.renew else self._pin(name)
            if pin is not None and (self.locked or entry.kind != "shipped") and pin.meaning != meaning:
                different.append(MeaningDiffers(name))
        return different

    def stale(self, path: str) -> Issue | None:
        """What is wrong with what the lock file says of a spec as a whole, if it must be right."""
        if not self.locked or self.file.lock is None:
            return None
        known = self.file.lock.spec(path)
        if known is None:
            return LockStale(f"it does not know the spec {path}") if self.touched else None
        gone = sorted(set(known.sources) - self.touched)
        return LockStale(f"{path} does not extend {gone[0]!r} any more") if gone else None

    def _pin(self, source: str) -> LockedSource | None:
        return self.file.lock.source(source) if self.file.lock is not None else None

    def _unlocked(self, source: str) -> Issue | None:
        """What is wrong if a source is not in the lock file though it has to be."""
        if not self.locked or self._pin(source) is not None:
            return None
        return LockMissing(source) if self.file.lock is None else NotLocked(source)

    def _shipped(self, reference: Shipped, source: str) -> Pinned | Issue:
        found = shipped(reference, source)
        if isinstance(found, Issue):
            return found
        if issue := self._unlocked(source):
            return issue
        digest = digest_of(found.data)
        pin = self._pin(source)
        if self.locked and pin is not None and pin.sha256 != digest:
            return DigestDiffers(source, digest, pin.sha256)
        made = replace(found, sha256=digest)
        name = os.path.basename(found.file)  # noqa: PTH119 - a shown name, no path
        return Pinned(made, _entry(source, "shipped", made, {name: found.data}, len(found.data)))

    def _remote(self, reference: Web | Git, source: str, digest: str | None) -> Pinned | Issue:
        pin = None if self.renew else self._pin(source)
        stated = digest.removeprefix("sha256:") if digest else None
        if self.fetcher is None and (issue := self._unlocked(source)):
            return issue
        if pin is not None and stated not in {None, pin.sha256}:
            if self.fetcher is None:
                return LockStale(f"it pins {source!r} by another digest than the entry does")
            pin = None
        wanted = pin.sha256 if pin is not None else None if self.renew else stated
        held = self._held(reference, source, pin, wanted)
        if isinstance(held, Issue):
            return held
        files, found, size, commit = held
        opened = open_pack(reference, source, files, found)
        if isinstance(opened, Issue):
            return opened
        kind = "git" if isinstance(reference, Git) else "https"
        entry = _entry(source, kind, opened, files, size)
        known = self._pin(source)
        vendored = known.vendored if known is not None and known.files == entry.files else None
        return Pinned(opened, entry.model_copy(update={"commit": commit, "vendored": vendored}))

    def _held(
        self, reference: Web | Git, source: str, pin: LockedSource | None, wanted: str | None
    ) -> tuple[Files, str, int, str | None] | Issue:
        """The files of a source, their digest, size and commit: from the tree, the cache or the network."""
        if pin is not None and pin.vendored is not None:
            files = tree_files(self.file.folder / pin.vendored)
            digest = files_digest(files)
            return (files, pin.sha256, pin.bytes, pin.commit) if digest == pin.files else DigestDiffers(source, digest, pin.files)
        data = self.cache.get(wanted) if wanted is not None else None
        commit = pin.commit if pin is not None else None
        if data is None:
            if self.fetcher is None:
                return NoDigest(source) if wanted is None else NotFetched(source)
            fetched = self.fetcher.fetch(reference, source)
            if isinstance(fetched, Issue):
                return fetched
            data, commit = fetched
        digest = digest_of(data)
        if wanted is not None and digest != wanted:
            return DigestDiffers(source, digest, wanted)
        unpacked = files_of(data, source, document_name(reference))
        if isinstance(unpacked, Issue):
            return unpacked
        if self.fetcher is not None:
            self.cache.put(data)
        return unpacked, digest, len(data), commit


def _checked(found: Source, source: str, digest: str | None) -> Source | Issue:
    """The source, if it has the digest that its entry states."""
    has = found.sha256 or digest_of(found.data)
    wanted = digest.removeprefix("sha256:") if digest else has
    return found if has == wanted else DigestDiffers(source, has, wanted)


def _entry(source: str, kind: str, found: Source, files: Files, size: int) -> LockedSource:
    return LockedSource.model_validate(
        {
            "source": source, "kind": kind, "name": found.pack[0], "version": found.pack[1], "sha256": found.sha256,
            "files": files_digest(files), "meaning": "0" * 64, "bytes": size,
        }
    )  # fmt: skip


def tree_files(folder: Path) -> Files:
    """The files below a folder by name; links and hidden files, which no pack has, are left out."""
    found: Files = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in name.split("/")):
            found[name] = path.read_bytes()
    return found
