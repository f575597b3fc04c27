"""Measures many exports side by side: ``python benchmarks/batch.py [--exports N] [--mb MB] [--mix MIX] [--jobs 1 2] [--rounds N]``.

N exports of MB megabytes are written, then ``mapper batch`` converts them with each number of jobs in turn; one round is each
once, every other round in reverse, and the first round only warms up. Each run is a whole process, start-up and workers included.
Printed are medians of wall time, and of its ratios to the first number of jobs within each round, which a busy machine disturbs less.
The results of all runs must be the same bytes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

HERE = Path(__file__).resolve().parent


def generate(folder: Path, exports: int, mix: str, megabytes: int) -> int:
    """Write the exports; their bytes in all."""
    folder.mkdir()
    for number in range(exports):
        command = [
            sys.executable,
            str(HERE / "generate.py"),
            mix,
            str(megabytes),
            str(folder / f"task_{number:04}.xml"),
            "--seed",
            str(number),
        ]
        subprocess.run(command, check=True, capture_output=True)
    return sum(path.stat().st_size for path in folder.iterdir())


def run(source: Path, out: Path, jobs: int) -> float:
    """Seconds of one batch."""
    command = [sys.executable, "-m", "mapper", "batch", str(source), "-o", str(out), "--jobs", str(jobs), "--fail-on", "never"]
    start = perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(HERE.parent)})
    if done.returncode:
        raise SystemExit(done.stderr)
    return perf_counter() - start


def digest(out: Path) -> str:
    """Of all that a batch publishes."""
    found = sha256()
    for path in sorted(path for path in out.rglob("*") if path.is_file() and ".batch" not in path.parts):
        found.update(path.relative_to(out).as_posix().encode() + sha256(path.read_bytes()).digest())
    return found.hexdigest()


def measure(source: Path, place: Path, jobs: list[int], rounds: int) -> list[dict[int, float]]:
    """Seconds by number of jobs, for each round that counts."""
    found, digests = [], set()
    for number in range(rounds + 1):
        times = {}
        for count in jobs if number % 2 else jobs[::-1]:
            times[count] = run(source, place / "out", count)
            digests.add(digest(place / "out"))
            shutil.rmtree(place / "out")
        found.append(times)
    if len(digests) > 1:
        raise SystemExit("the results differ from run to run")
    return found[1:]


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exports", type=int, default=100)
    parser.add_argument("--mb", type=int, default=2)
    parser.add_argument("--mix", default="boxpoly")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        size = generate(Path(folder) / "in", chosen.exports, chosen.mix, chosen.mb)
        rounds = measure(Path(folder) / "in", Path(folder), chosen.jobs, chosen.rounds)
    first = chosen.jobs[0]
    print(f"{chosen.exports} exports of {chosen.mb} MB, {chosen.mix}, {size / 1e6:.0f} MB in all\n")
    print("| jobs | wall s | exports/s | MB/s | times |\n|---|---|---|---|---|")
    for jobs in chosen.jobs:
        wall = median(times[jobs] for times in rounds)
        ratio = median(times[first] / times[jobs] for times in rounds)
        print(f"| {jobs} | {wall:.1f} | {chosen.exports / wall:.1f} | {size / 1e6 / wall:.1f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
