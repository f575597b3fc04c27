"""Golden cases of a spec: a small export, and what a person has read and kept of its conversion."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mapper.errors import MapperError
from mapper.packs.opening import load_pinned
from mapper.pipeline import Options, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.pipeline import Result

FILES = ("ontology.json", "label_rows.json", "findings.json", "ledger.json")
"""What may stand in ``expected/``; what does not is not compared."""
SHOWN = 10
"""Differences that are told of one case."""
OPTIONS = {"media", "parameters"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenResult:
    """A golden case: ``differences`` say where what came out is not what is kept; ``rules`` decided some shape in it."""

    name: str
    differences: tuple[str, ...] = ()
    rules: frozenset[str] = frozenset()
    updated: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether what came out is what is kept."""
        return not self.differences


def golden_cases(spec: Path) -> list[Path]:
    """The golden cases of a spec, by name: the folders of ``STEM.golden/`` beside it that hold a ``source.xml``."""
    return sorted(path.parent for path in (spec.parent / f"{spec.stem}.golden").glob("*/source.xml"))


def run_golden(case: Path, spec: str, parameters: Mapping[str, str], *, locked: bool = False, update: bool = False) -> GoldenResult:
    """Convert a case's export and compare; with ``update`` write what came out as what is expected."""
    try:
        options = _options(case)
        loaded = load_pinned(spec, {**parameters, **options.get("parameters", {})}, locked=locked)
        with TemporaryDirectory() as folder:
            result = run(case / "source.xml", loaded, Path(folder) / "bundle", Options(media=options.get("media", "image")))
            found = _documents(Path(folder) / "bundle", result)
    except MapperError as error:
        return GoldenResult(name=case.name, differences=(str(error),))
    rules = frozenset(detail["rule"] for entry in result.ledger["elements"] for detail in entry["details"] if detail.get("rule"))
    expected = case / "expected"
    kept = [name for name in FILES if (expected / name).is_file()]
    if update:
        changed = tuple(name for name in kept or FILES if _write(expected / name, found[name]))
        return GoldenResult(name=case.name, rules=rules, updated=changed)
    if not kept:
        return GoldenResult(name=case.name, rules=rules, differences=("it expects nothing: expected/ holds no file; --update writes them",))
    differences = [text for name in kept for text in _compared(name, expected / name, found[name])]
    more = len(differences) - SHOWN
    told = (*differences[:SHOWN], *([f"… and {more} more differences"] if more > 0 else ()))
    return GoldenResult(name=case.name, rules=rules, differences=told)


def _options(case: Path) -> dict[str, Any]:
    file = case / "options.json"
    if not file.is_file():
        return {}
    try:
        options = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise MapperError(f"options.json is no JSON: {error}") from error
    if not isinstance(options, dict) or set(options) - OPTIONS or options.get("media", "image") not in {"image", "image_group"}:
        raise MapperError("options.json may hold `media` (image or image_group) and `parameters`, nothing else")
    return options


def _documents(bundle: Path, result: Result) -> dict[str, Any]:
    rows = (bundle / "label_rows.jsonl").read_text("utf-8") if result.out else ""
    return {
        "ontology.json": result.ontology,
        "label_rows.json": [json.loads(line) for line in rows.splitlines()],
        "findings.json": [_placeless(finding.as_dict()) for finding in result.findings],
        "ledger.json": result.ledger,
    }


def _placeless(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding without its line in the spec, which changes with every edit; its rule stays."""
    kept = {key: value for key, value in finding.items() if key != "spec"}
    document: dict[str, Any] = json.loads(json.dumps(kept, default=str))
    return document


def _write(file: Path, document: Any) -> bool:
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if file.is_file() and file.read_text("utf-8") == text:
        return False
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    return True


def _compared(name: str, file: Path, found: Any) -> Iterator[str]:
    try:
        expected = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        yield f"{name}: {error}"
        return
    yield from differences(expected, json.loads(json.dumps(found)), name)


def differences(expected: Any, actual: Any, place: str) -> Iterator[str]:
    """Where two JSON documents differ, deepest places first told: ``ontology.json/objects/0/name: expected "Car", got "car"``."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in dict.fromkeys((*expected, *actual)):
            yield from _below(expected, actual, key, place)
    elif isinstance(expected, list) and isinstance(actual, list):
        for index in range(max(len(expected), len(actual))):
            yield from _below(dict(enumerate(expected)), dict(enumerate(actual)), index, place)
    elif expected != actual or isinstance(expected, bool) != isinstance(actual, bool):
        yield f"{place}: expected {_short(expected)}, got {_short(actual)}"


def _below(expected: dict[Any, Any], actual: dict[Any, Any], key: Any, place: str) -> Iterator[str]:
    if key not in actual:
        yield f"{place}/{key}: expected {_short(expected[key])}, got nothing"
    elif key not in expected:
        yield f"{place}/{key}: expected nothing, got {_short(actual[key])}"
    else:
        yield from differences(expected[key], actual[key], f"{place}/{key}")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - a line of a terminal
