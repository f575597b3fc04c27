"""A pack's life: published, extended, pinned, tampered with, refused, fetched, updated with a difference, copied into the tree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import specs
from tests.support.packs import CAR, CASE, VAN, archive, traffic, write_pack
from tests.support.servers import publish

if TYPE_CHECKING:
    from tests.support.servers import Server

BUS = {"id": "bus", "match": {"label": "bus"}, "drop": {"reason": "no buses here"}}
LORRY = {"id": "lorry", "match": {"label": "lorry"}, "drop": {"reason": "no lorries here"}}


def forget(cache: Path) -> None:
    """Empty the cache, as on another machine."""
    shutil.rmtree(cache)


def test_a_pack_from_publishing_to_updating(project: Any, server: Server, tmp_path: Path) -> None:
    """Build, publish, extend, lock, tamper, refuse, sync, update with the difference: each step does what it says."""
    folder = write_pack(tmp_path / "pack", {"traffic": traffic(tests=[CASE])})
    assert project.run("pack", "test", folder).out == "All tests passed: 1 test, 1 of 2 rules covered\n"
    built = project.run("pack", "build", folder, "-o", tmp_path / "traffic.tar")
    assert built.code == 0, built.out
    server.pages["traffic.tar"] = (tmp_path / "traffic.tar").read_bytes()
    source = server.url("traffic.tar")
    street = project.child(source, rules=[BUS])

    refused = project.run("validate", street)
    assert "PCK604" in refused.out
    assert server.asked == []
    assert "PCK621" in project.run("pack", "lock", street).out
    assert server.asked == []

    assert project.online("pack", "lock", street).code == 0
    assert project.run("validate", street, "--locked").code == 0
    assert project.run("test", street, "--locked").out == "All tests passed: 1 test, 1 of 3 rules covered\n"
    asked = len(server.asked)

    forget(tmp_path / "cache")
    missing = project.run("validate", street)
    assert missing.code == 1
    assert "PCK608" in missing.out
    assert "mapper pack sync" in missing.out
    assert len(server.asked) == asked

    tampered = write_pack(tmp_path / "pack", {"traffic": traffic(CAR | {"id": "vehicle"}, LORRY)}, version="1.1.0")
    server.pages["traffic.tar"] = archive(tampered)
    kept_out = project.online("pack", "sync")
    assert kept_out.code == 1
    assert "PCK606" in kept_out.out
    assert "PCK608" in project.run("validate", street).out
    assert "PCK606" in project.online("pack", "lock", street).out

    server.pages["traffic.tar"] = (tmp_path / "traffic.tar").read_bytes()
    assert "Fetched 1 source" in project.online("pack", "sync").out
    assert project.run("validate", street, "--locked").code == 0

    server.pages["traffic.tar"] = archive(tampered)
    before = (project.folder / "mapper.lock").read_bytes()
    shown = project.online("pack", "update", "--diff")
    assert shown.code == 0, shown.out
    assert shown.out.splitlines()[:7] == [
        f"~ {source}: traffic 1.0.0 -> 1.1.0, another meaning",
        "street.yaml:",
        "  - rule car",
        "  - rule van",
        "  + rule vehicle",
        "  + rule lorry",
        "  - test a car is a Car",
    ]
    assert "compared over the labels, attributes and values that the specs name" in shown.out
    assert "lorry" in shown.out.partition("compared over")[2]
    assert shown.out.endswith("\nWould change mapper.lock\n")
    assert (project.folder / "mapper.lock").read_bytes() == before
    assert project.online("pack", "update").out.endswith("Wrote mapper.lock\n")
    assert project.run("validate", street, "--locked").code == 0


def test_a_repository_from_publishing_to_copying(project: Any, server: Server, tmp_path: Path) -> None:
    """The same for git: a tag that is moved is refused, and a copy in the tree needs neither network nor cache."""
    work = tmp_path / "rules"
    specs.write(write_pack(work / "traffic", {"traffic": traffic()}), traffic(VAN), "inner.yaml")
    (work / ".gitlab-ci.yml").write_text("hidden files do not matter")
    commit = publish(server, "rules.git", work, "v1.0.0")
    source = server.git("rules.git", "traffic@v1.0.0")
    street = project.child(source)
    locked = project.online("pack", "lock", street)
    assert locked.code == 0, locked.out
    (entry,) = json.loads((project.folder / "mapper.lock").read_text())["sources"]
    assert (entry["kind"], entry["name"], entry["version"], entry["commit"]) == ("git", "traffic", "1.0.0", commit)

    specs.write(work / "traffic", traffic(CAR), "traffic.yaml")
    publish(server, "rules.git", work, "v1.0.0")
    forget(tmp_path / "cache")
    assert "PCK606" in project.online("pack", "sync").out
    shown = project.online("pack", "update", "--diff")
    assert "another meaning" in shown.out
    assert project.online("pack", "update").code == 0

    copied = project.online("pack", "vendor", "vendor")
    assert copied.out == "Copied 1 source to vendor\n"
    forget(tmp_path / "cache")
    assert project.run("validate", street, "--locked").code == 0
    (copy,) = (project.folder / "vendor").glob("traffic-1.0.0-*/traffic.yaml")
    copy.write_text(copy.read_text().replace("Car", "Cart"))
    assert "PCK606" in project.run("validate", street).out


@pytest.mark.parametrize("reference", ["traffic/traffic.yaml@v1", "traffic@v1", "traffic@COMMIT"])
def test_what_a_git_reference_may_name(project: Any, server: Server, tmp_path: Path, reference: str) -> None:
    """A spec or a pack's folder, at a tag or a commit."""
    write_pack(tmp_path / "rules" / "traffic")
    commit = publish(server, f"{tmp_path.name}.git", tmp_path / "rules", "v1")
    street = project.child(server.git(f"{tmp_path.name}.git", reference.replace("COMMIT", commit)))
    made = project.online("pack", "lock", street)
    assert made.code == 0, made.out
    assert project.run("validate", street, "--locked").code == 0


