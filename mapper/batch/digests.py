"""Digests by which a batch knows what it has done already."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from mapper.encord.writers.bundle import FILES
from mapper.places.opening import entries, place_of
from mapper.places.remote import RemotePlace
from mapper.spec.waivers import expired
from mapper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.batch.order import Choices
    from mapper.places.place import Place
    from mapper.spec.load import LoadedSpec

CHUNK = 1 << 20
_READ = (".xml", ".json", ".jsonl")
"""Files of a folder whose bytes decide on the conversion; of media, names and sizes stand for them."""


def source_digest(source: Place) -> str:
    """SHA-256 of a file's bytes, as ``sha256sum`` gives it; of a folder, of a list of its files.

    That list holds each file's name within the folder and its size, and of annotations the digest too: media are not read.
    Of what is on a store, the size and the version that the store tells stand for the bytes, which are not fetched for it.
    Raises OSError. "" if there is nothing.
    """
    if source.is_dir():
        lines = _stored(source) if isinstance(source, RemotePlace) else _listed(Path(source.as_posix()))
        return sha256("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")).hexdigest()
    if not source.is_file():
        return ""
    version = source.version() if isinstance(source, RemotePlace) else ""
    return sha256(f"{version} {source.stat().st_size}".encode()).hexdigest() if version else file_digest(source)


def _stored(folder: RemotePlace, above: str = "") -> Iterator[str]:
    for entry in folder.entries():
        place, name = folder / entry.name, f"{above}{entry.name}"
        if entry.is_dir:
            yield from _stored(place, f"{name}/")
            continue
        content = (place.version() or file_digest(place)) if entry.name.endswith(_READ) else "-"
        yield f"{content} {place.stat().st_size} {name}"


def _listed(folder: Path) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            if not path.is_file():
                continue
            content = file_digest(path) if name.endswith(_READ) else "-"
            yield f"{content} {path.stat().st_size} {path.relative_to(folder).as_posix()}"


def file_digest(path: Place) -> str:
    """SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def bundle_digest(bundle: Place) -> dict[str, str]:
    """The digest of a bundle, and that of its ontology; empty if the bundle is not whole.

    The bundle's is that of what ``sha256sum`` prints for its five files by name.
    """
    if not bundle.is_dir() or {entry.name for entry in entries(bundle)} != set(FILES):
        return {}
    files = {name: file_digest(bundle / name) for name in sorted(FILES)}
    text = "".join(f"{digest}  {name}\n" for name, digest in files.items())
    return {"bundle": sha256(text.encode()).hexdigest(), "ontology": files["ontology.json"]}


def spec_digest(loaded: LoadedSpec) -> str:
    """Of the spec with all that it extends, its parameters and what it reads beside itself."""
    parts: list[Any] = [loaded.sha256, loaded.meaning, sorted((name, repr(value)) for name, value in loaded.parameters.items())]
    parts += [sha256(member.data).hexdigest() for member in loaded.family]
    parts += [repr(loaded.labels), loaded.ontology]
    return _digest(parts)


def order_key(loaded: LoadedSpec, choices: Choices) -> str:
    """Of all that decides on a bundle but its source: spec, options, this version of mapper.

    The day counts only by the waivers that are over, so that tomorrow's run need not begin anew.
    """
    chosen = {name: getattr(choices, name) for name in choices.__slots__ if name != "today"}
    media = source_digest(place_of(choices.media_dir)) if choices.media_dir is not None else ""
    over = [issue.evidence() for issue, _ in expired(loaded, choices.today)]
    return _digest([__version__, spec_digest(loaded), chosen, media, over])


def _digest(value: Any) -> str:
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=repr)).hexdigest()
