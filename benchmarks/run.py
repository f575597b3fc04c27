"""Measures the converter against its floors: ``python benchmarks/run.py --mb 100 --mix boxes boxpoly mixed``.

For each mix a file is generated; then every command runs on it as a whole process, start-up included, in turn: one
round is each command once, and the first round only warms up. Processor time and peak memory come from ``wait4``, so
this program itself stays small: a child's peak is never seen below its parent's (about 14 MB). Results go to the terminal and to
``RESULTS.md``; how to read them stands in ``README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
LIBRARIES = ("lxml", "orjson", "numpy", "pydantic")
FLOOR_KINDS = ("box", "rotated", "polygon")


class Case(NamedTuple):
    """One generated file, and the places for what the commands write."""

    mix: str
    export: Path
    output: Path
    rules: Path
    bytes: int
    units: int
    shapes: dict[str, int]


class Command(NamedTuple):
    """A command to measure; ``{export}``, ``{output}`` and ``{rules}`` are filled in from the case.

    ``writes``: what must be there afterwards. ``kinds``: the shapes that it maps, none if all. ``codes``: exit codes of a
    run that did its work.
    """

    name: str
    arguments: tuple[str, ...]
    writes: str = ""
    kinds: tuple[str, ...] = ()
    codes: tuple[int, ...] = (0,)


class Sample(NamedTuple):
    """One run: exit code, seconds, and megabytes at the peak."""

    code: int
    wall: float
    cpu: float
    rss: float


READ_BY_DATUMARO = "import sys; from datumaro.components.dataset import Dataset; Dataset.import_from(sys.argv[1], 'cvat')"
READ_BY_MAPPER = """
import sys
from pathlib import Path
from mapper.cvat.readers import open_export
from mapper.findings.collector import Collector
with open_export(Path(sys.argv[1]), Collector()) as reader:
    count = sum(len(image.shapes) for image in reader.images()) + sum(len(track.entries) for track in reader.tracks())
"""
CONVERT = (sys.executable, "-m", "mapper", "convert", "{export}", "-o", "{output}", "--force")
# Exit code 1 of mapper: the bundle was written, and there are findings in the data.
COMMANDS = (
    Command("bare", (sys.executable, str(HERE / "bare_lxml.py"), "{export}")),
    Command("touched", (sys.executable, str(HERE / "bare_lxml.py"), "{export}", "--touch")),
    Command("floor", (sys.executable, str(HERE / "floor.py"), "{export}", "{output}"), "{output}", FLOOR_KINDS),
    Command("extended", (sys.executable, str(HERE / "floor.py"), "{export}", "{output}", "--extended"), "{output}"),
    Command("reader", (sys.executable, "-c", READ_BY_MAPPER, "{export}")),
    Command("mapper", CONVERT, "{output}/bundle.json", codes=(0, 1)),
    Command("mapper-2-jobs", (*CONVERT, "--jobs", "2"), "{output}/bundle.json", codes=(0, 1)),
    Command("mapper-500", (*CONVERT, "--spec", "{rules}"), "{output}/bundle.json", codes=(0, 1)),
    Command("datumaro", (sys.executable, "-c", READ_BY_DATUMARO, "{folder}")),
)


def write_rules(target: Path, count: int = 500) -> None:
    """A spec of ``count`` rules in front of the standard ones, all of them in use.

    Each rule takes the boxes of one label within one range of widths, so a box has to get past half of its label's
    rules on average, as in a grown spec.
    """
    labels = ("car", "truck", "person", "traffic_sign", "bicycle", "animal")
    rules = []
    for number in range(count):
        label, low, high = labels[number % len(labels)], 5 + 295 * number / count, 5 + 295 * (number + len(labels)) / count
        rules.append(
            {
                "id": f"{label.replace('_', '-')}-{number:03d}",
                "match": {"label": label, "shapes": ["rectangle"], "width": {"ge": low, "lt": high}},
                "emit": [{"object": {"name": f"{label} {number % 7}", "geometry": {"kind": "rotatable_bounding_box"}}}],
            }
        )
    standard = (HERE.parent / "rules" / "standard" / "standard.yaml").read_text(encoding="utf-8")
    head, rest = standard.partition("\ntests:")[0].split("\nrules:\n")
    lines = "".join(f"  - {json.dumps(rule)}\n" for rule in rules)
    target.write_text(f"{head}\nrules:\n{lines}{rest}\n", encoding="utf-8")


def prepare(folder: Path, mix: str, megabytes: float, *, images: bool) -> Case:
    """Generates a file in a folder of its own, in another process, for the sake of this one's size.

    ``images`` adds an empty file for each image: datumaro refuses an export without its images.
    """
    folder = folder / f"{mix}_{megabytes:g}"
    folder.mkdir(parents=True, exist_ok=True)
    export = folder / "annotations.xml"
    command = (sys.executable, str(HERE / "generate.py"), mix, str(megabytes), str(export))
    made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for number in range(made["units"] if images else 0):
        image = folder / "images" / f"batch_{number // 1000:03d}" / f"frame_{number:06d}.jpg"
        image.parent.mkdir(parents=True, exist_ok=True)
        image.touch()
    write_rules(folder / "rules.yaml")
    return Case(mix, export, folder / "output", folder / "rules.yaml", made["bytes"], made["units"], made["shapes"])


def measure(arguments: list[str], errors: Path, timeout: float) -> Sample:
    """Runs one process to its end, or kills it and its children after ``timeout`` seconds."""
    with errors.open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(arguments, cwd=HERE.parent, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True)
        watchdog = threading.Timer(timeout, os.killpg, (process.pid, signal.SIGKILL))
        watchdog.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            watchdog.cancel()
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1e6 if sys.platform == "darwin" else 1e3  # macOS counts bytes, Linux KiB
    return Sample(process.returncode, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def run_case(case: Case, commands: list[Command], rounds: int, timeout: float) -> tuple[dict[str, list[Sample]], dict[str, int]]:
    """All rounds of one case: samples by command, and the exit codes of commands that failed and were left out."""
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    failed: dict[str, int] = {}
    places = {"export": case.export, "output": case.output, "rules": case.rules, "folder": case.export.parent}
    errors = case.export.parent / "stderr.txt"
    for number in range(rounds + 1):
        for command in commands[:: -1 if number % 2 else 1]:  # forth and back, so that no place in the row is the better one
            if command.name in failed:
                continue
            filled = [part.format_map(places) if part.startswith("{") else part for part in command.arguments]
            sample = measure(filled, errors, timeout)
            progress(f"{case.mix} round {number}/{rounds} {command.name}: {sample.cpu:.2f} s, exit code {sample.code}")
            if sample.code not in command.codes or not Path(command.writes.format_map(places)).exists():
                failed[command.name] = sample.code
                progress(errors.read_text(encoding="utf-8", errors="replace")[-2000:])
            elif number:
                samples[command.name].append(sample)
            shutil.rmtree(case.output, ignore_errors=True)
            case.output.unlink(missing_ok=True)
    return samples, failed


def ratio(samples: dict[str, list[Sample]], name: str, base: str) -> str:
    """The median of the per-round ratios of processor time."""
    if not samples.get(base):
        return "-"
    return f"{median(one.cpu / other.cpu for one, other in zip(samples[name], samples[base], strict=False)):.2f}"


def table(case: Case, commands: list[Command], samples: dict[str, list[Sample]], failed: dict[str, int]) -> list[str]:
    """One case as lines of Markdown."""
    total = sum(case.shapes.values())
    lines = [f"## {case.mix}: {case.bytes / 1e6:.1f} MB, {case.units:,} units, {total:,} shapes", ""]
    lines += ["| command | CPU s | wall s | x bare | x floor | k shapes/s | MB/s | RSS MB |", "|---|---|---|---|---|---|---|---|"]
    for command in commands:
        name, runs = command.name, samples.get(command.name)
        if not runs:
            lines.append(f"| {name} | exit code {failed.get(name)} | | | | | | |")
            continue
        cpu, wall, rss = (median(getattr(one, field) for one in runs) for field in ("cpu", "wall", "rss"))
        mapped = sum(count for kind, count in case.shapes.items() if not command.kinds or kind in command.kinds)
        cells = [name, f"{cpu:.2f}", f"{wall:.2f}", ratio(samples, name, "bare"), ratio(samples, name, "floor")]
        cells += [f"{mapped / cpu / 1e3:.0f}", f"{case.bytes / cpu / 1e6:.1f}", f"{rss:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def machine(rounds: int, extra: list[str]) -> list[str]:
    """What the numbers depend on: processor, Python, libraries."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    versions = [f"{name} {version(name)}" for name in LIBRARIES] + extra
    model = models[0] if models else platform.processor() or platform.machine()
    return [
        f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}, {', '.join(versions)}.",
        f"Medians of {rounds} rounds; rates are per second of processor time.",
        "",
    ]


