"""Names of bundles and what exports are found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.batch.naming import RESERVED, bundle_names, shown_sources
from mapper.batch.sources import find_exports
from mapper.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = st.sampled_from(
    ["a", "A", "task 1", "task_1", "ä", "b.zip", "b.xml", "annotations.xml", "annotations", "con", "..x", "index.jsonl.zip"]
)
PATHS = st.lists(st.lists(PARTS, min_size=1, max_size=4).map("/".join), unique=True, min_size=1, max_size=8)


def named(*paths: str) -> dict[str, str]:
    """The name of each path."""
    return dict(zip(paths, bundle_names(paths), strict=True))


def test_a_bundle_is_named_after_its_file() -> None:
    """Without the ending, and an unpacked export after its folder."""
    assert named("one/task_1.zip", "two/task_2.xml", "three/annotations.xml", "four/task_4") == {
        "one/task_1.zip": "task_1",
        "two/task_2.xml": "task_2",
        "three/annotations.xml": "three",
        "four/task_4": "task_4",
    }


def test_as_many_folders_as_it_takes() -> None:
    """Files of one name are told apart by their folders, files of one place by their endings; the others keep short names."""
    assert named("x/a.zip", "y/a.zip", "y/b.zip") == {"x/a.zip": "x-a", "y/a.zip": "y-a", "y/b.zip": "b"}
    assert named("a.zip", "a.xml", "a") == {"a.zip": "a-zip", "a.xml": "a-xml", "a": "a-folder"}


def test_names_fit_every_file_system() -> None:
    """Odd characters, names that Windows keeps for itself and our own files' names are avoided."""
    assert named("Straße 7 (neu).zip", "con.zip", "index.jsonl.zip", ".zip") == {
        "Straße 7 (neu).zip": "Straße_7_(neu)",
        "con.zip": "con_",
        "index.jsonl.zip": "index.jsonl_",
        ".zip": "_",
    }


@given(PATHS, st.randoms(use_true_random=False))
def test_names_never_meet_and_do_not_depend_on_the_order(paths: list[str], chance: object) -> None:
    """No two names are equal even where case does not count, and each path has its name whatever stands before it."""
    names = named(*paths)
    assert len({name.casefold() for name in names.values()}) == len(paths)
    assert not RESERVED & set(names.values())
    assert all(name and "/" not in name and not name.startswith(".") for name in names.values())
    shuffled = list(paths)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis types it as Random only for mypy plugins
    assert named(*shuffled) == names


def test_sources_do_not_tell_where_they_are(tmp_path: Path) -> None:
    """They are shown below the folder that all share; a store's address is one too."""
    assert shown_sources([str(tmp_path / "x/a.zip"), str(tmp_path / "x/y/b.zip")]) == ["a.zip", "y/b.zip"]
    assert shown_sources([str(tmp_path / "a.zip")]) == ["a.zip"]
    assert shown_sources(["s3://bucket/x/a.zip", "s3://bucket/b.zip"]) == ["x/a.zip", "b.zip"]


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a zip, an XML file, two unpacked exports, and things that are none."""
    files = (
        "in/task_1.zip", "in/two.xml", "in/three/annotations.xml", "in/three/images/0.xml", "in/deep/four/task.json", "in/notes.txt",
        "in/.hidden.zip", "in/.cache/five.xml", "in/five/labels.json", "in/five/annotations.json",
    )  # fmt: skip
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(sources: Sequence[str], lists: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Names and shown sources."""
    return [(export.name, export.shown) for export in find_exports(sources, lists)]


def test_a_folder_is_searched(exports: Path) -> None:
    """For zips, XML files and unpacked exports, which are not searched themselves; hidden things do not count."""
    assert found([str(exports / "in")]) == [
        ("five", "five"), ("four", "deep/four"), ("task_1", "task_1.zip"), ("three", "three"), ("two", "two.xml"),
    ]  # fmt: skip


def test_an_unpacked_export_is_one(exports: Path) -> None:
    """It is not taken for a folder of exports; a folder with other exports beside its annotations is."""
    assert found(["in/three"]) == [("three", "three")]
    (exports / "in/three/other.zip").touch()
    assert found(["in/three"]) == [("0", "images/0.xml"), ("annotations", "annotations.xml"), ("other", "other.zip")]


def test_patterns_lists_and_files(exports: Path) -> None:
    """All mean what they say, in any mixture and order, and an export counts once; a file that is named need not exist."""
    (exports / "list.txt").write_text("# ours\n\n in/two.xml \nin/*.zip\n", "utf-8")
    wanted = [("gone", "gone.xml"), ("task_1", "in/task_1.zip"), ("two", "in/two.xml")]
    assert found(["@list.txt", "gone.xml"]) == found(["gone.xml", "in/task_*", "in/two.xml"], ["list.txt"]) == wanted


@pytest.mark.parametrize("source", ["nothing/*.zip", "@nothing.txt", "in/deep/four/empty", "@empty.txt"])
def test_a_source_without_exports_is_an_error(exports: Path, source: str) -> None:
    """BAT951 names it: what is misspelt must not pass for done."""
    (exports / "in/deep/four/empty").mkdir()
    (exports / "empty.txt").write_text("# none\n", "utf-8")
    with pytest.raises(SourceError) as refused:
        find_exports(["in/two.xml", source])
    assert [finding.code for finding in refused.value.findings] == ["BAT951"]
    assert source.removeprefix("@") in str(refused.value)
