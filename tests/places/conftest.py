"""A store for each test, and no waiting between attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mapper.places.retry import VARIABLE
from tests.support.stores import Store, running_store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setenv(VARIABLE, "0,0,0")


@pytest.fixture
def store() -> Iterator[Store]:
    """A store on this machine."""
    with running_store() as running:
        yield running
