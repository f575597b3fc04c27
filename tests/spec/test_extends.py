"""Specs that extend others: what holds, where it stands, what it means, and what may be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from mapper import api
from mapper.cli import app
from mapper.engine.cases import run_cases
from mapper.findings.base import Severity
from mapper.spec.documents import MAX_DOCUMENTS
from mapper.spec.load import LoadedSpec, read_spec
from mapper.spec.references import File, Git, Shipped, Web, parse
from tests.support import specs

if TYPE_CHECKING:
    from pathlib import Path

Node = dict[str, Any]
HEAD: Node = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "child", "version": "1.0.0"}}


def car(title: str = "Car", **more: Any) -> Node:
    """A rule for cars."""
    return specs.rule(specs.thing(name=title), name="car", label="car") | more


def drop(name: str) -> Node:
    """A rule that leaves a label out."""
    return {"id": name, "match": {"label": name}, "drop": {"reason": "not needed"}}


def case(name: str, rule: str) -> Node:
    """A test of a rule."""
    return {"name": name, "given": {"label": rule, "shape": "rectangle", "box": [1, 1, 9, 9]}, "expect": [{"rule": rule}]}


def write(folder: Path, child: Node, **parents: Node) -> Path:
    """The child and its parents by file name; the child extends them in this order."""
    for name, parent in parents.items():
        specs.write(folder, parent, f"{name}.json")
    return specs.write(folder, HEAD | {"extends": [{"source": f"{name}.json"} for name in parents]} | child, "child.json")


def load(folder: Path, child: Node, **parents: Node) -> LoadedSpec:
    """The child, which must be valid."""
    loaded, found, _ = read_spec(write(folder, child, **parents), {})
    assert loaded is not None, [issue.message() for issue, _ in found]
    return loaded


def codes(path: Path) -> list[str]:
    """What is found in a spec."""
    return [issue.code for issue, _ in read_spec(path, {})[1]]


def ids(loaded: LoadedSpec) -> list[str]:
    """The rules in order."""
    return [rule.id for rule in loaded.spec.rules]


def test_a_rule_with_an_inherited_id_replaces_it_in_place(tmp_path: Path) -> None:
    """Only new rules stand in front; a replaced one keeps its turn."""
    base = specs.spec(drop("van"), car(), drop("bus"))
    loaded = load(tmp_path, {"rules": [drop("tram"), car("Automobile")]}, base=base)
    assert ids(loaded) == ["tram", "van", "car", "bus"]
    assert loaded.spec.rules[2].emit is not None
    assert loaded.place(("rules", 2)).file.endswith("child.json")
    assert loaded.place(("rules", 3)).file.endswith("base.json")


def test_a_disabled_rule_may_be_written_anew_and_stands_first(tmp_path: Path) -> None:
    """Disabling comes before the child's own rules."""
    loaded = load(tmp_path, {"disable": ["bus"], "rules": [drop("bus")]}, base=specs.spec(car(), drop("bus")))
    assert ids(loaded) == ["bus", "car"]


def test_one_decision_differs_and_the_others_are_inherited(tmp_path: Path) -> None:
    """Policy is joined entry by entry, its fields as well, lookups by name."""
    inner = {"keep": True, "as": {"to": "Source", "type": "radio"}}
    table = {"rows": {"a": "A"}, "otherwise": {"value": "B"}}
    answer = specs.answer("kind", "Kind", "radio", lookup="kinds")
    base = specs.spec(specs.rule(specs.thing(answer), label="car"), lookups={"kinds": {"rows": {"x": "X"}}})
    child = {"policy": {"unmatched": {"severity": "info"}, "fields": {"source": inner}}, "lookups": {"kinds": table}}
    policy = (loaded := load(tmp_path, child, base=base)).spec.policy
    assert policy.unmatched.severity == "info"
    assert policy.unmapped_attribute.severity == "error"
    assert (policy.fields.source.keep, policy.fields.occluded.keep) == (True, False)
    assert loaded.spec.lookups["kinds"].rows == {"a": "A"}
    assert loaded.place(("policy", "unmatched")).file.endswith("child.json")
    assert loaded.place(("policy", "unmapped_attribute")).file.endswith("base.json")


