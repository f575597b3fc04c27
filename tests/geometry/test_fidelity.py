"""Fidelity: intersection over union with holes, several parts and rings that cross themselves."""

from __future__ import annotations

import pytest

from mapper.geometry.fidelity import is_valid, polygons_iou, share

SQUARE = [0.0, 0.0, 4.0, 0.0, 4.0, 4.0, 0.0, 4.0]
HOLE = [1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 1.0]
AWAY = [10.0, 0.0, 14.0, 0.0, 14.0, 4.0, 10.0, 4.0]
BOW = [0.0, 0.0, 4.0, 4.0, 4.0, 0.0, 0.0, 4.0]


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [
        ([[SQUARE]], [[SQUARE]], 1.0),
        ([[SQUARE, HOLE]], [[SQUARE]], 0.75),
        ([[SQUARE], [AWAY]], [[SQUARE]], 0.5),
        ([[BOW]], [[SQUARE]], 0.5),
        ([[SQUARE]], [[AWAY]], 0.0),
    ],
)
def test_iou(one: list[list[list[float]]], other: list[list[list[float]]], iou: float) -> None:
    """Common area by united area, in either order."""
    assert polygons_iou(one, other) == pytest.approx(iou)
    assert polygons_iou(other, one) == pytest.approx(iou)


def test_validity() -> None:
    """A ring that crosses itself is not valid, a hole in its outline is."""
    assert is_valid([[SQUARE, HOLE]])
    assert not is_valid([[BOW]])


def test_share_never_passes_one() -> None:
    """Rounding does not make a part larger than the whole, and nothing of nothing is nothing."""
    assert share(1.0000000001, 1.0) == 1.0
    assert share(0.0, 0.0) == 0.0
