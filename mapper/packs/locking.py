"""What the commands ``pack lock``, ``update``, ``sync`` and ``vendor`` do: the only work that may use the network."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from mapper.errors import OutputError
from mapper.findings.base import Issue, Location
from mapper.findings.packs.lock import DigestDiffers
from mapper.packs.cache import digest_of
from mapper.packs.contents import document_name, files_digest, files_of
from mapper.packs.lock import FORMAT, Lock, LockedSource, LockedSpec, LockFile
from mapper.packs.resolver import PackSources, tree_files
from mapper.spec.documents import errors
from mapper.spec.load import read_spec
from mapper.spec.references import Git, Web, masked, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.packs.archive import Files
    from mapper.packs.cache import Cache
    from mapper.packs.fetch import Fetcher
    from mapper.spec.load import LoadedSpec

Found = tuple[Issue, Location | None]


@dataclass(slots=True, kw_only=True)
class Locked:
    """A new lock (None if a spec cannot be locked), what was found, texts for excerpts, and the specs before and after."""

    lock: Lock | None
    found: list[Found] = field(default_factory=list)
    texts: dict[str, Sequence[str]] = field(default_factory=dict)
    specs: list[tuple[str, LoadedSpec | None, LoadedSpec]] = field(default_factory=list)


def make_lock(specs: Sequence[Path], file: LockFile, cache: Cache, fetcher: Fetcher, *, renew: bool = False) -> Locked:
    """Pin what specs extend; what the lock file holds of other specs of the project stays.

    ``renew`` fetches everything anew. Otherwise what is pinned stays pinned, and must still be what it was.
    """
    outcome = Locked(lock=None, found=list(file.found))
    sources = PackSources(file, cache, fetcher=fetcher, renew=renew)
    before = PackSources(file, cache)
    old = file.lock or Lock(lock=FORMAT, specs=[], sources=[])
    given = {file.relative(path) for path in specs}
    kept = [entry for entry in old.specs if entry.path not in given and (file.folder / entry.path).is_file()]
    made: list[LockedSpec] = []
    for path in specs:
        sources.touched.clear()
        loaded, found, located = read_spec(path, {}, sources)
        outcome.found += found
        outcome.texts |= located.texts if located is not None else {}
        if loaded is not None:
            made.append(LockedSpec(path=file.relative(path), sources=sorted(sources.touched)))
            outcome.specs.append((file.relative(path), read_spec(path, {}, before)[0] if file.lock is not None else None, loaded))
    if not errors(outcome.found):
        outcome.found += [(issue, file.place(issue.source)) for issue in sources.measure()]
    if not errors(outcome.found):
        needed = {name for entry in kept for name in entry.sources} - sources.reached.keys()
        entries = [pinned.entry for pinned in sources.reached.values()] + [entry for entry in old.sources if entry.source in needed]
        outcome.lock = Lock(lock=FORMAT, specs=[*made, *kept], sources=sorted(entries, key=lambda entry: entry.source))
    return outcome


def synced(file: LockFile, cache: Cache, fetcher: Fetcher) -> tuple[list[str], list[Found]]:
    """Fetch what the lock file names and the cache lacks: what was fetched, and what could not be had."""
    fetched: list[str] = []
    found: list[Found] = list(file.found)
    for entry in file.lock.sources if file.lock is not None else ():
        if entry.kind == "shipped" or entry.vendored is not None or cache.get(entry.sha256) is not None:
            continue
        data = _fetched(entry, cache, fetcher)
        if isinstance(data, Issue):
            found.append((data, file.place(entry.source)))
        else:
            fetched.append(entry.source)
    return fetched, found


def _fetched(entry: LockedSource, cache: Cache, fetcher: Fetcher) -> bytes | Issue:
    """The bytes of a pinned source, from the cache or the network; nothing else than what is pinned is kept."""
    data = cache.get(entry.sha256)
    if data is not None:
        return data
    fetched = fetcher.fetch(remote(entry.source), entry.source)
    if isinstance(fetched, Issue):
        return fetched
    if (digest := digest_of(fetched.data)) != entry.sha256:
        return DigestDiffers(entry.source, digest, entry.sha256)
    cache.put(fetched.data)
    return fetched.data


def remote(source: str) -> Web | Git:
    """The reference of a lock file's entry; OutputError if it is none that could have been locked."""
    reference = parse(source)
    if not isinstance(reference, Web | Git):
        raise OutputError(f"the lock file names {masked(source)!r}, which cannot be fetched")
    return reference


def vendored(folder: Path, file: LockFile, cache: Cache, fetcher: Fetcher) -> tuple[Lock | None, list[Found]]:
    """Copy what is pinned into a folder of the project; the lock with the copies recorded (None if something is missing)."""
    found: list[Found] = list(file.found)
    entries: list[LockedSource] = []
    if file.lock is None:
        return None, found
    for entry in file.lock.sources:
        if entry.kind == "shipped":
            entries.append(entry)
            continue
        files = _files(entry, file, cache, fetcher)
        if isinstance(files, Issue):
            found.append((files, file.place(entry.source)))
            continue
        target = folder / f"{_word(entry.name)}-{_word(entry.version)}-{entry.files[:8]}"
        _copy(files, target, entry)
        entries.append(entry.model_copy(update={"vendored": file.relative(target)}))
    return (None if errors(found) else file.lock.model_copy(update={"sources": entries})), found


def _files(entry: LockedSource, file: LockFile, cache: Cache, fetcher: Fetcher) -> Files | Issue:
    if entry.vendored is not None:
        files = tree_files(file.folder / entry.vendored)
        if files_digest(files) == entry.files:
            return files
    data = _fetched(entry, cache, fetcher)
    return data if isinstance(data, Issue) else files_of(data, entry.source, document_name(remote(entry.source)))


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]|^[.-]+", "_", text) or "pack"


def _copy(files: Files, target: Path, entry: LockedSource) -> None:
    """Write the files below a folder that appears whole; one that is there must hold the same."""
    if target.exists():
        if files_digest(tree_files(target)) == entry.files:
            return
        raise OutputError(f"{target} is in the way, and holds something else; remove it first")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        making = Path(mkdtemp(dir=target.parent, prefix=".mapper-vendor-"))
        try:
            for name, data in files.items():
                path = making / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            making.chmod(0o755)
            making.rename(target)
        except OSError:
            shutil.rmtree(making, ignore_errors=True)
            raise
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
