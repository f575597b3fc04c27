"""Every published images export through the whole pipeline: nothing refused, balanced, the same bytes again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mapper import convert
from mapper.cvat.elements import TAGS
from mapper.geometry.kinds import KINDS
from tests.support.independent import FLAGS, Count, count

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*.xml") if b"<image " in path.read_bytes())
REFUSED: dict[str, dict[str, int]] = json.loads((Path(__file__).parent / "refused.json").read_text())
TAG_OF = {kind: TAGS[kind] for kind in KINDS}

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


def name_of(path: Path) -> str:
    """The file as the list of refusals names it."""
    return path.relative_to(CORPUS).as_posix()


def booked(ledger: dict[str, Any]) -> dict[tuple[str, str], Count]:
    """What the ledger says was read, in the form of the naive count."""
    counts: dict[tuple[str, str], Count] = {}
    for entry in ledger["elements"]:
        key = (TAG_OF.get(entry["kind"], entry["kind"]), entry["label"])
        counts.setdefault(key, Count()).elements += entry["read"]
    for entry in ledger["fields"]:
        key = (TAG_OF[entry["kind"]], entry["label"])
        if entry["space"] == "field":
            counts[key].fields[entry["name"]] += entry["read"]
        elif entry["space"] == "attribute":
            counts[key].attributes[entry["name"]] += entry["read"]
        else:
            element, _, name = entry["name"].rpartition(".")
            flag = entry["space"] == "point" and name in FLAGS
            point = element if flag or entry["space"] == "element" else entry["name"]
            inner = counts.setdefault(("points", f"{entry['label']}/{point}"), Count())
            if flag:
                inner.fields[name] += entry["read"]
            elif entry["space"] == "point":
                inner.elements += entry["read"]
            else:
                inner.attributes[name] += entry["read"]
    return counts


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_it_converts_and_refuses_what_is_listed(path: Path) -> None:
    """No internal error, and nothing refused beyond the checked-in list."""
    result = convert(path)
    refused = Counter[str]()
    for entry in result.ledger["elements"]:
        for detail in entry["details"]:
            if detail["account"] == "refused":
                refused[detail["code"]] += detail["count"]
    assert dict(refused) == REFUSED.get(name_of(path), {})


@pytest.mark.parametrize("path", [path for path in FILES if name_of(path) not in REFUSED], ids=name_of)
def test_the_ledger_holds_what_stands_in_the_file(path: Path) -> None:
    """Elements, fields, attributes and the points of skeletons are as many as a second, independent reader counts."""
    found = booked(convert(path).ledger)
    for key, wanted in count(path).items():
        if key == ("image", ""):
            continue
        have = found[key]
        assert (have.elements, have.fields, have.attributes) == (wanted.elements, wanted.fields, wanted.attributes), key


PROGRAM = "import sys; from mapper import convert; [convert(s, f'{sys.argv[1]}/{i}') for i, s in enumerate(sys.argv[2:])]"


@pytest.mark.slow
def test_two_runs_are_byte_identical(tmp_path: Path) -> None:
    """Whatever PYTHONHASHSEED is, every export gives the same bundle."""
    for seed in ("0", "4711"):
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / seed), *map(str, FILES)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed})
    first = sorted(path.relative_to(tmp_path / "0") for path in (tmp_path / "0").rglob("*") if path.is_file())
    assert len(first) == 5 * len(FILES)
    for name in first:
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "4711" / name).read_bytes(), name
