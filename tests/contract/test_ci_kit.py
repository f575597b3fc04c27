"""What CI uses of us: hooks, action, documentation site, shell completion. Each does what its page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from mapper.cli import COMMANDS, app
from mapper.cli.settings.commands import leaves
from tests.support.checkout import ROOT, environment

if TYPE_CHECKING:
    from pathlib import Path

HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
BASH = shutil.which("bash")
NEEDS_BASH = pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs bash")


def test_hooks_run_commands_on_specs() -> None:
    """Each hook has what pre-commit requires, runs a command that there is, and takes the names that the page promises."""
    assert [hook["id"] for hook in HOOKS] == ["mapper-validate", "mapper-test", "mapper-check"]
    for hook in HOOKS:
        assert {"id", "name", "description", "entry", "language", "types_or", "files"} <= set(hook)
        program, command = hook["entry"].split()
        assert (program, hook["language"]) == ("mapper", "python")
        assert command in COMMANDS
        names = ("mapping.yaml", "specs/mapping-night.yml", "a/street.mapping.json")
        assert all(re.search(hook["files"], name) for name in names)
        assert not any(re.search(hook["files"], name) for name in ("remapping.yaml", "mapping.py", "mapping/other.yaml", "ci.yaml"))


def test_the_action_declares_what_it_uses() -> None:
    """Inputs reach the scripts as variables only, never as text of a script; every input is used and explained."""
    used = {name for step in STEPS for value in step["env"].values() for name in re.findall(r"inputs\.(\w+)", value)}
    assert used == set(ACTION["inputs"])
    assert all(entry["description"] for entry in ACTION["inputs"].values())
    assert all("${{" not in step["run"] for step in STEPS)
    assert all(step["shell"] == "bash" for step in STEPS)


@NEEDS_BASH
@pytest.mark.parametrize(("version", "what"), [("", "CHECKOUT"), ("0.1.0", "cvat-encord-mapper==0.1.0")])
def test_the_action_installs(tmp_path: Path, version: str, what: str) -> None:
    """The first step makes a place of its own and installs the version asked for, or the action's own checkout."""
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\nprintf "#!/bin/sh\\necho \\"\\$@\\"\\n" > "$3/bin/python"\nchmod +x "$3/bin/python"\n', "utf-8"
    )
    python.chmod(0o755)
    done = step(STEPS[0], {"PYTHON": str(python), "VERSION": version, "CHECKOUT": "CHECKOUT", "PLACE": str(tmp_path / "a place")}, tmp_path)
    assert done.stdout.split() == ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", what]


@NEEDS_BASH
def test_the_action_runs(tmp_path: Path) -> None:
    """The second step passes paths and arguments with blanks whole, prints annotations, writes SARIF, and fails as mapper does."""
    program = tmp_path / "mapper"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mapper "$@"\n', "utf-8")
    program.chmod(0o755)
    (tmp_path / "a b.yaml").write_text("apiVersion: mapping/v1\nrulez: []\n", "utf-8")
    given = {
        "MAPPER": str(program),
        "COMMAND": "validate",
        "SRC": "a b.yaml\nstandard\n",
        "ARGS": "--report=json=x $(id).json\n",
        "SARIF": "out.sarif",
    }
    done = step(STEPS[1], environment({**given, "MAPPER_OUTPUT_FORMAT": "github"}), tmp_path)
    assert done.returncode == 1
    assert "::error title=SPC230 unknown-key,file=a b.yaml,line=2," in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"mapper", "a b.yaml", "out.sarif", "x $(id).json"}


def step(found: dict[str, Any], variables: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub does."""
    assert BASH is not None
    command = [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]]
    env = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=folder, env=env)


@pytest.mark.skipif(find_spec("mkdocs") is None or find_spec("material") is None, reason="needs the extra docs")
@pytest.mark.slow
def test_the_site_builds(tmp_path: Path) -> None:
    """The documentation tool finds every page in the navigation and every link and heading that pages name; nothing is fetched."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    env = environment({"NO_MKDOCS_2_WARNING": "1"})
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=env)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "site").glob("*.html")}
    assert {"index.html", "tutorial.html", "ci.html", "codes.html", "cli.html"} <= set(pages)
    assert not [
        name for name, text in pages.items() if re.search(r"<(?:script|img|link rel=\"stylesheet\")[^>]*(?:src|href)=\"https?:", text)
    ]


def test_every_page_is_in_the_navigation() -> None:
    """No document is left out of the site, and none is listed that is not there."""
    listed = re.findall(r"[\w-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2])
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def complete(*words: str, shell: str = "bash") -> list[str]:
    """What a shell is offered for the last word."""
    variables = {"_MAPPER_COMPLETE": f"{shell}_complete", "COMP_WORDS": " ".join(("mapper", *words)), "COMP_CWORD": str(len(words))}
    command = [sys.executable, "-c", "from mapper.cli import main; main()"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment(variables))
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_completion_knows_commands_options_and_values() -> None:
    """Commands, options and the values of an option are offered."""
    assert complete("conv") == ["convert"]
    assert {"--output-format", "--report", "--config"} <= set(complete("validate", "--"))
    assert complete("convert", "--fail-on", "w") == ["warning"]
    assert complete("config", "s") == ["show"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    """The lines of the page give a script for the shell that calls us back."""
    command = [sys.executable, "-c", "from mapper.cli import main; main()"]
    env = environment({"_MAPPER_COMPLETE": f"{shell}_source"})
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    assert f"_MAPPER_COMPLETE={shell}_complete" in done.stdout


def test_help_of_every_command_is_whole() -> None:
    """A first sentence, what it takes, options with an explanation, examples: of each command and of those in groups."""
    for words in [(name,) for name in COMMANDS] + [words for words in leaves(COMMANDS) if len(words) > 1]:
        text = CliRunner().invoke(app, [*words, "--help"], prog_name="mapper").stdout
        assert text.startswith(f"Usage: mapper {' '.join(words)}")
        assert all(part in text for part in ("Options:", "Examples:", "--help"))
        assert max(map(len, text.splitlines())) <= 100
