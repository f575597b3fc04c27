"""The bundle on disk: written beside its final place and moved there whole, or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, TYPE_CHECKING, Any, Self

import orjson

from mapper.encord.writers.rows import CHUNK, RowFile
from mapper.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from types import TracebackType

    from mapper.encord.writers.rows import Names
    from mapper.places.place import Place

FORMAT = "bundle/v1"
FILES = ("bundle.json", "ontology.json", "label_rows.jsonl", "findings.jsonl", "ledger.json")
PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


class writing:  # noqa: N801 - used as a verb: "with writing(place)"
    """Turn what the disk refuses into an OutputError; a class, as each row passes here and a generator costs ten times as much."""

    __slots__ = ("place",)

    def __init__(self, place: Place | str) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, OSError):
            raise OutputError(f"cannot write {self.place}: {error.strerror or error}") from error


class BundleWriter:
    """Collects a bundle in a hidden folder beside ``out``; ``publish`` moves it there, leaving without it removes it.

    An existing bundle is only replaced with ``force``, and only if it looks like one: nothing else is ever deleted.
    Raises OutputError if the place is taken or cannot be written.
    """

    def __init__(self, out: Path, *, force: bool = False) -> None:
        self.out: Place = out
        _check(out, force=force)
        self._place = Path(os.path.realpath(out))  # a link to a bundle stays a link
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            self.folder = Path(mkdtemp(prefix=f".{out.name}.", suffix=".partial", dir=self._place.parent))
        except OSError as error:
            raise OutputError(f"cannot write below {out.parent}: {error.strerror}") from error
        self.rows = RowFile(self.folder / "label_rows.jsonl")
        self._media: IO[bytes] = (self.folder / "media.partial").open("w+b", CHUNK)
        self.media_count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for file in (self.rows, self._media):
            with suppress(OSError):
                file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def row_count(self) -> int:
        """How many label rows there are."""
        return self.rows.count

    def add_row(self, row: bytes) -> None:
        """One label row, as one line."""
        with writing(self.out):
            self.rows.add(row)

    def stream_row(self, pieces: Iterable[bytes]) -> None:
        """One label row, too large to hold, in pieces."""
        with writing(self.out):
            self.rows.stream(pieces)

    def add_rows(self, path: Path, count: int, names: Sequence[Names]) -> None:
        """The label rows of another file, which goes away; ``names`` are replaced in them."""
        with writing(self.out):
            self.rows.append(path, count, names)

    def add_media(self, entry: bytes) -> None:
        """One entry of the media list."""
        with writing(self.out):
            self._media.write(b",\n  " if self.media_count else b"\n  ")
            self._media.write(entry)
        self.media_count += 1

    def add_all_media(self, path: Path, count: int) -> None:
        """Entries of the media list from a file in which each stands behind a comma, as they stand in this list."""
        if not count:
            return
        with writing(self.out), path.open("rb") as entries:
            entries.seek(0 if self.media_count else 1)
            shutil.copyfileobj(entries, self._media, CHUNK)
        self.media_count += count

    def without_files(self, files: Collection[str]) -> None:
        """Take these media files off the entries that name them: it turned out that no telling is possible whose they are."""
        if not files:
            return
        former, self.media_count = self._media, 0
        with writing(self.out), former:
            self._media = (self.folder / "media.renewed").open("w+b", CHUNK)
            former.seek(0)
            for line in filter(None, (line.strip().removesuffix(b",") for line in former)):
                entry = orjson.loads(line)
                self.add_media(orjson.dumps({key: entry[key] for key in entry if key != "file" or entry[key] not in files}))
            (self.folder / "media.renewed").replace(self.folder / "media.partial")

    def rename(self, names: Sequence[Names]) -> None:
        """Replace object prefixes in the rows so far, written before their objects took another title."""
        with writing(self.out):
            self.rows.rename(names)

    def publish(self, bundle: dict[str, Any], ontology: Any, findings: Iterable[Any], ledger: Any) -> None:
        """Write what is left and move the folder to its place; ``bundle`` becomes bundle.json, with the media list."""
        with writing(self.out):
            self._publish(bundle, ontology, findings, ledger)

    def _publish(self, bundle: dict[str, Any], ontology: Any, findings: Iterable[Any], ledger: Any) -> None:
        self.rows.finish()
        (self.folder / "ontology.json").write_bytes(orjson.dumps(ontology, option=PRETTY))
        (self.folder / "ledger.json").write_bytes(orjson.dumps(ledger, option=PRETTY))
        with (self.folder / "findings.jsonl").open("wb") as file:
            for finding in findings:
                file.write(orjson.dumps(finding, default=str) + b"\n")
        self._write_bundle(bundle)
        self._move()

    def _move(self) -> None:
        """Let the folder, which holds the whole bundle, take its place."""
        moved(self.folder, self._place)

    def _write_bundle(self, bundle: dict[str, Any]) -> None:
        head = orjson.dumps(bundle, option=orjson.OPT_INDENT_2)
        self._media.seek(0)
        with (self.folder / "bundle.json").open("wb") as file:
            file.write(head[:-2] + b',\n  "media": [')
            shutil.copyfileobj(self._media, file, CHUNK)
            file.write(b"\n  ]\n}\n" if self.media_count else b"]\n}\n")
        self._media.close()
        (self.folder / "media.partial").unlink()


def moved(folder: Path, place: Path) -> None:
    """Let a folder that is whole take a place, in exchange for the bundle that is there, if there is one. Raises OSError."""
    os.chmod(folder, 0o755)  # noqa: PTH101, S103 - a temporary folder is private, a bundle is like any folder
    former = folder.with_suffix(".former")
    if place.exists():
        place.rename(former)
    try:
        folder.rename(place)
    except OSError:
        if former.exists():
            former.rename(place)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _check(out: Path, *, force: bool) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out} exists and is no folder")
    names = {entry.name for entry in out.iterdir()}
    if names - set(FILES) or (names and "bundle.json" not in names):
        raise OutputError(f"{out} exists and holds more than a bundle; choose another place")
    if names and not force:
        raise OutputError(f"{out} exists; use --force to replace the bundle")