def test_attributes_of_the_child_come_first(tmp_path: Path) -> None:
    """Even one that takes all that is left: a parent's list has no ids that could be disabled."""
    base = specs.spec(car(), attributes=[specs.answer("color", "Color", "text")])
    loaded = load(tmp_path, {"attributes": [{"from": {}, "drop": {"reason": "not needed"}}]}, base=base)
    assert [rule.drop is not None for rule in loaded.spec.attributes] == [True, False]


def test_a_child_sets_what_a_parent_declares(tmp_path: Path) -> None:
    """A new default; the caller's word still counts more, and the type is the parent's."""
    small = specs.rule(specs.thing(), name="small", width={"lt": {"param": "small_px"}})
    base = specs.spec(small, car(), parameters={"small_px": {"description": "What is small.", "type": "number", "default": 4}})
    path = write(tmp_path, {"parameters": {"small_px": {"default": 9}}}, base=base)
    assert read_spec(path, {})[0].parameters == {"small_px": 9}  # type: ignore[union-attr]
    assert read_spec(path, {"small_px": "5"})[0].parameters == {"small_px": 5}  # type: ignore[union-attr]
    assert codes(write(tmp_path, {"parameters": {"small_px": {"default": "tiny"}}}, base=base)) == ["SPC253"]
    assert codes(write(tmp_path, {"parameters": {"small_px": {}}}, base=base)) != []


def test_what_a_child_leaves_unused_of_its_parents_is_no_fault_of_its(tmp_path: Path) -> None:
    """A parameter or lookup that only a replaced rule used needs no warning, unless the child sets it."""
    small = specs.rule(specs.thing(), name="small", width={"lt": {"param": "small_px"}})
    parameters = {"small_px": {"description": "What is small.", "type": "number", "default": 4}}
    base = specs.spec(small, car(), parameters=parameters)
    assert codes(write(tmp_path, {"disable": ["small"]}, base=base)) == []
    assert codes(write(tmp_path, {"disable": ["small"], "parameters": {"small_px": {"default": 3}}}, base=base)) == ["SPC254"]


def test_inherited_tests_run_and_are_replaced_by_name(tmp_path: Path) -> None:
    """What parents promise is tested in the child, unless it says otherwise; a test goes with a rule that is disabled."""
    base = specs.spec(car(), drop("bus"), tests=[case("cars", "car"), case("buses", "bus")])
    assert [result.passed for result in run_cases(load(tmp_path, {}, base=base))] == [True, True]
    other = {"disable": ["bus"], "rules": [drop("car")], "tests": [case("trams", "tram"), case("cars", "car")]}
    results = run_cases(load(tmp_path, other | {"rules": [drop("car"), drop("tram")]}, base=base))
    assert [(result.name, result.passed) for result in results] == [("trams", True), ("cars", True)]


def test_files_are_looked_for_beside_the_document_that_names_them(tmp_path: Path) -> None:
    """A parent's label schema lies beside the parent; the child may name another."""
    schema = [{"name": "car", "attributes": []}]
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "labels.json").write_text(json.dumps(schema))
    specs.write(tmp_path / "parts", specs.spec(car(), source={"labels": "labels.json"}), "base.json")
    path = specs.write(tmp_path, HEAD | {"extends": [{"source": "parts/base.json"}]}, "child.json")
    loaded, _, _ = read_spec(path, {})
    assert loaded is not None
    assert [label.name for label in loaded.labels] == ["car"]
    specs.write(tmp_path, HEAD | {"extends": [{"source": "parts/base.json"}], "source": {"labels": "labels.json"}}, "child.json")
    _, found, _ = read_spec(path, {})
    assert [(issue.code, place and place.file) for issue, place in found] == [("SPC274", str(path))]


def test_every_finding_points_into_the_document_that_holds_it(tmp_path: Path) -> None:
    """Structure and meaning alike: the file, its line, and the text for the excerpt."""
    wrong = car()
    wrong["emit"][0]["object"]["geometry"] = {"kind": "polygn"}
    path = write(tmp_path, {"rules": [drop("van") | {"match": {"lable": "van"}}]}, base=specs.spec(wrong))
    _, found, located = read_spec(path, {})
    assert located is not None
    shown = {}
    for issue, place in found:
        assert place is not None
        shown[issue.code] = (place.file.rpartition("/")[2], located.texts[place.file][place.line - 1].strip())
    assert shown == {"SPC230": ("child.json", '"lable": "van"'), "SPC233": ("base.json", '"kind": "polygn"')}


