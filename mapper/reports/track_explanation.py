"""Explanations of tracks for people; what they are made from is the JSON form of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.findings.base import Severity
from mapper.reports.explanation import CLASS, WIDTH, account, answer, block, miss, passed, place, quoted
from mapper.reports.style import paint, plural, severity_look, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.reports.style import Style

Record = dict[str, Any]
SHOWN = 6
"""Ranges of frames, values and answers beyond which only their number is told."""


def full(records: Sequence[Record], style: Style) -> str:
    """Everything about each track, a paragraph each."""
    return "\n".join("".join(f"{line}\n" for line in _full(record, style)) for record in records)


def concise(records: Sequence[Record]) -> str:
    """One line for each rule that took frames of a track."""
    return "".join(f"{line}\n" for record in records for line in _concise(record))


def _concise(record: Record) -> Iterator[str]:
    head = f"{place(record['source'])}: {_track(record)}"
    if not record["parts"]:
        yield visible(f"{head}: no rule")
    for part in record["parts"]:
        made = ", ".join(f"object {item['title']} [{item['shape']}] {item['hash']}" for item in part["objects"])
        became = ", ".join(account(*entry) for entry in part["accounts"])
        yield visible(f"{head}: {_rule(part)}: {_frames(part['frames'])}: {became}" + (f" -> {made}" if made else ""))


def _full(record: Record, style: Style) -> Iterator[str]:
    yield paint(visible(_track(record)), style, "bold")
    yield f"  {paint('-->', style, 'blue')} {visible(place(record['source']))}"
    frames = record["frames"]
    rest = f", outside on {frames['outside']:,}" if frames["outside"] else ""
    yield from block(
        "seen", [f"{_frames(frames['ranges'])} ({frames['seen']:,} in all, {plural(frames['keyframes'], 'keyframe')}{rest})"], style
    )
    if record["at"] is not None:
        yield from block("asked", [f"the line is that of frame {record['at']}"], style)
    yield from block("before it", list(passed(record["tried"], _passed)), style)
    for part in record["parts"]:
        yield from _part(record, part, style)
    if not record["parts"]:
        yield from block("rule", ["none was asked"], style)
    yield from block("bundle", list(_standing(record)), style)
    for note in record["findings"]:
        word = paint(f"{note['code']} {note['severity']}", style, severity_look(Severity.parse(note["severity"])))
        times = f" ({note['count']:,} times)" if note["count"] > 1 else ""
        yield f"  {'finding':<{WIDTH}}{word}: {visible(note['message'])}{times}"


def _part(record: Record, part: Record, style: Style) -> Iterator[str]:
    stated = f", frames: {part['stated']}" if part["stated"] else ""
    held = f", which holds on {part['held']:,} of them" if part["rule"] and part["held"] < part["asked"] else ""
    where = f"  ({place(part['spec'])})" if part["spec"] else ""
    yield from block("rule", [f"{part['rule'] or 'none'}{stated} takes {_frames(part['frames'])}{held}{where}"], style)
    yield from block("became", [account(*entry) for entry in part["accounts"]], style)
    yield from block("conversion", [_conversion(entry, record["track"]["kind"]) for entry in part["conversions"]], style)
    yield from block("values", [_value(way) for way in part["values"]], style)


def _track(record: Record) -> str:
    track = record["track"]
    number = f"track {track['id']}" if track["id"] else "track"
    return f"{number}: {track['kind']}, label {track['label']}"


def _rule(part: Record) -> str:
    return f"rule {part['rule']}" if part["rule"] else "no rule"


def _frames(found: Sequence[Sequence[int]]) -> str:
    if not found:
        return "no frame"
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in found[:SHOWN]]
    more = f" and {len(found) - SHOWN} more ranges" if len(found) > SHOWN else ""
    single = len(found) == 1 and found[0][0] == found[0][1]
    return f"frame{'' if single else 's'} {', '.join(shown)}{more}"


def _passed(entry: Record) -> str:
    held = f" (it holds on {entry['held']:,} of {plural(entry['asked'], 'frame')})" if entry["held"] else ""
    where = "" if entry["condition"].partition(".")[0] in CLASS else f"on frame {entry['frame']} "
    return f"{entry['rule']} did not match: {where}{miss(entry)}{held}"


def _conversion(entry: Record, kind: str) -> str:
    words = {"exact": "exact", "iou": "IoU", "residual_px": "residual in px"}
    fidelity = words[entry["metric"]] + ("" if entry["worst"] is None else f" {entry['worst']:g} at worst, {entry['mean']:g} on average")
    outcome = f"refused on {plural(entry['refused'], 'frame')}: {entry['why']}" if entry["refused"] else fidelity
    return f"{kind} -> {entry['shape']} of {entry['title']}, {outcome}"


def _value(way: Record) -> str:
    values = [quoted(text) + (f" on {_frames(where)}" if len(way["values"]) > 1 else "") for text, where in way["values"]]
    said = f"{way['space']} {way['name']} {_few(values)}: {' or '.join(way['accounts'])}"
    if way["to"] and way["answers"]:
        answers = [answer(text) + (f" on {_frames(where)}" if where is not None else "") for text, where in way["answers"]]
        said += f" -> {way['to']} ({way['type']}, {'dynamic' if way['dynamic'] else 'static'}): {_few(answers)}"
    return said + (f"  ({place(way['by'])})" if way["by"] else "")


def _few(texts: Sequence[str]) -> str:
    return "; ".join(texts[:SHOWN]) + (f"; {len(texts) - SHOWN} more" if len(texts) > SHOWN else "")


def _standing(record: Record) -> Iterator[str]:
    objects = [item for part in record["parts"] for item in part["objects"]]
    if not objects:
        yield "nothing"
        return
    bundle = record["bundle"]
    line = f"line {bundle['row']} of label_rows.jsonl, " if bundle["row"] is not None else ""
    yield f"{line}data unit {bundle['unit']} ({bundle['title']})"
    for item in objects:
        hashes = f"objectHash {item['hash']}, featureHash {item['feature_hash']}"
        yield f"object {item['title']} [{item['shape']}] on {_frames(item['frames'])}, {hashes}"
