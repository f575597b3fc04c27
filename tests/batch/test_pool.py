"""The pool: what its workers' deaths cost, and that any executor can take its place."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from mapper.batch.pool import Done, map_all
from mapper.batch.process import StartError
from tests.support.checkout import environment
from tests.support.processes import PROC, workers_of
from tests.support.work import Task, refuse, square

if TYPE_CHECKING:
    from pathlib import Path

UNGUARDED = """
from mapper.batch.pool import map_all
from tests.support.processes import PROC, workers_of
from tests.support.work import Task, square
print(sorted(done.value for done in map_all(square, [Task(2, {marks!r}), Task(3, {marks!r})], jobs=2)))
"""


def squares(marks: Path, deadly: dict[int, str], *, jobs: int = 2, count: int = 6) -> dict[int, Done[int]]:
    """What came of the numbers from 0 on."""
    tasks = [Task(number, str(marks), deadly.get(number, "")) for number in range(count)]
    return {done.place: done for done in map_all(square, tasks, jobs=jobs)}


def attempts(marks: Path, number: int) -> int:
    """How often a number was begun."""
    return len(list(marks.glob(f"{number}.*")))


@pytest.mark.parametrize("jobs", [1, 2, 9])
def test_every_order_is_answered(tmp_path: Path, jobs: int) -> None:
    """Each once, with its own result, however many workers there are."""
    found = squares(tmp_path, {}, jobs=jobs)
    assert found == {number: Done(number, number**2) for number in range(6)}
    assert all(attempts(tmp_path, number) == 1 for number in range(6))


def test_no_orders_need_no_workers() -> None:
    """An empty batch ends at once."""
    assert list(map_all(square, [])) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_worker_costs_one_retry(tmp_path: Path) -> None:
    """The order that it was at is tried again, and its result says so; the others are begun once."""
    found = squares(tmp_path, {2: "once"})
    assert found[2] == Done(2, 4, attempts=2, why="killed by SIGKILL")
    assert all(found[number] == Done(number, number**2) for number in (0, 1, 3, 4, 5))
    assert [attempts(tmp_path, number) for number in range(6)] == [1, 1, 2, 1, 1, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_an_order_that_kills_twice_is_given_up(tmp_path: Path) -> None:
    """After two deaths there is no third, and the rest is done; two such orders are told apart."""
    found = squares(tmp_path, {0: "always", 4: "always"})
    assert found[0] == Done(0, None, attempts=2, why="killed by SIGKILL")
    assert found[4].value is None
    assert [found[number].value for number in (1, 2, 3, 5)] == [1, 4, 9, 25]
    assert attempts(tmp_path, 0) == attempts(tmp_path, 4) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_suspects_run_alone(tmp_path: Path) -> None:
    """While an order is tried again, nobody else works."""
    squares(tmp_path, {1: "once", 3: "once"}, jobs=3)
    assert (tmp_path / "1.1").read_text("utf-8") == (tmp_path / "3.1").read_text("utf-8") == ""


@pytest.mark.parametrize(("deadly", "why"), [("memory", "out of memory"), ("exit", "exit code 5")])
def test_the_cause_of_death_is_told(tmp_path: Path, deadly: str, why: str) -> None:
    """Whether it had no memory left, or how else it ended."""
    assert squares(tmp_path, {0: deadly}, count=2)[0] == Done(0, None, attempts=2, why=why)


@pytest.mark.skipif(not PROC.is_dir(), reason="there is no /proc")
def test_workers_end_with_the_iterator(tmp_path: Path) -> None:
    """Who stops listening leaves no process behind."""
    with closing(map_all(square, [Task(number, str(tmp_path)) for number in range(6)], jobs=2)) as results:
        next(results)
        assert workers_of()
    assert not workers_of()


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    """A program without `if __name__ == "__main__"` may use the pool."""
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED.format(marks=str(tmp_path)), "utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, env=environment())
    assert done.stdout == "[4, 9]\n", done.stderr


def test_a_worker_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends with the reason, instead of blaming every order in turn."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(StartError, match="a worker cannot be started: exit code 1"):
        list(map_all(square, [Task(1, str(tmp_path))]))


def test_an_executor_is_used_as_it_is(tmp_path: Path) -> None:
    """Any of `concurrent.futures` gives the same; what it raises for an order is told as the reason."""
    tasks = [Task(number, str(tmp_path)) for number in range(4)]
    with ThreadPoolExecutor(2) as executor:
        assert sorted(done.value or 0 for done in map_all(square, tasks, executor=executor)) == [0, 1, 4, 9]
        lost = list(map_all(refuse, tasks[2:3], executor=executor))
    assert lost == [Done(0, None, why="ValueError: no square of 2")]
