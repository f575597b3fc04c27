"""The lock file: what it pins, and how a run that must be pinned fails closed, each time with its own code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mapper.packs.cache import Cache
from mapper.packs.lock import Lock, lock_text, read_lock
from tests.support import specs
from tests.support.packs import CAR, archive, traffic, write_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.servers import Server


@pytest.fixture
def street(project: Any, server: Server, tmp_path: Path) -> str:
    """A spec that extends a pack from the server, locked."""
    server.pages["traffic.tar"] = archive(write_pack(tmp_path / "pack"))
    name: str = project.child(server.url("traffic.tar"))
    assert project.online("pack", "lock", name).code == 0
    return name


def edit(project: Any, change: Callable[[Any], None]) -> None:
    """Change the lock file by hand."""
    path = project.folder / "mapper.lock"
    lock = json.loads(path.read_text())
    change(lock)
    path.write_text(json.dumps(lock))


def test_it_pins_two_digests_a_source(project: Any, street: str) -> None:
    """Bytes and meaning, size, name and version; written again it is the same, byte for byte."""
    text = (project.folder / "mapper.lock").read_text()
    (entry,) = json.loads(text)["sources"]
    assert set(entry) == {"source", "kind", "name", "version", "sha256", "files", "meaning", "bytes"}
    assert (entry["kind"], entry["name"], entry["version"]) == ("https", "traffic", "1.0.0")
    assert project.online("pack", "lock").code == 0
    assert (project.folder / "mapper.lock").read_text() == text
    assert "PCK" not in project.run("convert", "absent.zip", "--dry-run", "--spec", street, "--locked").err
    assert "PCK" not in project.run("explain", "absent.zip", "--spec", street, "--locked").err


def test_a_change_of_layout_is_no_change_of_meaning(project: Any, server: Server, street: str, tmp_path: Path) -> None:
    """Other bytes are refused all the same; the update says that nothing means anything else."""
    folder = write_pack(tmp_path / "pack")
    (folder / "traffic.yaml").write_text("# the same\n" + (folder / "traffic.yaml").read_text())
    server.pages["traffic.tar"] = archive(folder)
    shown = project.online("pack", "update", "--diff").out
    assert shown.splitlines() == [
        f"~ {server.url('traffic.tar')}: traffic 1.0.0, other bytes, the same meaning",
        "Would change mapper.lock",
    ]
    assert "PCK606" not in project.run("validate", street).out


def no_lock(project: Any) -> None:
    """The lock file is gone."""
    (project.folder / "mapper.lock").unlink()


def damaged(project: Any) -> None:
    """A merge conflict."""
    path = project.folder / "mapper.lock"
    path.write_text("<<<<<<< ours\n" + path.read_text())


def newer(project: Any) -> None:
    """A form of a version to come."""
    edit(project, lambda lock: lock.update(lock="mapper-lock/v9"))


def unpinned(project: Any) -> None:
    """Its entry is gone."""
    edit(project, lambda lock: lock.update(sources=[]))


def unknown_spec(project: Any) -> None:
    """The spec was never locked, only its source."""
    edit(project, lambda lock: lock.update(specs=[]))


def removed_parent(project: Any) -> None:
    """The spec has another parent no longer."""
    edit(project, lambda lock: lock["specs"][0]["sources"].append("standard@1"))


def stripped_bytes(project: Any) -> None:
    """Another digest of the bytes."""
    edit(project, lambda lock: lock["sources"][0].update(sha256="0" * 64))


def other_meaning(project: Any) -> None:
    """Another digest of the meaning."""
    edit(project, lambda lock: lock["sources"][0].update(meaning="0" * 64))


def other_digest(project: Any) -> None:
    """The spec's own entry pins something else."""
    path = project.folder / "street.yaml"
    document = json.loads(path.read_text())
    document["extends"][0]["digest"] = "sha256:" + "0" * 64
    path.write_text(json.dumps(document))


