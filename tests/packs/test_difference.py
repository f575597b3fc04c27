"""The difference of two specs that `pack update --diff` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.packs.difference import structural
from mapper.spec.load import load_spec
from tests.support import specs
from tests.support.packs import CAR, VAN, traffic

if TYPE_CHECKING:
    from pathlib import Path


def difference(folder: Path, old: Any, new: Any) -> list[str]:
    """The lines for two specs."""
    before, after = (load_spec(specs.write(folder, document, f"{name}.json")) for name, document in (("old", old), ("new", new)))
    return structural(before, after).splitlines()


def test_equal_specs_do_not_differ(tmp_path: Path) -> None:
    """Layout and the spec's own version are no difference in meaning."""
    assert difference(tmp_path, traffic(), traffic(version="2.0.0")) == []


def test_each_part_has_its_line(tmp_path: Path) -> None:
    """What is new, gone, different or moved, with the keys that differ and their values."""
    answer = specs.answer("kind", "Kind", "radio", lookup="kinds")
    with_table: dict[str, Any] = {"lookups": {"kinds": {"rows": {"a": "A"}}}, "attributes": [answer]}
    small = {"small_px": {"description": "What is small.", "type": "number", "default": 4}}
    used = specs.rule(specs.thing(), name="small", width={"lt": {"param": "small_px"}})
    old = traffic(CAR, VAN, **with_table)
    new = traffic(VAN | {"drop": {"reason": "not today"}}, CAR, used, policy={"unmatched": {"severity": "info"}}, parameters=small)
    assert difference(tmp_path, old, new) == [
        "+ parameter small_px",
        '~ policy unmatched (severity: "error" -> "info")',
        "- lookup kinds",
        "- attribute rule kind",
        '~ rule van (drop: {"reason": "no vans here"} -> {"reason": "not today"})',
        "+ rule small",
        "~ the order of the rules",
    ]
