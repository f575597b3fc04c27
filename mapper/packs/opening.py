"""Loads a spec with all that it extends, pinned by the lock file of its project; never uses the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.errors import SpecError
from mapper.findings.collector import Collector
from mapper.resources import shipped_packs
from mapper.spec.load import read_spec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mapper.spec.load import Found, LoadedSpec
    from mapper.spec.located import Located


def read_pinned(
    reference: str | Path, parameters: Mapping[str, str], *, locked: bool = False
) -> tuple[LoadedSpec | None, list[Found], Located | None]:
    """The spec (None if it is not valid or not what is pinned), what was found, and the text that the findings point into.

    ``locked``: every source that is no file of the project must stand in the lock file, and be what that says.
    """
    if str(reference) in shipped_packs():
        return read_spec(reference, parameters)
    from mapper.packs.pinning import read_locked  # noqa: PLC0415 - packs from elsewhere are nothing to a shipped one

    return read_locked(reference, parameters, locked=locked)


def load_pinned(reference: str | Path, parameters: Mapping[str, str], *, locked: bool = False) -> LoadedSpec:
    """The same; raises SpecError with all findings if the spec is not valid."""
    loaded, found, _ = read_pinned(reference, parameters, locked=locked)
    if loaded is None:
        collector = Collector()
        collector.extend(found)
        raise SpecError(f"{reference} is not a valid mapping spec", collector.findings())
    return loaded
