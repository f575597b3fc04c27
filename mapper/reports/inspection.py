"""What an export holds, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.reports.console import grid, heading, line, pairs, rendered
from mapper.reports.style import plural, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from mapper.reports.style import Style

SHOWN = 40
"""Characters of a value; texts can be long."""

MEANINGS = {
    "inverted": "boxes with left and right, or top and bottom, exchanged",
    "zero-area": "shapes without any area",
    "beyond-image": "shapes with nothing inside their image",
    "partly-outside": "shapes that reach beyond their image",
    "duplicate": "shapes that equal another one of their image",
    "unexpected-shape": "drawn as something the label is not declared for",
    "undeclared-label": "used, but not declared",
    "unused-label": "declared, but never used",
    "undeclared-attribute": "used, but not declared",
    "unlisted-value": "values that CVAT would not offer",
}


def inspection(document: dict[str, Any], style: Style) -> str:
    """The text of an inspection's document, whose ``source`` says which file it is."""
    return rendered(_parts(document), style)


def _parts(document: dict[str, Any]) -> Iterator[RenderableType]:
    yield pairs(_facts(document))
    yield from _tasks(document["tasks"])
    yield from _labels(document["labels"])
    yield from _tracks(document["labels"])
    yield from _elements(document["labels"])
    yield from _attributes(document["labels"])
    yield from _fields(document["fields"])
    yield from _anomalies(document["anomalies"])


def _facts(document: dict[str, Any]) -> Iterator[tuple[str, object]]:
    source, export, counts = document["source"], document["export"], document["counts"]
    yield "file", f"{source['file']}, {plural(source['bytes'], 'byte')}"
    origin = origin_of(export) or "not declared"
    yield "export", origin + ("" if source["complete"] else " (breaks off: the counts are of what could be read)")
    if counts["images"] or not counts["tracks"]:
        yield "images", f"{counts['images']:,}, {counts['images_empty']:,} of them without shapes"
    if counts["tracks"]:
        yield "tracks", f"{counts['tracks']:,}"
    refused = [plural(source[f"{word}s_refused"], word) for word in ("image", "track") if source[f"{word}s_refused"]]
    if refused:
        yield "refused", f"{' and '.join(refused)}, see the findings"
    yield "shapes", f"{counts['shapes']:,}, {'frames of tracks' if counts['tracks'] else 'tags'} included"
    if counts["images"]:
        sizes = [({"value": "{} x {}".format(*entry["value"])} | {"count": entry["count"]}) for entry in document["sizes"]["top"]]
        yield "sizes", _listed(document["sizes"] | {"top": sizes})
    if any(entry["value"] for entry in document["subsets"]["top"]):
        yield "subsets", _listed(document["subsets"])


def origin_of(export: dict[str, Any]) -> str:
    """What was exported: ``task 7 'street'``; "" if the export does not say."""
    if export["scope"] == "none":
        return ""
    return f"{export['scope']} {export['id']}" + (f" {export['name']!r}" if export["name"] else "")


