"""The meta block of an export: what was exported, its tasks and its labels. People in it are not read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from mapper.cvat.labels import read_labels
from mapper.cvat.model import Export, Task
from mapper.findings.source.entries import TaskFlipped
from mapper.findings.source.header import MetaIgnored, MetaMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.cvat.reporter import Reporter
    from mapper.cvat.xml_tree import Node

SCOPES: tuple[Literal["task", "job", "project"], ...] = ("task", "job", "project")

_STEP = re.compile(r"step\s*=\s*([1-9]\d{0,17})")
"""What CVAT itself looks for in a frame filter."""

_TASK = frozenset(
    {
        *("id", "name", "size", "mode", "overlap", "bugtracker", "created", "updated", "subset", "labels"),
        *("start_frame", "stop_frame", "frame_filter", "original_size", "source", "flipped", "z_order"),
    }
)
_KNOWN: dict[str, frozenset[str]] = {
    "meta": frozenset({*SCOPES, "dumped", "original_size", "source"}),
    "task": _TASK,
    "job": _TASK,
    "project": frozenset({"id", "name", "bugtracker", "created", "updated", "tasks", "subsets", "labels"}),
    "tasks": frozenset({"task"}),
    "labels": frozenset({"label"}),
    "label": frozenset({"name", "color", "type", "attributes", "parent", "svg"}),
    "attributes": frozenset({"attribute"}),
    "attribute": frozenset({"name", "mutable", "input_type", "default_value", "values"}),
}
"""What CVAT has ever written below each element of meta, but for what ``xml_tree.UNREAD`` names."""


def read_meta(meta: Node | None, labels: Sequence[LabelSpec], report: Reporter) -> Export:
    """What the export says of itself; ``labels``, if any, take the place of those in the file."""
    scope, node = _scope(meta)
    if meta is None or node is None or scope == "none":
        report.add(MetaMissing(), line=meta.line if meta else 0)
        return Export(scope="none", id="", name="", created="", updated="", tasks=(), labels=tuple(labels))
    for path, line in _ignored(meta, ""):
        report.add(MetaIgnored(path), line=line, attribute=path)
    block = node.find("labels")
    declared = read_labels(block.all("label") if block else (), report)
    return Export(
        scope=scope,
        id=node.get("id"),
        name=node.get("name"),
        created=node.get("created"),
        updated=node.get("updated"),
        tasks=_tasks(node, meta, report),
        labels=tuple(labels) or declared,
    )


def _scope(meta: Node | None) -> tuple[Literal["task", "job", "project", "none"], Node | None]:
    for scope in SCOPES:
        if meta and (node := meta.find(scope)):
            return scope, node
    return "none", None


def _ignored(node: Node, path: str) -> Iterator[tuple[str, int]]:
    known = _KNOWN.get(node.tag)
    if known is None:
        return
    for child in node.children:
        below = f"{path}{child.tag}"
        if child.tag in known:
            yield from _ignored(child, f"{below}/")
        else:
            yield below, child.line


def _tasks(node: Node, meta: Node, report: Reporter) -> tuple[Task, ...]:
    """The tasks of a project, or the one task or job itself, for which ``meta`` may hold the source and the size."""
    if node.tag != "project":
        return (_task(node, meta, report),)
    block = node.find("tasks")
    return tuple(with_offsets([_task(task, None, report) for task in block.all("task")])) if block else ()


def _task(node: Node, meta: Node | None, report: Reporter) -> Task:
    size, start = _integer(node, "size", 0), _integer(node, "start_frame", 0)
    picture = node.find("original_size") or (meta and meta.find("original_size"))
    if node.get("flipped").lower() == "true":
        report.add(TaskFlipped(node.get("id")), line=node.line)
    return Task(
        id=node.get("id"),
        name=node.get("name"),
        subset=node.get("subset"),
        mode=node.get("mode"),
        size=size,
        start_frame=start,
        stop_frame=_integer(node, "stop_frame", start + max(size - 1, 0)),
        step=frame_step(node.get("frame_filter")),
        created=node.get("created"),
        updated=node.get("updated"),
        source=node.get("source") or (meta.get("source") if meta else ""),
        width=_integer(picture, "width", 0) if picture else 0,
        height=_integer(picture, "height", 0) if picture else 0,
    )


def frame_step(frame_filter: str) -> int:
    """Of how many frames of the media a task takes one; 1 if its frame filter does not say."""
    step = _STEP.search(frame_filter)
    return int(step[1]) if step else 1


def _integer(node: Node, tag: str, default: int) -> int:
    text = node.get(tag)
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else default


def with_offsets(tasks: Sequence[Task]) -> list[Task]:
    """The tasks, in the order given, with what a project export adds to the frame numbers of each.

    CVAT writes the tasks in the order of (subset, id); within a subset each starts where the one before it ends, so the
    offset is the sum of start_frame + step * size over the earlier ones. (Rule of CVAT's exporter; it fits all 602 images
    of 27 video tasks in a published project export.)
    """
    offsets: dict[Task, int] = {}
    totals: dict[str, int] = {}
    for task in sorted(tasks, key=by_id):
        offsets[task] = totals.get(task.subset, 0)
        totals[task.subset] = offsets[task] + task.start_frame + task.step * task.size
    return [replace(task, offset=offsets[task]) for task in tasks]


def by_id(task: Task) -> tuple[int, str]:
    """The order of tasks within a subset."""
    return (int(task.id), "") if task.id.isdecimal() else (0, task.id)
