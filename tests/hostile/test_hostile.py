"""Hostile specs: each ends with a coded, located finding, within limits of time and memory, and never with a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mapper.findings import ISSUES
from mapper.spec.load import MOST
from tests.hostile.corpus import HEAD, all_cases
from tests.support import builders
from tests.support.checkout import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")]

WORKER = Path(__file__).parent / "worker.py"
WORKERS = 2
WHOLE_FILE = {"SPC201"}
"""Codes about a file as a whole, which have no line."""
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "mapping-spec.v1.json").read_text("utf-8")))
FINDINGS = json.loads((ROOT / "schemas" / "findings.v1.json").read_text("utf-8"))


def run(folder: Path, runs: Iterable[list[str]]) -> list[Any]:
    """Run ``mapper`` with each of these arguments under limits, in a pool of processes."""
    lines = [json.dumps([str(folder), arguments]) + "\n" for arguments in runs]
    texts = ["".join(lines[number::WORKERS]) for number in range(WORKERS)]
    command = [sys.executable, str(WORKER)]
    pool = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment())
        for _ in texts
    ]
    for process, text in zip(pool, texts, strict=True):
        assert process.stdin is not None
        process.stdin.write(text)
        process.stdin.close()
    answers = []
    for process in pool:
        assert process.stdout is not None
        answers += [json.loads(line) for line in process.stdout]
        assert process.wait() == 0
        process.stdout.close()
    assert len(answers) == len(lines)
    return answers


def faults(answer: Any, content: bytes) -> list[str]:
    """What is wrong with the end of one run."""
    if answer["code"] < 0 or answer["code"] not in {0, 1}:
        return [f"exit {answer['code']}: {answer['err'][-500:]}"]
    (spec,) = json.loads(answer["out"])["specs"]
    errors = [finding for finding in spec["findings"] if finding["severity"] == "error"]
    checks = {
        "something on stderr": not answer["err"],
        "no error, and the schema refuses it": errors or _accepted(content),
        "exit code": answer["code"] == int(bool(errors)),
        "an unknown code": {finding["code"] for finding in errors} <= {issue.code for issue in ISSUES},
        "no place": all(finding.get("spec", {}).get("line") or finding["code"] in WHOLE_FILE for finding in errors),
        "too many findings": len(spec["findings"]) <= MOST + 1 or not errors,
        "no fingerprint": all(finding["fingerprint"] for finding in errors),
    }
    return [what for what, held in checks.items() if not held]


def _accepted(content: bytes) -> bool:
    """Whether the published schema, which other tools read, accepts a document: then there is nothing to find."""
    return not list(SCHEMA.iter_errors(json.loads(content)))


def test_the_corpus_is_always_the_same() -> None:
    """Two hundred files and many more, equal in every run."""
    cases = all_cases()
    assert len(cases) >= 200
    assert len({sha256(content).digest() for _, content in cases}) == len(cases)
    assert cases == all_cases()


def test_each_ends_with_a_located_finding(tmp_path: Path) -> None:
    """Five seconds of processor time and a gigabyte are more than any spec may cost; what is wrong is told with its line."""
    cases = dict(all_cases())
    for name, content in cases.items():
        (tmp_path / f"{name}.yaml").write_bytes(content)
    answers = run(tmp_path, (["validate", f"{name}.yaml", "--output-format", "json", "--isolated"] for name in cases))
    wrong = {name: found for answer in answers if (found := faults(answer, cases[name := answer["arguments"][1].removesuffix(".yaml")]))}
    assert wrong == {}
    harmless = [answer["arguments"][1] for answer in answers if answer["code"] == 0]
    assert all(name.startswith("type-") for name in harmless)
    assert len(cases) - len(harmless) >= 200


PATTERNS = ("*a" * 499 + "b", "[" * 1000, "*[!a]*" * 166, "?" * 999 + "*", "*" * 1000, "*" + "a*" * 495 + "[b-", "[a-" * 333, "*" * 1001)
TEMPLATES = (
    "{{ label * 1000000000 }}",
    "{{ label|replace('a', label)|replace('a', label)|replace('a', label) }}",
    "{{ '9' * 20 }}",
    "{{ label|int * 1e308 * 1e308 }}",
    "{{ 1 / (image.width - image.width) }}",
    "{{ label ~ label ~ label }}",
    "{{ label|title|upper|lower|trim }}",
)


def test_what_is_valid_is_harmless_when_it_runs(tmp_path: Path) -> None:
    """Patterns that backtrack and templates that grow, met by names made for them, end within the same limits."""
    label = "a" * 20_000
    export = builders.export(builders.image(0, builders.box(label, (1, 2, 3, 4))), labels=[builders.Label("car")])
    (tmp_path / "export.xml").write_text(export, "utf-8")
    drop = "drop: {reason: r}"
    emits = [f"emit: [{{object: {{name: {json.dumps(template)}, geometry: {{kind: same}}}}}}]" for template in TEMPLATES]
    rules = [f"{{id: a, match: {{label: {{like: {json.dumps(pattern)}}}}}, {drop}}}" for pattern in PATTERNS]
    rules += [f"{{id: a, match: {{}}, {emit}}}" for emit in emits]
    for number, rule in enumerate(rules):
        (tmp_path / f"{number}.yaml").write_text(f"{HEAD}rules:\n  - {rule}\n", "utf-8")
    arguments = (
        ["convert", "export.xml", "--dry-run", "--spec", f"{number}.yaml", "--output-format", "json"] for number in range(len(rules))
    )
    for answer in run(tmp_path, arguments):
        assert answer["code"] in {0, 1, 2}, answer
        assert json.loads(answer["out"])["findings"]
