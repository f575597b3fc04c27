"""What the engine tells those who look after media: the spec's file name rules as one function, and what an image asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.media.match import Asked
from mapper.media.naming import by_pattern, by_table, chained, in_form, with_slashes, without_extension, without_folders

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Image
    from mapper.spec.media import FilenameRule, MediaSection

STRIP = {"folder": without_folders, "extension": without_extension}


def filename_mapping(section: MediaSection | None) -> Callable[[str], str] | None:
    """The mapping that a spec states; None if it states none, and files match by their paths."""
    if section is None or not section.filenames:
        return None
    return chained([_step(rule) for rule in section.filenames])


def _step(rule: FilenameRule) -> Callable[[str], str]:
    if rule.strip is not None:
        return STRIP[rule.strip]
    if rule.like is not None and rule.name is not None:
        return by_pattern(rule.like, rule.name)
    if rule.table is not None:
        return by_table(rule.table)
    return in_form(rule.normal_form) if rule.normal_form is not None else with_slashes


def asked(image: Image) -> Asked:
    """What is said of an image where its media file is looked for; the frames of a video are of its size."""
    task, size = image.task, (image.width, image.height)
    video_size = (task.width, task.height) if task.width and task.height else size
    return Asked(image.name, image.subset, task.id, task.source, image.frame, size, video_size, image.line)
