"""A manifest that lies beside the XML of an export: names and sizes of frames that the XML leaves out.

The XML has no sizes in old versions, no file names and sizes where an image task is exported as a video, and no name of the video
in exports of jobs. The dataset's manifest has them all. It tells of one task, so it is asked only where the export has one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.manifest import Manifest, read_manifest
from mapper.cvat.members import Members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cvat.archive import Contents, Limits
    from mapper.cvat.manifest import Medium
    from mapper.cvat.model import Export, Task
    from mapper.cvat.reporter import Reporter


class Sizes(NamedTuple):
    """What is known of frames beside the XML: a size that the caller gives, and the manifest."""

    given: tuple[int, int] | None = None
    manifest: Manifest | None = None

    def of(self, image: str) -> tuple[int, int] | None:
        """The size of an image by its id, which is its frame number where the export has one task."""
        listed = self.manifest.medium(int(image)) if self.manifest is not None and image.isascii() and image.isdecimal() else None
        return (listed.width, listed.height) if listed is not None and listed.width else self.given


PLACES = ("manifest.jsonl", "images/manifest.jsonl", "data/manifest.jsonl")
"""Where it is looked for: beside the XML, or with the media. What comes first counts."""


def manifest_beside(contents: Contents, report: Reporter, limits: Limits) -> Manifest | None:
    """The manifest of an XML's folder or zip, if there is one that can be read."""
    folder = contents.xmls[0].rpartition("/")[0]
    base = f"{folder}/" if folder else ""
    name = next((name for name in PLACES if base + name in contents.manifests), None)
    return None if name is None else read_manifest(Members(contents.path, base, report, limits).read(name), name, report)


def completed(export: Export, manifest: Manifest) -> Export:
    """The export with the size and the name of its one video, where it does not say them."""
    video = manifest.video
    if video is None or len(export.tasks) != 1 or export.tasks[0].mode == "annotation":
        return export
    (task,) = export.tasks
    size = (task.width, task.height) if task.width else (video.width, video.height)
    return replace(export, tasks=(replace(task, width=size[0], height=size[1], source=task.source or video.name),))


def frames_of(manifest: Manifest | None, export: Export, task: Task) -> Mapping[int, Medium]:
    """The images of a task by frame number, as the manifest lists them; empty where it cannot be meant."""
    return manifest.images if manifest is not None and len(export.tasks) == 1 and task.id == export.tasks[0].id else {}
