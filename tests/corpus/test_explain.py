"""What `explain` says of every shape of every published images export is what the engine does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from mapper import convert, explain, load_spec, rule_hits
from mapper.cvat.readers import open_export
from mapper.engine.conditions import compile_match
from mapper.findings.collector import Collector

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*.xml") if b"<image " in path.read_bytes())

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")
ALL = 10**9


@pytest.mark.parametrize("pack", ["standard", "encord-importer"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_the_rule_and_the_reasons_are_the_engines(path: Path, pack: str) -> None:
    """The rule is the first whose compiled condition holds, and each rule before it has its reason."""
    spec = load_spec(pack)
    rules = spec.spec.rules
    told = explain(path, spec=spec, limit=ALL).explanations
    with open_export(path, Collector()) as reader:
        read = [(image, shape) for image in reader.images() for shape in image.shapes]
    assert len(told) == len(read)
    compiled: dict[Any, list[Any]] = {}
    for explanation, (image, shape) in zip(told, read, strict=True):
        key = (shape.label, shape.kind)
        conditions = compiled.setdefault(key, [compile_match(rule.match, *key) for rule in rules])
        held = [condition if isinstance(condition, bool) else condition(shape, image) for condition in conditions]
        assert explanation.rule == (rules[held.index(True)].id if True in held else "")
        assert [tried.rule for tried in explanation.tried] == [rule.id for rule in rules[: held.index(True) if True in held else None]]


@pytest.mark.parametrize("media", ["image", "image_group"])
@pytest.mark.parametrize("path", [path for path in FILES if path.stat().st_size < 300_000], ids=lambda path: path.name)
def test_what_was_made_stands_where_it_says(path: Path, media: Literal["image", "image_group"], tmp_path: Path) -> None:
    """Every hash is in the row and unit that the explanation names, with its title and answers; and nothing else is there."""
    told = explain(path, limit=ALL, media=media).explanations
    convert(path, tmp_path / "out", media=media)
    rows = [json.loads(line) for line in (tmp_path / "out" / "label_rows.jsonl").read_text().splitlines()]
    seen: set[tuple[int, str, str]] = set()
    for explanation in told:
        place = explanation.standing.row or 0
        row = rows[place - 1]
        assert row["data_hash"] == explanation.standing.data_hash
        objects = {entry["objectHash"]: entry for entry in row["data_units"][explanation.standing.unit]["labels"]["objects"]}
        for made in explanation.made:
            if made.what == "object":
                assert objects[made.hash]["name"] == made.title
                assert objects[made.hash]["featureHash"] == made.feature_hash
                static = {answer["name"] for answer in row["object_answers"][made.hash]["classifications"]}
                assert static <= set(made.answers)
                seen.add((place, explanation.standing.unit, made.hash))
            else:
                assert row["classification_answers"][made.hash]["featureHash"] == made.feature_hash
    there = {
        (number, unit["data_hash"], entry["objectHash"])
        for number, row in enumerate(rows, 1)
        for unit in row["data_units"].values()
        for entry in unit["labels"]["objects"]
    }
    assert seen == there


@pytest.mark.parametrize("path", [path for path in FILES if path.stat().st_size < 1_000_000], ids=lambda path: path.name)
def test_hits_add_up(path: Path) -> None:
    """Every shape that was read is a hit of one rule, unmatched, or refused before any rule."""
    found = rule_hits(path)
    assert sum(rule.hits for rule in found.rules) + found.unmatched + found.refused == found.read
    assert found.read == convert(path).ledger["totals"]["read"]
    assert all(rule.matched == rule.hits + sum(rule.taken.values()) for rule in found.rules)
