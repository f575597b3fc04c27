"""What the tests of packs share: a server on this machine, and a project in a fresh folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from mapper.cli import app
from tests.support import specs
from tests.support.servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """What a command gave."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Project:
    """A folder that is the current one, with a cache beside it that nobody else uses."""

    folder: Path
    server: Server

    def run(self, *arguments: object) -> Run:
        """Run ``mapper``."""
        result = CliRunner().invoke(app, [*map(str, arguments)])
        return Run(result.exit_code, result.stdout, result.stderr)

    def online(self, *arguments: object) -> Run:
        """Run ``mapper`` with the server allowed."""
        return self.run(*arguments, "--allow-private-host", self.server.host, "--ca-file", self.server.ca_file)

    def child(self, *sources: str, name: str = "street.yaml", **more: Any) -> str:
        """Write a spec that extends these."""
        entries = [{"source": source} for source in sources]
        head = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "street", "version": "1.0.0"}}
        specs.write(self.folder, head | {"extends": entries} | more, name)
        return name


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of this process."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(machine: Server) -> Server:
    """The server without what other tests put on it."""
    machine.pages.clear()
    machine.asked.clear()
    return machine


@pytest.fixture
def project(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project in a fresh folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MAPPER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.delenv("CI", raising=False)
    return Project(folder, server)
