"""Frames of project exports: the offset rule, its exceptions, and what repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.reading import export, image, read_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.reading import Reading


def task(number: int, subset: str, **fields: object) -> str:
    """A task of a project."""
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    return f"<task><id>{number}</id><name>task {number}</name><subset>{subset}</subset>{inner}</task>"


def project(folder: Path, tasks: str, *images: tuple[int, int, str]) -> Reading:
    """Read a project with images given as (id, task_id, subset)."""
    meta = f"<meta><project><id>1</id><tasks>{tasks}</tasks><labels></labels></project></meta>"
    body = "".join(
        image("", id=number, name=str(place), task_id=owner, subset=subset) for place, (number, owner, subset) in enumerate(images)
    )
    return read_text(folder, export(body, meta))


def test_offset_is_taken_off(tmp_path: Path) -> None:
    """The frame is the id less what the earlier tasks of the subset take up; each subset counts from nought."""
    tasks = task(3, "A", size=4) + task(5, "A", size=3, start_frame=10, frame_filter="step=5") + task(9, "B", size=2)
    found = project(tmp_path, tasks, (0, 3, "A"), (3, 3, "A"), (14, 5, "A"), (24, 5, "A"), (1, 9, "B"))
    assert [(image.task.id, image.frame) for image in found.images] == [("3", 0), ("3", 3), ("5", 10), ("5", 20), ("9", 1)]
    assert [image.task.name for image in found.images] == ["task 3", "task 3", "task 5", "task 5", "task 9"]
    assert found.codes == []


def test_misfit_uses_the_id(tmp_path: Path) -> None:
    """An id that gives no frame of its task (before its start, off its step, past its end) is the frame, and reported."""
    tasks = task(3, "A", size=4) + task(5, "A", size=3, start_frame=10, frame_filter="step=5")
    found = project(tmp_path, tasks, (4, 3, "A"), (9, 5, "A"), (15, 5, "A"), (29, 5, "A"))
    assert [image.frame for image in found.images] == [4, 9, 15, 29]
    assert [(finding.code, finding.count) for finding in found.findings] == [("SRC126", 4)]


def test_subset_that_meta_calls_default(tmp_path: Path) -> None:
    """Tasks without a subset beside a subset "default" appear as default_1, and the two are counted apart."""
    tasks = task(1, "default", size=5) + task(2, "default", size=5) + task(3, "default", size=5) + task(4, "default", size=5)
    found = project(tmp_path, tasks, (2, 1, "default_1"), (6, 3, "default_1"), (1, 2, "default"), (7, 4, "default"))
    placed = [(image.task.id, image.frame, image.task.offset) for image in found.images]
    assert placed == [("1", 2, 0), ("3", 1, 5), ("2", 1, 0), ("4", 2, 5)]
    assert found.codes == []


def test_task_that_meta_does_not_list(tmp_path: Path) -> None:
    """Such an image keeps the number it names; without a number, and with several tasks, it has none."""
    tasks = task(3, "A", size=4) + task(5, "A", size=3)
    found = project(tmp_path, tasks, (2, 8, "A"))
    assert (found.images[0].task.id, found.images[0].task.subset, found.images[0].frame) == ("8", "A", 2)
    assert found.codes == ["SRC125"]
    meta = f"<meta><project><id>1</id><tasks>{tasks}</tasks></project></meta>"
    nowhere = read_text(tmp_path, export(image(""), meta))
    assert (nowhere.images[0].task.id, nowhere.codes) == ("", ["SRC125"])


def test_only_task_of_a_project(tmp_path: Path) -> None:
    """An image without a task number belongs to the only task."""
    meta = f"<meta><project><id>1</id><tasks>{task(3, 'A', size=4)}</tasks></project></meta>"
    found = read_text(tmp_path, export(image(""), meta))
    assert (found.images[0].task.id, found.codes) == ("3", [])


def test_without_meta_images_name_their_task(tmp_path: Path) -> None:
    """Without a meta block a task number is taken as it is."""
    found = read_text(tmp_path, export(image("", task_id=4, subset="A") + image("", name="b", id=1), ""))
    assert [(image.task.id, image.subset) for image in found.images] == [("4", "A"), ("", "")]
    assert found.codes == ["SRC114"]


def test_names_and_ids_repeat_between_tasks(tmp_path: Path) -> None:
    """The same name and id in another task or subset is no repetition."""
    meta = f"<meta><project><id>1</id><tasks>{task(3, 'A', size=4)}{task(5, 'B', size=4)}</tasks></project></meta>"
    body = image("", task_id=3, subset="A") + image("", task_id=5, subset="B")
    assert read_text(tmp_path, export(body, meta)).codes == []


def test_images_out_of_order_are_one_finding(tmp_path: Path) -> None:
    """Descending ids are told once, with a count; ids far apart are told apart."""
    found = read_text(tmp_path, export("".join(image("", id=number, name=str(number)) for number in (10**12, 9000, 3, 2, 10**12 + 1))))
    assert [(finding.code, finding.count) for finding in found.findings] == [("SRC129", 3)]
    assert [image.id for image in found.images] == [10**12, 9000, 3, 2, 10**12 + 1]
