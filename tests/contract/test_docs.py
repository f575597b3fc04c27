"""The documents: generated parts are fresh, specs in them are valid, links lead somewhere, codes exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mapper.spec.cases
import mapper.spec.matching
import mapper.spec.media
import mapper.spec.model
import mapper.spec.policy
import mapper.spec.targets
from mapper import load_spec, validate
from mapper.findings.base import Severity
from mapper.findings.table import ISSUES
from mapper.spec.case_files import read_cases
from mapper.spec.node import Node
from tests.support.checkout import ROOT, environment
from tests.support.markdown import DOCUMENTS, anchors, blocks, links, prose

if TYPE_CHECKING:
    from tests.support.markdown import Block

MODULES = (mapper.spec.cases, mapper.spec.matching, mapper.spec.media, mapper.spec.model, mapper.spec.policy, mapper.spec.targets)
BASES = {"Node", "FieldPolicy"}
STANDARD = (ROOT / "rules" / "standard" / "standard.yaml").read_text("utf-8")
YAML = [(path, block) for path in DOCUMENTS for block in blocks(path) if block.language == "yaml"]
OTHERS = ("kind: Pack", "kind: MappingTests")
SPECS = [(path, block) for path, block in YAML if not any(kind in block.text for kind in OTHERS)]
TESTS = [(path, block) for path, block in YAML if "kind: MappingTests" in block.text]
FRAME = """
apiVersion: mapping/v1
kind: MappingSpec
metadata: {name: example, version: 1.0.0}
"""


def section(name: str) -> str:
    """A top-level key of the pack `standard` with all that it holds."""
    found = re.search(rf"^{name}:.*\n(?:(?:[ #].*)?\n)*", STANDARD, re.MULTILINE)
    assert found is not None
    return found[0]


def whole(block: Block) -> str:
    """An example as a spec that can be checked: a fragment gets what it lacks from the pack `standard`."""
    text = block.text
    if text.startswith("  - id:"):
        return STANDARD.replace("\nrules:\n", f"\nrules:\n{text}")
    if block.info != "fragment":
        return text
    given = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    needed = [name for name in ("policy", "parameters", "rules") if name not in given]
    if "rules" in given:
        needed.remove("parameters")
    return FRAME + "".join(map(section, needed)) + text


def test_the_generated_parts_are_fresh() -> None:
    """`python docs/generate.py` would change nothing, and every part that it can make stands in some document."""
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", env=environment())
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_reference_has_every_part_of_the_language() -> None:
    """Each model of the spec language has its heading and table in the reference."""
    models = {
        name
        for module in MODULES
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Node) and value.__module__ == module.__name__
    }
    reference = (ROOT / "docs" / "spec.md").read_text("utf-8")
    missing = {name for name in models - BASES if f"### {name}\n" not in reference or f"<!-- generated: {name} -->" not in reference}
    assert not missing


@pytest.mark.parametrize(("document", "block"), SPECS, ids=lambda item: item.name if isinstance(item, Path) else str(item.line))
def test_specs_in_the_documents_are_valid(document: Path, block: Block, tmp_path: Path) -> None:
    """A whole spec passes `mapper validate`, a fragment does in a spec around it; mistakes on purpose are run as such."""
    text = whole(block)
    if "polygom" in text:
        assert "mapper validate" in document.read_text("utf-8"), "a mistake that no example shows"
        text = text.replace("polygom", "polygon")
    (tmp_path / "spec.yaml").write_text(text, "utf-8")
    found = validate(tmp_path / "spec.yaml")
    assert found.ok, [finding.message for finding in found.findings if finding.severity == Severity.ERROR]


@pytest.mark.parametrize(("document", "block"), TESTS, ids=lambda item: item.name if isinstance(item, Path) else str(item.line))
def test_tests_in_the_documents_are_valid(document: Path, block: Block, tmp_path: Path) -> None:
    """A file of tests can be read with the spec that the same document shows: of its name, or else in its pack."""
    file = block.info.removeprefix("file=")
    shown = {other.info.removeprefix("file="): other for path, other in SPECS if path == document}
    own = shown.get(f"{file.split('.')[0]}.yaml") or next(
        other for name, other in shown.items() if name.startswith(f"{file.split('/')[0]}/")
    )
    (tmp_path / "spec.yaml").write_text(own.text, "utf-8")
    (tmp_path / "spec.test.yaml").write_text(block.text, "utf-8")
    loaded = load_spec(tmp_path / "spec.yaml")
    assert read_cases(tmp_path / "spec.test.yaml", {rule.id for rule in loaded.spec.rules}).findings == ()


def test_examples_are_marked() -> None:
    """Each YAML example is a file, or marked as a fragment."""
    assert SPECS
    assert all(re.fullmatch(r"file=[\w./-]+|fragment", block.info) for _, block in YAML)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """Every link within the checkout names a file that is there, and a heading in it."""
    broken = []
    for link in links(document):
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_codes_in_the_documents_exist(document: Path) -> None:
    """A document speaks only of issue codes that there are."""
    named = set(re.findall(r"\b(?:SRC|SPC|MAP|GEO|ENC|PCK|MED|CHK|DIF|CFG)\d{3}\b", prose(document)))
    assert named <= {issue.code for issue in ISSUES}
