"""Compiles a spec's `media.filenames` to one function from the name of a file to the name of its image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.media.naming import by_pattern, by_table, chained, in_form, with_slashes, without_extension, without_folders

if TYPE_CHECKING:
    from collections.abc import Callable

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
