"""Examples of the codes of packs: a spec in the current folder, and what it extends in a cache beside it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapper import validate
from mapper.findings.collector import Collector
from mapper.packs.archive import write_archive
from mapper.packs.building import check_pack
from mapper.packs.cache import VARIABLE, Cache
from mapper.packs.fetch import Fetcher
from mapper.packs.hosts import HostPolicy
from mapper.packs.lock import read_lock, write_lock
from mapper.packs.locking import make_lock
from tests.support.packs import traffic, write_pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mapper.findings.base import Finding

Found = tuple["Sequence[Finding]", dict[str, tuple[str, ...]]]
SOURCE = "https://packs.example/traffic-1.2.0.tar"
HEAD = "apiVersion: mapping/v1\nkind: MappingSpec\nmetadata: {name: street, version: 1.0.0}\nextends:\n"
MANIFEST = {"apiVersion": "mapping/v1", "kind": "Pack", "name": "traffic", "version": "1.2.0", "description": "x", "license": "MIT"}

GAPS = {
    "PCK617": "tests/packs/test_hostile: an archive that unpacks to more than 32 MiB",
    "PCK623": "tests/packs/test_hostile: a server that forwards",
    "PCK624": "tests/packs/test_hostile: a server that never ends",
    "PCK625": "tests/packs/test_hostile: a server that is slow",
    "PCK626": "tests/packs/test_hostile: a server that is not there",
    "PCK627": "tests/packs/test_hostile: a machine without git",
}


@contextmanager
def _cache() -> Iterator[Cache]:
    """A cache in the current folder."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = "cache"
    try:
        yield Cache(Path("cache"))
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def _checked(*entries: str, locked: bool = False, lock: Any = None) -> Found:
    """What is found in a spec that extends these, beside a lock file."""
    Path("street.yaml").write_text(HEAD + "".join(f"  - {entry}\n" for entry in entries), "utf-8")
    if lock is not None:
        Path("mapper.lock").write_text(lock if isinstance(lock, str) else json.dumps(lock), "utf-8")
    with _cache():
        checked = validate("street.yaml", locked=locked)
    return checked.findings, dict(checked.texts)


def _archive(files: Mapping[str, bytes] | bytes, source: str = SOURCE) -> str:
    """Put an archive into the cache; an entry that pins it."""
    with _cache() as cache:
        digest = cache.put(files if isinstance(files, bytes) else write_archive(files))
    return f"{{source: {source}, digest: sha256:{digest}}}"


def _pack(document: Any, specs: Mapping[str, str] | None = None, **more: Any) -> dict[str, bytes]:
    """The files of a pack with one spec."""
    manifest = MANIFEST | {"specs": specs or {"traffic": "traffic.yaml"}} | more
    return {"pack.yaml": json.dumps(manifest).encode(), "traffic.yaml": json.dumps(document).encode()}


def _lock(specs: Sequence[Any] = ()) -> dict[str, Any]:
    return {"lock": "mapper-lock/v1", "specs": list(specs), "sources": []}


def _other_meaning() -> Found:
    _checked("source: standard@1")
    with _cache() as cache:
        made = make_lock([Path("street.yaml")], read_lock(Path("mapper.lock")), cache, Fetcher()).lock
    assert made is not None
    wrong = [entry.model_copy(update={"meaning": "0" * 64}) for entry in made.sources]
    write_lock(Path("mapper.lock"), made.model_copy(update={"sources": wrong}))
    return _checked("source: standard@1", locked=True)


def _not_known() -> Found:
    _checked("source: standard@1")
    with _cache() as cache:
        made = make_lock([Path("street.yaml")], read_lock(Path("mapper.lock")), cache, Fetcher()).lock
    assert made is not None
    write_lock(Path("mapper.lock"), made.model_copy(update={"specs": []}))
    return _checked("source: standard@1", locked=True)


def _built() -> Found:
    checked = check_pack(write_pack(Path("pack"), tests={"traffic": ["tests/lorries.yaml"]}))
    collector = Collector()
    collector.extend(checked.found)
    return collector.findings(), {file: tuple(lines) for file, lines in checked.texts.items()}


def _fetched(source: str, policy: HostPolicy) -> Callable[[], Found]:
    def run() -> Found:
        Path("street.yaml").write_text(f"{HEAD}  - source: {source}\n", "utf-8")
        with _cache() as cache:
            made = make_lock([Path("street.yaml")], read_lock(Path("mapper.lock")), cache, Fetcher(policy))
        collector = Collector()
        collector.extend(made.found)
        return collector.findings(), {file: tuple(lines) for file, lines in made.texts.items()}

    return run


def _foreign() -> Found:
    head = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "traffic", "version": "1.2.0"}}
    return _checked(_archive(_pack(head | {"extends": [{"source": "../../secrets.yaml"}]})))


def _versions() -> Found:
    other = _pack(traffic(version="1.1.0"), version="1.1.0")
    return _checked(_archive(_pack(traffic())), _archive(other, "https://packs.example/traffic-1.1.0.tar"))


def pack_examples() -> dict[str, Callable[[], Found]]:
    """The examples by code; each runs in the current folder."""
    unpinned, pinned = f"source: {SOURCE}", f"{{source: {SOURCE}, digest: sha256:{'0' * 64}}}"
    return {
        "SPC289": _versions,
        "PCK601": lambda: _checked("source: standard@1", locked=True),
        "PCK602": lambda: _checked("source: standard@1", locked=True, lock="<<<<<<< ours\n"),
        "PCK603": lambda: _checked("source: standard@1", locked=True, lock=_lock()),
        "PCK604": lambda: _checked(unpinned),
        "PCK605": _not_known,
        "PCK606": lambda: _checked(f"{{source: standard@1, digest: sha256:{'0' * 64}}}"),
        "PCK607": _other_meaning,
        "PCK608": lambda: _checked(pinned),
        "PCK610": lambda: _checked(_archive({"README.md": b"", "rules.txt": b""})),
        "PCK611": _built,
        "PCK612": lambda: _checked(_archive(_pack(traffic()), f"{SOURCE}//nigth")),
        "PCK613": _foreign,
        "PCK614": lambda: _checked(_archive(b"PK\x03\x04 broken off")),
        "PCK615": lambda: _checked(_archive({"../../.bashrc": b""})),
        "PCK616": lambda: _checked(_archive(_link())),
        "PCK618": lambda: _checked(_archive({".git/hooks/post-checkout": b""})),
        "PCK621": _fetched(SOURCE, HostPolicy()),
        "PCK622": _fetched("https://127.0.0.1/traffic.tar", HostPolicy(allowed=frozenset({"127.0.0.1"}))),
    }


def _link() -> bytes:
    """A tar with a symbolic link."""
    plain = bytearray(write_archive({"labels.json": b""}))
    plain[156:157], plain[157:168] = b"2", b"/etc/passwd"
    plain[148:156] = b" " * 8
    plain[148:156] = b"%06o\0 " % sum(plain[:512])
    return bytes(plain)
