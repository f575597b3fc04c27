"""Hashes and ids: made of what a thing is, of the form that Encord takes, and never the same twice in one row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.encord.ids import digest_hash, feature_hash, joined, stable_uuid
from tests.support.builders import Label, box, export, image, tag
from tests.support.running import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.builders import Element


@given(st.binary(max_size=60))
def test_form_of_hashes(key: bytes) -> None:
    """A hash has eight characters of 0-9 and a-z, the same for the same key."""
    assert re.fullmatch(rb"[0-9a-z]{8}", digest_hash(key))
    assert digest_hash(key) == digest_hash(bytes(key))


def test_hashes_of_today_are_those_of_tomorrow() -> None:
    """These values never change: ids in projects that were uploaded depend on them."""
    assert digest_hash(b"") == b"3dneb2f5"
    assert feature_hash("object", "car", "polygon") == "ejfm0g9r"
    assert stable_uuid("dataset", "task", "7", "street") == "0067870f-e73c-8898-a1c3-d95c34862225"


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_keys_of_other_parts_differ(first: list[str], second: list[str]) -> None:
    """Parts are told apart by their lengths: no two lists of texts make the same key."""
    assert (joined(*first) == joined(*second)) == (first == second)


@given(st.text(max_size=20))
def test_form_of_uuids(text: str) -> None:
    """Ids of rows and images are UUIDs of version 8."""
    found = UUID(stable_uuid(text))
    assert (found.version, found.variant) == (8, "specified in RFC 4122")


def test_few_of_many_hashes_meet() -> None:
    """About 40 bits: among 100,000 keys hardly one meets another."""
    assert len({digest_hash(b"%d" % number) for number in range(100_000)}) >= 99_998


def hashes(folder: Path, *shapes: Element, **more: object) -> list[str]:
    """The hashes of all objects and classifications on one image."""
    return run(folder, export(image(0, *shapes), labels=[Label("car"), Label("rain", "tag")]), **more).hashes()  # type: ignore[arg-type]


CAR, VAN = box("car", (1, 2, 30, 40)), box("car", (5, 2, 30, 40))


def test_a_shape_keeps_its_hash(tmp_path: Path) -> None:
    """Neither other shapes, nor their order, nor the shape's own attributes and fields change its hash."""
    alone, (van,) = hashes(tmp_path, CAR), hashes(tmp_path, VAN)
    assert hashes(tmp_path, VAN, CAR, tag("rain"))[:2] == [van, *alone]
    assert hashes(tmp_path, CAR.but(occluded="1", z_order="3", source="auto")) == alone


@pytest.mark.parametrize("other", [CAR.but(label="van"), CAR.but(xtl="1.0"), CAR.but(rotation="5"), VAN])
def test_another_shape_has_another_hash(tmp_path: Path, other: Element) -> None:
    """Label and geometry, by the text of the export, make a shape what it is."""
    assert hashes(tmp_path, other) != hashes(tmp_path, CAR)


def test_equal_shapes_are_told_apart(tmp_path: Path) -> None:
    """Equal shapes have hashes by their occurrence; the first one has that of a single one."""
    found = hashes(tmp_path, CAR, CAR, CAR)
    assert len(set(found)) == 3
    assert found[:1] == hashes(tmp_path, CAR)
    assert found[:2] == hashes(tmp_path, CAR, CAR)


def test_a_collision_is_hashed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two keys have one hash, the later shape gets another one, the same in every run."""

    def narrow(key: bytes) -> bytes:
        return b"%08d" % (int.from_bytes(digest_hash(key), "big") % 3)

    monkeypatch.setattr("mapper.engine.row.digest_hash", narrow)
    shapes = [CAR, VAN, box("car", (6, 2, 30, 40))]
    found = hashes(tmp_path, *shapes)
    assert sorted(found) == ["00000000", "00000001", "00000002"]
    assert hashes(tmp_path, *shapes) == found
