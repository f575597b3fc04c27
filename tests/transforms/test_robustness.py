"""Data never raises: whatever numbers a file holds, a conversion gives geometry that can be written, or an issue."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mapper.findings.base import Issue
from mapper.geometry.shapes import Approximation, Element, Ellipse, Frame, Mask, Mended, Rectangle, Template
from mapper.transforms import TRANSFORMS, AnyTransform

ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyTransform)
FRAME = Frame(64, 48)
TEMPLATE = Template((("a", 0.1, 0.1), ("b", 0.9, 0.9), ("c", 0.5, 0.5)), ())

number = st.one_of(
    st.sampled_from([0.0, -0.0, 5e-324, 1e-200, 1e-9, 10.0, 10.5, 64.0, 48.0, -1e9, 1e9]),
    st.integers(-20, 80).map(float),
    st.floats(-1e9, 1e9),
)
path = st.lists(number, max_size=16).map(lambda numbers: numbers[: len(numbers) // 2 * 2])
SOURCES: dict[str, st.SearchStrategy[Any]] = {
    "rectangle": st.builds(Rectangle, number, number, number, number, number),
    "polygon": path,
    "polyline": path,
    "points": path,
    "ellipse": st.builds(Ellipse, number, number, number, number, number),
    "cuboid": st.lists(number, min_size=16, max_size=16),
    "mask": st.builds(
        Mask,
        st.lists(st.integers(-1, 12), max_size=12),
        st.integers(-30, 80),
        st.integers(-30, 80),
        st.integers(-1, 8),
        st.integers(-1, 8),
    ),
    "skeleton": st.lists(
        st.builds(Element, st.sampled_from("abcd"), number, number, st.booleans(), st.booleans(), st.just(()), st.just(1)),
        max_size=4,
    ).map(tuple),
}
PARAMETERS: dict[str, list[dict[str, Any]]] = {
    "polygon": [{}, {"simplify_px": 0.5}, {"outline": "faces", "points": 3, "fit": "equal_area"}],
    "cuboid_2d": [{"max_residual_px": 1e12}],
    "circle": [{"tolerance_px": 1e12}],
}
CASES = [
    pytest.param({"kind": kind, **params}, source, id=f"{kind}-{source}-{number}")
    for transform in TRANSFORMS
    for kind in transform.model_fields["kind"].examples or ()
    for number, params in enumerate(PARAMETERS.get(kind, [{}]))
    for source in SOURCES
    if source in transform.accepts
]


def numbers(value: Any) -> list[float]:
    """All numbers in a geometry."""
    if isinstance(value, float | int):
        return [value]
    return [found for item in value for found in numbers(item)] if isinstance(value, tuple | list) else []


@pytest.mark.parametrize(("spec", "source"), CASES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_data_never_raises(spec: dict[str, Any], source: Any, data: st.DataObject) -> None:
    """Each conversion gives finite numbers, a fidelity between its bounds, or an issue that can be told."""
    conversion = ADAPTER.validate_python(spec).compile(source, TEMPLATE)
    result = conversion.run(data.draw(SOURCES[source]), FRAME)
    if isinstance(result, Mended):
        assert result.issue.message()
        result = result.geometry
    if isinstance(result, Issue):
        assert result.message()
        json.dumps(result.evidence(), allow_nan=False)
        return
    if isinstance(result, Approximation):
        assert result.value >= 0
        assert conversion.metric == "residual_px" or result.value <= 1
    assert numbers(result)
    assert all(isfinite(number) for number in numbers(result))
