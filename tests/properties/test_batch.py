"""Batches of random exports: the same bytes whoever carries them out, at once or in steps."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mapper import api
from tests.support.builders import Attribute, Element, Label, box, element, export, image, path, skeleton, tag
from tests.support.checkout import files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

BOX, ROUND = (1, 2, 30, 40), (5, 5, 40, 5, 40, 40)
POINTS = (element("head", 10, 20), element("foot", 20, 30))
SHAPES = st.sampled_from(
    [
        box("car", BOX, {"kind": "7"}), box("car", BOX, {"kind": "bus"}), path("polygon", "car", ROUND), path("polyline", "tree", ROUND),
        box("tree", BOX), box("car (polygon)", BOX), skeleton("pose", POINTS), skeleton("pose", POINTS[:1]), tag("wet"),
    ]
)  # fmt: skip
KINDS = st.sampled_from(
    [
        Attribute("kind", "select", ("bus", "van"), "van"), Attribute("kind", "radio", ("tram",), "tram"), Attribute("kind"),
        Attribute("kind", "number", ("0", "9", "1"), "0"), Attribute("kind", "select", ("bus",), "bus", mutable=True),
    ]
)  # fmt: skip


@st.composite
def exports(draw: st.DrawFn) -> str:
    """An export of one image whose labels may contradict those of others."""
    shapes: list[Element] = draw(st.lists(SHAPES, max_size=4))
    joints = draw(st.sampled_from([("head", "foot"), ("foot", "head"), ("head",)]))
    labels = (
        Label("car", attributes=(draw(KINDS),), color=draw(st.sampled_from(["#112233", "#445566"]))),
        Label("pose", "skeleton", elements=tuple(Label(name, "points") for name in joints)),
    )
    return export(image(0, *shapes), labels=labels, task={"id": draw(st.integers(1, 9))})


def run(folder: Path, names: list[str], out: str, **options: Any) -> dict[str, bytes]:
    """Convert these to a folder and read it; what the batch remembers for itself does not count."""
    sources = [folder / f"{name}.xml" for name in names]
    if "jobs" in options:
        api.batch(sources, folder / out, **options)
    else:
        with ThreadPoolExecutor(1) as executor:
            api.batch(sources, folder / out, executor=executor, **options)
    return {name: data for name, data in files(folder / out).items() if not name.startswith(".batch/")}


def written(place: pytest.TempPathFactory, texts: list[str]) -> tuple[Path, list[str]]:
    """The exports as files, and their names."""
    folder, names = place.mktemp("batch"), [f"export_{number}" for number in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (folder / f"{name}.xml").write_text(text, "utf-8")
    return folder, names


@settings(max_examples=25)
@given(st.lists(exports(), min_size=1, max_size=5), st.data())
def test_steps_make_no_difference(tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject) -> None:
    """A batch over some exports, resumed over more, over all again and with changes, is one run over the last of them."""
    folder, names = written(tmp_path_factory, texts)
    for step in range(data.draw(st.integers(1, 3), label="steps")):
        some = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True), label="exports")
        for name in names:
            if name not in some:
                shutil.rmtree(folder / "out" / name, ignore_errors=True)
        run(folder, some, "out", resume=step > 0, ontology_per_export=data.draw(st.booleans(), label="parted"))
    changed = data.draw(st.sampled_from(names), label="changed")
    (folder / f"{changed}.xml").write_text(data.draw(exports(), label="to"), "utf-8")
    assert run(folder, names, "out", resume=True) == run(folder, names, "fresh")


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@example(texts=[])
@given(texts=st.lists(exports(), min_size=2, max_size=5))
def test_processes_make_no_difference(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """One process, two, and an executor of somebody else give the same bytes."""
    folder, names = written(tmp_path_factory, texts or [export(image(0))])
    assert run(folder, names, "one", jobs=1) == run(folder, names[::-1], "two", jobs=2) == run(folder, names, "threads")
