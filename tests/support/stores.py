"""An object store on this machine: objects in memory behind http, with range requests, faults on demand, and a list of what was asked.

Web addresses reach it through fsspec's own http. For writing there is a small file system of fsspec's kind, which speaks the
store's verbs (GET, HEAD, PUT, DELETE, and a listing by prefix) and is registered for ``s3`` as long as a test needs it.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

import fsspec
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BREAK = 0
"""A fault: half of the answer comes, and the connection ends."""


class Asked(NamedTuple):
    """One request: what was asked for, and how many bytes of a body were sent."""

    verb: str
    path: str
    range: str
    sent: int


@dataclass
class Store:
    """A store at ``port``; ``faults`` are statuses (or BREAK) for the next requests of a verb, ``denied`` paths answer 403."""

    port: int = 0
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    faults: dict[str, list[int]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    ranges: bool = True
    held: dict[str, threading.Event] = field(default_factory=dict)
    reached: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def hold(self, *paths: str) -> threading.Event:
        """Let whoever gets these wait until the event is set; ``reached`` counts who does."""
        event = threading.Event()
        self.held |= dict.fromkeys(paths, event)
        return event

    @property
    def web(self) -> str:
        """The address of the store for http."""
        return f"http://127.0.0.1:{self.port}"

    def add(self, place: Path, below: str) -> None:
        """Put a file, or all files of a folder, below a path."""
        if place.is_file():
            self.objects[f"{below}/{place.name}"] = place.read_bytes()
            return
        for file in sorted(place.rglob("*")):
            if file.is_file():
                self.objects[f"{below}/{place.name}/{file.relative_to(place).as_posix()}"] = file.read_bytes()

    def below(self, prefix: str) -> dict[str, bytes]:
        """The objects below a path, by their names in it."""
        return {name.removeprefix(prefix + "/"): data for name, data in sorted(self.objects.items()) if name.startswith(prefix + "/")}

    def sent(self, verb: str = "GET") -> int:
        """Bytes that were sent in answer to a verb."""
        return sum(asked.sent for asked in self.asked if asked.verb == verb)

    def count(self, verb: str) -> int:
        """How often a verb was used."""
        return sum(asked.verb == verb for asked in self.asked)


class _Handler(BaseHTTPRequestHandler):
    store: ClassVar[Store]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Print nothing."""

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        if (event := self.store.held.get(self._path())) is not None and not event.is_set():
            self.store.reached.release()
            event.wait(60)
        self._answer("GET")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._fault("PUT"):
            return
        self.store.objects[self._path()] = body
        self._send("PUT", 200, b"")

    def _path(self) -> str:
        return unquote(urlsplit(self.path).path).strip("/")

    def _fault(self, verb: str) -> bool:
        if self._path() in self.store.denied:
            self._send(verb, 403, b"<Error>AccessDenied</Error>")
            return True
        waiting = self.store.faults.get(verb, [])
        if not waiting or waiting[0] == BREAK:
            return False
        self._send(verb, waiting.pop(0), b"")
        return True

    def _answer(self, verb: str) -> None:
        store, path = self.store, self._path()
        query = parse_qs(urlsplit(self.path).query)
        if self._fault(verb):
            return
        if "prefix" in query:
            self._send(verb, 200, json.dumps({name: len(data) for name, data in store.objects.items() if name.startswith(path)}).encode())
        elif path not in store.objects:
            self._send(verb, 404, b"")
        elif verb == "DELETE":
            del store.objects[path]
            self._send(verb, 204, b"")
        else:
            self._object(verb, store.objects[path])

    def _object(self, verb: str, data: bytes) -> None:
        wanted = self.headers.get("Range", "")
        if not wanted or not self.store.ranges:
            self._send(verb, 200, data)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(data)), len(data) - 1)
        self._send(verb, 206, data[start : end + 1], f"bytes {start}-{end}/{len(data)}")

    def _send(self, verb: str, status: int, body: bytes, part: str = "") -> None:
        waiting = self.store.faults.get(verb, [])
        broken = bool(waiting) and waiting[0] == BREAK and status in {200, 206}
        if broken:
            waiting.pop(0)
        sent = b"" if verb == "HEAD" else body[: len(body) // 2] if broken else body
        self.store.asked.append(Asked(verb, self._path(), self.headers.get("Range", ""), len(sent)))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.store.ranges:
            self.send_header("Accept-Ranges", "bytes")
        if part:
            self.send_header("Content-Range", part)
        self.end_headers()
        try:
            self.wfile.write(sent)
        except ConnectionError:
            broken = True
        self.close_connection = broken or self.close_connection


@contextmanager
def running_store() -> Iterator[Store]:
    """A store as long as the context lasts; it is what ``s3`` means then."""
    store = Store()
    handler = type("Handler", (_Handler,), {"store": store})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    store.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    LoopbackFileSystem.port = store.port
    fsspec.register_implementation("s3", LoopbackFileSystem, clobber=True)
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def dask_setup(_worker: object) -> None:
    """Let a worker of a cluster, in a process of its own, reach the store: what Dask calls of a preloaded module."""
    LoopbackFileSystem.port = int(os.environ["LOOPBACK_STORE_PORT"])
    fsspec.register_implementation("s3", LoopbackFileSystem, clobber=True)


class AnsweredError(Exception):
    """What the store answered, as the libraries of stores say it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the store answered {status}")
        self.status = status


AnsweredError.__module__ = "s3fs.errors"  # stands in for a library's own


class LoopbackFile(AbstractBufferedFile):  # type: ignore[misc]  # fsspec has no types
    """A file of the store, read by ranges."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        return self.fs.ask("GET", self.path, {"Range": f"bytes={start}-{end - 1}"})  # type: ignore[no-any-return]


def _key(path: str) -> str:
    return str(LoopbackFileSystem._strip_protocol(path))


class LoopbackFileSystem(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """The verbs of the store, as a file system of fsspec's."""

    protocol = ("s3", "s3a")
    port: ClassVar[int] = 0

    def ask(self, verb: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None, query: str = "") -> bytes:
        """The body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request(verb, "/" + quote(path) + query, body, headers or {})
            answer = connection.getresponse()
            data = answer.read()
        except Exception as error:
            raise OSError(f"connection lost: {error}") from error
        finally:
            connection.close()
        if answer.status == 404:
            raise FileNotFoundError(path)
        if answer.status == 403:
            raise PermissionError(f"the store answered 403 for {path}")
        if answer.status >= 400:
            raise AnsweredError(answer.status)
        return data

    def _listed(self, path: str) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.ask("GET", path, query="?prefix=1"))
        return found

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """What there is at a path."""
        path = _key(path)
        found = self._listed(path)
        if path in found:
            return {"name": path, "size": found[path], "type": "file"}
        if any(name.startswith(path + "/") for name in found):
            return {"name": path, "size": 0, "type": "directory"}
        raise FileNotFoundError(path)

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:  # noqa: FBT001, FBT002 - fsspec's signature
        """What is right below a path."""
        path = _key(path)
        found: dict[str, dict[str, Any]] = {}
        for name, size in self._listed(path + "/").items():
            inner = name.removeprefix(path + "/")
            first, slash, _rest = inner.partition("/")
            kind = "directory" if slash else "file"
            found[first] = {"name": f"{path}/{first}", "size": 0 if slash else size, "type": kind}
        if not found:
            raise FileNotFoundError(path)
        return list(found.values()) if detail else [entry["name"] for entry in found.values()]

    def _open(self, path: str, mode: str = "rb", **kwargs: Any) -> LoopbackFile:
        kwargs.pop("block_size", None)
        kwargs.pop("autocommit", None)
        return LoopbackFile(self, path, mode, **kwargs)

    def put_file(self, lpath: str, rpath: str, **_: Any) -> None:
        """Write a file of this machine."""
        with open(lpath, "rb") as file:  # noqa: PTH123 - fsspec's signature gives a text
            self.ask("PUT", _key(rpath), body=file.read())

    def rm_file(self, path: str) -> None:
        """Remove an object."""
        self.ask("DELETE", _key(path))
