"""``mapper pack docs``: a page for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN
from mapper.cli.options import path

if TYPE_CHECKING:
    from mapper.reports.pack_page import Page

EPILOG = """\b
Examples:
  mapper pack docs standard
  mapper pack docs packs/traffic --format html -o traffic.html
"""


@click.command("docs", epilog=EPILOG)
@click.argument("target", metavar="[DIR|SPEC|PACK]", default=".", type=path)
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True, help="Form of the page.")
@click.option("-o", "--output", metavar="FILE", type=path, help="File to write; standard output if not given.")
def command(*, target: str, form: str, output: str | None) -> int:
    """Write a readable page of a pack or spec.

    The page shows every parameter, decision, lookup, attribute and rule, inherited ones among them, and where each rule
    stands. TARGET is a folder with a pack.yaml (the current one if not given), a spec, or the name of a shipped pack. The
    HTML stands alone: it loads nothing and runs nothing.

    Exits with 0 if the page was written, 2 if the pack or spec is invalid.
    """
    from mapper.errors import OutputError  # noqa: PLC0415 - --help needs no spec
    from mapper.reports.pack_page import render  # noqa: PLC0415 - as above

    text = render(page_of(target), form)
    if output is None:
        click.echo(text, nl=False)
        return CLEAN
    try:
        Path(output).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}") from error
    return CLEAN


def page_of(target: str) -> Page:
    """The page of a pack's folder, a spec or a shipped pack; raises SpecError if it is not valid."""
    from mapper import api  # noqa: PLC0415 - --help needs no spec
    from mapper.errors import SpecError  # noqa: PLC0415 - as above
    from mapper.packs.building import check_pack  # noqa: PLC0415 - as above
    from mapper.reports.pack_page import Page, section_of  # noqa: PLC0415 - as above

    if not Path(target).is_dir() or target in api.shipped_packs():
        loaded = api.load_spec(target)
        return Page(title=loaded.spec.metadata.name, text="", sections=[section_of("Spec", loaded)])
    checked = check_pack(Path(target))
    if not checked.ok or checked.pack is None:
        first = next((issue.message() for issue, _ in checked.found), "")
        raise SpecError(f"{target} is not a valid pack: {first}; `mapper pack build` shows all that is wrong")
    pack = checked.pack
    facts = {"version": pack.version, "licence": pack.license, "owners": ", ".join(pack.owners)}
    facts["engine"] = pack.requires.engine if pack.requires is not None else ""
    return Page(
        title=pack.name,
        text=pack.description,
        facts={name: value for name, value in facts.items() if value},
        sections=[section_of(name, loaded) for name, loaded in checked.specs.items()],
    )
