"""How a run treats Python's memory."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def calm_collection() -> Iterator[None]:
    """Look for reference cycles rarely while a run goes on, and never among what was there before.

    Shapes come and go by the hundred thousand without cycles; the usual thresholds cost a third of the CPU time.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
