"""The README and the documents: their commands run, and print what they say they print."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mapper.cli import COMMANDS
from mapper.cli.exit_codes import CLEAN, FINDINGS, INTERNAL, INTERRUPTED, USAGE
from mapper.resources import shipped_packs
from tests.support.checkout import ROOT, environment
from tests.support.markdown import DOCUMENTS, blocks

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text("utf-8")
RUNNABLE = [path for path in DOCUMENTS if any(block.info.startswith("run") for block in blocks(path))]
PROGRAM = str(ROOT / "docs" / "run_examples.py")


def ran(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the examples of documents."""
    command = [sys.executable, PROGRAM, "--check", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", env=environment())


@pytest.mark.parametrize("document", RUNNABLE, ids=lambda path: path.name)
def test_the_examples_do_what_they_say(document: Path) -> None:
    """Every block marked `run` runs in a copy of the examples, and every block marked `output` is what it printed."""
    done = ran(document)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_documents_have_examples() -> None:
    """README, tutorial, reference and the page on the bundle hold examples that run."""
    assert {"README.md", "tutorial.md", "spec.md", "bundle.md"} <= {path.name for path in RUNNABLE}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```sh run\nmapper --version\n```\n\n```text output\nmapper 9.9.9\n```\n", "-mapper 9.9.9"),
        ("```sh run\nmapper --version\n```\n\n```text output\n…\nnot there\n```\n", "-not there"),
        ("```sh run\nmapper nonsense\n```\n", "exit code 2 instead of 0"),
        ("```sh run exit=1\nmapper --version\n```\n", "exit code 0 instead of 1"),
        ("```sh runs\nmapper --version\n```\n", "no such kind of block"),
    ],
)
def test_a_wrong_example_is_found(text: str, complaint: str, tmp_path: Path) -> None:
    """The program that runs the examples notices what is wrong with one."""
    (tmp_path / "page.md").write_text(text, "utf-8")
    done = ran(tmp_path / "page.md")
    assert done.returncode == 1
    assert complaint in done.stdout


def test_every_command_in_a_document_exists() -> None:
    """No document names a command of `mapper` that there is not, unless it says so."""
    named = {word for path in DOCUMENTS for block in blocks(path) for word in re.findall(r"^mapper ([a-z]\w*)", block.text, re.MULTILINE)}
    assert named <= set(COMMANDS)
    assert {"convert", "verify", "validate", "inspect", "rule"} <= named


def test_the_readme_names_what_is_shipped() -> None:
    """Commands, packs and exit codes of the README are those of the product."""
    assert all(f"`mapper {name}`" in README for name in COMMANDS)
    assert all(f"rules/{name}/README.md" in README for name in shipped_packs())
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)]
    assert codes == [CLEAN, FINDINGS, USAGE, INTERNAL, INTERRUPTED]


def test_make_does_what_the_readme_says() -> None:
    """The commands beside `make demo` and `make test` are those of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        assert f"`make {target}`" in README
    by_hand = re.search(r"\| `make demo` \|.*\| (.*) \|", README)
    assert by_hand is not None
    commands = [shlex.split(command) for command in re.findall(r"`([^`]+)`", by_hand[1])]
    assert [command[0] for command in commands] == ["python3", ".venv/bin/pip", ".venv/bin/mapper", ".venv/bin/mapper"]
    assert commands[1][1:] == ["install", "-e", ".[test]"]
    assert "convert examples/street -o $(OUT)" in makefile
    assert commands[2][1:] == ["convert", "examples/street", "-o", "out/street"]
    assert commands[3][1:] == ["verify", "out/street"]


def test_it_says_that_nothing_is_uploaded() -> None:
    """The README says in so many words what does not happen, and what this version cannot do."""
    assert "Nothing is uploaded" in README
    assert all(word in README for word in ("video", "upload", "CVAT for images 1.1"))
