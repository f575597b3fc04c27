"""Runs a conversion of an export that a test writes down, and reads the bundle back as plain values."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper import convert
from tests.support import builders, specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper import Result

Json = dict[str, Any]


class Bundle(NamedTuple):
    """A published bundle and the result that came with it."""

    result: Result
    folder: Path
    ontology: Json
    rows: list[Json]
    ledger: Json

    @property
    def codes(self) -> dict[str, int]:
        """How often each code was found."""
        counts: dict[str, int] = {}
        for finding in self.result.findings:
            counts[finding.code] = counts.get(finding.code, 0) + finding.count
        return counts

    def objects(self) -> Iterator[tuple[Json, Json]]:
        """Every object of every image, with its answers by title."""
        for row in self.rows:
            for unit in row["data_units"].values():
                for frame, found in frames_of(unit):
                    for entry in found["objects"]:
                        yield entry, answers_on(row, entry["objectHash"], frame)

    def answers(self) -> list[Json]:
        """The answers of every object by title, in document order."""
        return [answers for _, answers in self.objects()]

    def classifications(self) -> list[Json]:
        """The answers of every classification by title."""
        return [_plain(item["classifications"]) for row in self.rows for item in row["classification_answers"].values()]

    def hashes(self) -> list[str]:
        """The hashes of all objects and classifications, one for each image where they stand."""
        found = [entry["objectHash"] for entry, _ in self.objects()]
        return found + [key for row in self.rows for key in row["classification_answers"]]

    def books(self, space: str = "", name: str = "") -> dict[str, int]:
        """What became of all elements, or of one field or attribute: accounts that are not empty."""
        entries = self.ledger["fields"] if space else self.ledger["elements"]
        chosen = [entry for entry in entries if not space or (entry["space"], entry["name"]) == (space, name)]
        accounts = ("read", "kept", "transformed", "split", "merged", "dropped", "refused")
        totals = {account: sum(entry[account] for entry in chosen) for account in accounts}
        return {account: total for account, total in totals.items() if total}


def run(folder: Path, export: str, spec: str | Json = "standard", **options: Any) -> Bundle:
    """Convert an export given as XML, with a pack's name or a spec given as values."""
    place = Path(mkdtemp(dir=folder))
    source = builders.write(place, export)
    reference = spec if isinstance(spec, str) else specs.write(place, spec)
    result = convert(source, place / "bundle", spec=reference, **options)
    assert result.out is not None
    return load(result)


def load(result: Result) -> Bundle:
    """Read what a conversion published."""
    assert result.out is not None
    out = Path(result.out.as_posix())
    rows = [json.loads(line) for line in (out / "label_rows.jsonl").read_bytes().splitlines()]
    documents = [json.loads((out / name).read_text("utf-8")) for name in ("ontology.json", "ledger.json")]
    return Bundle(result, out, documents[0], rows, documents[1])


def frames_of(unit: Json) -> Iterator[tuple[int, Json]]:
    """The frames of a unit with their labels, numbered as the row's ranges are."""
    labels = unit["labels"]
    if "objects" in labels:
        yield int(unit["data_sequence"]), labels
    else:
        yield from ((int(frame), found) for frame, found in labels.items())


def answers_on(row: Json, object_hash: str, frame: int) -> Json:
    """What an object answers on a frame, by title."""
    answers = row["object_answers"][object_hash]["classifications"]
    actions = row["object_actions"].get(object_hash, {}).get("actions", [])
    here = [action for action in actions if any(first <= frame <= last for first, last in action["range"])]
    return _plain([*answers, *here])


def _plain(answers: list[Json]) -> Json:
    """Answers by title: texts and numbers as they are, options as a list of their titles."""
    values = {entry["name"]: entry["answers"] for entry in answers}
    assert len({entry["featureHash"] for entry in answers}) == len(answers), "one attribute is answered twice"
    return {name: [option["name"] for option in value] if isinstance(value, list) else value for name, value in values.items()}