def test_a_single_spec_over_https(project: Any, server: Server) -> None:
    """A spec need not be in a pack; findings in it name its address and line."""
    server.pages["base.yaml"] = json.dumps(traffic(CAR, CAR), indent=1).encode()
    street = project.child(server.url("base.yaml"))
    shown = project.online("pack", "lock", street)
    assert shown.code == 1
    assert f"--> {server.url('base.yaml')}:" in shown.out
    assert "SPC257" in shown.out
    assert '"id": "car"' in shown.out


def test_a_pack_may_extend_its_own_files_and_shipped_packs(project: Any, server: Server, tmp_path: Path) -> None:
    """Relative references lead within the pack, whatever lies in the project under that name."""
    base = traffic(VAN, name="base")
    child: dict[str, Any] = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "night", "version": "1.0.0"}}
    child |= {"extends": [{"source": "parts/base.yaml"}, {"source": "standard@1"}]}
    folder = write_pack(tmp_path / "pack", {"night": child})
    (folder / "parts").mkdir()
    specs.write(folder / "parts", base, "base.yaml")
    (project.folder / "parts").mkdir()
    specs.write(project.folder / "parts", traffic(CAR), "base.yaml")
    server.pages["night.tar"] = archive(folder)
    street = project.child(server.url("night.tar"))
    locked = project.online("pack", "lock", street, "--output-format", "json")
    assert {finding["code"] for finding in json.loads(locked.out)["findings"]} == {"SPC292"}
    lock = json.loads((project.folder / "mapper.lock").read_text())
    assert lock["specs"] == [{"path": "street.yaml", "sources": [server.url("night.tar"), "standard@1"]}]
    page = project.run("pack", "docs", street).out
    assert "`van`" in page
    assert "`car`" not in page
