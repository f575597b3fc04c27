"""Runs the examples of the documents: ``python docs/run_examples.py [--check] DOCUMENT…`` (all documents).

What a fenced block is for stands in its info string, behind the language:

* ``sh run`` is run in a fresh folder that holds ``examples/`` and ``rules/``; ``sh run exit=1`` must exit with 1;
* ``python run`` the same, with this interpreter;
* ``yaml file=NAME`` is written there first, and so are ``toml`` and ``json``;
* ``text output`` is what the block before it prints; a line ``…`` stands for any number of lines.

Outputs are written anew, unless a line ``…`` is in them; with ``--check`` nothing is written, and what differs is shown.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(\w+) ([^\n]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ANY = "…"
MARKS = {
    "yaml": ("file", "fragment", "part"),
    "toml": ("file",),
    "json": ("file",),
    "sh": ("run",),
    "python": ("run",),
    "text": ("output",),
}


class Failure(Exception):  # noqa: N818 - the message is for people, and it is no error of this program
    """An example does not do what its document says."""


class Block(NamedTuple):
    """A fenced block with an info string; the offsets are those of its body."""

    language: str
    mark: str
    value: str
    body: str
    start: int
    end: int


def blocks(text: str) -> list[Block]:
    """The blocks of a document that are meant for this program."""
    found = []
    for match in BLOCK.finditer(text):
        mark, _, rest = match[2].partition("=")
        if mark.partition(" ")[0] not in MARKS.get(match[1], ()):
            raise Failure(f"no such kind of block: ```{match[1]} {match[2]}")
        found.append(Block(match[1], mark, rest, match[3], match.start(3), match.end(3)))
    return found


def environment(folder: Path) -> dict[str, str]:
    """Variables under which ``mapper`` and ``python`` are those of this checkout, whatever is installed."""
    programs = folder / ".bin"
    programs.mkdir()
    for name, arguments in {"mapper": "-m mapper ", "python": ""}.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n', "utf-8")
        program.chmod(0o755)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAPPER_") and name not in {"NO_COLOR", "FORCE_COLOR", "CI"}
    }
    return kept | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def run(block: Block, folder: Path, variables: dict[str, str]) -> str:
    """What a block prints to stdout; Failure if its exit code is another than stated."""
    wanted = int(block.value or 0)
    command = ["sh", "-ec", block.body] if block.language == "sh" else [sys.executable, "-c", block.body]
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=folder, env=variables)
    if done.returncode != wanted:
        raise Failure(f"exit code {done.returncode} instead of {wanted}:\n{block.body}{done.stdout}{done.stderr}")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def fits(shown: str, printed: str) -> bool:
    """Whether an output is what a document shows; how far columns are apart does not count."""
    pattern = "".join("(?:.*\n)*?" if line.strip() == ANY else re.escape(narrow(line)) + "\n" for line in shown.splitlines())
    return re.fullmatch(pattern, "".join(f"{narrow(line)}\n" for line in printed.splitlines())) is not None


def narrow(line: str) -> str:
    """A line of a table without its widths."""
    return re.sub(r"─+", "─", re.sub(r" +", " ", line))


def checked(text: str, folder: Path) -> str:
    """The document with its outputs as they are now; Failure where that cannot be had."""
    variables = environment(folder)
    for name in ("examples", "rules"):
        shutil.copytree(ROOT / name, folder / name)
    pieces, position, printed = [], 0, ""
    for block in blocks(text):
        if block.mark == "file":
            (folder / block.value).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.value).write_text(block.body, "utf-8")
        elif block.mark.startswith("run"):
            printed = run(block, folder, variables)
        elif block.language == "text" and not fits(block.body, printed):
            if f"{ANY}\n" in block.body:
                raise Failure("".join(unified_diff(block.body.splitlines(keepends=True), printed.splitlines(keepends=True))))
            pieces += [text[position : block.start], printed]
            position = block.end
    return "".join([*pieces, text[position:]])


def main(arguments: list[str]) -> int:
    """Check or renew the documents; 1 if an example failed, or with ``--check`` an output differs."""
    check = "--check" in arguments
    given = [Path(argument) for argument in arguments if argument != "--check"]
    code = 0
    for document in given or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = document.read_text("utf-8")
        try:
            with TemporaryDirectory() as folder:
                renewed = checked(text, Path(folder))
        except Failure as failure:
            print(f"{document.name}: {failure}")
            code = 1
            continue
        if renewed != text and check:
            print("".join(unified_diff(text.splitlines(keepends=True), renewed.splitlines(keepends=True), document.name, "now")))
            code = 1
        elif renewed != text:
            document.write_text(renewed, "utf-8")
            print(f"{document.name}: written")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
