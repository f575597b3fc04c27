"""The label schema beside stored annotations, and the names of the files that both kinds of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat.labels_json import read_labels_json
from mapper.findings.source.backups import LabelsUnreadable

if TYPE_CHECKING:
    from mapper.cvat.model import LabelSpec
    from mapper.cvat.reporter import Reporter

TASK, ANNOTATIONS = "task.json", "annotations.json"


def read_labels(document: Any, member: str, report: Reporter) -> tuple[LabelSpec, ...]:
    """The label schema, whole; SourceError if there is a fault in it."""
    specs, problems = read_labels_json(document)
    for problem in problems[:-1]:
        report.add(LabelsUnreadable(member, problem.path, problem.text))
    if problems:
        raise report.refuse(LabelsUnreadable(member, problems[-1].path, problems[-1].text))
    return specs