def without_digest(project: Any) -> None:
    """No lock file asked for, and none there."""
    no_lock(project)


CLOSED: dict[str, tuple[Callable[[Any], None], str, tuple[str, ...]]] = {
    "missing": (no_lock, "PCK601", ("--locked",)),
    "damaged": (damaged, "PCK602", ("--locked",)),
    "damaged, not asked for": (damaged, "PCK602", ()),
    "newer": (newer, "PCK602", ("--locked",)),
    "source not pinned": (unpinned, "PCK603", ("--locked",)),
    "no digest": (without_digest, "PCK604", ()),
    "spec not known": (unknown_spec, "PCK605", ("--locked",)),
    "parent removed": (removed_parent, "PCK605", ("--locked",)),
    "another digest in the entry": (other_digest, "PCK605", ()),
    "other bytes": (stripped_bytes, "PCK608", ()),
    "other meaning": (other_meaning, "PCK607", ()),
}  # fmt: skip


@pytest.mark.parametrize("case", CLOSED)
def test_it_fails_closed(project: Any, server: Server, street: str, case: str) -> None:
    """Whatever is missing, stale or different stops validate, test, convert and explain, without a word to any server."""
    change, code, options = CLOSED[case]
    change(project)
    asked = len(server.asked)
    validated = project.run("validate", street, *options)
    assert validated.code == 1
    assert code in validated.out
    assert project.run("test", street, *options).code == 2
    for command in (("convert", "absent.zip", "--dry-run"), ("explain", "absent.zip")):
        converted = project.run(*command, "--spec", street, *options)
        assert converted.code == 2
        assert code in converted.err
    assert len(server.asked) == asked


