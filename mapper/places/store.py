"""The one door to fsspec: a file system of a store, asked with patience, and what it answered kept as long as it is of use."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from mapper.errors import OutputError, SourceError
from mapper.findings.base import Location
from mapper.findings.collector import Collector
from mapper.findings.source.remote import PlaceDenied, PlaceFailed, PlaceLibraryMissing, PlaceRefused, PlaceSecret
from mapper.places.retry import reason, verdict, waits
from mapper.places.urls import LIBRARIES, WEB, parsed, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mapper.findings.base import Issue

T = TypeVar("T")

Fails = type[SourceError] | type[OutputError]


_VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "Content-MD5", "Last-Modified", "LastModified")
"""What libraries call the version of an object, the surest first."""
FOLDERS = 20_000
"""Folders that are listed at most, each with a request of its own."""


class Info(NamedTuple):
    """What a store says of a path: whether it is a folder, the size of a file, and what tells its bytes from others.

    The size is None, and the ``version`` "", if the store does not say.
    """

    folder: bool
    size: int | None
    version: str = ""


def refusal(issue: Issue, fails: Fails, file: str = "") -> SourceError | OutputError:
    """The exception for a place that cannot be used; it carries the finding."""
    findings = Collector()
    findings.add(issue, source=Location(file=file) if file else None)
    return fails(issue.message(), findings.findings())


@dataclass(slots=True)
class Store:
    """A file system of fsspec's; paths are as it has them. ``fails``: what is raised, for sources and for bundles.

    Nothing is kept between runs, for a run makes its own store: listings, sizes and the last small object of this one.
    """

    url: str
    protocol: str
    root: str
    fs: Any = field(repr=False)
    fails: Fails
    infos: dict[str, Info | None] = field(default_factory=dict, repr=False)
    lists: dict[str, dict[str, Info]] = field(default_factory=dict, repr=False)
    tails: dict[str, tuple[int, bytes]] = field(default_factory=dict, repr=False)
    _whole: tuple[str, bytes] = field(default=("", b""), repr=False)
    _open: tuple[str, IO[bytes] | None] = field(default=("", None), repr=False)

    @property
    def web(self) -> bool:
        """Whether it gives single files only."""
        return self.protocol in WEB

    def shown(self, path: str) -> str:
        """The URL of a path for people."""
        if path == self.root or path.startswith(f"{self.root}/"):
            return shown(self.url.rstrip("/") + path[len(self.root) :])
        return shown(path if "://" in path else f"{self.protocol}://{path.lstrip('/')}")

    def info(self, path: str) -> Info | None:
        """What there is at a path, None if nothing; asked once."""
        if path not in self.infos:
            above, _, name = path.rpartition("/")
            known = self._known(above)
            self.infos[path] = known.get(name) if known is not None else self._info(path)
        return self.infos[path]

    def _known(self, folder: str) -> dict[str, Info] | None:
        """What is in a folder, if it was listed, or is in a listed one: several questions about it are to come."""
        above, _, name = folder.rpartition("/")
        outer = self.lists.get(above, {}).get(name)
        return self.list(folder) if outer is not None and outer.folder else self.lists.get(folder)

    def _info(self, path: str) -> Info | None:
        try:
            found = self.ask("ask for", path, lambda: self.fs.info(path))
        except FileNotFoundError:
            return None
        return _info(found)

    def list(self, path: str) -> dict[str, Info]:
        """What is right below a folder, by name; asked once. Raises FileNotFoundError if there is no such folder."""
        if path not in self.lists:
            if self.web:
                self.fail("list", path, "a web server does not list folders")
            if len(self.lists) >= FOLDERS:
                self.fail("list", path, f"no export has more than {FOLDERS} folders")
            found = self.ask("list", path, lambda: self.fs.ls(path, detail=True))
            named = ((entry["name"].rstrip("/"), entry) for entry in found)
            below = {name.rpartition("/")[2]: _info(entry) for name, entry in named if name.strip("/") != path.strip("/")}
            self.lists[path] = {name: below[name] for name in sorted(below) if name}
        return self.lists[path]

    def whole(self, path: str, size: int) -> bytes:
        """All bytes of a small object; those of the last one are kept."""
        if self._whole[0] != path:
            self._whole = (path, self.fetch(path, 0, size))
        return self._whole[1]

    def fetch(self, path: str, start: int, end: int) -> bytes:
        """The bytes of an object from ``start`` to before ``end``."""

        def read() -> bytes:
            file = self._file(path)
            try:
                file.seek(start)
                data = file.read(end - start)
            except BaseException:
                self._open = ("", None)
                raise
            if len(data) != end - start:
                self._open = ("", None)
                raise ConnectionError(f"{len(data)} of {end - start} bytes came")
            return data

        try:
            return self.ask("read", path, read) if end > start else b""
        except FileNotFoundError:
            self.fail("read", path, "it is gone")

    def _file(self, path: str) -> IO[bytes]:
        """The library's own file, which asks for what is read from it and for nothing ahead."""
        name, file = self._open
        if name != path or file is None:
            file = self.fs.open(path, "rb", cache_type="none")
            self._open = (path, file)
        return file

    def put(self, local: Path, path: str) -> None:
        """Put a file of this machine to a path, in place of what is there."""
        try:
            self.ask("write", path, lambda: self.fs.put_file(str(local), path))
        except FileNotFoundError:
            self.fail("write", path, "there is no such bucket")

    def remove(self, path: str) -> None:
        """Remove an object, if it is there."""
        try:
            self.ask("remove", path, lambda: self.fs.rm_file(path))
        except FileNotFoundError:
            return

    def forget(self) -> None:
        """Ask again from here on."""
        for kept in (self.infos, self.lists, self.tails):
            kept.clear()
        self._whole, self._open = ("", b""), ("", None)

    def ask(self, doing: str, path: str, call: Callable[[], T]) -> T:
        """What a call of the library gives, tried again after faults that pass.

        Raises FileNotFoundError, or the store's own exception with its finding (SRC172, SRC173).
        """
        pauses = waits()
        for attempt in range(len(pauses) + 1):
            try:
                return call()
            except Exception as error:
                meant, why = verdict(error), reason(error)
                if meant is None:
                    raise
                if meant == "missing":
                    raise FileNotFoundError(path) from None
                if meant == "denied":
                    raise self._refused(PlaceDenied(doing, self.shown(path), why), path) from None
                if meant == "final" or attempt == len(pauses):
                    raise self._refused(PlaceFailed(doing, self.shown(path), why, attempt + 1), path) from None
                time.sleep(pauses[attempt])
        raise AssertionError  # the last attempt returns or raises

    def fail(self, doing: str, path: str, why: str) -> NoReturn:
        """Raise that something is not possible."""
        raise self._refused(PlaceFailed(doing, self.shown(path), why, 1), path)

    def _refused(self, issue: Issue, path: str) -> SourceError | OutputError:
        return refusal(issue, self.fails, path.rpartition("/")[2])


