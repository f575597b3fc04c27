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
    yield from _elements(document["labels"])
    yield from _attributes(document["labels"])
    yield from _fields(document["fields"])
    yield from _anomalies(document["anomalies"])


def _facts(document: dict[str, Any]) -> Iterator[tuple[str, object]]:
    source, export, counts = document["source"], document["export"], document["counts"]
    yield "file", f"{source['file']}, {plural(source['bytes'], 'byte')}"
    origin = origin_of(export) or "not declared"
    yield "export", origin + ("" if source["complete"] else " (breaks off: the counts are of what could be read)")
    yield "images", f"{counts['images']:,}, {counts['images_empty']:,} of them without shapes"
    if source["images_refused"]:
        yield "refused", f"{plural(source['images_refused'], 'image')}, see the findings"
    yield "shapes", f"{counts['shapes']:,}, tags included"
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
    rows = [(*(task.get(key, "") for key in keys), _frames(task), task["images"]) for task in tasks]
    yield grid(("Id", "Name", "Subset", "Mode", "Frames", "Images"), rows, right=("Images",))


def _frames(task: dict[str, Any]) -> str:
    if not task.get("size"):
        return ""
    step = f" step {task['step']}" if task["step"] != 1 else ""
    return f"{task['start_frame']}-{task['stop_frame']}{step}"


def _labels(labels: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not labels:
        return
    yield heading("Labels")
    rows = [(label["name"], label["type"] or "not declared", label["total"], label["images"], _counts(label["shapes"])) for label in labels]
    yield grid(("Label", "Type", "Shapes", "Images", "As"), rows, right=("Shapes", "Images"))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "unused"


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
        place = f"line {first['line']}, image {first['image']}" if first else ""
        rows.append((entry["name"], entry["count"], about, entry.get("kind", ""), MEANINGS[entry["name"]], place))
    if unused:
        rows.append(("unused-label", len(unused), ", ".join(unused), "", MEANINGS["unused-label"], ""))
    yield grid(("What", "Count", "Label", "Shape", "Meaning", "First"), rows, right=("Count",))
