"""Settings: where they come from, which goes before which, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from mapper.cli import COMMANDS
from mapper.cli.settings.commands import ONE_RUN, key_of, leaves, options_of
from mapper.cli.settings.files import find, read
from mapper.cli.settings.use import configurable, load
from mapper.cli.settings.values import settings_from
from mapper.errors import ConfigError

WARNS = "rules:\n  - id: all\n    match: {}\n    drop: {reason: not wanted here, severity: warning}\n"


def shown(mapper: Any, *args: str) -> dict[str, dict[str, Any]]:
    """What ``mapper config show`` says, by command and setting."""
    document = json.loads(mapper.here("config", "show", "--output-format", "json", *args).out)
    return {f"{row['command']}.{row['setting']}": row for row in document["settings"]}


def refused(mapper: Any, text: str, name: str = "mapper.toml") -> list[str]:
    """``line:column code message`` of what is wrong with a file; the command stops with 2 before it does anything."""
    mapper.file(name, text)
    run = mapper.here("validate", "standard", "--color", "never")
    assert (run.code, run.out) == (2, "")
    assert run.err.splitlines()[-1] == "error: the configuration cannot be used"
    with pytest.raises(ConfigError) as caught:
        load(COMMANDS)
    return [f"{found.spec.line}:{found.spec.column} {found.code} {found.message}" for found in caught.value.findings]


def test_the_nearest_file_counts(mapper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the current folder upwards, the first pyproject.toml that has the table; mapper.toml goes before it."""
    mapper.file("pyproject.toml", "[tool.mapper]\ncolor = 'never'\n")
    mapper.file("a/pyproject.toml", "[tool.other]\nx = 1\n")
    mapper.file("a/b/pyproject.toml", "this is broken, and none of our business")
    monkeypatch.chdir("a/b")
    found = find(Path.cwd())
    assert found is not None
    assert found.name == "../../pyproject.toml"
    Path("../mapper.toml").write_text("quiet = true\n", "utf-8")
    assert shown(mapper)["convert.quiet"]["file"] == "../mapper.toml"
    assert shown(mapper)["convert.color"]["from"] == "default"


