"""Complete or not at all: whatever ends a run, the bundle's place holds a whole bundle, what was there before, or nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import ROOT, STREET, environment, files, mapper
from tests.support.programs import FULL_DISK, INTERRUPTIBLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEGABYTES = 8
PATIENCE = 60.0  # seconds until a process that does not start counts as hung
BUNDLE = ["bundle.json", "findings.jsonl", "label_rows.jsonl", "ledger.json", "ontology.json"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export that takes some seconds."""
    target = tmp_path_factory.mktemp("large") / "annotations.xml"
    program = ROOT / "benchmarks" / "generate.py"
    subprocess.run([sys.executable, str(program), "mixed", str(MEGABYTES), str(target)], check=True, capture_output=True)
    return target


def names(folder: Path) -> list[str]:
    """What a folder holds, hidden things included."""
    return sorted(path.name for path in folder.iterdir())


def folder_is_there(place: Path) -> bool:
    """The run has begun to write."""
    return any(place.glob(".out.*"))


def rows_are_there(place: Path) -> bool:
    """The run has written label rows."""
    return any(path.stat().st_size for path in place.glob(".out.*/label_rows.jsonl"))


def stopped(source: Path, place: Path, when: Callable[[Path], bool], number: signal.Signals, *options: str) -> int:
    """Start a conversion, end it by a signal once ``when`` holds, and give its return code."""
    command = [sys.executable, "-c", INTERRUPTIBLE, "convert", str(source), "-o", "out", *options]
    with subprocess.Popen(command, cwd=place, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and not when(place) and time.monotonic() < deadline:
            time.sleep(0.005)
        assert process.poll() is None, "the run ended before it could be stopped"
        process.send_signal(number)
        return process.wait()


@pytest.mark.parametrize("when", [folder_is_there, rows_are_there])
def test_a_killed_run_leaves_no_bundle(large: Path, tmp_path: Path, when: Callable[[Path], bool]) -> None:
    """After kill -9 there is nothing under OUT, and the next run is not in its way."""
    assert stopped(large, tmp_path, when, signal.SIGKILL) == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    assert mapper("convert", STREET, "-o", "out", cwd=tmp_path).returncode == 0
    assert names(tmp_path / "out") == BUNDLE


def test_a_killed_replacement_leaves_the_old_bundle(large: Path, tmp_path: Path) -> None:
    """`--force` takes the old bundle away only when the new one is complete."""
    mapper("convert", STREET, "-o", "out", cwd=tmp_path)
    before = files(tmp_path / "out")
    assert stopped(large, tmp_path, rows_are_there, signal.SIGKILL, "--force") == -signal.SIGKILL
    assert files(tmp_path / "out") == before


def test_an_interrupted_run_cleans_up(large: Path, tmp_path: Path) -> None:
    """Ctrl-C exits with 130 and leaves nothing at all behind."""
    assert stopped(large, tmp_path, rows_are_there, signal.SIGINT) == 130
    assert names(tmp_path) == []


@pytest.mark.parametrize("media", ["image", "image_group"])
@pytest.mark.parametrize("size", [0, 300_000])
def test_a_full_disk_leaves_nothing(large: Path, tmp_path: Path, media: str, size: int) -> None:
    """When the disk takes no more, the run says so without a traceback, exits with 2 and takes its files away."""
    done = mapper("convert", large, "-o", "out", "--media", media, cwd=tmp_path, prefix=("-c", FULL_DISK, str(size)))
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert names(tmp_path) == []


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """OUT below a file cannot be made: exit 2, and the file stays."""
    (tmp_path / "taken").write_text("mine", "utf-8")
    done = mapper("convert", STREET, "-o", "taken/out", cwd=tmp_path)
    assert (done.returncode, names(tmp_path)) == (2, ["taken"])
    assert "Traceback" not in done.stderr


def test_a_bundle_is_replaced_only_by_force(tmp_path: Path) -> None:
    """Without --force an existing bundle stays as it is and the run exits with 2; with it, the new one takes its place."""
    mapper("convert", STREET, "-o", "out", cwd=tmp_path)
    before = files(tmp_path / "out")
    refused = mapper("convert", STREET, "-o", "out", "--spec", "encord-importer", cwd=tmp_path)
    assert (refused.returncode, files(tmp_path / "out")) == (2, before)
    assert "--force" in refused.stderr
    replaced = mapper("convert", STREET, "-o", "out", "--spec", "encord-importer", "--force", "--fail-on", "never", cwd=tmp_path)
    assert replaced.returncode == 0, replaced.stderr
    assert json.loads((tmp_path / "out" / "bundle.json").read_bytes())["spec"]["name"] == "encord-importer"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("beside", [[], BUNDLE])
def test_a_folder_of_other_things_is_never_deleted(tmp_path: Path, beside: list[str]) -> None:
    """--force deletes bundles only: a folder that holds anything else stays, even if it holds a bundle too."""
    if beside:
        mapper("convert", STREET, "-o", "out", cwd=tmp_path)
    (tmp_path / "out").mkdir(exist_ok=True)
    (tmp_path / "out" / "thesis.tex").write_text("the only copy", "utf-8")
    before = files(tmp_path)
    assert mapper("convert", STREET, "-o", "out", "--force", cwd=tmp_path).returncode == 2
    assert files(tmp_path) == before


def test_a_file_is_never_deleted(tmp_path: Path) -> None:
    """OUT that is a file stays a file."""
    (tmp_path / "out").write_text("mine", "utf-8")
    assert mapper("convert", STREET, "-o", "out", "--force", cwd=tmp_path).returncode == 2
    assert (tmp_path / "out").read_text("utf-8") == "mine"
    assert names(tmp_path) == ["out"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    """A folder that was made for the bundle is no obstacle."""
    (tmp_path / "out").mkdir()
    assert mapper("convert", STREET, "-o", "out", cwd=tmp_path).returncode == 0
    assert names(tmp_path / "out") == BUNDLE
    assert names(tmp_path) == ["out"]


def test_strict_publishes_nothing(tmp_path: Path) -> None:
    """`--strict` with a warning exits with 1 and writes nothing; a bundle that stood there before stays."""
    assert mapper("convert", STREET, "-o", "out", "--strict", cwd=tmp_path).returncode == 1
    assert names(tmp_path) == []
    mapper("convert", STREET, "-o", "out", cwd=tmp_path)
    before = files(tmp_path / "out")
    assert mapper("convert", STREET, "-o", "out", "--strict", "--force", cwd=tmp_path).returncode == 1
    assert files(tmp_path / "out") == before


def test_a_truncated_export_publishes_nothing(tmp_path: Path) -> None:
    """An export that breaks off gives no bundle and exits with 1, unless --keep-partial asks for what was read."""
    whole = (STREET / "annotations.xml").read_bytes()
    (tmp_path / "annotations.xml").write_bytes(whole[: whole.index(b'<image id="2"') + 400])
    refused = mapper("convert", "annotations.xml", "-o", "out", cwd=tmp_path)
    assert (refused.returncode, names(tmp_path)) == (1, ["annotations.xml"])
    assert "SRC" in refused.stdout
    kept = mapper("convert", "annotations.xml", "-o", "out", "--keep-partial", cwd=tmp_path)
    assert kept.returncode == 1
    bundle = json.loads((tmp_path / "out" / "bundle.json").read_bytes())
    assert bundle["source"]["complete"] is False
    assert bundle["counts"]["images"] == len((tmp_path / "out" / "label_rows.jsonl").read_bytes().splitlines()) == 2


@pytest.mark.parametrize("change", ["spec", "source"])
def test_a_run_that_cannot_start_publishes_nothing(tmp_path: Path, change: str) -> None:
    """An invalid spec and an unreadable source exit with 2 and write nothing."""
    (tmp_path / "bad").write_text("apiVersion: [", "utf-8")
    arguments = [STREET, "--spec", "bad"] if change == "spec" else ["bad"]
    assert mapper("convert", *arguments, "-o", "out", cwd=tmp_path).returncode == 2
    assert names(tmp_path) == ["bad"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_without_permission_is_refused(tmp_path: Path) -> None:
    """A folder that we may not write to: exit 2, no traceback."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    done = mapper("convert", STREET, "-o", closed / "out")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_moved_bundle_is_whole(tmp_path: Path) -> None:
    """A bundle names no place on the machine that made it, so it can be moved and is still sound."""
    mapper("convert", STREET, "-o", "out", cwd=tmp_path)
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    assert mapper("verify", "elsewhere", cwd=tmp_path).returncode == 0
    assert not [name for name, data in files(tmp_path / "elsewhere").items() if str(tmp_path).encode() in data]
