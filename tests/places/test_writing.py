"""Bundles on stores: complete or not at all, with ``bundle.json`` as the mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mapper import api
from mapper.encord.writers.bundle import FILES
from mapper.errors import OutputError
from tests.support.checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.stores import Store

STREET = ROOT / "examples" / "street"
OUT = "s3://bucket/street"


def puts(store: Store) -> list[str]:
    """What was written and removed, in order."""
    return [f"{asked.verb} {asked.path.rpartition('/')[2]}" for asked in store.asked if asked.verb in {"PUT", "DELETE"}]


def test_the_mark_comes_last(store: Store) -> None:
    """Every other file is there before bundle.json is."""
    result = api.convert(STREET, OUT)
    assert str(result.out) == OUT
    assert puts(store) == [f"PUT {name}" for name in (*FILES[1:], "bundle.json")]


def test_a_bundle_is_only_replaced_on_demand(store: Store) -> None:
    """Without force a bundle stays; with it, its mark goes first, so that no mixture is ever taken for a bundle."""
    api.convert(STREET, OUT)
    before = dict(store.objects)
    with pytest.raises(OutputError, match="use --force"):
        api.convert(STREET, OUT)
    assert store.objects == before
    store.asked.clear()
    api.convert(STREET, OUT, force=True)
    assert puts(store) == ["DELETE bundle.json", *(f"PUT {name}" for name in (*FILES[1:], "bundle.json"))]
    assert store.objects == before


@pytest.mark.parametrize("name", ["notes.txt", "deeper/file"])
def test_other_things_are_never_replaced(store: Store, name: str) -> None:
    """A place that holds anything but a bundle is refused, even with force."""
    store.objects[f"bucket/street/{name}"] = b"mine"
    with pytest.raises(OutputError, match="holds more than a bundle"):
        api.convert(STREET, OUT, force=True)
    store.objects = {"bucket/street": b"mine"}
    with pytest.raises(OutputError, match="is no folder"):
        api.convert(STREET, OUT, force=True)
    assert store.objects == {"bucket/street": b"mine"}


def test_what_a_killed_upload_left_is_replaced(store: Store) -> None:
    """Files without the mark are no bundle, and stand in nobody's way."""
    api.convert(STREET, OUT)
    whole = dict(store.objects)
    store.objects = {"bucket/street/ontology.json": b"half"}
    api.convert(STREET, OUT)
    assert store.objects == whole


def failing(number: int) -> Callable[[Store], None]:
    """Let the upload of the file of this number fail for good."""

    def prepare(store: Store) -> None:
        store.denied.add(f"bucket/street/{(*FILES[1:], 'bundle.json')[number]}")

    return prepare


@pytest.mark.parametrize("number", range(len(FILES)))
def test_a_failed_upload_leaves_nothing(store: Store, number: int) -> None:
    """Whichever file cannot be put, those before it are removed, and the message names it."""
    failing(number)(store)
    name = (*FILES[1:], "bundle.json")[number]
    with pytest.raises(OutputError, match=f"the store does not let us write s3://bucket/street/{name}") as found:
        api.convert(STREET, OUT)
    assert [finding.code for finding in found.value.findings] == ["SRC172"]
    assert store.objects == {}


def test_uploads_are_tried_again(store: Store) -> None:
    """A store that is busy for a moment gets the file on the next attempt; one that stays busy gets nothing at all."""
    store.faults["PUT"] = [503, 500, 429]
    api.convert(STREET, OUT)
    whole = dict(store.objects)
    assert len(whole) == len(FILES)
    store.objects, store.faults["PUT"] = {}, [503] * 4
    with pytest.raises(OutputError) as found:
        api.convert(STREET, OUT)
    assert [finding.code for finding in found.value.findings] == ["SRC173"]
    assert store.objects == {}


def test_an_interrupt_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C between two files takes back the first."""
    from tests.support.stores import LoopbackFileSystem  # noqa: PLC0415 - the class that is registered

    put = LoopbackFileSystem.put_file

    def interrupted(self: LoopbackFileSystem, lpath: str, rpath: str, **more: object) -> None:
        if rpath.endswith("ledger.json"):
            raise KeyboardInterrupt
        put(self, lpath, rpath, **more)

    monkeypatch.setattr(LoopbackFileSystem, "put_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        api.convert(STREET, OUT)
    assert store.objects == {}


def test_nothing_is_left_on_this_machine(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder in which a bundle is assembled goes, whether or not the bundle arrives."""
    import tempfile  # noqa: PLC0415 - where such folders are made

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    api.convert(STREET, OUT)
    store.denied.add("bucket/other/ledger.json")
    with pytest.raises(OutputError):
        api.convert(STREET, "s3://bucket/other")
    assert not list(tmp_path.iterdir())