def test_what_is_found_in_a_shared_parent_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate` shows findings of parents, once for all children, and counts each child that they concern."""
    wrong = car()
    wrong["emit"][0]["object"]["geometry"] = {"kind": "polygn"}
    write(tmp_path, {}, base=specs.spec(wrong))
    (tmp_path / "other.json").write_text((tmp_path / "child.json").read_text())
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(app, ["validate", "child.json", "other.json"])
    assert shown.exit_code == 1
    assert shown.output.count("SPC233") == 1
    assert '"kind": "polygn"' in shown.output
    assert "2 of 2 specs (1 error)" in shown.output


def test_media_are_joined_key_by_key(tmp_path: Path) -> None:
    """The child's frames per second, the parent's names of files."""
    base = specs.spec(car(), media={"fps": 25, "filenames": [{"separators": "slash"}]})
    media = load(tmp_path, {"media": {"fps": 30}}, base=base).spec.media
    assert media is not None
    assert (media.fps, len(media.filenames)) == (30, 1)


def test_a_document_that_is_reached_twice_counts_once(tmp_path: Path) -> None:
    """Two parents with one grandparent: what one of them changes is not undone by the other, and nobody warns."""
    specs.write(tmp_path, specs.spec(car(), drop("bus")), "base.json")
    extends = {"extends": [{"source": "base.json"}]}
    first = HEAD | extends | {"rules": [drop("van")]}
    second = HEAD | extends | {"rules": [car("Automobile")], "disable": ["bus"]}
    loaded = load(tmp_path, {}, first=first, second=second)
    assert ids(loaded) == ["van", "car"]
    assert loaded.place(("rules", 1)).file.endswith("second.json")
    assert loaded.findings == ()
    assert [source.file.rpartition("/")[2] for source in loaded.family] == ["child.json", "first.json", "second.json", "base.json"]


def test_what_strangers_decide_differently_is_for_the_child_to_settle(tmp_path: Path) -> None:
    """The first parent holds, with a warning, until the child decides."""
    one, other = specs.spec(car()), specs.spec(car("Vehicle"), policy={"unmatched": {"severity": "info"}})
    path = write(tmp_path, {}, one=one, other=other)
    loaded, found, _ = read_spec(path, {})
    assert [(issue.code, issue.severity) for issue, _ in found] == [("SPC292", Severity.WARNING)] * 2
    assert loaded is not None
    assert loaded.place(("rules", 0)).file.endswith("one.json")
    settled = {"rules": [car("Mine")], "policy": {"unmatched": {"severity": "error"}}}
    assert codes(write(tmp_path, settled, one=one, other=other)) == []


def test_the_meaning_covers_the_parents(tmp_path: Path) -> None:
    """It follows a change in a parent and not a change of layout; a YAML file and its JSON twin mean the same."""
    base = specs.spec(car(), drop("bus"))
    first = load(tmp_path, {}, base=base)
    (tmp_path / "base.json").write_text(json.dumps(base, indent=7))
    second, _, _ = read_spec(tmp_path / "child.json", {})
    assert second is not None
    assert (second.meaning, second.sha256) == (first.meaning, first.sha256)
    assert load(tmp_path, {}, base=specs.spec(car("Cart"), drop("bus"))).meaning != first.meaning
    yaml = "apiVersion: mapping/v1\nkind: MappingSpec\nmetadata: {name: child, version: 1.0.0}\nextends:\n  - source: base.json\n"
    (tmp_path / "child.yaml").write_text(yaml)
    specs.write(tmp_path, base, "base.json")
    twin, _, _ = read_spec(tmp_path / "child.yaml", {})
    assert twin is not None
    assert twin.meaning == first.meaning
    assert twin.meaning == load(tmp_path, {"rules": base["rules"]}, base=base).meaning


def test_a_project_is_the_folder_of_its_lock_file_or_manifest(tmp_path: Path) -> None:
    """Below it, a spec may extend its neighbours; without it, only what lies below the spec."""
    for name in ("team", "common"):
        (tmp_path / name).mkdir()
    specs.write(tmp_path / "common", specs.spec(car()), "base.json")
    path = specs.write(tmp_path / "team", HEAD | {"extends": [{"source": "../common/base.json"}]}, "child.json")
    assert codes(path) == ["SPC285"]
    (tmp_path / "pack.yaml").touch()
    assert codes(path) == []
    (tmp_path / "outside.json").symlink_to(tmp_path.parent / "other.json")
    specs.write(tmp_path.parent, specs.spec(car()), "other.json")
    specs.write(tmp_path / "team", HEAD | {"extends": [{"source": "../outside.json"}]}, "child.json")
    assert codes(path) == ["SPC285"]


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    """However flat the tree is, reading it ends."""
    parents = {f"p{number}": specs.spec(drop(f"label{number}")) for number in range(MAX_DOCUMENTS + 1)}
    assert "SPC288" in codes(write(tmp_path, {}, **parents))


def test_a_digest_in_the_entry_holds_for_files_and_shipped_packs(tmp_path: Path) -> None:
    """A wrong digest is refused, wherever the source is."""
    specs.write(tmp_path, specs.spec(car()), "base.json")
    for source in ("base.json", "standard@1"):
        path = specs.write(tmp_path, HEAD | {"extends": [{"source": source, "digest": "sha256:" + "0" * 64}]}, "child.json")
        assert [finding.code for finding in api.validate(path).findings] == ["PCK606"]


def test_a_caller_without_packs_reads_files_and_shipped_packs_only(tmp_path: Path) -> None:
    """The loader itself knows no network."""
    assert codes(specs.write(tmp_path, HEAD | {"extends": [{"source": "standard@1.0"}]}, "child.json")) == []
    assert codes(specs.write(tmp_path, HEAD | {"extends": [{"source": "https://x.example/a.tar"}]}, "child.json")) == ["SPC293"]


GIT = "git+https://git.example/cv/rules.git//traffic/a.yaml@v4.1.0"
REFERENCES = {
    "base.yaml": File("base.yaml"),
    "../common/base.json": File("../common/base.json"),
    "standard@1": Shipped("standard", "1"),
    "encord-importer@1.2.3": Shipped("encord-importer", "1.2.3"),
    "https://Packs.Example/a.tar": Web("https://packs.example/a.tar", "packs.example", 443, ""),
    "https://packs.example:8443/a.tar//night": Web("https://packs.example:8443/a.tar", "packs.example", 8443, "night"),
    GIT: Git("https://git.example/cv/rules.git", "git.example", 443, "traffic/a.yaml", "v4.1.0"),
}


@pytest.mark.parametrize("source", REFERENCES)
def test_references(source: str) -> None:
    """The four forms are told apart, hosts are in lower case, ports are kept."""
    assert parse(source) == REFERENCES[source]


@pytest.mark.parametrize(
    "source",
    [
        "", "x" * 3000, "standard", "standard@", "standard@1.2.3.4", "standard@01", "http://x.example/a.tar", "git+ssh://x.example/a.git//b@v1",
        "ext::sh -c true", "file:///etc/base.yaml", "https://", "https:///a.tar", "https://x.example", "https://x.example:0/a.tar",
        "https://x.example:99999/a.tar", "https://me@x.example/a.tar", "https://me:pw@x.example/a.tar", "https://x.example/a.tar#night",
        "https://x.example/a b.tar", "git+https://x.example/a.git", "git+https://x.example/a.git//b", "git+https://x.example/a.git//@v1",
        "git+https://x.example/a.git//b@--upload-pack=x", "git+https://x.example/a.git//b@a..b", "git+https://x.example/a.git//b@v1.lock",
        "git+https://x.example/a.git?x=1//b@v1", "$HOME/a.yaml", "~/a.yaml", "%APPDATA%/a.yaml", "https://$HOST/a.tar", "a.toml", "folder/",
    ],
)  # fmt: skip
def test_what_is_no_reference(source: str) -> None:
    """What is no reference is refused with a reason, and never with an exception."""
    reason = parse(source)
    assert isinstance(reason, str)
    assert reason


@pytest.mark.parametrize(
    ("wanted", "version", "admits"), [("1", "1.9.3", True), ("1.2", "1.2.0-rc1", True), ("1", "10.0.0", False), ("1.2", "1.3.0", False)]
)
def test_which_versions_a_shipped_reference_admits(wanted: str, version: str, admits: bool) -> None:  # noqa: FBT001 - a row of a table
    """Those that begin with its numbers."""
    assert Shipped("standard", wanted).admits(version) == admits
