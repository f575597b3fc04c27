"""Puts a bundle onto a larger ontology that knows all its objects by their hashes: titles, colours and numbers may differ.

What rows say of an object besides its hash is constant bytes, the same in all rows, so it is replaced without parsing them.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, TYPE_CHECKING, Any

import orjson

from mapper.encord.nodes import name_of
from mapper.encord.shapes.skeleton import constant
from mapper.encord.writers.bundle import FILES, PRETTY, moved, writing
from mapper.encord.writers.rows import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TEXT = rb'"(?:[^"\\]|\\.)*"'
_OBJECT = rb'\{"name":%b,"color":%b,"shape":"[a-z0-9_]+","value":%b,"featureHash":"[^"\\]*"' % ((_TEXT,) * 3)
_VERTEX = rb'"name":%b,"color":%b,"featureHash":"[^"\\]*","value":%b' % ((_TEXT,) * 3)
_PIECE = re.compile(rb"%b|%b" % (_OBJECT, _VERTEX))
"""What rows say of an object or of a skeleton's vertex. No text can hold it: quotes within a text are escaped."""

_MEDIA = b',\n  "media": ['


class Exchange:
    """From what a bundle says of its objects to what another ontology says of them; those that only one of the two has do not matter.

    ``exact``: objects of one title before have one title afterwards; else the ledger, which knows titles only, cannot be put
    right but from the ledger of the first conversion.
    """

    def __init__(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        known = _pieces(after)
        self.pieces = {piece: known[hash_] for hash_, piece in _pieces(before).items() if known.get(hash_, piece) != piece}
        titles = {item["featureNodeHash"]: item["name"] for item in after["objects"]}
        self.titles: dict[str, set[str]] = {}
        for item in before["objects"]:
            if item["featureNodeHash"] in titles:
                self.titles.setdefault(item["name"], set()).add(titles[item["featureNodeHash"]])
        self.exact = all(len(others) == 1 for others in self.titles.values())

    def renames(self) -> bool:
        """Whether any title changes."""
        return any(others != {title} for title, others in self.titles.items())


def _pieces(ontology: dict[str, Any]) -> dict[str, bytes]:
    """The constant bytes of each object and of each vertex, by its hash."""
    found = {}
    for item in ontology["objects"]:
        said = {"name": item["name"], "color": item["color"], "shape": item["shape"], "value": name_of(item["name"])}
        found[item["featureNodeHash"]] = orjson.dumps(said | {"featureHash": item["featureNodeHash"]})[:-1]
    for wrapper in ontology.get("skeleton_templates") or ():
        for vertex in wrapper["template"]["skeleton"].values():
            found[vertex["featureHash"]] = constant(vertex)
    return found


def exchange_ontology(bundle: Path, after: dict[str, Any], exchange: Exchange) -> None:
    """Replace the ontology of a bundle; the bundle is whole before and afterwards. Raises OutputError, and then nothing has changed."""
    with writing(bundle):
        folder = Path(mkdtemp(prefix=f".{bundle.name}.", suffix=".partial", dir=bundle.parent))
        try:
            _fill(bundle, folder, after, exchange)
            moved(folder, bundle)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _fill(bundle: Path, folder: Path, after: dict[str, Any], exchange: Exchange) -> None:
    (folder / "ontology.json").write_bytes(orjson.dumps(after, option=PRETTY))
    with (bundle / "bundle.json").open("rb") as old, (folder / "bundle.json").open("wb", CHUNK) as new:
        _head(old, new, after)
    if exchange.pieces:
        with (bundle / "label_rows.jsonl").open("rb") as old, (folder / "label_rows.jsonl").open("wb", CHUNK) as new:
            new.writelines(replaced(iter(lambda: old.read(CHUNK), b""), exchange.pieces))
    if exchange.renames():
        ledger = orjson.loads((bundle / "ledger.json").read_bytes())
        _rename(ledger, exchange.titles)
        (folder / "ledger.json").write_bytes(orjson.dumps(ledger, option=PRETTY))
    for name in FILES:
        if not (folder / name).exists():
            _same(bundle / name, folder / name)


def _same(old: Path, new: Path) -> None:
    """One file more for the same bytes, copied where the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _head(old: IO[bytes], new: IO[bytes], after: dict[str, Any]) -> None:
    """``bundle.json`` with other counts; the media list, which may be long, passes through."""
    read = b""
    while (end := read.find(_MEDIA)) < 0 and (chunk := old.read(CHUNK)):
        read += chunk
    head = orjson.loads(read[:end] + b"}")
    head["counts"] |= {"ontology_objects": len(after["objects"]), "ontology_classifications": len(after["classifications"])}
    new.write(orjson.dumps(head, option=orjson.OPT_INDENT_2)[:-2] + read[end:])
    shutil.copyfileobj(old, new, CHUNK)


def _rename(node: Any, titles: dict[str, set[str]]) -> None:
    """Let the accounts name their targets as the ontology does now; a target that is no object keeps its title."""
    for value in node if isinstance(node, list) else node.values() if isinstance(node, dict) else ():
        _rename(value, titles)
    if isinstance(node, dict) and isinstance(node.get("targets"), list):
        node["targets"] = sorted({title for former in node["targets"] for title in titles.get(former, {former})})


def replaced(chunks: Iterable[bytes], pieces: dict[bytes, bytes]) -> Iterator[bytes]:
    """The same stream with every piece replaced, all at once: what one turns into is not replaced again."""
    longest = max(map(len, pieces))
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        done = 0
        for match in _PIECE.finditer(text):
            new = pieces.get(match.group())
            if new is not None:
                yield text[done : match.start()]
                yield new
            done = done if new is None else match.end()
        # A piece that is cut off here begins within its own length of the end.
        keep = max(done, len(text) - longest + 1)
        yield text[done:keep]
        rest = text[keep:]
    yield rest
