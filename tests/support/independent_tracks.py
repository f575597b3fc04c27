"""A second reader of "CVAT for video 1.1", naive on purpose and without a line of the product: the oracle for tracks.

It loads the whole file as a tree, and gives every track with every number, flag, attribute and field as plain data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {"box": "rectangle"} | {name: name for name in ("polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton")}
NUMBERS = {"box": ("xtl", "ytl", "xbr", "ybr"), "ellipse": ("cx", "cy", "rx", "ry"), "mask": ("left", "top", "width", "height")}
CORNERS = [axis + corner for corner in ("tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2") for axis in "xy"]


def tracks(path: Path) -> list[dict[str, Any]]:
    """Every track of a file in document order, with the frames of its task; bad entries are there too."""
    root = etree.parse(str(path), etree.XMLParser(huge_tree=True, remove_comments=True)).getroot()
    offsets = _offsets(root)
    return [_track(node, offsets.get(node.get("task_id", ""), 0)) for node in root.findall("track")]


def _offsets(root: etree._Element) -> dict[str, int]:
    """What a project export adds to the frames of each task."""
    found: dict[str, int] = {}
    totals: dict[str, int] = {}
    for task in sorted(root.findall("meta/project/tasks/task"), key=lambda task: int(task.findtext("id", "0"))):
        name, subset = task.findtext("id", ""), task.findtext("subset", "")
        step = int((task.findtext("frame_filter") or "step=1").partition("=")[2])
        found[name] = totals.get(subset, 0)
        totals[subset] = found[name] + int(task.findtext("start_frame", "0")) + step * int(task.findtext("size", "0"))
    return found


def _track(node: etree._Element, offset: int) -> dict[str, Any]:
    nested = {part.get("label"): {entry.get("frame"): entry for entry in part if entry.tag != "track"} for part in node.findall("track")}
    entries = []
    hidden: dict[str, Any] = {}
    for child in (child for child in node if child.tag in KINDS):
        entry = {"kind": KINDS[str(child.tag)], "frame": int(child.get("frame", "")) - offset, "line": child.sourceline}
        entry |= {"keyframe": child.get("keyframe") == "1", "outside": child.get("outside") == "1", "attributes": _pairs(child)}
        rotation = float(child.get("rotation", "0")) % 360
        entry["rotation"] = rotation
        entry["fields"] = (
            child.get("occluded"),
            child.get("z_order"),
            node.get("group_id"),
            node.get("source"),
            None,
            child.get("rotation") if rotation else None,
            None,
        )
        if child.tag == "skeleton":
            _skeleton(entry, child, nested, hidden)
        else:
            entry["geometry"] = _geometry(child)
        entries.append(entry)
    head = {name: node.get(name) for name in ("id", "label", "source", "group_id", "task_id", "subset")}
    return head | {"line": node.sourceline, "entries": entries}


def _skeleton(entry: dict[str, Any], child: etree._Element, nested: dict[Any, Any], hidden: dict[str, Any]) -> None:
    """The points of one skeleton; those of them that it leaves out are hidden where they were last."""
    parts = {point.get("label"): point for point in child.findall("points")}
    parts |= {label: found[child.get("frame")] for label, found in nested.items() if child.get("frame") in found}
    points = {}
    for label, point in parts.items():
        x, y = (float(number) for number in point.get("points", "").split(","))
        flags = point.get("outside") == "1", point.get("occluded") == "1"
        points[str(label)] = (x, y, *flags, _pairs(point))
        entry["keyframe"] |= point.get("keyframe") == "1"
    for label, (x, y, _, occluded, pairs) in hidden.items():
        points.setdefault(label, (x, y, True, occluded, pairs))
    hidden |= points
    entry["geometry"] = points
    entry["outside"] |= all(point[2] for point in points.values())


def _pairs(node: etree._Element) -> list[tuple[str, str]]:
    return [(attribute.get("name", ""), "".join(str(text) for text in attribute.itertext())) for attribute in node.findall("attribute")]


def _geometry(child: etree._Element) -> list[float]:
    tag = str(child.tag)
    if tag == "cuboid":
        return [float(child.get(name, "")) for name in CORNERS]
    if tag in NUMBERS:
        numbers = [float(child.get(name, "")) for name in NUMBERS[tag]]
        return numbers + [float(run) for run in child.get("rle", "").split(",")] if tag == "mask" else numbers
    return [float(number) for pair in child.get("points", "").split(";") for number in pair.split(",")]
