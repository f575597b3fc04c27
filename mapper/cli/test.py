"""``mapper test``: runs the tests of specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.options import parameters, path
from mapper.cli.suites import deliver, testing
from mapper.cli.terminal import shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EPILOG = """\b
Examples:
  mapper test standard encord-importer
  mapper test standard --min-coverage 90
  mapper test standard --output-format junit
"""


@click.command("test", epilog=EPILOG)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=path)
@parameters
@testing
def command(
    *, specs: Sequence[str], parameters: Mapping[str, str], min_coverage: float | None, output_format: str, color: str, **options: Any
) -> int:
    """Run the tests of mapping specs.

    Tests stand in a spec, in files STEM.test.yaml beside it, and as golden cases in STEM.golden/NAME/: a source.xml
    and what is expected of it in expected/. A case gives one shape and says what must come of it: rule, object, Encord
    shape, answers, classification, or that it is dropped or refused. A spec without tests passes, and covers no rule.

    Exits with 0 if all tests pass, 1 if one fails or too few rules are covered, 2 if a spec is invalid or missing.
    """
    from mapper.workbench.testing import run_suite  # noqa: PLC0415 - --help needs no spec

    suites = [run_suite(spec, parameters, name=shown_path(spec), **options) for spec in specs]
    return deliver(suites, min_coverage, output_format, color)