def _info(found: dict[str, Any]) -> Info:
    size = found.get("size")
    version = next((str(found[key]).strip('"') for key in _VERSIONS if found.get(key)), "")
    return Info(found.get("type") == "directory", int(size) if size is not None else None, version)


def open_store(text: str, fails: Fails) -> tuple[Store, str]:
    """The store of a URL, and the path in it.

    Raises the exception ``fails`` with its finding: the URL cannot be used (SRC169, SRC171), or a library is missing (SRC170).
    """
    url = parsed(text)
    if url.secret:
        raise refusal(PlaceSecret(shown(text)), fails)
    if not url.refused and fails is OutputError and url.protocol in WEB:
        url = url._replace(refused="a web server takes no bundle")
    if url.refused:
        raise refusal(PlaceRefused(shown(text), url.refused, ", ".join(sorted(LIBRARIES))), fails)
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra, and only for a URL

    except ImportError:
        raise refusal(PlaceLibraryMissing(shown(text), "cvat-encord-mapper[remote]"), fails) from None
    try:
        fs, path = url_to_fs(text, skip_instance_cache=True, use_listings_cache=False)
    except ImportError:
        raise refusal(PlaceLibraryMissing(shown(text), LIBRARIES[url.protocol]), fails) from None
    except Exception as error:
        if verdict(error) is None:
            raise
        raise refusal(PlaceDenied("open", shown(text), reason(error)), fails) from None
    path = path.rstrip("/")
    return Store(text, url.protocol, path, fs, fails), path
