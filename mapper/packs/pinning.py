"""Reads a spec of a project: what it extends must be what the project's lock file says."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from mapper.packs.cache import Cache, cache_folder
from mapper.packs.lock import LOCK, read_lock
from mapper.packs.resolver import PackSources
from mapper.spec.documents import extends
from mapper.spec.load import read_spec, spec_file
from mapper.spec.located import load_located
from mapper.spec.sources import beside, project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mapper.findings.base import Issue
    from mapper.packs.lock import LockFile
    from mapper.spec.load import Found, LoadedSpec
    from mapper.spec.located import Located


def lock_of(path: Path) -> Path:
    """The lock file of the project that a spec belongs to, whether it is there or not."""
    return project(path) / LOCK


def read_locked(
    reference: str | Path, parameters: Mapping[str, str], *, locked: bool
) -> tuple[LoadedSpec | None, list[Found], Located | None]:
    """What ``read_pinned`` gives for a spec that is no shipped pack."""
    path = spec_file(reference)
    place = lock_of(path)
    file = read_lock(place, beside(str(path), os.path.relpath(place, path.parent.resolve())))
    if file.found and path.is_file() and extends(load_located(path.read_bytes(), str(path)).value):
        return None, list(file.found), file.located
    sources = PackSources(file, Cache(cache_folder()), locked=locked)
    loaded, found, located = read_spec(reference, parameters, sources)
    if loaded is None or located is None:
        return loaded, found, located
    problems = pin_problems(sources, file, path, located)
    if problems:
        return None, [*found, *problems], located
    return replace(loaded, findings=tuple(found)), found, located


def pin_problems(sources: PackSources, file: LockFile, path: Path, located: Located) -> list[Found]:
    """What the lock file says otherwise, at the place of ``extends``."""
    issues: list[Issue] = [*sources.measure()]
    if (stale := sources.stale(file.relative(path))) is not None:
        issues.append(stale)
    return [(issue, located.key_place(("extends",))) for issue in issues]
