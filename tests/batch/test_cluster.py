"""A batch on a Dask cluster: what the local pool gives, byte for byte, whatever becomes of the workers."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from distributed import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper import api
from mapper.batch.cluster import carry_out, cluster
from mapper.errors import ClusterError
from tests.properties.strategies import exports
from tests.support.builders import Label, box, export, image
from tests.support.clusters import Cluster, running_cluster
from tests.support.stores import running_store

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0
"""Seconds that a test waits for a process to start; a machine with much else to do takes a few."""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers for all tests that leave them alive."""
    with running_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as running:
        yield running


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def task(number: int) -> str:
    """An export with a title of its own."""
    return export(image(0, box("car", (1, 2, 30 + number, 40))), image(1, box("bus", (5, 6, 7, 8))), labels=(Label("car"), Label("bus")))


@pytest.mark.slow
@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(exports(), min_size=4, max_size=8))
def test_everything_gives_the_same_bytes(two: Cluster, tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """One process, two processes and a cluster write the same bundles, ontology and index."""
    folder = tmp_path_factory.mktemp("exports")
    (folder / "in").mkdir()
    for number, text in enumerate(texts):
        (folder / "in" / f"task_{number}.xml").write_text(text, "utf-8")
    (folder / "in" / "broken.xml").write_text("<annotations><image", "utf-8")
    for jobs in (1, 2):
        api.batch(folder / "in", folder / f"jobs{jobs}", jobs=jobs)
    with cluster(two.address, PATIENCE) as executor:
        api.batch(folder / "in", folder / "cluster", executor=executor)
    assert files(folder / "cluster") == files(folder / "jobs1") == files(folder / "jobs2")


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    """One of two workers is killed while both are at an export: the other one does its work too, and the results are the same."""
    with running_store() as store, running_cluster(tmp_path, workers=2) as running:
        for number in range(6):
            store.objects[f"bucket/task_{number}.xml"] = task(number).encode()
        sources = [f"{store.web}/{name}" for name in store.objects]
        api.batch(sources, tmp_path / "local", jobs=1)
        with Client(running.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        release = store.hold(*store.objects)
        with cluster(running.address, PATIENCE) as executor, ThreadPoolExecutor(1) as beside:
            result = beside.submit(api.batch, sources, tmp_path / "cluster", executor=executor)
            assert store.reached.acquire(timeout=PATIENCE)
            assert store.reached.acquire(timeout=PATIENCE)
            running.kill(min(running.workers))
            release.set()
            assert result.result(timeout=PATIENCE).ok
    assert files(tmp_path / "cluster") == files(tmp_path / "local")
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith((".partial", ".former"))]


def test_an_interrupt_cancels_what_is_outstanding(two: Cluster, tmp_path: Path) -> None:
    """After Ctrl-C no worker begins another export; what is complete stays, and a second run goes on from there."""

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with running_store() as store:
        for number in range(8):
            store.objects[f"bucket/task_{number}.xml"] = task(number).encode()
        sources = [f"{store.web}/{name}" for name in store.objects]
        release = store.hold(*list(store.objects)[1:])
        with cluster(two.address, PATIENCE) as executor, pytest.raises(KeyboardInterrupt):
            api.batch(sources, tmp_path / "out", executor=executor, hear=interrupt)
        begun = {asked.path for asked in store.asked if asked.verb == "GET"}
        release.set()
        with Client(two.address, timeout=PATIENCE, set_as_default=False) as client:
            for worker in client.scheduler_info()["workers"]:  # behind what that worker is still at
                assert client.submit(abs, -1, workers=[worker], pure=False).result(timeout=PATIENCE) == 1
        assert len({asked.path for asked in store.asked if asked.verb == "GET"} | begun) <= 4
        api.batch(sources, tmp_path / "local", jobs=1)
        with cluster(two.address, PATIENCE) as executor:
            assert api.batch(sources, tmp_path / "out", executor=executor, resume=True).ok
    assert files(tmp_path / "out") == files(tmp_path / "local")


def refused(address: str, timeout: float = PATIENCE) -> tuple[str, str]:
    """The code and the message of a cluster that cannot be used."""
    with pytest.raises(ClusterError) as found, cluster(address, timeout):
        pass
    (finding,) = found.value.findings
    return finding.code, str(found.value)


def test_a_scheduler_that_does_not_answer() -> None:
    """The message names the address and how long was waited."""
    code, message = refused("tcp://127.0.0.1:1", 0.2)
    assert code == "BAT981"
    assert message.startswith("no Dask scheduler answered at tcp://127.0.0.1:1 within 0.2 s: ")


def shadow(folder: Path, text: str) -> str:
    """A folder with a package that goes before the real mapper."""
    package = folder / "shadow" / "mapper"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")
    (package / "version.py").write_text(text, "utf-8")
    return str(package.parent)


@pytest.mark.parametrize(
    ("version", "said"),
    [("__version__ = '0.0.1'\n", "has mapper 0.0.1, and this is mapper"), ("raise ImportError\n", "has no mapper, and this is mapper")],
)
def test_workers_that_differ(tmp_path: Path, version: str, said: str) -> None:
    """Without workers, and with one that has another mapper or none, nothing is begun."""
    with running_cluster(tmp_path, workers=0) as running:
        assert refused(running.address, 0.2)[0] == "BAT982"
        running.hire(PYTHONPATH=shadow(tmp_path, version))
        code, message = refused(running.address)
    assert (code, said in message) == ("BAT983", True)


def test_a_worker_that_differs_comes_later() -> None:
    """A worker looks at the version of each piece of work."""
    with pytest.raises(ClusterError, match=r"mapper 0\.0\.1"):
        carry_out("0.0.1", ".", abs, -1)


def test_workers_elsewhere(two: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that workers cannot enter is said before anything is begun."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path / "gone")
    assert refused(two.address)[0] == "BAT984"


def test_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Dask the message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refused("tcp://127.0.0.1:1")[0] == "BAT980"