def test_in_ci_pinning_is_the_default(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """When CI is set, a spec that extends a shipped pack needs its lock file, unless --no-locked is given."""
    street = project.child("standard@1")
    assert project.run("validate", street).code == 0
    monkeypatch.setenv("CI", "true")
    assert "PCK601" in project.run("validate", street).out
    assert project.run("validate", street, "--no-locked").code == 0
    assert project.run("validate", "standard").code == 0
    assert project.run("pack", "lock", street).code == 0
    assert project.run("validate", street).code == 0
    edit(project, lambda lock: lock["sources"][0].update(sha256="0" * 64))
    assert "PCK606" in project.run("validate", street).out
    monkeypatch.setenv("CI", "false")
    assert project.run("validate", street).code == 0


def test_files_of_the_project_need_no_pin(project: Any) -> None:
    """They are reviewed with the spec itself."""
    specs.write(project.folder, traffic(CAR), "base.yaml")
    assert project.run("validate", project.child("base.yaml"), "--locked").code == 0


def test_a_cache_that_was_changed_is_not_believed(project: Any, street: str, tmp_path: Path) -> None:
    """Its files are believed by their digests only; syncing mends it."""
    (blob,) = (tmp_path / "cache").rglob("*/sha256/*")
    blob.write_bytes(blob.read_bytes().replace(b"Car", b"Cat"))
    assert "PCK608" in project.run("validate", street).out
    assert "Fetched 1 source" in project.online("pack", "sync").out
    assert project.run("validate", street).code == 0
    assert Cache(tmp_path).get("0" * 64) is None


def test_several_specs_share_a_lock_file(project: Any, server: Server, tmp_path: Path) -> None:
    """One is locked again without losing the others; without arguments all are; one that is gone goes."""
    server.pages["traffic.tar"] = archive(write_pack(tmp_path / "pack"))
    one = project.child(server.url("traffic.tar"), name="one.yaml")
    other = project.child("standard@1", name="other.yaml")
    assert project.online("pack", "lock", one, other).out.endswith("Wrote mapper.lock: 2 specs, 2 sources\n")
    assert project.run("pack", "lock", other).out.endswith("2 specs, 2 sources\n")
    (project.folder / one).unlink()
    assert project.run("pack", "lock", other).out.endswith("1 spec, 1 source\n")
    assert project.run("pack", "lock").out.endswith("1 spec, 1 source\n")
    project.child("standard@1", name="third.yaml")
    (project.folder / "sub").mkdir()
    assert project.run("pack", "lock", "third.yaml").out.endswith("2 specs, 1 source\n")


def test_wrong_usage_of_the_pack_commands(project: Any, street: str, tmp_path: Path) -> None:
    """No spec to lock, a spec that is not there, two projects at once, a place outside, a folder in the way."""
    (tmp_path / "elsewhere").mkdir()
    specs.write(tmp_path / "elsewhere", traffic(CAR), "spec.yaml")
    assert project.run("pack", "lock", "absent.yaml").code == 2
    assert "several projects" in project.run("pack", "lock", street, tmp_path / "elsewhere" / "spec.yaml").err
    assert project.run("pack", "vendor", tmp_path / "elsewhere").code == 2
    assert project.run("pack", "vendor", "vendor").code == 0
    (copy,) = (project.folder / "vendor").iterdir()
    (copy / "traffic.yaml").write_text("changed")
    assert "is in the way" in project.run("pack", "vendor", "vendor").err
    assert project.run("pack", "sync", "--ca-file", "absent.pem").code == 2
    no_lock(project)
    assert "there is no mapper.lock" in project.run("pack", "lock").err


def test_hosts_may_stand_in_the_configuration(project: Any, server: Server, street: str, tmp_path: Path) -> None:
    """What the project's configuration lists is allowed as if it were said on the command line; so is every other option."""
    forget = list((tmp_path / "cache").rglob("*/sha256/*"))
    forget[0].unlink()
    packs = f'[packs]\nprivate-hosts = ["{server.host}"]\n[pack]\nca-file = "{server.ca_file}"\n'
    (project.folder / "mapper.toml").write_text(packs)
    assert "PCK621" in project.run("pack", "sync", "--isolated").out
    assert "Fetched 1 source" in project.run("pack", "sync").out
    (project.folder / "mapper.toml").write_text("locked = true\n")
    no_lock(project)
    assert "PCK601" in project.run("validate", street).out


def test_a_damaged_lock_file_is_named_as_the_spec_is(project: Any, street: str) -> None:
    """Its place in findings does not tell where the project lies."""
    damaged(project)
    (project.folder / "sub").mkdir()
    shown = project.run("validate", f"sub/../{street}")
    assert "  --> mapper.lock:" in shown.out


def test_what_cannot_be_copied_leaves_the_lock_file_as_it_was(project: Any, street: str, tmp_path: Path) -> None:
    """Vendoring fetches what is missing, and may be refused."""
    before = (project.folder / "mapper.lock").read_text()
    for blob in (tmp_path / "cache").rglob("*/sha256/*"):
        blob.unlink()
    refused = project.run("pack", "vendor", "vendor")
    assert (refused.code, "PCK621" in refused.out) == (1, True)
    assert (project.folder / "mapper.lock").read_text() == before
    assert street


def test_a_lock_file_is_read_back(tmp_path: Path) -> None:
    """What is written is what is read, in one order, whatever the order it was made in."""
    entry = {"source": "standard@1", "kind": "shipped", "name": "standard", "version": "1.0.0", "bytes": 1}
    entry |= dict.fromkeys(("sha256", "files", "meaning"), "0" * 64)
    other = entry | {"source": "a@1"}
    lock = Lock.model_validate({"lock": "mapper-lock/v1", "specs": [{"path": "b.yaml", "sources": []}], "sources": [entry, other]})
    (tmp_path / "mapper.lock").write_text(lock_text(lock))
    read = read_lock(tmp_path / "mapper.lock")
    assert read.lock is not None
    assert [source.source for source in read.lock.sources] == ["a@1", "standard@1"]
    assert lock_text(read.lock) == lock_text(lock)
    place = read.place("standard@1")
    assert place is not None
    assert place.line > 10
