"""A batch whose sources and bundles are on an object store: what the same batch on this machine gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mapper import api
from mapper.batch.cluster import cluster
from mapper.encord.writers.bundle import FILES
from mapper.errors import OutputError
from mapper.places.retry import VARIABLE
from tests.support.builders import Label, box, ellipse, export, image
from tests.support.clusters import running_cluster
from tests.support.stores import Store, running_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.batch.setting import BatchResult

OUT = "s3://out/batch"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with four exports, whose labels differ so that the bundles of a batch are put onto one ontology."""
    monkeypatch.setenv(VARIABLE, "0,0,0")
    with running_store() as running:
        for number in range(4):
            shapes = [box("car", (1, 2, 30 + number, 40)), *([ellipse("car", (9, 9, 3, 4))] if number % 2 else ())]
            text = export(image(0, *shapes, name=f"{number}.png"), labels=(Label("car"), Label(f"label {number}")))
            running.objects[f"bucket/task_{number}.xml"] = text.encode()
        yield running


def sources(store: Store) -> list[str]:
    """The exports, by their URLs."""
    return [f"s3://{name}" for name in store.objects if name.startswith("bucket/")]


def converted(store: Store, out: Path | str, *, resume: bool = False, force: bool = False) -> BatchResult:
    """Convert all of them, in this process."""
    with ThreadPoolExecutor(1) as executor:
        return api.batch(sources(store), out, executor=executor, resume=resume, force=force)


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_batch_on_a_store(store: Store, tmp_path: Path) -> None:
    """Bundles, shared ontology, index and what is remembered are the bytes of a batch into a folder."""
    assert converted(store, tmp_path / "local").ok
    result = converted(store, OUT)
    assert (result.ok, str(result.out)) == (True, OUT)
    assert store.below("out/batch") == files(tmp_path / "local")


def test_resuming_on_a_store(store: Store) -> None:
    """What is complete is not put again; an export that has changed, and a bundle that has lost its mark, are made anew."""
    converted(store, OUT)
    whole = dict(store.objects)
    store.asked.clear()
    assert converted(store, OUT, resume=True).ok
    bundles = [asked.path for asked in store.asked if asked.verb == "PUT" and asked.path.rpartition("/")[2] in FILES[2:]]
    assert not bundles
    assert store.objects == whole
    del store.objects["out/batch/task_1/bundle.json"]
    assert converted(store, OUT, resume=True).ok
    assert store.objects == whole


def test_a_place_that_is_taken(store: Store) -> None:
    """A batch is only replaced with force, and nothing but bundles is."""
    converted(store, OUT)
    whole = dict(store.objects)
    with pytest.raises(OutputError, match="use --resume"):
        converted(store, OUT)
    converted(store, OUT, force=True)
    assert store.objects == whole
    store.objects["out/batch/notes.txt"] = b"mine"
    with pytest.raises(OutputError, match=r"holds more than bundles \(notes\.txt\)"):
        converted(store, OUT, force=True)
    assert store.objects["out/batch/notes.txt"] == b"mine"


def test_an_upload_that_fails(store: Store) -> None:
    """One bundle that cannot be put is refused in the index; the others are there."""
    store.denied.add("out/batch/task_2/ledger.json")
    result = converted(store, OUT)
    assert [entry["status"] for entry in result.entries] == ["converted", "converted", "refused", "converted"]
    assert not store.below("out/batch/task_2")
    store.denied.clear()
    assert converted(store, OUT, resume=True).ok


def test_a_source_that_is_not_there(store: Store) -> None:
    """A URL that leads nowhere is a refused line of the index, with its code."""
    store.objects["bucket/task_9.xml"] = b""
    urls = sources(store)
    del store.objects["bucket/task_9.xml"]
    with ThreadPoolExecutor(1) as executor:
        result = api.batch(urls, OUT, executor=executor)
    last = result.entries[-1]
    assert (last["status"], list(last["findings"])) == ("refused", ["SRC101"])


def test_a_cluster_between_stores(store: Store, tmp_path: Path) -> None:
    """Workers read from a store and write to it; one is killed midway, and the bytes are those of a run on this machine."""
    converted(store, tmp_path / "local")
    with running_cluster(tmp_path, workers=0) as running:
        for _ in range(2):
            running.hire("--preload", "tests.support.stores", LOOPBACK_STORE_PORT=str(store.port))
        release = store.hold(*(name for name in store.objects if name.startswith("bucket/")))
        with cluster(running.address, 60) as executor, ThreadPoolExecutor(1) as beside:
            result = beside.submit(api.batch, sources(store), OUT, executor=executor)
            assert store.reached.acquire(timeout=60)
            running.kill(min(running.workers))
            release.set()
            assert result.result(timeout=60).ok
    assert store.below("out/batch") == files(tmp_path / "local")
