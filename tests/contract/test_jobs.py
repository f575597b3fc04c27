"""Several processes at one export: whatever ends them, nothing half-written stays, nobody works on, and it is said what happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import ROOT, environment, files, mapper
from tests.support.programs import FULL_DISK, INTERRUPTIBLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEGABYTES = 10
PATIENCE = 60.0  # seconds until a process that does not start counts as hung

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes under /proc")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export that is worth two processes."""
    target = tmp_path_factory.mktemp("large") / "annotations.xml"
    program = ROOT / "benchmarks" / "generate.py"
    subprocess.run([sys.executable, str(program), "mixed", str(MEGABYTES), str(target)], check=True, capture_output=True)
    return target


def names(folder: Path) -> list[str]:
    """What a folder holds, hidden things included."""
    return sorted(path.name for path in folder.iterdir())


def workers(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a run has started and that work on a part."""
    try:
        return [int(number) for number in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()]
    except FileNotFoundError:
        return []


def at_work(process: subprocess.Popen[str], place: Path) -> Iterator[list[int]]:
    """The workers of a run, again and again until it ends, once they write."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if any(place.glob(".out.*/mapper-*/*.rows.part")) and (found := workers(process)):
            yield found
        else:
            time.sleep(0.005)


def started(source: Path, place: Path) -> subprocess.Popen[str]:
    """A conversion by two processes, in a process group of its own, as a terminal would start it."""
    command = [sys.executable, "-c", INTERRUPTIBLE, "convert", str(source), "-o", "out", "--jobs", "2", "--fail-on", "never"]
    return subprocess.Popen(
        command, cwd=place, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def gone(group: int) -> bool:
    """Whether no process of the group is left."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.005)
    return False


@pytest.mark.parametrize(
    ("send", "number", "code", "word"),
    [
        (os.killpg, signal.SIGINT, 130, "interrupted"),  # Ctrl-C reaches all
        (os.kill, signal.SIGINT, 130, "interrupted"),
        (os.kill, signal.SIGTERM, 143, "terminated"),
        (os.killpg, signal.SIGTERM, 143, "terminated"),
    ],
)
def test_a_signal_ends_all_and_leaves_nothing(
    large: Path, tmp_path: Path, send: Callable[[int, int], None], number: signal.Signals, code: int, word: str
) -> None:
    """Ctrl-C and SIGTERM: the usual exit code, one word on stderr, no process and no file."""
    with started(large, tmp_path) as process:
        next(at_work(process, tmp_path))
        send(process.pid, number)
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors.strip()) == (code, word)
    assert gone(process.pid)
    assert names(tmp_path) == []


def test_workers_end_with_a_run_that_is_killed(large: Path, tmp_path: Path) -> None:
    """After kill -9 of the run its processes end by themselves, and there is no bundle."""
    with started(large, tmp_path) as process:
        next(at_work(process, tmp_path))
        process.kill()
        process.communicate(timeout=PATIENCE)
    assert gone(process.pid)
    assert not (tmp_path / "out").exists()


def test_a_worker_that_is_killed_costs_one_more_try(large: Path, tmp_path: Path) -> None:
    """One worker gets kill -9: its part is done again, and the bundle is that of one job."""
    with started(large, tmp_path) as process:
        os.kill(next(at_work(process, tmp_path))[-1], signal.SIGKILL)
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    mapper("convert", large, "-o", "one", "--fail-on", "never", cwd=tmp_path)
    assert files(tmp_path / "out") == files(tmp_path / "one")
    assert names(tmp_path) == ["one", "out"]


def test_a_part_whose_workers_die_twice_ends_the_run(large: Path, tmp_path: Path) -> None:
    """Every worker gets kill -9: SRC197 says which lines and bytes, and by what; exit 2, and nothing is left."""
    with started(large, tmp_path) as process:
        for found in at_work(process, tmp_path):
            for number in found:
                with suppress(ProcessLookupError):  # the run was quicker
                    os.kill(number, signal.SIGKILL)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "SRC197" in errors
    assert "died twice: killed by SIGKILL" in errors
    assert "Traceback" not in errors
    assert gone(process.pid)
    assert names(tmp_path) == []


@pytest.mark.parametrize("size", [100_000, 3_000_000])
def test_a_full_disk_leaves_nothing(large: Path, tmp_path: Path, size: int) -> None:
    """When the disk takes no more, whoever of the processes notices, the run exits with 2 and takes its files away."""
    done = mapper("convert", large, "-o", "out", "-j", "2", cwd=tmp_path, prefix=("-c", FULL_DISK, str(size)))
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: cannot write out: ")
    assert "Traceback" not in done.stderr
    assert names(tmp_path) == []
