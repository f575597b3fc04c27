"""Lifts a spec from an older version of the language to the present one, step by step, in its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper.findings.spec import MissingKey
from mapper.findings.spec_meaning.loading import NotAMapping
from mapper.spec.edits import edited, replace_value
from mapper.spec.located import load_located
from mapper.spec.migrations import STEPS
from mapper.spec.model import API_VERSION
from mapper.spec.version import age, unsupported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located
    from mapper.spec.steps import Step

Found = tuple["Issue", "Location | None"]


class BrokenStepError(Exception):
    """A step gave a text that cannot be read, or one of another version: a bug in the step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A spec in the present version: ``steps`` are those that were made, none if it is current or cannot be lifted.

    ``found`` says why it cannot be; then ``after`` is ``before``.
    """

    file: str
    before: str
    after: str
    steps: tuple[Step, ...] = ()
    found: tuple[Found, ...] = ()
    lines: tuple[str, ...] = ()


def migrate(data: bytes, file: str, steps: Sequence[Step] = STEPS, current: str = API_VERSION) -> Migration:
    """Lift a document; one that is newer, unknown or unreadable is refused with findings. Raises BrokenStepError."""
    located = load_located(data, file)
    if not located.valid or not isinstance(located.value, dict):
        return Migration(file=file, before="", after="", found=_unreadable(located), lines=located.lines)
    before = text = data.decode()
    made: list[Step] = []
    version = located.value.get("apiVersion")
    while version != current:
        step = next((step for step in steps if step.before == version), None)
        if step is None:
            return Migration(file=file, before=before, after=before, found=_refused(located), lines=located.lines)
        text, located = _stepped(text, located, step)
        version = step.after
        made.append(step)
    return Migration(file=file, before=before, after=text, steps=tuple(made), lines=located.lines)


def _stepped(text: str, located: Located, step: Step) -> tuple[str, Located]:
    version = replace_value(located, ("apiVersion",), step.after)
    new = edited(text, [version, *step.edits(located)])
    after = load_located(new.encode(), located.file)
    if not after.valid or not isinstance(after.value, dict) or after.value.get("apiVersion") != step.after:
        raise BrokenStepError(f"the step from {step.before} to {step.after} does not give a document of {step.after}")
    if age(step.after, step.before) != "newer":
        raise BrokenStepError(f"the step from {step.before} leads to {step.after}, which is no later version")
    return new, after


def _unreadable(located: Located) -> tuple[Found, ...]:
    return located.findings or ((NotAMapping(), located.place(())),)


def _refused(located: Located) -> tuple[Found, ...]:
    if "apiVersion" not in located.value:
        return ((MissingKey(key="apiVersion"), located.place(())),)
    return ((unsupported(located.value), located.place(("apiVersion",))),)
