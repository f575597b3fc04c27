"""Building, testing and describing packs; their schemas; archives that are the same everywhere."""

from __future__ import annotations

import io
import json
import os
import tarfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from mapper.findings.base import Issue
from mapper.packs.archive import read_archive, write_archive
from mapper.packs.schema import SCHEMAS, schema_of, schema_texts
from mapper.resources import data_folder
from tests.support import specs
from tests.support.checkout import ROOT
from tests.support.packs import CAR, CASE, archive, traffic, write_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}(/[a-z][a-z0-9]{0,5}){0,2}\.(yaml|md)", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=8))
def test_an_archive_gives_back_what_went_in_and_depends_on_nothing_else(files: dict[str, bytes]) -> None:
    """The order in which files are found does not matter, and reading gives the same files."""
    data = write_archive(files)
    assert data == write_archive(dict(reversed(files.items())))
    read = read_archive(data, "the pack")
    assert isinstance(read, Issue) or read == files
    assert isinstance(read, Issue) == (len({name.casefold() for name in files}) < len(files))


@settings(max_examples=200)
@given(st.binary(max_size=2000), st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04"]), st.integers(0, 1500))
def test_bytes_of_any_kind_end_in_files_or_an_issue(noise: bytes, start: bytes, position: int) -> None:
    """Damaged archives are data: they never raise."""
    whole = write_archive({"pack.yaml": b"name: x\n", "a/b.yaml": b"y" * 700})
    for data in (start + noise, whole[:position] + noise + whole[position + len(noise) :]):
        found = read_archive(data, "the pack")
        assert isinstance(found, dict | Issue)


def test_nothing_of_this_machine_gets_into_an_archive(tmp_path: Path) -> None:
    """Times, owners, modes and places differ; the bytes do not."""
    first, second = write_pack(tmp_path / "a"), write_pack(tmp_path / "b" / "c")
    (second / "traffic.yaml").chmod(0o700)
    os.utime(second / "pack.yaml", (1, 1))
    data = archive(first)
    assert data == archive(second)
    with tarfile.open(fileobj=io.BytesIO(data)) as made:
        assert {(entry.mtime, entry.uid, entry.uname, entry.mode) for entry in made} == {(0, 0, "", 0o644)}
        assert made.getnames() == ["pack.yaml", "traffic.yaml"]


def test_build_writes_what_it_checked(project: Any, tmp_path: Path) -> None:
    """Hidden files, archives and the lock file stay at home; the name and the digest are shown."""
    folder = write_pack(tmp_path / "pack")
    for name in ("README.md", ".env", "old.tar", "mapper.lock"):
        (folder / name).write_text("{" if name == "mapper.lock" else "x")
    made = project.run("pack", "build", folder, "--output-format", "json")
    shown = json.loads(made.out)
    assert shown["files"] == ["README.md", "pack.yaml", "traffic.yaml"]
    assert shown["file"] == "traffic-1.0.0.tar"
    assert (project.folder / "traffic-1.0.0.tar").stat().st_size == shown["bytes"]
    assert shown["sha256"] in project.run("pack", "build", folder).out
    assert project.run("pack", "build", folder, "-o", folder / "pack.yaml" / "x").code == 2


def manifest(**changes: Any) -> Callable[[Path], object]:
    """A change of the manifest; None takes a key away."""

    def change(folder: Path) -> None:
        document = json.loads((folder / "pack.yaml").read_text()) | changes
        (folder / "pack.yaml").write_text(json.dumps({key: value for key, value in document.items() if value is not None}))

    return change


def parent_outside(folder: Path) -> None:
    """The exported spec extends a file above the pack."""
    specs.write(folder.parent, traffic(), "base.yaml")
    head = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "a", "version": "1.0.0"}}
    specs.write(folder, head | {"extends": [{"source": "../base.yaml"}]}, "traffic.yaml")


