"""A batch loses nothing and leaves nothing half-written: killed workers, Ctrl-C, full disks; and resuming completes it.

Everything here really happens: signals go to the processes of the real command, and the disk really takes no more.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.checkout import ROOT, STREET, environment, files, mapper
from tests.support.processes import PROC, workers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEGABYTES = 4
PATIENCE = 120.0  # seconds until a process that does not get on counts as hung
BUNDLE = ["bundle.json", "findings.jsonl", "label_rows.jsonl", "ledger.json", "ontology.json"]
NEVER = ("--fail-on", "never")
"""The exports contradict each other in an attribute, which is no matter here."""
INTERRUPTIBLE = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may have inherited that it is ignored
sys.argv[0] = "mapper"
runpy.run_module("mapper", run_name="__main__")
"""
SMALL_FILES = """
import resource, runpy, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
sys.argv[0] = "mapper"
runpy.run_module("mapper", run_name="__main__")
"""

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="workers are found in /proc")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a large export between two small ones."""
    folder = tmp_path_factory.mktemp("exports")
    program = ROOT / "benchmarks" / "generate.py"
    command = [sys.executable, str(program), "mixed", str(MEGABYTES), str(folder / "large.xml")]
    subprocess.run(command, check=True, capture_output=True)
    for name in ("a_street", "z_street"):
        shutil.copytree(STREET, folder / name)
    return folder


@pytest.fixture(scope="module")
def undisturbed(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a batch over them is when nothing happens to it."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert mapper("batch", exports, *NEVER, "-o", out).returncode == 0
    return published(out)


def published(out: Path) -> dict[str, bytes]:
    """All files of a batch but what it remembers for itself."""
    return {name: data for name, data in files(out).items() if not name.startswith(".batch/")}


def rows(out: Path) -> dict[str, Any]:
    """The lines of the index, by name."""
    return {record["name"]: record for record in map(json.loads, (out / "index.jsonl").read_text("utf-8").splitlines())}


def nothing_half(out: Path) -> None:
    """Every bundle that is there is whole, and nothing else of one is there."""
    for path in out.iterdir():
        assert path.name in {".batch", "index.jsonl", "batch.json", "ontology.json"} or path.is_dir(), path
        if path.is_dir() and path.name != ".batch":
            assert not path.name.startswith("."), path
            assert sorted(file.name for file in path.iterdir()) == BUNDLE


def until(holds: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    """Wait for something while a process runs."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert process.poll() is None, "the run ended before anything could be done to it"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def writes_large(out: Path) -> bool:
    """A worker has begun to write the large bundle."""
    return any(out.glob(".large.*/label_rows.jsonl"))