def version(library: str, python: str = sys.executable) -> str:
    """The version of a library in an interpreter, empty if it is not there; asked outside, to keep this process small."""
    code = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    return subprocess.run((python, "-c", code, library), check=False, capture_output=True, text=True).stdout.strip()


def progress(text: str) -> None:
    """A line for whoever waits."""
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    names = [command.name for command in COMMANDS]
    parser = argparse.ArgumentParser(description="Measure the converter against its floors.")
    parser.add_argument("--mb", type=float, default=100, help="size of each file")
    parser.add_argument("--mix", nargs="+", default=["boxes", "boxpoly", "mixed"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--commands", nargs="+", choices=names, default=names)
    parser.add_argument("--timeout", type=float, default=1800, help="seconds until a process is killed")
    parser.add_argument("--dir", type=Path, help="keep the generated files here")
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--datumaro-python", default=sys.executable, help="interpreter that has datumaro installed")
    return parser.parse_args()


def main() -> None:
    """Generates, measures, reports."""
    chosen = arguments()
    commands = [command for command in COMMANDS if command.name in chosen.commands]
    datumaro = "datumaro" in chosen.commands and version("datumaro", chosen.datumaro_python)
    if datumaro:
        commands[-1] = commands[-1]._replace(arguments=(chosen.datumaro_python, *commands[-1].arguments[1:]))
    else:
        commands = [command for command in commands if command.name != "datumaro"]
    lines = ["# Results", "", *machine(chosen.rounds, [f"datumaro {datumaro}"] if datumaro else [])]
    with tempfile.TemporaryDirectory() as temporary:
        for mix in chosen.mix:
            case = prepare(chosen.dir or Path(temporary), mix, chosen.mb, images=bool(datumaro))
            samples, failed = run_case(case, commands, chosen.rounds, chosen.timeout)
            lines += table(case, commands, samples, failed)
            if not chosen.dir:
                shutil.rmtree(case.export.parent)
    chosen.results.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
