"""A bundle on disk, read piece by piece: label rows, findings and media one at a time, whatever their number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import orjson

from mapper.connect.records import Record, listed, record
from mapper.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.places.place import Place
BUNDLE = "bundle.json"
ONTOLOGY = "ontology.json"
ROWS = "label_rows.jsonl"
FINDINGS = "findings.jsonl"
LEDGER = "ledger.json"

_MEDIA = b'  "media": ['
_END = b"\n  ]\n}\n"
_EMPTY = b'  "media": []\n}\n'


class Problem(NamedTuple):
    """Why a file or a line of it cannot be read; ``line`` counts from 1, 0 is the file as a whole."""

    file: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a JSON Lines file: its value, or why it has none."""

    number: int
    value: Any
    problem: Problem | None = None


class Bundle:
    """The files of a bundle folder; what cannot be read is added to ``problems``, nothing else raises.

    Raises SourceError if the folder does not exist or holds no file of a bundle.
    """

    def __init__(self, folder: Place) -> None:
        if not any((folder / name).is_file() for name in (BUNDLE, ROWS)):
            raise SourceError(f"{folder} is no bundle: it has no {BUNDLE}")
        self.folder = folder
        self.problems: list[Problem] = []

    def document(self, name: str) -> Any:
        """A JSON file as a whole; None if it cannot be read or holds no object."""
        try:
            found = orjson.loads((self.folder / name).read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            self._fail(name, error)
            return None
        if type(found) is dict:
            return found
        self._fail(name, ValueError("it holds no JSON object"))
        return None

    def lines(self, name: str) -> Iterator[Line]:
        """The lines of a JSON Lines file; a line that is no JSON comes with its problem."""
        try:
            file = (self.folder / name).open("rb")
        except OSError as error:
            self._fail(name, error)
            return
        with file:
            for number, text in enumerate(file, 1):
                try:
                    yield Line(number, orjson.loads(text))
                except orjson.JSONDecodeError as error:
                    yield Line(number, None, Problem(name, str(error), number))

    def head(self) -> Record:
        """``bundle.json`` without its media list; empty if it cannot be read."""
        try:
            with (self.folder / BUNDLE).open("rb") as file:
                text = _head(file)
            return record(orjson.loads(text)) if text is not None else _without_media(self.document(BUNDLE))
        except (OSError, orjson.JSONDecodeError) as error:
            self._fail(BUNDLE, error)
            return {}

    def media(self) -> Iterator[Any]:
        """The media list of ``bundle.json``, one entry at a time as long as each has a line of its own, as our writer makes it."""
        taken = 0
        try:
            with (self.folder / BUNDLE).open("rb") as file:
                if _head(file) is not None:
                    for entry in _entries(file):
                        yield entry
                        taken += 1
                    return
        except (OSError, orjson.JSONDecodeError):
            pass  # laid out otherwise, or damaged: reading it as a whole tells which
        yield from listed(record(self.document(BUNDLE)).get("media"))[taken:]

    def _fail(self, name: str, error: Exception) -> None:
        text = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        problem = Problem(name, text)
        if problem not in self.problems:
            self.problems.append(problem)


def _without_media(document: Any) -> Record:
    return {key: value for key, value in record(document).items() if key != "media"}


def _head(file: IO[bytes]) -> bytes | None:
    """What stands before the media list, closed; the file is then at its first entry. None if the layout is not our writer's."""
    size = file.seek(0, 2)
    file.seek(max(0, size - len(_EMPTY)))
    tail = file.read()
    file.seek(0)
    if not tail.endswith((_END, _EMPTY)):
        return None
    lines: list[bytes] = []
    for line in file:
        if line.rstrip(b"\n") in (_MEDIA, _MEDIA + b"]"):
            return b"".join(lines).rstrip().removesuffix(b",") + b"}"
        lines.append(line)
    return None


def _entries(file: IO[bytes]) -> Iterator[Any]:
    for line in file:
        text = line.strip().removesuffix(b",")
        if text in (b"]", b"}"):
            return
        yield orjson.loads(text)
