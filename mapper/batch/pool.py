"""Work mapped over processes: any executor as it is, or the local pool, which outlives its workers.

A worker of the local pool that dies costs one retry of the one export that it was at: that export is tried again when all
others are done, alone, and given up if its worker dies again.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import as_completed
from dataclasses import dataclass
from queue import Queue
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from mapper.batch.process import ENDED, Process, StartError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from concurrent.futures import Executor

T = TypeVar("T")
R = TypeVar("R")

ATTEMPTS = 2
"""How often an export may take its worker with it before it is given up."""


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """What came of the work at ``place``: a value, or None if it was given up; ``why`` says how the workers ended, if any did."""

    place: int
    value: R | None
    attempts: int = 1
    why: str = ""


def map_all(work: Callable[[T], R], orders: Sequence[T], *, jobs: int = 1, executor: Executor | None = None) -> Generator[Done[R]]:
    """Carry out ``work`` for each order and give what comes of it, in the order of finishing.

    With an ``executor``, that is used as it is: what it raises for one order is why that one has no value. Without, ``jobs``
    processes of our own are used and supervised. Closing the iterator ends all that is still under way. Raises StartError if
    no worker can be started.
    """
    if executor is not None:
        yield from _mapped(work, orders, executor)
        return
    with Pool(jobs) as pool:
        yield from pool.map(work, orders)


def _mapped(work: Callable[[T], R], orders: Sequence[T], executor: Executor) -> Generator[Done[R]]:
    futures = {executor.submit(work, order): place for place, order in enumerate(orders)}
    try:
        for future in as_completed(futures):
            place, error = futures[future], future.exception()
            if error is None:
                yield Done(place, future.result())
            elif isinstance(error, Exception):
                yield Done(place, None, why=f"{type(error).__name__}: {error}".removesuffix(": "))
            else:
                raise error
    finally:
        for future in futures:
            future.cancel()


class Pool:
    """Processes that stay for several maps; they are started when there is work for them, and end with the block."""

    def __init__(self, jobs: int) -> None:
        self.jobs = max(1, jobs)
        self.events: Queue[tuple[Process, Any]] = Queue()
        self.all: list[Process] = []
        self.idle: list[Process] = []

    def map(self, work: Callable[[T], R], orders: Sequence[T]) -> Generator[Done[R]]:
        """As `map_all`; one at a time."""
        return _Supervisor(self, work, orders).run()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go(self.all)

    def let_go(self, processes: Iterable[Process]) -> None:
        """End these, at once if they are at work."""
        leaving = list(processes)
        for process in leaving:
            process.end(kindly=process in self.idle)
        for process in leaving:
            process.wait()
        self.all = [process for process in self.all if process not in leaving]
        self.idle = [process for process in self.idle if process not in leaving]


class _Supervisor(Generic[T, R]):
    """Gives work to processes and sees to it that each order is answered, whatever becomes of them."""

    def __init__(self, pool: Pool, work: Callable[[T], R], orders: Sequence[T]) -> None:
        self.pool = pool
        self.work = work
        self.orders = orders
        self.waiting = deque(range(len(orders)))
        self.suspects: deque[int] = deque()
        self.deaths: dict[int, list[str]] = {}
        self.busy: dict[Process, int] = {}
        self.failed_starts = 0

    def run(self) -> Generator[Done[R]]:
        try:
            self._staff()
            while self.waiting or self.suspects or self.busy:
                process, news = self.pool.events.get()
                if process not in self.pool.all:
                    continue  # it was let go
                done = self._heard(process, news)
                self._staff()
                if done is not None:
                    yield done
        finally:
            self.pool.let_go(self.busy)

    def _staff(self) -> None:
        """Give work to whoever is idle; a suspect only when nobody else works."""
        pool = self.pool
        starting = len(pool.all) - len(pool.idle) - len(self.busy)
        wanted = min(pool.jobs - len(pool.all), len(self.waiting) - len(pool.idle) - starting)
        if not pool.all and self.suspects:
            wanted = max(wanted, 1)
        for _ in range(wanted):
            pool.all.append(Process(pool.events))
        while pool.idle and self.waiting:
            self._give(pool.idle.pop(), self.waiting.popleft())
        if pool.idle and self.suspects and not self.waiting and not self.busy:
            self._give(pool.idle.pop(), self.suspects.popleft())

    def _give(self, process: Process, place: int) -> None:
        self.busy[process] = place
        process.send((self.work, self.orders[place]))

    def _heard(self, process: Process, news: Any) -> Done[R] | None:
        if news is ENDED:
            return self._died(process)
        self.pool.idle.append(process)
        if process not in self.busy:  # it has started
            return None
        place = self.busy.pop(process)
        why = self.deaths.get(place, [])
        return Done(place, news, attempts=len(why) + 1, why=", ".join(why))

    def _died(self, process: Process) -> Done[R] | None:
        place = self.busy.pop(process, None)
        why = process.obituary()
        self.pool.let_go([process])
        if place is None:
            self.failed_starts += not process.started
            if self.failed_starts >= ATTEMPTS:
                raise StartError(f"a worker cannot be started: {why}")
            return None
        deaths = self.deaths.setdefault(place, [])
        deaths.append(why)
        if len(deaths) < ATTEMPTS:
            self.suspects.append(place)
            return None
        return Done(place, None, attempts=len(deaths), why=", ".join(dict.fromkeys(deaths)))
