"""Streams: UTF-8, colours, and what goes where."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cli.terminal import wants_color

ESCAPE = "\x1b["
CONVERT = ("convert", "examples/street", "--dry-run")


@pytest.mark.parametrize(
    ("choice", "environ", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_who_decides_on_colours(choice: str, environ: dict[str, str], *, terminal: bool, expected: bool) -> None:
    """The option, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal; empty variables do not count."""
    assert wants_color(choice, terminal=terminal, environ=environ) is expected


@given(st.booleans(), st.dictionaries(st.sampled_from(["NO_COLOR", "FORCE_COLOR", "TERM"]), st.text()))
def test_the_option_is_final(terminal: bool, environ: dict[str, str]) -> None:  # noqa: FBT001 - hypothesis passes it by position
    """No environment overrides what was said on the command line."""
    assert wants_color("always", terminal=terminal, environ=environ)
    assert not wants_color("never", terminal=terminal, environ=environ)


@pytest.mark.parametrize(
    ("args", "variables", "colored"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {}, True),
    ],
)
def test_colours_in_a_pipe(mapper: Any, args: list[str], variables: dict[str, str], *, colored: bool) -> None:
    """Plain unless forced, and never with NO_COLOR; the text under the colours is the same."""
    run = mapper.apart(*CONVERT, *args, **variables)
    assert run.code == 0
    assert (ESCAPE in run.out) is colored
    assert run.err == ""


def test_colours_of_errors(mapper: Any) -> None:
    """The option holds for what goes to stderr too."""
    refused = ("convert", "nowhere.zip", "--dry-run", "--color")
    assert ESCAPE in mapper.apart(*refused, "always").err
    assert ESCAPE not in mapper.apart(*refused, "never", FORCE_COLOR="1").err


def test_utf8_whatever_the_locale_says(mapper: Any) -> None:
    """Labels in any script survive a C locale and an ASCII encoding."""
    mapper.file(
        "пуля.xml",
        '<annotations><image id="0" name="кадр.png" width="9" height="9">'
        '<box label="Пуля" xtl="1" ytl="1" xbr="2" ybr="2" occluded="0" z_order="0"/></image></annotations>',
    )
    run = mapper.apart("inspect", "пуля.xml", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert run.code == 0
    assert "Пуля" in run.out


def test_the_script_and_the_module_are_the_same(mapper: Any) -> None:
    """``python -m mapper`` names itself mapper."""
    assert mapper.apart("--help").out.startswith("Usage: mapper ")


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
@pytest.mark.parametrize(("args", "spins"), [([], True), (["--quiet"], False)])
def test_progress_is_for_terminals(mapper: Any, args: list[str], *, spins: bool) -> None:
    """A spinner on stderr while stderr is a terminal, unless --quiet; stdout stays clean."""
    import pty  # noqa: PLC0415 - not on Windows

    leader, follower = pty.openpty()
    environment = mapper.environment(TERM="xterm")
    command = [sys.executable, "-m", "mapper", *CONVERT, *args]
    done = subprocess.run(command, cwd=mapper.folder, env=environment, stdout=subprocess.PIPE, stderr=follower, check=True, timeout=60)
    os.close(follower)
    seen = b""
    try:
        while chunk := os.read(leader, 65536):
            seen += chunk
    except OSError:  # Linux says so at the end
        pass
    os.close(leader)
    assert (b"converting examples/street" in seen) is spins
    assert ESCAPE.encode() not in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_a_terminal_gets_colours_and_indented_json(mapper: Any) -> None:
    """On a terminal, text is coloured and JSON is for reading."""
    import pty  # noqa: PLC0415 - not on Windows

    texts = []
    for form in ("text", "json"):
        leader, follower = pty.openpty()
        command = [sys.executable, "-m", "mapper", "rule", "MAP302", "--output-format", form]
        subprocess.run(command, env=mapper.environment(TERM="xterm"), stdout=follower, check=True, timeout=60)
        os.close(follower)
        texts.append(os.read(leader, 65536).decode())
        os.close(leader)
    assert texts[0].startswith(f"{ESCAPE}1mMAP302")
    assert texts[1].startswith('{\r\n  "schema_version"')