BROKEN: dict[str, tuple[str, Callable[[Path], object]]] = {
    "no manifest": ("PCK610", lambda folder: (folder / "pack.yaml").unlink()),
    "a list": ("PCK610", lambda folder: (folder / "pack.yaml").write_text("- a")),
    "a spec that is not there": ("PCK611", manifest(specs={"night": "night.yaml"})),
    "tests that are not there": ("PCK611", manifest(tests={"traffic": ["night.yaml"]})),
    "a path that leads out": ("SPC232", manifest(specs={"night": "../night.yaml"})),
    "an unknown key": ("SPC230", manifest(license=None, licence="MIT")),
    "another engine": ("SPC241", manifest(requires={"engine": ">=99"})),
    "a link": ("PCK616", lambda folder: (folder / "labels.json").symlink_to(folder / "pack.yaml")),
    "a name for one system": ("PCK615", lambda folder: (folder / "a:b.yaml").touch()),
    "an invalid spec": ("SPC257", lambda folder: specs.write(folder, traffic(CAR, CAR), "traffic.yaml")),
    "a parent outside": ("SPC285", parent_outside),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_pack_with_errors_is_not_built(project: Any, tmp_path: Path, case: str) -> None:
    """Each mistake has its code, and neither building nor testing nor describing goes on."""
    folder = write_pack(tmp_path / "pack")
    code, spoil = BROKEN[case]
    spoil(folder)
    built = project.run("pack", "build", folder)
    assert (built.code, code in built.out) == (1, True), built.out
    assert list(project.folder.iterdir()) == []
    assert project.run("pack", "test", folder).code == 2
    assert project.run("pack", "docs", folder).code == 2


def write_tests(folder: Path, **more: Any) -> Path:
    """A pack with tests in its spec, in a file beside it, and in a file that the manifest names."""
    write_pack(folder, {"traffic": traffic(tests=[CASE])}, tests={"traffic": ["tests/cars.yaml"]})
    (folder / "tests").mkdir(exist_ok=True)
    head = {"apiVersion": "mapping/v1", "kind": "MappingTests", "tests": [CASE | {"name": "again"}]}
    specs.write(folder, head | {"tests": [CASE | {"name": "beside"}]}, "traffic.test.yaml")
    specs.write(folder / "tests", head | more, "cars.yaml")
    return folder


def test_the_tests_of_a_pack(project: Any, tmp_path: Path) -> None:
    """Those in its specs, beside them, and in the files that the manifest names run; one that fails is shown with its file."""
    folder = write_tests(tmp_path / "pack")
    assert project.run("pack", "test", folder).out == "All tests passed: 3 tests, 1 of 2 rules covered\n"
    assert project.run("pack", "test", folder, "--min-coverage", "60").code == 1
    write_tests(folder, tests=[CASE | {"expect": [{"object": "Cart"}]}])
    failed = project.run("pack", "test", folder)
    assert failed.code == 1
    assert "tests/cars.yaml" in failed.out
    assert "Tests failed: 1 of 3 tests" in failed.out
    shown = json.loads(project.run("pack", "test", folder, "--output-format", "json").out)
    assert [test["passed"] for test in shown["specs"][0]["tests"]] == [True, True, False]
    junit = project.run("pack", "test", folder, "--output-format", "junit").out
    assert 'tests="3" failures="1"' in junit


def test_a_pack_is_tested_as_its_specs_are(project: Any, tmp_path: Path) -> None:
    """What `mapper test` says of an exported spec is what `mapper pack test` says; a file that is named twice runs once."""
    folder = write_tests(tmp_path / "pack")
    alone = json.loads(project.run("test", folder / "traffic.yaml", "--output-format", "json").out)
    manifest(tests={"traffic": ["traffic.test.yaml"]})(folder)
    assert json.loads(project.run("pack", "test", folder, "--output-format", "json").out) == alone


def test_golden_cases_of_a_pack_run_and_travel_with_it(project: Any, tmp_path: Path) -> None:
    """They are compared, and whoever gets the archive has them and the tests."""
    folder = write_tests(tmp_path / "pack")
    case = folder / "traffic.golden" / "tags"
    case.mkdir(parents=True)
    (case / "source.xml").write_bytes((ROOT / "tests" / "golden" / "tags" / "source.xml").read_bytes())
    assert project.run("pack", "test", folder).code == 1
    assert project.run("pack", "test", folder, "--update").code == 0
    assert project.run("pack", "test", folder).out.startswith("All tests passed: 4 tests")
    files = read_archive(archive(folder), "the pack")
    assert not isinstance(files, Issue)
    for name, data in files.items():
        (tmp_path / "got" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "got" / name).write_bytes(data)
    assert {"tests/cars.yaml", "traffic.test.yaml", "traffic.golden/tags/expected/ledger.json"} <= files.keys()
    assert project.run("pack", "test", tmp_path / "got").out.startswith("All tests passed: 4 tests")


UNFIT: list[tuple[Any, str]] = [
    ({"tests": []}, "SPC232"), ({"parameters": {"x": "1"}}, "parameter"), ({"spec": "traffic"}, "SPC230"), ({"kind": "SpecTests"}, "kind")
]  # fmt: skip


@pytest.mark.parametrize(("more", "said"), UNFIT)
def test_files_with_tests_are_checked(project: Any, tmp_path: Path, more: Any, said: str) -> None:
    """No tests at all, a parameter that the spec does not have, a key or a kind that files of tests do not have."""
    shown = project.run("pack", "test", write_tests(tmp_path / "pack", **more))
    assert (shown.code, said in shown.out) == (1, True), shown.out


def test_the_manifest_says_which_spec_a_file_tests(project: Any, tmp_path: Path) -> None:
    """Tests of a spec that is not exported are refused at their place."""
    folder = write_tests(tmp_path / "pack")
    manifest(tests={"night": ["tests/cars.yaml"]})(folder)
    shown = project.run("pack", "test", folder)
    assert (shown.code, "PCK612" in shown.err, "pack.yaml is not a valid pack" in shown.err) == (2, True, True), shown.err
    assert json.loads(project.run("pack", "test", folder, "--output-format", "json").out)["specs"][0]["ok"] is False


def test_which_spec_of_an_archive_is_meant(project: Any, server: Any, tmp_path: Path) -> None:
    """A pack with several specs needs a name behind //: that of the spec, or its file."""
    documents = {"day": traffic(name="day"), "night": traffic(CAR, name="night")}
    server.pages["both.tar"] = archive(write_pack(tmp_path / "pack", documents, name="both"))
    for inner in ("", "//dusk"):
        shown = project.online("pack", "lock", project.child(server.url("both.tar") + inner))
        assert (shown.code, "PCK612" in shown.out, "day, night" in shown.out) == (1, True, True)
    for inner in ("//night", "//night.yaml"):
        assert project.online("pack", "lock", project.child(server.url("both.tar") + inner)).code == 0
    server.pages["none.tar"] = write_archive({"a.yaml": b"x: 1", "b.yaml": b"y: 1"})
    assert "PCK610" in project.online("pack", "lock", project.child(server.url("none.tar"))).out
    assert "PCK612" in project.online("pack", "lock", project.child(server.url("none.tar//c.yaml"))).out


# -- schemas --------------------------------------------------------------------------------------------------------------


def test_the_committed_schemas_are_fresh() -> None:
    """`python -m mapper.packs.schema` would change nothing."""
    assert {name: (data_folder("schemas") / name).read_text() for name in schema_texts()} == schema_texts()


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_describe_everything(name: str) -> None:
    """They are schemas, and every key says what it is for."""
    schema = schema_of(name)
    Draft7Validator.check_schema(schema)
    assert all(value.get("description") or "$ref" in value or "allOf" in value for value in schema["properties"].values())


def test_packs_and_lock_files_fit_their_schemas(project: Any, tmp_path: Path) -> None:
    """What is written and read here is what the schemas allow, and what they forbid is refused."""
    folder = write_tests(tmp_path / "pack")
    project.run("pack", "lock", project.child("standard@1"))
    documents = {"pack": folder / "pack.yaml", "lock": project.folder / "mapper.lock"}
    for name, path in documents.items():
        document = json.loads(path.read_text())
        validator = Draft7Validator(schema_of(name))
        assert [error.message for error in validator.iter_errors(document)] == []
        assert not validator.is_valid(document | {"surprise": 1})


# -- the page -------------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


TAGS = set("html head meta title style body h1 h2 h3 p dl dt dd section table thead tbody tr th td br code span".split(" "))  # noqa: SIM905 - it reads better
EVIL = "<script>alert(1)</script> **bold** [x](javascript:1) | `"


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A pack whose texts try to become markup."""
    rule = CAR | {"description": EVIL}
    table = {"rows": {EVIL: "A"}}
    answer = specs.answer("kind", "Kind", "radio", lookup="kinds")
    document = traffic(rule, specs.rule(specs.thing(answer), name="rest"), lookups={"kinds": table}, tests=[CASE | {"name": EVIL}])
    document["metadata"]["description"] = EVIL
    return write_pack(tmp_path / "evil", {"traffic": document}, description=EVIL, owners=[EVIL])


def test_the_page_in_html_shows_everything_and_runs_nothing(project: Any, evil: Path) -> None:
    """Rules, tables and decisions are there; text of a spec is text, and nothing is loaded from anywhere."""
    assert project.run("pack", "docs", evil, "--format", "html", "-o", "page.html").code == 0
    page = Tags()
    page.feed((project.folder / "page.html").read_text("utf-8"))
    assert page.tags <= TAGS
    assert page.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert page.text.count("<script>alert(1)</script>") >= 5
    for word in ("car", "rest", "Lookup kinds", "unmatched", "fields.source", "Apache-2.0", "traffic.yaml:"):
        assert word in page.text


def test_the_page_in_markdown_shows_everything(project: Any, evil: Path) -> None:
    """The same as Markdown, in which text of a spec is no markup."""
    page = project.run("pack", "docs", evil).out
    assert "\\<script\\>" in page
    assert "<script>" not in "".join(part for index, part in enumerate(page.split("`")) if not index % 2)
    assert "\\*\\*bold\\*\\*" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)
    for word in ("# traffic", "1. `car`", "2. `rest`", "### Lookup kinds", "`unmatched`", "matches everything that is left"):
        assert word in page


def test_the_page_of_a_spec_shows_what_it_inherits(project: Any) -> None:
    """Inherited rules stand there with their file; the page is the same on every run."""
    street = project.child("standard@1", rules=[CAR])
    page = project.run("pack", "docs", street).out
    assert "`street.yaml:" in page
    assert "`standard/standard.yaml:" in page
    assert page == project.run("pack", "docs", street).out
    assert project.run("pack", "docs", "standard").out.startswith("# standard\n")
    assert project.run("pack", "docs", "standard", "-o", "absent/page.md").code == 2
