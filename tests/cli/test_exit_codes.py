"""Exit codes: 0 clean, 1 findings, 2 usage, 3 a bug, 130 interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import click
import pytest

from mapper.cli.exit_codes import CLEAN, CLOSED, FINDINGS, INTERNAL, INTERRUPTED, USAGE, of_findings
from mapper.cli.run import exit_code
from mapper.errors import LedgerError, MissingExtraError, OutputError, SourceError
from mapper.findings.base import Severity
from mapper.version import __version__


def raising(error: BaseException) -> int:
    """The exit code of a command that raises."""

    def work() -> None:
        raise error

    return exit_code(work)


@pytest.mark.parametrize(
    ("worst", "fail_on", "expected"),
    [
        (None, "info", CLEAN),
        (Severity.INFO, "info", FINDINGS),
        (Severity.INFO, "warning", CLEAN),
        (Severity.WARNING, "warning", FINDINGS),
        (Severity.WARNING, "error", CLEAN),
        (Severity.ERROR, "error", FINDINGS),
        (Severity.ERROR, "info", FINDINGS),
        (Severity.ERROR, "never", CLEAN),
    ],
)
def test_findings_count_from_the_threshold_on(worst: Severity | None, fail_on: str, expected: int) -> None:
    """The threshold itself counts; never means never."""
    assert of_findings(worst, fail_on) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (click.UsageError("wrong"), USAGE),
        (click.FileError("f"), USAGE),
        (SourceError("unreadable"), USAGE),
        (OutputError("taken"), USAGE),
        (MissingExtraError("install it"), USAGE),
        (LedgerError("does not balance"), INTERNAL),
        (RuntimeError("a bug"), INTERNAL),
        (KeyboardInterrupt(), INTERRUPTED),
        (click.Abort(), INTERRUPTED),
        (BrokenPipeError(), CLOSED),
    ],
)
def test_exceptions_have_their_codes(error: BaseException, expected: int) -> None:
    """Whatever a command raises becomes one of the documented codes."""
    assert raising(error) == expected


def test_a_refusal_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback for what the user can put right."""
    raising(OutputError("out exists"))
    assert capsys.readouterr() == ("", "error: out exists\n")


def test_a_bug_asks_to_be_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Traceback, versions of everything, and the request to report it; all on stderr."""
    raising(LedgerError("car: read 3, accounted 2"))
    out, err = capsys.readouterr()
    assert out == ""
    for text in ("Traceback", "car: read 3, accounted 2", f"mapper {__version__}", "Python 3", "pydantic ", "please report"):
        assert text in err


@pytest.mark.parametrize(
    "args",
    [
        ["convert"],
        ["convert", "examples/street"],
        ["convert", "nowhere.zip", "-o", "out"],
        ["convert", "examples/street", "-o", "out", "--spec", "nowhere.yaml"],
        ["convert", "examples/street", "-o", "out", "--set", "upright_rectangle"],
        ["convert", "examples/street", "-o", "out", "--set", "a=1", "--set", "a=2"],
        ["convert", "examples/street", "-o", "out", "--set", "no_such=1"],
        ["convert", "examples/street", "-o", "out", "--media", "film"],
        ["convert", "examples/street", "-o", "out", "--strict", "--fail-on", "never"],
        ["convert", "examples/street", "-o", "examples"],
        ["convert", "examples/street", "-o", "out", "--ontology", "nowhere.json"],
        ["convert", "examples/street", "-o", "out", "--media-dir", "nowhere"],
        ["convert", "-", "-o", "out"],
        ["convert", "examples/street", "-o", "-"],
        ["convert", "", "-o", "out"],
        ["validate"],
        ["validate", "nowhere.yaml"],
        ["validate", "standard", "--output-format", "xml"],
        ["inspect", "nowhere"],
        ["verify", "nowhere"],
        ["rule", "MAP999"],
        ["rule", "MAP301", "--all"],
        ["--no-such-option"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_and_says_why_on_stderr(mapper: Any, args: list[str]) -> None:
    """Nothing on stdout, no traceback, nothing written."""
    before = sorted(path.name for path in mapper.folder.rglob("*"))
    run = mapper.here(*args)
    assert run.code == 2
    assert "Traceback" not in run.err
    if args[:2] == ["validate", "nowhere.yaml"]:  # what is wrong with a spec is what this command is asked for
        assert "SPC250" in run.out
    else:
        assert run.err
        assert run.out == ""
    assert sorted(path.name for path in mapper.folder.rglob("*")) == before


INTERRUPTIBLE = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may have inherited that it is ignored
runpy.run_module("mapper", run_name="__main__")
"""


@pytest.mark.skipif(os.name == "nt", reason="signals and named pipes of POSIX")
def test_ctrl_c_exits_130_and_leaves_nothing(mapper: Any) -> None:
    """An interrupted conversion says so in one word and leaves no part of a bundle."""
    os.mkfifo(mapper.folder / "annotations.xml")
    args = [sys.executable, "-c", INTERRUPTIBLE, "convert", "annotations.xml", "-o", "out"]
    with subprocess.Popen(args, cwd=mapper.folder, stderr=subprocess.PIPE, env=mapper.environment()) as process:
        # the command is inside the conversion once it has opened its end of the pipe
        writer = os.open(mapper.folder / "annotations.xml", os.O_WRONLY)
        try:
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
            os.close(writer)
    assert process.returncode == 130
    assert err.decode().strip() == "interrupted"
    assert sorted(path.name for path in mapper.folder.iterdir()) == ["annotations.xml", "examples"]


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_closed_pipe_is_no_error(mapper: Any) -> None:
    """``mapper rule --all | head -1`` prints no complaint."""
    command = f"{sys.executable} -m mapper rule --all | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, env=mapper.environment(), timeout=60)
    assert done.stderr.decode() == ""
    assert done.stdout.count(b"\n") == 1
