"""Shapes that say what others said before take a short way through the engine, which must not show."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper import convert, load_spec
from tests.properties import strategies
from tests.properties.test_conversion import SPECS, loaded
from tests.support.builders import Attribute, Label, box, ellipse, export, image, path, write
from tests.support.jobs import same_with_jobs
from tests.support.layout import OTHER, PLAIN, own_layout
from tests.support.running import load
from tests.support.specs import answer, rule, spec, thing
from tests.support.specs import write as write_spec

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from tests.support.builders import Element
    from tests.support.running import Bundle

RULES = [
    rule(thing(name="wide", kind="same"), name="wide", width={"ge": 20}),
    rule(
        thing(name="flat", kind="same"),
        name="flat",
        not_={"any": [{"height": {"ge": 9}}, {"shapes": ["polygon"]}]},
        shapes=["ellipse", "polygon"],
    ),
    rule(thing(name="few", kind="same"), name="few", all=[{"point_count": {"lt": 4}}, {"shapes": ["points", "polyline"]}]),
    rule(thing(name="first", kind="same"), name="first", image={"like": "0*"}, occluded=False),
    rule(thing(name="late", kind="same"), name="late", frame={"gt": 3}),
    rule(thing(name="apart", kind="same"), name="apart", area={"lt": 400}, source="manual"),
    rule(thing(name="steady", kind="same"), name="steady", z_order={"gt": 0}, attributes={"color": "red"}),
    rule(thing(name="rest", kind="same"), name="rest", shapes=["rectangle", "ellipse", "polygon", "polyline", "points", "cuboid", "mask"]),
]
"""Rules that tell alike shapes apart by where they are, in between those that do not."""

usual = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


LABELS = [Label("car", attributes=(Attribute("color", "select", ("red", "blue")),)), Label("person")]
NUMBERS = st.integers(-3, 90).map(float)


@st.composite
def shapes(draw: DrawFn) -> Element:
    """A shape that says one of few things, anywhere."""
    label, color = draw(st.sampled_from((("car", {"color": "red"}), ("car", {"color": "blue"}), ("person", {}))))
    fields = {"occluded": draw(st.sampled_from("01")), "z_order": draw(st.sampled_from("01"))}
    kind = draw(st.sampled_from(("box", "box", "ellipse", "polygon", "polyline", "points")))
    if kind == "box":
        return box(label, [draw(NUMBERS) for _ in range(4)], color, **fields, rotation=draw(st.sampled_from((None, None, "0.00", "30"))))
    if kind == "ellipse":
        return ellipse(label, [draw(NUMBERS) for _ in range(4)], color, **fields)
    return path(kind, label, [draw(NUMBERS) for _ in range(2 * draw(st.integers(1, 5)))], color, **fields)


@st.composite
def alike_exports(draw: DrawFn) -> str:
    """Images of shapes of which many say the same."""
    drawn = draw(st.lists(st.lists(shapes(), max_size=8), min_size=1, max_size=6))
    return export(*(image(number, *some, name=f"{number}.png") for number, some in enumerate(drawn)), labels=LABELS)


def shown(found: Bundle) -> Any:
    """All that a conversion shows but for the digest of its source."""
    return found.rows, found.ontology, found.ledger, found.result.findings


@cache
def spec_of(name: str) -> Any:
    """A spec by name, loaded once."""
    if name != "places":
        return loaded(name)
    document = spec(*RULES, attributes=[answer({"of": "any"}, "{{ attribute.name }}", "text")])
    with TemporaryDirectory() as folder:
        return load_spec(write_spec(Path(folder), document))


@pytest.mark.parametrize("name", [*SPECS, "places"])
@pytest.mark.parametrize("media", ["image", "image_group"])
@given(text=(alike_exports() | strategies.exports()).map(lambda text: own_layout(text).decode()))
@usual
def test_the_short_way_does_not_show(name: str, media: Any, text: str) -> None:
    """Rows, ontology, ledger and findings are those of a run in which every shape is looked at for itself."""
    apart = text.replace(PLAIN.decode(), OTHER.decode(), 1)
    assert apart != text
    found = []
    for one in (text, apart):
        with TemporaryDirectory() as folder:
            source = write(Path(folder), one)
            found.append(shown(load(convert(source, Path(folder) / "bundle", spec=spec_of(name), media=media))))
    assert found[0] == found[1]


@given(text=alike_exports().map(lambda text: own_layout(text).decode()))
@usual
def test_jobs_do_not_show_either(text: str) -> None:
    """Each part of an export numbers its own alike shapes; three jobs give the same files and findings as one."""
    with TemporaryDirectory() as folder:
        same_with_jobs(write(Path(folder), text), spec_of("places"), 2, 3)
