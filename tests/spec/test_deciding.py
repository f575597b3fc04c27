"""Decisions that a draft leaves open: refused with their choices, wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.spec.deciding import decisions
from mapper.spec.load import read_spec
from tests.spec.test_migrating import NEW

if TYPE_CHECKING:
    from pathlib import Path


def found(path: Path, text: str) -> list[tuple[str, str, str]]:
    """Code, message and help of what is wrong with a spec."""
    path.write_text(text, "utf-8")
    _, issues, _ = read_spec(path, {})
    return [(issue.code, issue.message(), issue.help()) for issue, _ in issues]


def test_the_choices_are_listed(tmp_path: Path) -> None:
    """Words as they are written; of mappings what tells them apart."""
    text = NEW.replace("kind: bounding_box", "kind: {decide: [bounding_box, polygon]}").replace(
        "source: {keep: false, reason: not needed}",
        "source: {decide: [{keep: false, reason: a}, {keep: false, reason: b}]}",
    )
    assert found(tmp_path / "spec.yaml", text) == [
        (
            "SPC222", "`fields.source` is not decided",
            'write one of these instead of the `decide` node: `{"reason": "a"}` or `{"reason": "b"}`',
        ),
        (
            "SPC222", "`geometry.kind` in rule car is not decided",
            "write one of these instead of the `decide` node: `bounding_box` or `polygon`",
        ),
    ]  # fmt: skip


def test_a_taken_decision_is_none(tmp_path: Path) -> None:
    """With a choice in its place the spec is valid."""
    assert found(tmp_path / "spec.yaml", NEW) == []


def test_a_parent_may_not_leave_anything_open(tmp_path: Path) -> None:
    """What is extended must be decided, too, and merging does not hide it."""
    (tmp_path / "base.yaml").write_text(NEW.replace("kind: bounding_box", "kind: {decide: [bounding_box, polygon]}"), "utf-8")
    child = "apiVersion: mapping/v1\nkind: MappingSpec\nmetadata: {name: child, version: 1.0.0}\nextends: [{source: base.yaml}]\n"
    assert [code for code, _, _ in found(tmp_path / "child.yaml", child)] == ["SPC222"]
    over = child + "policy: {fields: {source: {decide: [{keep: false, reason: a}]}}}\n"
    assert [code for code, _, _ in found(tmp_path / "child.yaml", over)] == ["SPC222"]


def test_only_a_node_of_its_own_is_a_decision() -> None:
    """A lookup may have a row called decide; a decision inside a choice waits until that is chosen."""
    document: dict[str, Any] = {
        "rows": {"decide": "Decide"},
        "more": {"decide": ["x"], "other": 1},
        "none": {"decide": []},
        "open": [{"decide": [{"inner": {"decide": ["a"]}}]}],
    }
    assert [pointer for pointer, _ in decisions(document)] == [("open", 0)]
