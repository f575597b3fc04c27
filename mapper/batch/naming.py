"""Names of bundles: readable, without collisions, and the same whatever the order in which exports are given."""

from __future__ import annotations

import os
import re
from collections import Counter
from hashlib import sha256
from itertools import takewhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RESERVED = frozenset({"batch.json", "index.jsonl", "ontology.json"})
"""Names that a folder of bundles has for itself."""
LONGEST = 100
"""Characters of a name; file systems take 255 bytes."""

_ANNOTATIONS = "annotations.xml"
_SUFFIXES = (".zip", ".xml", ".json")
_UNSAFE = re.compile(r"[^\w.+=@()-]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""What Windows has for itself."""


def shown_sources(paths: Sequence[str]) -> list[str]:
    """Each path below the folder that all of them have in common, with slashes: so that results do not tell where that is."""
    whole = [path if "://" in path else os.path.abspath(path).replace(os.sep, "/") for path in paths]  # noqa: PTH100 - links stay
    parts = [PurePosixPath(path).parts for path in whole]
    folders = zip(*(part[:-1] for part in parts), strict=False)
    common = len(list(takewhile(lambda level: len(set(level)) == 1, folders)))
    return ["/".join(part[common:]).lstrip("/") for part in parts]


def bundle_names(shown: Sequence[str]) -> list[str]:
    """A name for each source: of the file or folder, and as many folders above it as tell it from the others of its name."""
    choices = [_candidates(path) for path in shown]
    names = [next(choice) for choice in choices]
    while repeated := {name for name, count in Counter(map(_folded, names)).items() if count > 1}:
        names = [next(choice) if _folded(name) in repeated else name for name, choice in zip(names, choices, strict=True)]
    return names


def _candidates(path: str) -> Iterator[str]:
    """From the shortest to one that nothing else can have."""
    *folders, last = path.split("/")
    suffix = next((suffix for suffix in _SUFFIXES if last.lower().endswith(suffix)), "")
    stem = last[: len(last) - len(suffix)]
    if last == _ANNOTATIONS and folders:  # every unpacked export has one
        *folders, stem = folders
    for count in range(len(folders) + 1):
        name = "-".join([*folders[len(folders) - count :], stem])
        yield _clean(name)
        yield _clean(f"{name}-{suffix[1:] or 'folder'}")
    while True:
        yield f"{_clean(stem)}-{sha256(path.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"


def _clean(name: str) -> str:
    text = _UNSAFE.sub("_", normalize("NFC", name)).strip(". ")[:LONGEST]
    return f"{text}_" if not text or text.casefold() in RESERVED or _DEVICES.fullmatch(text) else text


def _folded(name: str) -> str:
    """What a file system that ignores case would take for the same."""
    return normalize("NFC", name.casefold())
