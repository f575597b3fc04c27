"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mapper.cli.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

FORMATS = ("full", "concise", "json", "json-lines", "github", "gitlab", "junit", "sarif")
"""The names in ``reports.REPORTS``, stated here so that ``--help`` need not import them."""
FOR_PEOPLE = ("full", "concise")
"""The formats in which a command may say more than its findings: what reads the others wants one document."""
FORMAT_VARIABLE = "MAPPER_OUTPUT_FORMAT"


class PathType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.2
    """A path, which stays as the user gave it; ``-`` is refused, because no command reads or writes it."""

    name = "path"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is no path."""
        if value == "-":
            self.fail("'-' (standard input or output) is not supported; give a path", param, ctx)
        if not value:
            self.fail("the path is empty", param, ctx)
        return value

    def rebase(self, value: str, moved: Callable[..., str], *, pack: bool) -> str:
        """The path of a configuration file, as seen from here; where a pack may be named, only if there is such a file."""
        return moved(value, only_if_there=pack)


class ReportType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.2
    """``FORMAT=FILE``, taken apart."""

    name = "report"

    def convert(self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name of a format, and a path."""
        if isinstance(value, tuple):
            return value
        form, equals, file = value.partition("=")
        if not equals or form not in FORMATS:
            self.fail(f"{value!r} is not FORMAT=FILE with one of {', '.join(FORMATS)}", param, ctx)
        return form, path.convert(file, param, ctx)

    def rebase(self, value: str, moved: Callable[..., str], *, pack: bool) -> str:  # noqa: ARG002 - as PathType has it
        """The file relative to the configuration's folder."""
        form, equals, file = value.partition("=")
        return f"{form}{equals}{moved(file, only_if_there=False)}" if file not in {"", "-"} else value


class DocumentType(click.Choice):  # type: ignore[type-arg]  # generic only since click 8.2
    """text or json; from the environment or a file, the formats of findings are taken too: the setting is shared."""

    def __init__(self) -> None:
        super().__init__(("text", "json"))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """JSON if the findings are to be JSON, text otherwise."""
        source = ctx.get_parameter_source(param.name) if ctx is not None and param is not None and param.name else None
        if source is not ParameterSource.COMMANDLINE and value in FORMATS:
            return "json" if value.startswith("json") else "text"
        return str(super().convert(value, param, ctx))


path = PathType()


def parameters(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--set NAME=VALUE``, repeatable."""
    return click.option(
        "--set",
        "parameters",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_settings,
        help="Set a parameter of the spec; repeatable.",
    )(function)


def _settings(_: click.Context, param: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE", param=param)
        if name in found:
            raise click.BadParameter(f"{name!r} is set twice", param=param)
        found[name] = value
    return found


def locked(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--locked/--no-locked``; the default is whether the environment says that this is a CI job."""
    return click.option(
        "--locked/--no-locked",
        default=_in_ci,
        help="Refuse a spec if what it extends is not pinned by mapper.lock, or is not what that says; the default when CI is set.",
    )(function)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}


def output_format(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--output-format`` of commands that give findings."""
    return click.option(
        "--output-format",
        type=click.Choice(FORMATS),
        default="full",
        show_default=True,
        envvar=FORMAT_VARIABLE,
        show_envvar=True,
        help="How to show findings: with excerpts, one line each, or in a form for programs and CI servers.",
    )(function)


def document_format(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--output-format`` of commands that give a document: text or json.

    The environment variable is shared with the commands that give findings, so its other values mean text here.
    """
    return click.option(
        "--output-format",
        type=DocumentType(),
        default="text",
        show_default=True,
        envvar=FORMAT_VARIABLE,
        show_envvar=True,
        help="Text for people or JSON for programs.",
    )(function)


def delivered(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where findings go and which of them are known; the command gets them as one ``delivery``."""

    @wraps(function)
    def command(*, output_format: str, report: Sequence[tuple[str, str]], **rest: Any) -> Any:
        given = {name: rest.pop(name) for name in ("baseline", "write_baseline")}
        source = click.get_current_context().get_parameter_source("baseline")
        if given["write_baseline"] is not None and source is not ParameterSource.COMMANDLINE:
            given["baseline"] = None  # the configured one is about to be written
        return function(delivery=Delivery(form=output_format, reports=tuple(report), **given), **rest)

    report = click.option(
        "--report", metavar="FORMAT=FILE", type=ReportType(), multiple=True,
        help="Write the findings to a file too, in a format of --output-format; repeatable.",
    )  # fmt: skip
    baseline = click.option("--baseline", metavar="FILE", type=path, help="Leave out the findings that this file accepts.")
    write = click.option(
        "--write-baseline", metavar="FILE", type=path, help="Write a baseline that accepts all findings of this run.",
    )  # fmt: skip
    return output_format(report(baseline(write(command))))


class ResultType(click.Choice):  # type: ignore[type-arg]  # generic only since click 8.2
    """The forms of a command with results of its own; another form of findings means json where it is one, else full."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """One of the forms, from the command line, the environment variable or the configuration."""
        if isinstance(value, str) and value in FORMATS and value not in self.choices:
            value = "json" if value.startswith("json") else "full"
        return super().convert(value, param, ctx)


def result_format(*forms: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--output-format`` of commands that give results of their own; ``full`` and ``json`` are among the forms."""
    return click.option(
        "--output-format",
        type=ResultType(forms),
        default="full",
        show_default=True,
        envvar=FORMAT_VARIABLE,
        show_envvar=True,
        help="How to show the results.",
    )


def today(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--today`` of commands that judge waivers; SOURCE_DATE_EPOCH stands in for the clock."""
    return click.option(
        "--today",
        metavar="YYYY-MM-DD",
        callback=_day,
        help="The day by which waivers (drop … until) are judged.  [env var: SOURCE_DATE_EPOCH, in seconds; default: today in UTC]",
    )(function)


def _day(_: click.Context, param: click.Parameter, given: str | None) -> date:
    if given is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        try:
            return (datetime.now(UTC) if epoch is None else datetime.fromtimestamp(int(epoch), UTC)).date()
        except (ValueError, OverflowError, OSError) as error:
            raise click.BadParameter(f"SOURCE_DATE_EPOCH is {epoch!r}, no number of seconds", param=param) from error
    try:
        return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise click.BadParameter(f"{given!r} is not a day such as 2026-12-31", param=param) from error


def color(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--color``; the environment's NO_COLOR and FORCE_COLOR count when it is ``auto``."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Use colours; auto does on a terminal, and heeds NO_COLOR and FORCE_COLOR.",
    )(function)


def quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--quiet``."""
    return click.option("-q", "--quiet", is_flag=True, help="Show findings only: no summary, no progress.")(function)
