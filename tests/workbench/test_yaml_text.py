"""The writer of drafts: what it writes is read back as it was, and comments stand where they belong."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mapper.spec.located import load_located
from mapper.workbench.yaml_text import Block, Noted, comment, yaml_text

ODD = st.sampled_from(
    (
        "",
        " ",
        "no",
        "on",
        "1:30",
        "007",
        "1e3",
        "a: b",
        "# x",
        "- y",
        "{{ label }}",
        "'",
        '"',
        "\\",
        "\u2028",
        "\x7f",
        "null",
        "*a",
        "&a",
        "!t",
    )
)
TEXTS = ODD | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = TEXTS | st.booleans() | st.none() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False, width=32)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12)


@given(st.dictionaries(TEXTS.filter(lambda key: key != "<<"), VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(document: dict[str, Any]) -> None:
    """Any text, number and nesting, without a finding."""
    located = load_located(yaml_text(document).encode(), "draft.yaml")
    assert [issue.message() for issue, _ in located.findings] == []
    assert located.value == document


def test_comments_stand_above_and_beside() -> None:
    """What is short stands on one line, what has comments is laid out; nothing of a comment becomes a value."""
    document = {
        "name": "car",
        "rules": Noted(Block([Noted({"id": "a", "drop": {"reason": "b: c"}}, ("above",), "beside")]), ("first",)),
        "policy": {"do": Noted("keep", beside="or refuse")},
    }
    assert yaml_text(document) == (
        'name: car\n\n# first\nrules:\n  # above\n  - {id: a, drop: {reason: "b: c"}}  # beside\npolicy:\n  do: keep  # or refuse\n'
    )


def test_a_comment_stays_on_its_line() -> None:
    """Line breaks and characters that YAML does not allow cannot end a comment."""
    assert comment("a\n- b\u2028c\x00") == "a - b c?"
