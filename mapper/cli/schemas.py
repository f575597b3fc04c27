"""Where commands that analyse a spec take the label schema from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.options import FOR_PEOPLE, path
from mapper.cli.terminal import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.api import LoadedSpec, Validation
    from mapper.cvat.model import LabelSpec
    from mapper.reports.style import Style

NO_LABELS = "no label schema: give --labels or --source, or name one in the spec under source.labels"


def schema_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--labels`` and ``--source``."""
    for option in (
        click.option("--source", metavar="EXPORT", type=path, help="Take the label schema of this CVAT export."),
        click.option("--labels", metavar="FILE", type=path, help='Take this label schema: CVAT\'s JSON, as its editor shows under "Raw".'),
    ):
        function = option(function)
    return function


def budget_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--budget``."""
    return click.option(
        "--budget", metavar="STEPS", type=click.IntRange(min=1), default=8_000_000, show_default=True,
        help="How long to follow combinations of conditions; what is beyond is unknown. A million takes about a second or two.",
    )(function)  # fmt: skip


def labels_of(spec: LoadedSpec | None, labels: str | None, source: str | None) -> tuple[LabelSpec, ...] | None:
    """The label schema that was asked for, else that of the spec; None if there is none."""
    from mapper import api  # noqa: PLC0415 - --help needs no reader
    from mapper.places.opening import place_of  # noqa: PLC0415 - as above

    if labels is not None and source is not None:
        raise click.UsageError("--labels and --source exclude one another")
    if labels is not None:
        return api.read_labels(Path(labels))
    if source is not None:
        return api.labels_of_export(place_of(source))
    return spec.labels or None if spec is not None else None


def refused(spec: str, checked: Validation, form: str, style: Style) -> None:
    """Say that a spec is not valid: to people on stderr, to programs on stdout in the form that they asked for."""
    from mapper.reports import REPORTS  # noqa: PLC0415 - only for an invalid spec
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    people = form in FOR_PEOPLE
    request = Request(findings=checked.findings, texts=checked.texts, head={"ok": False}, file=shown_path(spec), style=style)
    click.echo(REPORTS[form](request), nl=False, err=people, color=style.color)
    click.echo(f"error: the spec {shown_path(spec)} cannot be used", err=True)
