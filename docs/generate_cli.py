"""The generated parts about the command line: commands, settings, help; and how tables are set."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from mapper.cli import COMMANDS
from mapper.cli.settings.commands import key_of, leaves, options_of
from mapper.cli.settings.use import configurable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in line)} |\n" for line in lines)


def code(text: str) -> str:
    """Text set as code; "" stays empty."""
    return f"`{text}`" if text else ""


def commands() -> str:
    """The commands with their first line of help."""
    return table(("command", "what it does"), ((code(f"mapper {name}"), short) for name, (_, short) in COMMANDS.items()))


def settings() -> str:
    """Each setting with the commands that take it and the values that it can have."""
    found: dict[str, tuple[list[str], click.Option]] = {}
    for words, command in leaves(COMMANDS).items():
        for option in options_of(command):
            found.setdefault(key_of(option), ([], option))[0].append(" ".join(words))
    rows = [(code(key), ", ".join(commands), _values(option)) for key, (commands, option) in sorted(found.items())]
    return table(("setting", "of", "value"), rows)


def _values(option: click.Option) -> str:
    if option.is_flag:
        return "true, false"
    if option.multiple:
        return f"list of {code(option.metavar or 'text')}" + (", or a table" if "=VALUE" in (option.metavar or "") else "")
    choices = getattr(option.type, "choices", ())
    return ", ".join(map(code, choices)) if choices else code(option.metavar or option.type.name)


def help_texts() -> str:
    """The help of every command, in the order of the table; groups before what is in them."""
    parts = []
    for name, (module, _) in COMMANDS.items():
        found = configurable(import_module(module).command, COMMANDS)
        below = [(words, leaf) for words, leaf in leaves(COMMANDS).items() if words[0] == name]
        for words, command in [*([((name,), found)] if isinstance(found, click.Group) else []), *below]:
            context = click.Context(command, info_name=" ".join(("mapper", *words)), max_content_width=100, terminal_width=100)
            parts.append(f"## `mapper {' '.join(words)}`\n\n```text\n{command.get_help(context).strip()}\n```\n")
    return "\n".join(parts)
