"""Backups: a zip or its unpacked folder with ``task.json``, or with ``project.json`` and a folder for each task."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from mapper.cvat import fields_json as json
from mapper.cvat.backup_task import read_task
from mapper.cvat.fields_json import MismatchError
from mapper.cvat.json_document import holds_tracks
from mapper.cvat.manifest import read_manifest
from mapper.cvat.model import Export
from mapper.cvat.stored_labels import ANNOTATIONS, TASK, read_labels
from mapper.cvat.stored_reading import StoredReading
from mapper.cvat.words import ByName, Labels
from mapper.findings.source.backups import JobsMismatch, JsonMismatch, PartMissing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mapper.cvat.archive import Limits
    from mapper.cvat.members import Members
    from mapper.cvat.model import LabelSpec
    from mapper.cvat.reporter import Reporter
    from mapper.cvat.stored import StoredTask
    from mapper.errors import SourceError

PROJECT = "project.json"
MANIFEST = "data/manifest.jsonl"

_FOLDER = re.compile(r"task_([0-9]{1,9})")


class BackupSource:
    """The files of a backup; ``folders`` are those of its tasks, with a slash, or "" for the backup of one task."""

    def __init__(self, members: Members, file: str, folders: Sequence[str]) -> None:
        self.file = file
        self.members = members
        self.folders = folders
        self.jobs: list[int] = []

    @property
    def sha256(self) -> str:
        """Digest of the JSON files that were read."""
        return self.members.sha256

    @property
    def bytes(self) -> int:
        """Length of the JSON files that were read."""
        return self.members.bytes

    def moves(self, index: int) -> bool:
        """Whether a task's annotations seem to have tracks."""
        name = self.folders[index] + ANNOTATIONS
        return self.members.has(name) and holds_tracks(self.members.read(name))

    def annotations(self, index: int) -> list[dict[str, Any]]:
        """The annotations of a task's jobs, in their order."""
        name = self.folders[index] + ANNOTATIONS
        report = self.members.report
        if not self.members.has(name):
            raise report.refuse(PartMissing(self.file, name, "make the backup again"))
        document = self.members.json(name)
        if not isinstance(document, list) or not all(isinstance(entry, dict) for entry in document):
            raise report.refuse(JsonMismatch(name, "a list of objects, one for each job"))
        if len(document) != self.jobs[index]:
            raise report.refuse(JobsMismatch(name, len(document), self.jobs[index]))
        return document


class Choices(Protocol):
    """What a caller chooses about reading a backup."""

    @property
    def labels(self) -> Sequence[LabelSpec]:
        """A label schema in place of the backup's own."""

    @property
    def limits(self) -> Limits:
        """What is refused as too large."""

    @property
    def include_jobs(self) -> Collection[str]:
        """Types of jobs that are converted."""

    @property
    def frame_size(self) -> tuple[int, int] | None:
        """Size of frames whose size is not in the backup."""


def open_backup(members: Members, report: Reporter, choices: Choices) -> StoredReading:
    """Open a backup of a task or a project.

    Raises:
        SourceError: a part is missing or is not what CVAT writes.
    """
    project = members.has(PROJECT)
    head = _object(members, PROJECT if project else TASK, report)
    folders = _folders(members) if project else [""]
    source = BackupSource(members, report.file, folders)
    tasks = [_task(members, folder, report, choices, None if project else head) for folder in folders]
    source.jobs = [len(task.jobs) for task in tasks]
    declared = tuple(choices.labels) or read_labels(head.get("labels", []), PROJECT if project else TASK, report)
    export = Export(
        scope="project" if project else "task",
        id="",
        name=_text(head, "name", PROJECT if project else TASK, report),
        created="",
        updated="",
        tasks=tuple(task.task for task in tasks),
        labels=declared,
    )
    return StoredReading(source, export, tasks, ByName(), Labels(declared), report)


def _folders(members: Members) -> list[str]:
    """The folders of a project's tasks, in the order of their numbers."""
    found = [(int(match[1]), name) for name in members.folders() if (match := _FOLDER.fullmatch(name))]
    return [f"{name}/" for _, name in sorted(found) if members.has(f"{name}/{TASK}")]


def _task(members: Members, folder: str, report: Reporter, choices: Choices, head: Mapping[str, Any] | None) -> StoredTask:
    document = _object(members, folder + TASK, report) if head is None else head
    manifest = None
    if members.has(folder + MANIFEST):
        manifest = read_manifest(members.read(folder + MANIFEST), folder + MANIFEST, report)
    try:
        found = read_task(document, manifest, id_=folder.rstrip("/"), include=choices.include_jobs, most=choices.limits.frames)
    except MismatchError as error:
        raise _mismatch(error, folder + TASK, report) from None
    if choices.frame_size is None or found.task.width:
        return found
    width, height = choices.frame_size
    return replace(found, task=replace(found.task, width=width, height=height))


def _object(members: Members, name: str, report: Reporter) -> dict[str, Any]:
    document = members.json(name)
    if not isinstance(document, dict):
        raise report.refuse(JsonMismatch(name, "an object"))
    return document


def _text(document: Mapping[str, Any], key: str, name: str, report: Reporter) -> str:
    try:
        return json.text(document, key)
    except MismatchError as error:
        raise _mismatch(error, name, report) from None


def _mismatch(error: MismatchError, name: str, report: Reporter) -> SourceError:
    return report.refuse(JsonMismatch(f"{error.place} in {name}", error.wanted))
