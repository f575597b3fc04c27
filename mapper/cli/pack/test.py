"""``mapper pack test``: the tests of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mapper.cli.options import path
from mapper.cli.suites import deliver, testing

EPILOG = """\b
Examples:
  mapper pack test
  mapper pack test packs/traffic --min-coverage 90
  mapper pack test packs/traffic --output-format junit
"""


@click.command("test", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", default=".", type=path)
@testing
def command(*, folder: str, min_coverage: float | None, output_format: str, color: str, **options: Any) -> int:
    """Run the tests of a pack.

    DIR is a folder with a pack.yaml (the current one if not given). For each spec that it exports, everything runs that
    `mapper test` would run (inherited tests, files STEM.test.yaml beside it, golden cases), and the files that `tests` of
    the manifest names for it.

    Exits with 0 if all tests pass, 1 if one fails or too few rules are covered, 2 if the pack or a spec of it is invalid.
    """
    from mapper.workbench.pack_testing import run_pack  # noqa: PLC0415 - --help needs no pack

    return deliver(run_pack(Path(folder), **options), min_coverage, output_format, color)
