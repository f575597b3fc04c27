"""Writes packs, and what fetches them from a server on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.packs.building import archive_of, check_pack
from mapper.packs.fetch import Fetcher
from mapper.packs.hosts import HostPolicy
from mapper.packs.limits import Limits
from tests.support import specs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.servers import Server

Node = dict[str, Any]

CAR: Node = {"id": "car", "match": {"label": "car"}, "emit": [{"object": {"name": "Car", "geometry": {"kind": "same"}}}]}
VAN: Node = {"id": "van", "match": {"label": "van"}, "drop": {"reason": "no vans here"}}
CASE: Node = {
    "name": "a car is a Car",
    "given": {"label": "car", "shape": "rectangle", "box": [1, 1, 9, 9]},
    "expect": [{"rule": "car", "object": "Car"}],
}


def traffic(*rules: Node, name: str = "traffic", version: str = "1.0.0", **more: Any) -> Node:
    """A whole spec."""
    made = specs.spec(*(rules or (CAR, VAN)), name=name, **more)
    made["metadata"]["version"] = version
    return made


def write_pack(
    folder: Path, documents: Mapping[str, Node] | None = None, name: str = "traffic", version: str = "1.0.0", **more: Any
) -> Path:
    """A pack's folder: each document is a spec that is exported under its name."""
    documents = documents or {"traffic": traffic(version=version)}
    folder.mkdir(parents=True, exist_ok=True)
    for key, document in documents.items():
        specs.write(folder, document, f"{key}.yaml")
    head = {
        "apiVersion": "mapping/v1",
        "kind": "Pack",
        "name": name,
        "version": version,
        "description": "Street scenes",
        "license": "Apache-2.0",
    }
    specs.write(folder, head | {"specs": {key: f"{key}.yaml" for key in documents}} | more, "pack.yaml")
    return folder


def archive(folder: Path) -> bytes:
    """The archive of a pack's folder."""
    checked = check_pack(folder)
    assert checked.ok, [issue.message() for issue, _ in checked.found]
    return archive_of(checked)[1]


def fetcher(server: Server, **limits: int) -> Fetcher:
    """What fetches from the server, with limits of a test."""
    return Fetcher(HostPolicy(private=frozenset({server.host}), ca_file=server.ca_file), Limits(**limits))
