"""All tests of a pack: of each spec that it exports those within, beside it, in its golden cases, and in files that the manifest names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mapper.findings.collector import Collector
from mapper.packs.building import read_pack
from mapper.packs.manifest import MANIFEST
from mapper.workbench.testing import Suite, run_suite

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from mapper.packs.building import Checked


def run_pack(folder: Path, *, locked: bool = False, today: date | None = None, update: bool = False) -> list[Suite]:
    """Run the tests of a pack's folder, a suite for each spec; one without results if the pack itself is not valid."""
    checked = read_pack(folder)
    about = _about(checked, folder)
    if not checked.ok or checked.pack is None:
        return [about]
    suites = []
    for key, path in checked.pack.specs.items():
        more = [folder / file for file in checked.pack.tests.get(key, ())]
        name = (folder / path).as_posix()
        suites.append(run_suite(str(folder / path), {}, locked=locked, today=today, update=update, name=name, more=more))
    suites[0] = replace(suites[0], findings=(*about.findings, *suites[0].findings), texts={**about.texts, **suites[0].texts})
    return suites


def _about(checked: Checked, folder: Path) -> Suite:
    """What was found in the manifest and among the files."""
    collector = Collector()
    collector.extend(checked.found)
    texts = {file: tuple(lines) for file, lines in checked.texts.items()}
    return Suite(name=(folder / MANIFEST).as_posix(), loaded=None, findings=tuple(collector.findings()), texts=texts, what="pack")
