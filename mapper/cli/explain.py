"""``mapper explain``: why each shape went where it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, USAGE
from mapper.cli.media_options import MODES
from mapper.cli.options import color, locked, parameters, path, result_format
from mapper.cli.progress import working
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.api import LoadedSpec
    from mapper.workbench.explain import Answer

EPILOG = """\b
Examples:
  mapper explain examples/street --image 01_crossing.png --shape 2
  mapper explain examples/street --line 353
  mapper explain examples/street --label car --output-format concise
  mapper explain examples/street --summary
"""


@click.command("explain", epilog=EPILOG)
@click.argument("source", type=path)
@click.option(
    "--spec", metavar="FILE|PACK", type=path, default="standard", show_default=True,
    help="The mapping spec: a YAML or JSON file, or the name of a shipped pack.",
)  # fmt: skip
@parameters
@click.option("--ontology", metavar="FILE", type=path, help="Map onto this Encord ontology (its JSON) instead of making one.")
@click.option(
    "--media", type=click.Choice(MODES), default="auto", show_default=True,
    help="As for convert: it decides where a shape stands in the bundle.",
)  # fmt: skip
@click.option("--image", metavar="NAME", help="Only shapes of this image; a glob over names.")
@click.option("--shape", metavar="N", type=click.IntRange(min=1), help="Only the Nth shape or tag of an image, as findings count them.")
@click.option("--track", metavar="ID", help="Only the track of this id, as findings name it.")
@click.option("--line", metavar="N", type=click.IntRange(min=1), help="Only what stands at this line of the annotations.")
@click.option("--label", metavar="LABEL", help="Only shapes, tags and tracks of this label.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=20, show_default=True, help="Explain at most so many.")
@click.option("--summary", is_flag=True, help="Count instead what each rule decides on the whole export, and name dead rules.")
@locked
@result_format("full", "concise", "json")
@color
def command(
    *,
    source: str,
    spec: str,
    parameters: Mapping[str, str],
    ontology: str | None,
    media: str,
    summary: bool,
    locked: bool,
    output_format: str,
    color: str,
    **choice: Any,
) -> int:
    """Tell why each shape and each track went where it did.

    For every shape or track that is chosen: the rule that matched, for each rule before it the first condition that did not
    hold (of a track also on which frame), the conversion with its fidelity, what became of each attribute and field, and
    where it stands in the bundle. The export is converted for it, and nothing is written.

    Exits with 0; with 2 if the spec is invalid, the source unreadable, or nothing is chosen.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no engine
    from mapper.errors import MapperError  # noqa: PLC0415 - as above

    if summary and any(value is not None for name, value in choice.items() if name != "limit"):
        raise click.UsageError("--summary is about the whole export: it takes no --image, --shape, --track, --line or --label")
    style = style_of(color)
    options: dict[str, Any] = {"ontology": ontology, "media": media}
    try:
        loaded = api.load_spec(spec, parameters, locked=locked)
        with working(f"converting {shown_path(source)}"):
            if summary:
                text = _hits(source, loaded, output_format, style, options)
            else:
                answer = api.explain(source, spec=loaded, **choice, **options)
                if not (answer.explanations or answer.tracks):
                    click.echo(f"error: {_nothing(source, answer, choice)}", err=True)
                    return USAGE
                text = _explained(answer, output_format, style)
    except MapperError as error:
        return _refused(error)
    click.echo(text, nl=False, color=style.color)
    return CLEAN


def _refused(error: Any) -> int:
    from mapper.reports import REPORTS  # noqa: PLC0415 - only for what went wrong
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    findings = getattr(error, "findings", ())
    if findings:
        click.echo(REPORTS["concise"](Request(findings=findings)), nl=False, err=True)
    click.echo(f"error: {error}", err=True)
    return USAGE


def _explained(answer: Answer, form: str, style: Any) -> str:
    from mapper.reports import explanation, track_explanation  # noqa: PLC0415 - --help needs no report
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above

    records, tracks = [found.as_dict() for found in answer.explanations], [found.as_dict() for found in answer.tracks]
    if form == "json":
        return dump({"chosen": answer.chosen.total, "explanations": records, "tracks": tracks}, style)
    if form == "concise":
        return explanation.concise(records) + track_explanation.concise(tracks)
    text = "\n".join(filter(None, (explanation.full(records, style), track_explanation.full(tracks, style))))
    hidden = answer.chosen.total - len(records) - len(tracks)
    return text + (f"\n… and {hidden:,} more; --limit shows more of them\n" if hidden else "")


def _hits(source: str, loaded: LoadedSpec, form: str, style: Any, options: dict[str, Any]) -> str:
    from mapper import api  # noqa: PLC0415 - as above
    from mapper.reports import explanation  # noqa: PLC0415 - as above
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above

    found = api.rule_hits(source, spec=loaded, **options)
    record = found._asdict() | {"rules": [rule.as_dict() for rule in found.rules]}
    if form == "json":
        return dump(record, style)
    return explanation.concise_hits(record) if form == "concise" else explanation.hits(record, style)


def _nothing(source: str, answer: Answer, choice: dict[str, Any]) -> str:
    """Why nothing was chosen, with the nearest image if a name was given that no image has."""
    from mapper.places.opening import place_of  # noqa: PLC0415 - only for what went wrong
    from mapper.spec.suggest import near  # noqa: PLC0415 - as above

    if choice["image"] is not None and not answer.chosen.images:
        close = near(choice["image"], answer.chosen.names)
        return f"{shown_path(source)} has no image {choice['image']!r}" + (f"; did you mean {close!r}?" if close else "")
    given = ", ".join(f"--{name} {value}" for name, value in choice.items() if value is not None and name != "limit")
    at_line = next((finding for finding in answer.result.findings if _is_at(finding, choice["line"])), None)
    refused = f"; the reader says: {at_line.code} {at_line.message}" if at_line else ""
    name = place_of(source).name
    return f"no shape, tag or track of {name} is chosen by {given}{refused}" if given else f"{name} holds no shape, tag or track"


def _is_at(finding: Any, line: int | None) -> bool:
    return line is not None and any(sample.source is not None and sample.source.line == line for sample in finding.samples)
