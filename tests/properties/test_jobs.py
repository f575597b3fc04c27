"""However many jobs read an export, everything that comes out is the same, byte for byte."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties import strategies
from tests.properties.test_conversion import loaded
from tests.support.builders import export, image, write
from tests.support.jobs import same_with_jobs

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

usual = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@st.composite
def long_exports(draw: DrawFn) -> str:
    """Images enough for several parts, in order, and each of a name of its own."""
    drawn = [draw(st.lists(strategies.shapes, max_size=4)) for _ in range(draw(st.integers(4, 9)))]
    made = [image(number, *shapes, name=f"{number}.png") for number, shapes in enumerate(drawn)]
    return export(*made, labels=draw(strategies.labels()))


@pytest.mark.parametrize("name", ["standard", "encord-importer", "wild"])
@given(text=strategies.exports() | long_exports())
@usual
def test_jobs_do_not_show(name: str, text: str) -> None:
    """One job, two and three give the same five files and the same findings."""
    with TemporaryDirectory() as folder:
        same_with_jobs(write(Path(folder), text), loaded(name), 2, 3)


@given(text=strategies.exports(), cut=st.integers(1, 400), broken=st.sampled_from(["", "<", "</image>", "<!-- <image ", "&x;", "<track"]))
@usual
def test_jobs_do_not_show_where_an_export_breaks_off(text: str, cut: int, broken: str) -> None:
    """The same of exports that end too early, or have something in them that does not belong there; published or not."""
    data = text.encode()
    place = max(0, len(data) - cut)
    with TemporaryDirectory() as folder:
        source = Path(folder) / "source.xml"
        source.write_bytes(data[:place] + broken.encode() + (data[place:] if broken else b""))
        for keep_partial in (False, True):
            same_with_jobs(source, loaded("standard"), 2, keep_partial=keep_partial)


@given(text=strategies.exports(), breaks=st.sampled_from([b"\r\n", b"\r", b" "]))
@usual
def test_line_breaks_count_the_same(text: str, breaks: bytes) -> None:
    """Lines that end otherwise, or all in one line: places of findings are those of one job."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "source.xml"
        source.write_bytes(text.encode().replace(b"\n", breaks))
        same_with_jobs(source, loaded("standard"), 2)
