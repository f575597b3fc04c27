"""Issues of the configuration and of baselines: CFG9xx."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class ConfigUnreadable(Issue):
    """A configuration file that cannot be read.

    Why it matters: a run without the team's settings would pass where it should fail.
    Example: `--config settings.toml`, and there is no such file.
    What to do: correct the path, or leave the option out; `--isolated` runs without any file.
    """

    code = "CFG901"
    name = "config-unreadable"
    template = "the configuration cannot be read: {why}"
    hint = "correct the path, or run with --isolated"

    why: str


class ConfigSyntax(Issue):
    """A configuration file that is not valid TOML.

    Why it matters: none of its settings can be trusted.
    Example: `fail-on = warning` without quotes.
    What to do: correct the place shown; text goes into quotes.
    """

    code = "CFG902"
    name = "config-syntax"
    template = "this is not valid TOML: {problem}"
    hint = "text goes into quotes; a key is given once"

    problem: str


class UnknownSetting(Issue):
    """A key that no command has a setting for.

    Why it matters: a typo that is ignored is a check that does not run.
    Example: `fail_on = "warning"`, or `media` under `[tool.mapper.validate]`.
    What to do: correct the key; `mapper config show` lists all of them.
    """

    code = "CFG903"
    name = "unknown-setting"
    template = "unknown setting {key!r}{where}"

    key: str
    where: str = ""
    suggestion: str = ""

    def help(self) -> str:
        """The setting that was probably meant, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else "`mapper config show` lists all settings"


class WrongSetting(Issue):
    """A value that a setting cannot have.

    Why it matters: it would take effect in none of the runs, or in one that nobody meant.
    Example: `fail-on = "eror"`, `quiet = "yes"`, or a list where one value is expected.
    What to do: give a value as the message says; it takes what the option of that name takes.
    """

    code = "CFG904"
    name = "wrong-setting"
    template = "{key}: {what}"
    hint = "it takes what the option of that name takes; true and false stand without quotes"

    key: str
    what: str


class OneRunOnly(Issue):
    """An option that is said for one run, and cannot stand in a file.

    Why it matters: replacing a bundle or writing a baseline in every run, unseen, is never what a team decided.
    Example: `force = true`.
    What to do: give it on the command line.
    """

    code = "CFG905"
    name = "one-run-only"
    template = "{key} is said for one run, on the command line"
    hint = "remove it from the file"

    key: str


class AnotherVersionRequired(Issue):
    """The configuration asks for another version of mapper.

    Why it matters: a team that pins a version wants the same result on every machine.
    Example: `required-version = ">=2,<3"` with mapper 1.4.
    What to do: install a version that fits.
    """

    code = "CFG906"
    name = "another-version-required"
    template = "version {wanted} is required; this is {version}"
    hint = "install a version that fits"

    wanted: str
    version: str


class BadBaseline(Issue):
    """A file given as baseline that is none.

    Why it matters: without it, every known finding would count as new, or a new one as known.
    Example: `--baseline findings.jsonl`, or a baseline with the marks of a merge conflict.
    What to do: write it anew with `--write-baseline`.
    """

    code = "CFG907"
    name = "bad-baseline"
    template = "this is no baseline: {why}"
    hint = "write it anew with --write-baseline"

    why: str


class StaleBaseline(Issue):
    """A baseline accepts more than there is.

    Why it matters: what was put right can come back unseen while the baseline still accepts it.
    Example: a shape that no rule matched has a rule now.
    What to do: write the baseline anew with `--write-baseline`.
    """

    code = "CFG908"
    name = "stale-baseline"
    severity = Severity.WARNING
    template = "{code_} is accepted {known} times by the baseline and was found {found} times"
    hint = "write the baseline anew with --write-baseline"

    code_: str
    known: int
    found: int


ISSUES: tuple[type[Issue], ...] = (
    ConfigUnreadable, ConfigSyntax, UnknownSetting, WrongSetting, OneRunOnly, AnotherVersionRequired, BadBaseline, StaleBaseline,
)  # fmt: skip
