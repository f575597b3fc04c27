"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMATS = ("full", "concise", "json", "json-lines")
"""The names in ``reports.REPORTS``, stated here so that ``--help`` need not import them."""
FORMAT_VARIABLE = "MAPPER_OUTPUT_FORMAT"


def path(text: str) -> str:
    """The type of a path, which stays as the user gave it; ``-`` is refused, because no command reads or writes it."""
    if text == "-":
        raise click.BadParameter("'-' (standard input or output) is not supported; give a path")
    if not text:
        raise click.BadParameter("the path is empty")
    return text


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
        help="How to show findings: with excerpts, one line each, one JSON document, or one line of JSON each.",
    )(function)


def document_format(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--output-format`` of commands that give a document: text or json.

    The environment variable is shared with the commands that give findings, so its other values mean text here.
    """
    return click.option(
        "--output-format",
        type=click.Choice(["text", "json"]),
        default=_document_default,
        help=f"Text for people or JSON for programs.  [env var: {FORMAT_VARIABLE}; default: text]",
    )(function)


def _document_default() -> str:
    return "json" if os.environ.get(FORMAT_VARIABLE, "").startswith("json") else "text"


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