def started(exports: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    """The command, running."""
    command = [sys.executable, "-c", INTERRUPTIBLE, "batch", str(exports), *NEVER, "-o", str(out), *options]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def writer_of(out: Path, process: subprocess.Popen[bytes]) -> Iterator[int]:
    """The workers of a command that have a file of the large bundle open."""
    folders = {os.fspath(path) for path in out.glob(".large.*.partial")}
    for worker in workers_of(process.pid):
        links = [str(path.readlink()) for path in (PROC / str(worker) / "fd").iterdir() if path.is_symlink()]
        if any(link.startswith(folder) for link in links for folder in folders):
            yield worker


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_worker_costs_one_retry(exports: Path, tmp_path: Path, undisturbed: dict[str, bytes], jobs: str) -> None:
    """The bundles are those of an undisturbed run, and the index names the export, with BAT952."""
    out = tmp_path / "out"
    with started(exports, out, "--jobs", jobs) as process:
        until(lambda: writes_large(out), process)
        os.kill(next(writer_of(out, process)), signal.SIGKILL)
        assert process.wait(PATIENCE) == 0
    nothing_half(out)
    bundles = {name: data for name, data in published(out).items() if "/" in name}
    assert bundles == {name: data for name, data in undisturbed.items() if "/" in name}
    record = rows(out)["large"]
    assert (record["attempts"], record["status"], record["findings"]["BAT952"]["count"]) == (2, "converted", 1)
    assert "attempts" not in rows(out)["a_street"]


def test_an_export_that_kills_twice_is_refused(exports: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """BAT953 names it, the others are converted, nothing of it is left; resumed, the batch is that of an undisturbed run."""
    out = tmp_path / "out"
    with started(exports, out, "--jobs", "2") as process:
        for _ in range(2):
            until(lambda: writes_large(out), process)
            worker = next(writer_of(out, process))
            os.kill(worker, signal.SIGKILL)
            until(lambda worker=worker: worker not in workers_of(process.pid), process)  # type: ignore[misc] # mypy cannot infer defaults
            for path in out.glob(".large.*"):
                shutil.rmtree(path, ignore_errors=True)  # so that what the next worker writes is told from what this one left
        assert process.wait(PATIENCE) == 2
    nothing_half(out)
    found = rows(out)
    assert {name: record["status"] for name, record in found.items()} == {
        "a_street": "converted", "large": "refused", "z_street": "converted",
    }  # fmt: skip
    assert list(found["large"]["findings"]) == ["BAT953"]
    assert "killed by SIGKILL" in found["large"]["message"]
    assert mapper("batch", exports, *NEVER, "-o", out, "--resume").returncode == 0
    assert published(out) == undisturbed


def test_ctrl_c_leaves_whole_bundles_only(exports: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """It exits with 130, its workers are gone, it says how to go on, and resuming gives what an undisturbed run gives."""
    out = tmp_path / "out"
    with started(exports, out, "--jobs", "2") as process:
        until(lambda: writes_large(out) and (out / ".batch/a_street.json").exists(), process)
        workers = workers_of(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert "--resume" in said
    assert said.endswith("interrupted\n")
    assert "Traceback" not in said
    assert workers
    assert not [worker for worker in workers if (PROC / str(worker)).exists()]
    nothing_half(out)
    assert not (out / "batch.json").exists()
    kept = (out / "a_street/label_rows.jsonl").stat().st_ino
    assert mapper("batch", exports, *NEVER, "-o", out, "--resume", "--ontology-per-export").returncode == 0
    assert (out / "a_street/label_rows.jsonl").stat().st_ino == kept
    assert mapper("batch", exports, *NEVER, "-o", out, "--resume").returncode == 0
    assert published(out) == undisturbed


def test_a_killed_command_is_resumed(exports: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """After kill -9 of the command itself its workers end by themselves, and resuming completes what is there."""
    out = tmp_path / "out"
    with started(exports, out, "--jobs", "2") as process:
        until(lambda: writes_large(out), process)
        workers = workers_of(process.pid)
        process.kill()
        process.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while any((PROC / str(worker)).exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [worker for worker in workers if (PROC / str(worker)).exists()]
    assert mapper("batch", exports, *NEVER, "-o", out, "--resume").returncode == 0
    nothing_half(out)
    assert published(out) == undisturbed


def test_what_is_too_large_for_the_disk_is_refused(exports: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """A file that the system does not let grow: BAT954 for that export, the others are converted, and resuming completes."""
    out = tmp_path / "out"
    done = mapper("batch", exports, *NEVER, "-o", out, "--jobs", "2", prefix=("-c", SMALL_FILES, "400000"))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    nothing_half(out)
    found = rows(out)
    assert [record["status"] for record in found.values()] == ["converted", "refused", "converted"]
    assert (list(found["large"]["findings"]), "File too large" in found["large"]["message"]) == (["BAT954"], True)
    assert mapper("batch", exports, *NEVER, "-o", out, "--resume").returncode == 0
    assert published(out) == undisturbed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes, if this machine lets one make it."""
    place = tmp_path / "disk"
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("there is no mount")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "none", str(place)], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run([umount, str(place)], check=True)


def test_a_full_disk_is_survived(exports: Path, small_disk: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """What fits is converted, what does not is refused with BAT954 and leaves nothing; with more room, resuming completes."""
    done = mapper("batch", exports, *NEVER, "-o", small_disk / "out", "--jobs", "2")
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    nothing_half(small_disk / "out")
    assert "No space left on device" in rows(small_disk / "out")["large"]["message"]
    shutil.copytree(small_disk / "out", tmp_path / "roomy")
    assert mapper("batch", exports, *NEVER, "-o", tmp_path / "roomy", "--resume").returncode == 0
    assert published(tmp_path / "roomy") == undisturbed
