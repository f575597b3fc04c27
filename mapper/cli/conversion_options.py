"""Options of the commands that convert: what is converted how, and what counts as a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.media_options import media_options
from mapper.cli.options import locked, parameters, path, today

if TYPE_CHECKING:
    from collections.abc import Callable


def conversion_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The spec and what belongs to it, an existing ontology, and what the data are."""
    for option in reversed((_SPEC, parameters, locked, _ONTOLOGY, media_options, *_DATA)):
        function = option(function)
    return function


def outcome_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--dry-run``, ``--strict``, ``--fail-on``, ``--keep-partial``, ``--today``."""
    for option in reversed((*_OUTCOME, today)):
        function = option(function)
    return function


_SPEC = click.option(
    "--spec", metavar="FILE|PACK", type=path, default="standard", show_default=True,
    help="The mapping spec: a YAML or JSON file, or the name of a shipped pack.",
)  # fmt: skip
_ONTOLOGY = click.option("--ontology", metavar="FILE", type=path, help="Map onto this Encord ontology (its JSON) instead of making one.")
_DATA = (
    click.option(
        "--include-jobs", multiple=True, default=["annotation"], show_default=True,
        type=click.Choice(["annotation", "ground_truth", "consensus_replica"]),
        help="Of backups: a type of jobs to convert. May be given several times.",
    ),
    click.option("--media-dir", metavar="DIR", type=path, help="Folder with the images, if they are not in the export."),
    click.option(
        "--map-filename", type=click.Choice(["exact", "stem", "basename", "basename-stem"]),
        help="How a media file's name gives the name of an image in the export: the same (the default), without its extension, "
        "without its folders, or without both. Goes before the spec's media.filenames.",
    ),
    click.option(
        "--check-media/--no-check-media", default=True, show_default=True,
        help="Compare the headers of the media that are there with the sizes and frames of the export. Needs the extra 'media'.",
    ),
)  # fmt: skip
_OUTCOME = (
    click.option("--dry-run", is_flag=True, help="Do everything but write; the report is the same."),
    click.option("--strict", is_flag=True, help="Let warnings count like errors, and publish nothing if there is one."),
    click.option(
        "--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error", show_default=True,
        help="Exit with 1 if a finding is this severe or more.",
    ),
    click.option("--keep-partial", is_flag=True, help="Publish what was read if the export breaks off."),
)  # fmt: skip


def check_outcome(output: str | None, what: str, *, dry_run: bool, strict: bool, fail_on: str) -> None:
    """Refuse options that contradict each other; ``what`` is the folder that is missing."""
    if output is None and not dry_run:
        raise click.UsageError(f"missing option '-o' / '--output'; give {what}, or --dry-run to write nothing")
    if strict and fail_on == "never":
        raise click.UsageError("--strict and --fail-on never contradict each other")
