"""Explanations of shapes, and hits of rules, for people; what they are made from is the JSON form of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from mapper.findings.base import Severity
from mapper.reports.style import paint, plural, severity_look, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mapper.reports.style import Style

Record = dict[str, Any]

WIDTH = 11
"""Columns of the headings on the left."""
SHOWN = 12
"""Rules tried before, beyond which those for other labels and kinds are only counted."""
CLASS = ("label", "shapes", "tag")


def full(records: Sequence[Record], style: Style) -> str:
    """Everything about each shape, a paragraph each."""
    return "\n".join("".join(f"{line}\n" for line in _full(record, style)) for record in records)


def concise(records: Sequence[Record]) -> str:
    """One line a shape: where it is, the rule, what came of it."""
    return "".join(f"{_concise(record)}\n" for record in records)


def _concise(record: Record) -> str:
    made = ", ".join(f"{item['what']} {item['title']}{_bracket(item['shape'])} {item['hash']}" for item in record["made"])
    what = account(record["account"], record["why"]) + (f" -> {made}" if made else "")
    return visible(f"{place(record['source'])}: {_shape(record)}: {_rule(record)}: {what}")


def _full(record: Record, style: Style) -> Iterator[str]:
    yield paint(visible(_shape(record)), style, "bold")
    source = record["source"]
    yield f"  {paint('-->', style, 'blue')} {visible(place(source))}{visible('  image ' + source['image'] if 'image' in source else '')}"
    yield from block("rule", [record["rule"] + (f"  ({place(record['spec'])})" if record["spec"] else "none")], style)
    yield from block("before it", list(passed(record["tried"], _passed)), style)
    yield from block("became", [account(record["account"], record["why"])], style)
    yield from block("conversion", [_conversion(entry, record["shape"]["kind"]) for entry in record["conversions"]], style)
    yield from block("values", [_value(way) for way in record["values"]], style)
    yield from block("bundle", list(_standing(record)), style)
    for note in record["findings"]:
        word = paint(f"{note['code']} {note['severity']}", style, severity_look(Severity.parse(note["severity"])))
        yield f"  {'finding':<{WIDTH}}{word}: {visible(note['message'])}"


def block(head: str, lines: Sequence[str], style: Style) -> Iterator[str]:
    """Lines below one heading on the left."""
    for number, line in enumerate(lines):
        left = f"{head if number == 0 else '':<{WIDTH}}"
        yield f"  {paint(left, style, 'cyan') if number == 0 else left}{visible(line)}"


def _shape(record: Record) -> str:
    shape = record["shape"]
    return f"{shape['kind']} {shape['number']}, label {shape['label']}"


def place(where: Mapping[str, Any]) -> str:
    """A place in a file."""
    return f"{where['file']}:{where['line']}" if "line" in where else str(where["file"])


def _rule(record: Record) -> str:
    return f"rule {record['rule']}" if record["rule"] else "no rule"


def account(name: str, why: str) -> str:
    """What became of something, with its reason."""
    return f"{name}: {why}" if why else name


def _bracket(shape: str) -> str:
    return f" [{shape}]" if shape else ""


def passed(tried: Sequence[Record], said: Callable[[Record], str]) -> Iterator[str]:
    """The rules before the one that decided; of many, those for other labels and kinds are only counted."""
    shown = tried if len(tried) <= SHOWN else [entry for entry in tried if entry["condition"].partition(".")[0] not in CLASS]
    for entry in shown:
        yield said(entry)
        yield from (f"  {miss(inner)}" for inner in entry.get("alternatives", ()))
    if len(shown) < len(tried):
        yield f"{plural(len(tried) - len(shown), 'more rule')} for other labels and shapes"


def _passed(entry: Record) -> str:
    return f"{entry['rule']} did not match: {miss(entry)}"


def miss(entry: Mapping[str, Any]) -> str:
    """A condition that did not hold, in a sentence."""
    return f"{entry['condition']} is {entry['found']}, wanted {entry['wanted']}"


def _conversion(entry: Record, kind: str) -> str:
    metric = {"exact": "exact", "iou": "IoU", "residual_px": "residual in px"}[entry["metric"]]
    fidelity = "" if entry["fidelity"] is None else f" {entry['fidelity']:g}"
    outcome = f"refused: {entry['refused']}" if entry["refused"] else metric + fidelity
    repaired = f" (repaired: {entry['repaired']})" if entry["repaired"] else ""
    return f"{kind} -> {entry['shape']} of {entry['title']}, {outcome}{repaired}"


def _value(way: Record) -> str:
    said = f"{way['space']} {way['name']} {quoted(way['value'])}: {way['account']}" if way["name"] else "added by the spec"
    said += f", {way['why']}" if way["why"] else ""
    if way["to"] and way["account"] in {"kept", "transformed", "split", "merged"} and way["answer"] is not None:
        under = f" under {way['under']}" if way["under"] else ""
        lookup = f" by lookup {way['lookup']}" if way["lookup"] else ""
        said += f" -> {way['to']} ({way['type']}){under}: {answer(way['answer'])}{lookup}"
    return said + (f"  ({place(way['by'])})" if way["by"] else "")


def quoted(value: Any) -> str:
    """A text as one may write it."""
    return orjson.dumps(value).decode() if isinstance(value, str) and value.isprintable() else repr(value)


def answer(said: Any) -> str:
    """An answer: the options that are ticked, or a text or number."""
    if isinstance(said, list):
        return ", ".join(said) or "nothing ticked"
    return quoted(said)


def _standing(record: Record) -> Iterator[str]:
    if not record["made"]:
        yield "nothing"
        return
    bundle = record["bundle"]
    line = f"line {bundle['row']} of label_rows.jsonl, " if bundle["row"] is not None else ""
    yield f"{line}data unit {bundle['unit']} ({bundle['title']})"
    for item in record["made"]:
        word = "objectHash" if item["what"] == "object" else "classificationHash"
        yield f"{item['what']} {item['title']}{_bracket(item['shape'])}, {word} {item['hash']}, featureHash {item['feature_hash']}"


def hits(record: Record, style: Style) -> str:
    """Every rule with what it decided, then what is worth a look."""
    width = max([len("rule"), *(len(entry["rule"]) for entry in record["rules"])])
    tracks = record["tracks"]
    lines = [f"{'rule':<{width}}  {'hits':>9}" + (f"  {'tracks':>7}" if tracks else "") + "  outcome"]
    for entry in record["rules"]:
        own = f"  {entry['tracks']:>7,}" if tracks else ""
        lines.append(f"{visible(entry['rule']):<{width}}  {entry['hits']:>9,}{own}  {visible(_outcome(entry))}".rstrip())
    lines.append("")
    dead = [entry for entry in record["rules"] if entry["dead"]]
    lines.append(f"{plural(record['read'], 'shape and tag', 'shapes and tags')}, {record['unmatched']:,} matched by no rule")
    if tracks:
        lines.append(f"{plural(tracks, 'track')}, each of whose frames counts as a shape")
    for entry in dead:
        why = f"matches {_matched(entry)}, all taken by {_takers(entry)}" if entry["shadowed"] else "matches nothing in this export"
        word = paint("shadowed" if entry["shadowed"] else "dead", style, "yellow")
        lines.append(f"{word}: {visible(entry['rule'])} ({place(entry['place'])}) {visible(why)}")
    return "".join(f"{line}\n" for line in lines)


def concise_hits(record: Record) -> str:
    """One line a rule."""
    words = ("shadowed", "dead")
    lines = [
        f"{place(entry['place'])}: {entry['rule']}: {entry['hits']} hits" + next((f", {word}" for word in words if entry[word]), "")
        for entry in record["rules"]
    ]
    return "".join(f"{visible(line)}\n" for line in lines)


def _outcome(entry: Record) -> str:
    said = ", ".join(f"{count:,} {account}" for account, count in entry["accounts"].items())
    lost, tracks = sum(entry["taken"].values()), entry["tracks_matched"]
    more = " and ".join([*([f"{lost:,} more"] if lost else []), *([f"{plural(tracks, 'more track')}"] if tracks else [])])
    return said + (f"; {more} taken by {_takers(entry)}" if more and entry["hits"] else "")


def _matched(entry: Record) -> str:
    tracks = plural(entry["tracks_matched"], "track")
    return f"{entry['matched']:,}" + (f" and {tracks}" if entry["tracks_matched"] else "") if entry["matched"] else tracks


def _takers(entry: Record) -> str:
    return ", ".join(dict.fromkeys((*entry["taken"], *entry["tracks_taken"])))