def test_option_environment_file_default(mapper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each goes before the next: what is said for one run, for one machine, for the project, and by the tool."""
    broken = Path("examples/street/annotations.xml").read_text("utf-8").replace('label="wheel"', 'label="no such"')
    mapper.file("odd.xml", broken)
    command = ["convert", "odd.xml", "--dry-run", "--quiet"]
    assert mapper.here(*command).code == 0
    mapper.file("mapper.toml", 'fail-on = "info"\n')
    assert mapper.here(*command).code == 1
    monkeypatch.setenv("MAPPER_FAIL_ON", "never")
    assert mapper.here(*command).code == 0
    assert mapper.here(*command, "--fail-on", "warning").code == 1
    monkeypatch.delenv("MAPPER_FAIL_ON")
    assert mapper.here(*command, "--isolated").code == 0


def test_a_commands_own_table_goes_before_the_top(mapper: Any) -> None:
    """Further in goes before further out, wherever it stands in the file."""
    mapper.file("pyproject.toml", '[tool.mapper.convert]\ncolor = "never"\n[tool.mapper]\ncolor = "always"\nquiet = true\n')
    rows = shown(mapper)
    assert [(rows[name]["value"], rows[name]["line"]) for name in ("convert.color", "verify.color", "convert.quiet")] == [
        ("never", 2), ("always", 4), (True, 5),
    ]  # fmt: skip


def test_paths_are_relative_to_the_file(mapper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path means the same from every folder; the name of a pack stays one, unless there is such a file."""
    mapper.file("mapper.toml", '[convert]\nspec = "standard"\nmedia-dir = "pictures"\nreport = ["sarif=out/a.sarif", "json=b.json"]\n')
    mapper.file("below/x", "")
    monkeypatch.chdir("below")
    rows = shown(mapper, "convert")
    assert rows["convert.spec"]["value"] == "standard"
    assert rows["convert.media-dir"]["value"] == "../pictures"
    assert rows["convert.report"]["value"] == ["sarif=../out/a.sarif", "json=../b.json"]
    mapper.file("standard", "")
    assert shown(mapper, "convert")["convert.spec"]["value"] == "../standard"


def test_parameters_are_a_table(mapper: Any) -> None:
    """What ``--set`` takes one by one is a table in a file; numbers and booleans become what the option reads."""
    mapper.file("mapper.toml", '[convert.parameters]\nupright_rectangle = "polygon"\nn = 3\nflag = true\n')
    assert shown(mapper, "convert")["convert.parameters"]["value"] == ["upright_rectangle=polygon", "n=3", "flag=true"]
    mapper.file("mapper.toml", '[convert.parameters]\nupright_rectangle = "polygon"\n')
    assert mapper.here("convert", "examples/street", "-o", "out").code == 0
    assert json.loads(Path("out/bundle.json").read_text("utf-8"))["spec"]["parameters"]["upright_rectangle"] == "polygon"


def test_the_format_of_findings_does_not_break_documents(mapper: Any) -> None:
    """One setting for all commands: those that print a document take JSON from it, and text otherwise; an option is strict."""
    mapper.file("mapper.toml", 'output-format = "sarif"\n')
    assert mapper.here("rule", "MAP302").out.startswith("MAP302")
    mapper.file("mapper.toml", 'output-format = "json-lines"\n')
    assert mapper.here("rule", "MAP302").out.startswith("{")
    assert mapper.here("rule", "MAP302", "--output-format", "sarif").code == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('fail_on = "error"\n', ["1:1 CFG903 unknown setting 'fail_on'"]),
        ('\n[validate]\nmedia = "image"\n', ["3:1 CFG903 unknown setting 'media' in [validate]"]),
        ("[convrt]\n", ["1:2 CFG903 unknown setting 'convrt'"]),
        ('media = "film"\n', ["1:1 CFG904 media: 'film' is not one of 'auto', 'video', 'image_group', 'image'"]),
        ('[convert]\nquiet = "yes"\n', ["2:1 CFG904 convert.quiet: true or false is expected"]),
        ("fail-on = ['error']\n", ["1:1 CFG904 fail-on: text or a number is expected"]),
        ('report = "sarif=x"\n', ["1:1 CFG904 report: a list is expected, or a table of names and values"]),
        ("force = true\n", ["1:1 CFG905 force is said for one run, on the command line"]),
        ('required-version = ">=99"\n', ["1:1 CFG906 version >=99 is required; this is 0.1.0"]),
        ("required-version = '^1'\n", ['1:1 CFG904 required-version: a range such as ">=1.2,<2" is expected']),
        ("[packs]\nallowed-hosts = 'x'\n", ["2:1 CFG904 packs.allowed-hosts: a list of host names is expected"]),
        ("[packs]\nallowed-hosts = ['', 7]\n", ["2:1 CFG904 packs.allowed-hosts: a list of host names is expected"]),
        ("[packs]\nhost = []\nmore = []\n", [f"{n}:1 CFG903 unknown setting '{key}' in [packs]" for n, key in ((2, "host"), (3, "more"))]),
        ("packs = 1\n", ["1:1 CFG904 packs: a table is expected"]),
        ("a = = 1\n", ["1:5 CFG902 this is not valid TOML: Invalid value"]),
        ("a = [", ["1:0 CFG902 this is not valid TOML: Invalid value"]),
        ("a = 1\na = 2\n", ["2:6 CFG902 this is not valid TOML: Cannot overwrite a value"]),
        ("a = " + "[" * 5000, ["0:0 CFG902 this is not valid TOML: it is nested too deeply"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(mapper: Any, text: str, found: list[str]) -> None:
    """Every mistake is refused with its place; nothing is ignored in silence."""
    assert refused(mapper, text) == found


def test_the_line_is_that_of_the_shared_file(mapper: Any) -> None:
    """In pyproject.toml too, behind the tables of others; the key is marked and the right one named."""
    mapper.file("pyproject.toml", '[project]\nname = "x"\n\n[tool.mapper]\nfail-onn = "error"\n')
    run = mapper.here("validate", "standard")
    assert '  --> pyproject.toml:5:1\n   |\n 5 | fail-onn = "error"\n   | ^^^^^^^^\nhelp: did you mean `fail-on`?\n' in run.err


def test_a_file_that_is_asked_for_must_be_there(mapper: Any) -> None:
    """``--config`` is no wish; a pyproject.toml without the table, bytes that are no text and a folder are refused too."""
    mapper.file("other/pyproject.toml", "[tool.x]\n")
    (mapper.folder / "latin.toml").write_bytes(b'color = "\xe9"\n')
    (mapper.folder / "large.toml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    for name, code in {
        "none.toml": "CFG901",
        "examples": "CFG901",
        "other/pyproject.toml": "CFG901",
        "latin.toml": "CFG902",
        "large.toml": "CFG901",
    }.items():
        run = mapper.here("validate", "standard", "--config", name)
        assert (run.code, run.out, run.err[:6]) == (2, "", code)
    assert mapper.here("validate", "standard", "--config", "x", "--isolated").code == 2


def test_settings_of_a_file_are_used_from_any_folder(mapper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--config`` names a file relative to where one is."""
    mapper.file("settings/team.toml", 'color = "never"\n')
    assert shown(mapper, "validate", "--config", "settings/team.toml")["validate.color"]["file"] == "settings/team.toml"
    monkeypatch.chdir("examples")
    assert shown(mapper, "validate", "--config", "../settings/team.toml")["validate.color"]["file"] == "../settings/team.toml"


def test_hosts_of_packs_are_for_the_caller_to_say(mapper: Any) -> None:
    """They stand in the configuration and reach the commands, never in a spec."""
    mapper.file("mapper.toml", '[packs]\nallowed-hosts = ["git.example"]\nprivate-hosts = ["10.0.0.7"]\n')
    settings = load(COMMANDS)
    assert (settings.allowed_hosts, settings.private_hosts) == (("git.example",), ("10.0.0.7",))
    assert "packs.allowed-hosts: git.example" in mapper.here("config", "show").out
    assert load(COMMANDS, isolated=True).allowed_hosts == ()


def test_show_for_people(mapper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with value and origin of each setting; one command's on request."""
    mapper.file("mapper.toml", 'required-version = ">=0.1"\nfail-on = "warning"\n')
    monkeypatch.setenv("MAPPER_COLOR", "never")
    lines = mapper.here("config", "show", "convert").out.splitlines()
    assert lines[:2] == ["file: mapper.toml", "required-version: >=0.1"]
    cells = [line.split() for line in lines]
    assert ["convert", "fail-on", "warning", "mapper.toml:2"] in cells
    assert ["convert", "color", "never", "environment:", "MAPPER_COLOR"] in cells
    assert ["convert", "strict", "false", "default"] in cells
    assert mapper.here("config", "show", "nonsense").code == 2


def test_every_option_can_be_set() -> None:
    """A new option of any command can stand in a file without more code, or is named as one for a single run."""
    for words, command in leaves(COMMANDS).items():
        own = {parameter.name for parameter in command.params if isinstance(parameter, click.Option) and not parameter.is_eager}
        assert own - {option.name for option in options_of(command)} <= ONE_RUN, words


def test_a_new_command_needs_nothing_more(tmp_path: Path) -> None:
    """Options of other types and of nested groups are taken as click takes them."""

    @click.command("make")
    @click.option("--fps", type=float)
    @click.option("--size", type=int, nargs=2)
    @click.option("--on/--off", default=False)
    def make(**_: Any) -> None: ...

    configurable(click.Group("g", commands={"make": make}), COMMANDS)
    (tmp_path / "mapper.toml").write_text("[g.make]\nfps = 29.97\nsize = [640, 480]\non = true\n", "utf-8")
    file = read(tmp_path / "mapper.toml", tmp_path, required=True)
    assert file is not None
    settings = settings_from(file, {("g", "make"): make}, tmp_path)
    context = make.make_context("make", ["--isolated"], default_map=settings.defaults(("g", "make")))
    assert context.params == {"fps": 29.97, "size": (640, 480), "on": True}
    assert [option.envvar for option in options_of(make)] == ["MAPPER_FPS", "MAPPER_SIZE", "MAPPER_ON"]
    assert [key_of(option) for option in options_of(make)] == ["fps", "size", "on"]
