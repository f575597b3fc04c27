"""File name rules that make no name, that contradict themselves, or that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.media import BadFilenameRule, FilenameClash, IdleFilenameRule
from mapper.media.naming import HOLE, canonical, wildcards, with_slashes, without_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.findings.base import Issue
    from mapper.spec.located import Located
    from mapper.spec.media import FilenameRule
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found, Pointer


def filenames(spec: MappingSpec, located: Located) -> list[Found]:
    """What is wrong with the rules under `media.filenames`, at its own place."""
    rules = spec.media.filenames if spec.media is not None else []
    found: list[Found] = []
    for number, rule in enumerate(rules):
        pointer: Pointer = ("media", "filenames", number)
        found += [(issue, located.place(at)) for at, issue in _names(rule, pointer)]
        found += [(issue, located.key_place(at)) for at, issue in (*_rows(rule, pointer), *_idle(rule, rules[:number], pointer))]
    return found


def _names(rule: FilenameRule, pointer: Pointer) -> Iterator[tuple[Pointer, Issue]]:
    """An empty table, and holes in a new name that nothing fills."""
    if rule.table is not None and not rule.table:
        yield (*pointer, "table"), BadFilenameRule("an empty table")
    if rule.like is None or rule.name is None:
        return
    stars = wildcards(rule.like)
    for hole in HOLE.finditer(rule.name):
        if not 1 <= int(hole[1]) <= stars:
            problem = f"`{hole[0]}` has no `*` in `like` to take its text from; there {'is' if stars == 1 else 'are'} {stars}"
            yield (*pointer, "name"), BadFilenameRule(problem)


def _rows(rule: FilenameRule, pointer: Pointer) -> Iterator[tuple[Pointer, Issue]]:
    """Rows of a table with an empty name, and two rows for one image."""
    seen: dict[str, str] = {}
    for file, image in (rule.table or {}).items():
        at = (*pointer, "table", file)
        if not file.strip() or not image.strip():
            yield at, BadFilenameRule(f"the row of {file!r} has an empty name")
            continue
        other = seen.setdefault(canonical(image), file)
        if other != file:
            yield at, FilenameClash(file=file, other=other, image=image)


def _idle(rule: FilenameRule, before: list[FilenameRule], pointer: Pointer) -> Iterator[tuple[Pointer, Issue]]:
    """What speaks of folders or backslashes that a rule before has taken off.

    Only as far back as the last table or pattern, which could give names with folders again.
    """
    since = next((number + 1 for number in reversed(range(len(before))) if before[number].table or before[number].like), 0)
    stripped = any(earlier.strip == "folder" for earlier in before[since:])
    if not stripped and not any(earlier.separators for earlier in before[since:]):
        return
    step, what = (without_folders, "`strip: folder`") if stripped else (with_slashes, "`separators: slash`")
    if stripped and rule.strip == "folder":
        yield (*pointer, "strip"), IdleFilenameRule(what, "the same stands before it")
    if rule.separators is not None:
        yield (*pointer, "separators"), IdleFilenameRule("`separators: slash`", f"after {what} no backslash is left")
    for file in rule.table or {}:
        if step(file) != file:
            yield (*pointer, "table", file), IdleFilenameRule(f"the row of {file!r}", f"after {what} no name is written like that")
