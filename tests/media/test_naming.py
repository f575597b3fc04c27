"""From the name of a file to the name of an image, step by step."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.engine.media import filename_mapping
from mapper.media.naming import MAPPINGS, by_pattern, canonical, wildcards, without_extension, without_folders
from mapper.spec.media import MediaSection

NAMES = st.text(alphabet="ab./\\[]!*?é", max_size=12)
PATTERNS = st.text(alphabet="ab./*?[]!", min_size=1, max_size=10)


def mapped(name: str, *rules: dict[str, object]) -> str:
    """What the rules of a spec make of a name."""
    mapping = filename_mapping(MediaSection.model_validate({"filenames": list(rules)}))
    assert mapping is not None
    return mapping(name)


@pytest.mark.parametrize(
    ("mapping", "name"),
    [("exact", "sub/a.b.png"), ("stem", "sub/a.b"), ("basename", "a.b.png"), ("basename-stem", "a.b")],
)
def test_ready_mappings(mapping: str, name: str) -> None:
    """Each takes the parts of the path that its name says, whichever way the folders are parted."""
    assert MAPPINGS[mapping]("sub/a.b.png") == name
    assert MAPPINGS[mapping]("sub\\a.b.png") == name.replace("/", "\\")


@pytest.mark.parametrize("name", ["frame_000010", ".hidden", "sub/.hidden", "a.b/c", "ends.", ""])
def test_what_is_no_extension_stays(name: str) -> None:
    """A name without a dot, one that begins with its only dot, and a dot of a folder have no extension."""
    assert without_extension(name) == name


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ({"strip": "folder"}, "a/b\\c.png", "c.png"),
        ({"strip": "extension"}, "a/c.tar.gz", "a/c.tar"),
        ({"separators": "slash"}, "a\\b/c.png", "a/b/c.png"),
        ({"normal_form": "NFC"}, "cafe\u0301.png", "caf\u00e9.png"),
        ({"normal_form": "NFD"}, "caf\u00e9.png", "cafe\u0301.png"),
        ({"table": {"DSC_1.JPG": "gate.png"}}, "DSC_1.JPG", "gate.png"),
        ({"table": {"DSC_1.JPG": "gate.png"}}, "dsc_1.jpg", "dsc_1.jpg"),
        ({"like": "cam*/*_final.jpeg", "name": "{2} of {1}.png"}, "cam1/gate_final.jpeg", "gate of 1.png"),
        ({"like": "cam*/*_final.jpeg", "name": "{2}.png"}, "cam1/gate.jpeg", "cam1/gate.jpeg"),
        ({"like": "*/*.jpg", "name": "{2}.png"}, "a/b/c.jpg", "b/c.png"),
        ({"like": "frame_??.png", "name": "frame"}, "frame_01.png", "frame"),
        ({"like": "[[]*]", "name": "{1}"}, "[x]", "x"),
        ({"like": "*", "name": "{x} {1}"}, "a", "{x} a"),
    ],
)
def test_each_rule(rule: dict[str, object], before: str, after: str) -> None:
    """A rule changes the names that it speaks of and leaves the others alone."""
    assert mapped(before, rule) == after


def test_rules_are_steps() -> None:
    """Each rule takes what the one before it gave."""
    rules: list[dict[str, object]] = [
        {"separators": "slash"}, {"strip": "folder"}, {"table": {"a.jpeg": "x/gate.jpeg"}}, {"strip": "extension"},
    ]  # fmt: skip
    assert mapped("day\\1\\a.jpeg", *rules) == "x/gate"
    assert mapped("day\\1\\b.jpeg", *rules) == "b"


def test_no_rules_are_no_mapping() -> None:
    """A spec without file name rules leaves the matching by paths as it is."""
    assert filename_mapping(None) is None
    assert filename_mapping(MediaSection(fps=25)) is None


@given(PATTERNS, NAMES)
def test_a_pattern_matches_as_a_condition_does(pattern: str, name: str) -> None:
    """`like` means the same in a file name rule as in the conditions of a rule."""
    assert (by_pattern(pattern, "\0")(name) == "\0") == fnmatchcase(name, pattern)


@given(st.lists(st.text(alphabet="ab/\\", max_size=4), min_size=1, max_size=4))
def test_wildcards_give_back_what_they_took(parts: list[str]) -> None:
    """A name that is put together of parts falls into the same parts again."""
    pattern = "-".join("*" * len(parts))
    assert wildcards(pattern) == len(parts)
    assert by_pattern(pattern, "|".join(f"{{{number}}}" for number in range(1, len(parts) + 1)))("-".join(parts)) == "|".join(parts)


def test_no_pattern_is_slow() -> None:
    """A pattern made to try all ways of sharing out a name answers; with backtracking it would take longer than the suite may."""
    assert by_pattern("a*" * 40 + "b", "x")("a" * 4000) == "a" * 4000


@given(NAMES)
def test_names_of_parts(name: str) -> None:
    """The last part has no folders; taking off the extension leaves the folders; a canonical name stays one."""
    assert not set(without_folders(name)) & {"/", "\\"}
    assert name.endswith(without_folders(name))
    assert name.startswith(without_extension(name))
    assert "\\" not in canonical(name)