def _tasks(tasks: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not tasks:
        return
    yield heading("Tasks")
    keys = ("id", "name", "subset", "mode")
    counted = [key for key in ("images", "tracks") if any(task[key] for task in tasks)] or ["images"]
    rows = [(*(task.get(key, "") for key in keys), _frames(task), _size(task), *(task[key] for key in counted)) for task in tasks]
    titles = [key.capitalize() for key in counted]
    sized = any(_size(task) for task in tasks)
    heads = ("Id", "Name", "Subset", "Mode", "Frames", "Size", *titles)
    keep = [place for place, head in enumerate(heads) if head != "Size" or sized]
    yield grid([heads[place] for place in keep], [[row[place] for place in keep] for row in rows], right=titles)


def _size(task: dict[str, Any]) -> str:
    """The size of a video's frames, if meta says it."""
    return f"{task['width']} x {task['height']}" if task.get("width") and task.get("height") else ""


def _frames(task: dict[str, Any]) -> str:
    if not task.get("size"):
        return ""
    step = f" step {task['step']}" if task["step"] != 1 else ""
    return f"{task['start_frame']}-{task['stop_frame']}{step}"


def _labels(labels: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not labels:
        return
    yield heading("Labels")
    heads = ["Label", "Type", "Shapes", "Images", "As"]
    rows = [[label["name"], label["type"] or "not declared", label["total"], label["images"], _counts(label["shapes"])] for label in labels]
    if any(label["tracks"] for label in labels) and not any(label["images"] for label in labels):
        for row in (heads, *rows):
            del row[-2]
    yield grid(heads, rows, right=("Shapes", "Images"))


def _tracks(labels: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """One line for each label and kind that is tracked."""
    rows: list[tuple[object, ...]] = []
    for label in labels:
        for kind, counts in label["tracks"].items():
            numbers = [counts[key] for key in ("tracks", "unseen", "seen", "interpolated", "keyframes", "outside")]
            rows.append((label["name"], kind, *numbers, f"{counts['first']}-{counts['last']}" if counts["seen"] else ""))
    if rows:
        yield heading("Tracks")
        right = ("Tracks", "Unseen", "Seen", "Interpolated", "Keyframes", "Outside")
        yield grid(("Label", "Shape", *right, "Frames"), rows, right=right)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "unused"


def _where(place: dict[str, Any]) -> str:
    return f"image {place['image']}" if "image" in place else f"track {place['track'] or 'without id'} on frame {place['frame']}"


def _elements(labels: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [
        (label["name"], element["name"], element["total"], element["outside"], element["occluded"])
        for label in labels
        for element in label.get("elements", ())
    ]
    if rows:
        yield heading("Points of skeletons")
        yield grid(("Label", "Point", "Count", "Outside", "Occluded"), rows, right=("Count", "Outside", "Occluded"))


def _attributes(labels: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [
        (name, attribute["name"], _type(attribute), attribute["used"]["total"], _listed(attribute["used"]), _unlisted(attribute))
        for name, attribute in _every_attribute(labels)
    ]
    if rows:
        yield heading("Attributes")
        yield grid(("Label", "Attribute", "Type", "Used", "Values", "Not listed"), rows, right=("Used",))


def _every_attribute(labels: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for label in labels:
        yield from ((label["name"], attribute) for attribute in label["attributes"])
        for element in label.get("elements", ()):
            yield from ((f"{label['name']}/{element['name']}", attribute) for attribute in element["attributes"])


def _type(attribute: dict[str, Any]) -> str:
    if not attribute["declared"]:
        return "not declared"
    return f"{attribute['input_type']}, mutable" if attribute["mutable"] else str(attribute["input_type"])


def _unlisted(attribute: dict[str, Any]) -> str:
    return ", ".join(_short(entry["value"]) for entry in attribute["unlisted"]["top"])


def _listed(values: dict[str, Any]) -> str:
    """The most frequent values with their counts, and how many others there are."""
    shown = [f"{_short(entry['value'])} ({entry['count']:,})" for entry in values["top"]]
    more = values["distinct"] - len(shown)
    if not values["distinct_is_exact"]:
        return f"{', '.join(shown)}, and more than {more:,} others"
    return ", ".join(shown) + (f", and {more:,} others" if more else "")


def _short(value: str) -> str:
    text = visible(value)
    return '""' if not text else text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _fields(fields: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [(entry["name"], entry["present"], entry["set"]["total"], _listed(entry["set"])) for entry in fields if entry["present"]]
    if rows:
        yield heading("Fields")
        yield grid(("Field", "Written", "Not default", "Values"), rows, right=("Written", "Not default"))


def _anomalies(anomalies: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not anomalies:
        yield line("")
        yield line("Nothing odd.", "green")
        return
    yield heading("Odd")
    unused = [entry["label"] for entry in anomalies if entry["name"] == "unused-label"]
    rows: list[tuple[object, ...]] = []
    for entry in anomalies:
        if entry["name"] == "unused-label":
            continue
        about = "/".join(entry[key] for key in ("label", "attribute") if key in entry)
        first = entry["places"][0] if entry["places"] else None
        place = f"line {first['line']}, {_where(first)}" if first else ""
        rows.append((entry["name"], entry["count"], about, entry.get("kind", ""), MEANINGS[entry["name"]], place))
    if unused:
        rows.append(("unused-label", len(unused), ", ".join(unused), "", MEANINGS["unused-label"], ""))
    yield grid(("What", "Count", "Label", "Shape", "Meaning", "First"), rows, right=("Count",))
