"""``mapper batch``: what it prints, what the exit code says, and what it refuses."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import Label, box, export, image

BUG = """
from concurrent.futures import ThreadPoolExecutor
from mapper import api
from mapper.batch import order
from mapper.cli.batch import exit_code

convert = order.run

def run(source, *rest):
    if source.name == "clean.xml":
        raise KeyError("a bug")
    return convert(source, *rest)

order.run = run
result = api.batch({folder!r}, "out", executor=ThreadPoolExecutor(1))
print([record["status"] for record in result.entries], exit_code(result, "never"), "KeyError" in result.traces[0])
"""


def exports(mapper: Any) -> str:
    """A folder with three exports: the example, one without findings, and one that warns."""
    shutil.copytree("examples/street", "in/street")
    for name, corner in (("clean", 40), ("clipped", 900)):
        text = export(image(0, box("car", (1, 2, corner, 40))), labels=(Label("car"),), task={"id": len(name), "name": name})
        mapper.file(f"in/{name}.xml", text)
    return "in"


def test_a_clean_batch_says_what_it_did_and_what_next(mapper: Any) -> None:
    """Totals, findings by code over all exports, and the next command; nothing on stderr where there is no terminal."""
    run = mapper.here("batch", exports(mapper), "-o", "out", "--jobs", "1")
    assert (run.code, run.err) == (0, "")
    for text in ("Converted 3 of 3 exports → out", "one, shared by all", "3 converted", "6 images", "GEO420", "mapper verify out/<name>"):
        assert text in run.out
    assert "Exports that need a look" not in run.out
    assert not [line for line in run.out.splitlines() if line != line.rstrip()]


def test_trouble_is_listed_and_the_worst_decides(mapper: Any) -> None:
    """An export that cannot be read exits with 2, one that is kept back with 1, and the others are converted."""
    folder = exports(mapper)
    assert mapper.here("batch", folder, "-o", "kept", "--strict", "-j1").code == 1
    mapper.file("in/broken.xml", "no XML")
    run = mapper.here("batch", folder, "-o", "out", "--strict", "-j1", "--output-format", "concise")
    assert run.code == 2
    lines = run.out.splitlines()
    assert [line.partition(":")[0] for line in lines[:3]] == ["broken.xml", "clipped.xml", "street"]
    assert lines[0].endswith("refused: this is not XML: syntax error")
    assert lines[-1] == "Converted 1 of 4 exports → out: 1 converted, 2 unpublished, 1 refused"
    assert mapper.here("batch", folder, "-o", "other", "-j1", "--fail-on", "never").code == 2
    assert mapper.here("batch", "in/clipped.xml", "--dry-run", "-j1", "--fail-on", "warning").code == 1


def test_json_is_one_document(mapper: Any) -> None:
    """The head and the lines of the index, as they are written."""
    run = mapper.here("batch", exports(mapper), "-o", "out", "-j1", "--output-format", "json")
    document = json.loads(run.out)
    assert document["index"] == [json.loads(line) for line in Path("out/index.jsonl").read_text("utf-8").splitlines()]
    assert {key: document[key] for key in json.loads(Path("out/batch.json").read_text("utf-8"))} == json.loads(
        Path("out/batch.json").read_text("utf-8")
    )
    assert (document["ok"], document["out"], document["stopped"]) == (True, "out", False)
    refused = mapper.here("batch", "gone/*.xml", "-o", "none", "--output-format", "json")
    assert (refused.code, json.loads(refused.out)["findings"][0]["code"]) == (2, "BAT951")


def test_quiet_says_nothing_when_all_is_well(mapper: Any) -> None:
    """Only what concerns several exports would be said."""
    run = mapper.here("batch", "examples/street", "-o", "out", "-j1", "-q")
    assert (run.code, run.out, run.err) == (0, "", "")


def test_fail_fast_ends_at_the_first_failure(mapper: Any) -> None:
    """It says so, leaves no head, and resuming converts the rest."""
    mapper.file("in/a.xml", "no XML")
    folder = exports(mapper)
    run = mapper.here("batch", folder, "-o", "out", "--fail-fast", "-j1")
    assert run.code == 2
    assert "Ended by the first failure" in run.out
    assert not Path("out/batch.json").exists()
    Path("in/a.xml").unlink()
    assert mapper.here("batch", folder, "-o", "out", "--resume", "-j1").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "out"), "missing argument 'SOURCES'"),
        (("examples/street",), "missing option '-o'"),
        (("examples/street", "-o", "out", "--resume", "--force"), "contradict each other"),
        (("examples/street", "--dry-run", "--resume"), "contradict each other"),
        (("examples/street", "-o", "out", "--strict", "--fail-on", "never"), "contradict each other"),
        (("examples/street", "-o", "out", "--spec", "gone.yaml"), "the spec gone.yaml cannot be used"),
        (("examples/street", "-o", "examples"), "exists; use --resume"),
        (("examples/street", "-o", "out", "--media-dir", "gone"), "no folder of media"),
    ],
)
def test_what_cannot_be_begun_is_refused(mapper: Any, arguments: tuple[str, ...], says: str) -> None:
    """Nothing is written, the exit code is 2, and the message says why."""
    run = mapper.here("batch", *arguments)
    assert run.code == 2
    assert says in run.err.casefold() or says in run.err
    assert not Path("out").exists()


def test_a_bug_in_one_export_does_not_stop_the_others(mapper: Any) -> None:
    """What is unexpected exits with 3, with the traceback on stderr, after all others are converted."""
    folder = exports(mapper)
    script = BUG.format(folder=folder)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=mapper.environment())
    assert done.stdout == "['failed', 'converted', 'converted'] 3 True\n", done.stderr


def test_a_bar_shows_on_a_terminal_only(mapper: Any) -> None:
    """The number that is done and the rate, on stderr; and nothing of it stays behind."""
    folder = exports(mapper)
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "mapper", "batch", folder, "-o", "out", "-j1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=child, env=mapper.environment(TERM="xterm")) as process:
        os.close(child)
        said = b""
        while select.select([parent], [], [], 120)[0]:
            try:
                said += os.read(parent, 65536)
            except OSError:
                break
        assert process.wait(120) == 0
    os.close(parent)
    assert b"converting" in said
    assert b"3/3" in said
    assert said.rstrip().endswith((b"\x1b[2K", b"\x1b[?25h", b"\x1b[0m"))
