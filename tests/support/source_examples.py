"""The examples of codes about whole files, gaps between keyframes and scores: a source, converted in the current folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mapper import convert
from mapper.errors import SourceError
from tests.support.backups import backup, shape
from tests.support.reading import box, export, image, pack, track
from tests.support.specs import rule, spec, thing, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.base import Finding

    Found = tuple[Sequence[Finding], dict[str, tuple[str, ...]]]

CENTRAL = b"PK\x01\x02"
FAR = 9_000_000_000


def _read(source: str) -> Found:
    try:
        return convert(source).findings, {}
    except SourceError as error:
        return error.findings, {}


def _zip(*, flags: bytes | None = None) -> Found:
    """A zip whose end is missing, or with other flags."""
    path = pack(Path("export.zip"), {"annotations.xml": export(image(""))})
    whole = path.read_bytes()
    at = whole.index(CENTRAL) + len(CENTRAL) + 4
    path.write_bytes(whole[:-30] if flags is None else whole[:at] + flags + whole[at + 1 :])
    return _read("export.zip")


def _filled(last: int) -> Found:
    """A track of two keyframes under a spec that wants gaps filled."""
    Path("annotations.xml").write_text(export(track(box(0) + box(last))), "utf-8")
    path = write(Path(), spec(rule(thing()), source={"sparse_tracks": "interpolate"}))
    return convert("annotations.xml", spec=path).findings, {}


def _scored() -> Found:
    """A shape with a score that the spec does not decide on."""
    return convert(backup(Path(), shape(score=0.25)), spec=write(Path(), spec(rule(thing())))).findings, {}


def source_examples() -> dict[str, Callable[[], Found]]:
    """The examples, by code; each runs in the current folder."""
    return {
        "SRC101": lambda: _read("export.zip"),
        "SRC103": _zip,
        "SRC104": lambda: _zip(flags=b"\x01"),
        "SRC157": lambda: _filled(10),
        "SRC158": lambda: _filled(FAR),
        "MAP320": _scored,
    }
