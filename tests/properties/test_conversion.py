"""What holds for every export, however odd: no exception, balanced books, unique and stable hashes, the same bytes."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mapper import convert, load_spec
from mapper.connect.verify import verify
from tests.properties import strategies
from tests.properties.wild import WILD
from tests.support import sdk
from tests.support.books import check_books
from tests.support.builders import export, image, write
from tests.support.running import Bundle, load
from tests.support.specs import write as write_spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper import Result
    from tests.support.builders import Element, Label

SPECS = ("standard", "encord-importer", "wild")
FILES = ("bundle.json", "ontology.json", "label_rows.jsonl", "findings.jsonl", "ledger.json")

usual = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
few = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


@cache
def loaded(name: str) -> Any:
    """A shipped pack or our own spec, loaded once."""
    if name != "wild":
        return load_spec(name)
    with TemporaryDirectory() as folder:
        return load_spec(write_spec(Path(folder), WILD))


def converted(folder: str, text: str, name: str = "standard", **options: Any) -> Result:
    """Convert an export."""
    source = write(Path(folder), text)
    return convert(source, Path(folder) / "bundle", spec=loaded(name), force=True, **options)


def bundle(text: str, name: str = "standard", **options: Any) -> Bundle:
    """The same, read back."""
    with TemporaryDirectory() as folder:
        return load(converted(folder, text, name, **options))


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("media", ["image", "image_group"])
@given(text=strategies.exports())
@usual
def test_every_export_converts(name: str, media: Any, text: str) -> None:
    """No export raises; each element ends in one account; what is published holds together; hashes are unique on each image."""
    with TemporaryDirectory() as folder:
        result = converted(folder, text, name, media=media)
        check_books(result.ledger, Path(folder) / "source.xml")
        found = load(result)
        for row in found.rows:
            for unit in row["data_units"].values():
                hashes = [entry["objectHash"] for entry in unit["labels"]["objects"]]
                assert len(set(hashes)) == len(hashes)
                assert not set(hashes) & set(row["classification_answers"])
                assert set(hashes) <= set(row["object_answers"])
        tags = sum(len(row["classification_answers"]) for row in found.rows)
        assert found.ledger["totals"]["objects"] == sum(1 for _ in found.objects()) + tags
        assert errors(found) == []


def errors(found: Bundle) -> list[tuple[str, str]]:
    """What our own checks of a bundle call an error, but for shapes that the spec keeps far outside their image."""
    findings = verify(found.folder, sdk=False).findings
    return [(finding.code, finding.message) for finding in findings if finding.severity.word == "error" and finding.code != "ENC562"]


@given(text=strategies.exports(), media=st.sampled_from(("image", "image_group")), name=st.sampled_from(SPECS))
@few
def test_the_sdk_takes_every_conversion(text: str, media: Any, name: str) -> None:
    """Encord's SDK loads what was made of any export, and gives it back without loss."""
    found = bundle(text, name, media=media)
    sdk.check(found.ontology, found.rows)


@given(text=strategies.exports(), media=st.sampled_from(("image", "image_group")))
@few
def test_the_same_bytes_again(text: str, media: Any) -> None:
    """Two runs over one export write the same bytes."""
    with TemporaryDirectory() as folder:
        out = converted(folder, text, media=media).out
        assert out is not None
        first = {name: (out / name).read_bytes() for name in FILES}
        converted(folder, text, media=media)
        assert {name: (out / name).read_bytes() for name in FILES} == first


@given(text=strategies.exports(), name=st.sampled_from(SPECS))
@few
def test_what_is_remembered_changes_nothing(text: str, name: str) -> None:
    """Without any memory for values that were seen before, the same comes out."""
    before = bundle(text, name)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("emit", "outcomes", "plan", "values"):
            patch.setattr(f"mapper.engine.{module}.REMEMBERED", 0)
        after = bundle(text, name)
    assert (after.rows, after.ontology, after.ledger) == (before.rows, before.ontology, before.ledger)
    assert after.result.findings == before.result.findings


def by_image(found: Bundle) -> dict[str, Counter[str]]:
    """The hashes of objects and classifications on each image, by the image's title; an equal shape counts as another."""
    counts: dict[str, Counter[str]] = {}
    for row in found.rows:
        for unit in row["data_units"].values():
            here = counts.setdefault(unit["data_title"], Counter({unit["data_hash"]: 1}))
            here.update(entry["objectHash"] for entry in unit["labels"]["objects"])
    for row in found.rows:
        if len(row["data_units"]) == 1:
            (unit,) = row["data_units"].values()
            counts[unit["data_title"]].update(list(row["classification_answers"]))
    return counts


def classification_hashes(found: Bundle) -> Counter[str]:
    """The hashes of all classifications."""
    return Counter(key for row in found.rows for key in row["classification_answers"])


def track_twice(entry: Element) -> bool:
    """Whether a foreign track stands twice on an image: the first of them is the track, so their order does count."""
    fields = [dict(shape.fields) for shape in entry.children]
    tracks = [(field.get("label"), field["track_id"]) for field in fields if "track_id" in field]
    return len(set(tracks)) < len(tracks)


@given(made=strategies.parts(), data=st.data())
@few
def test_ids_do_not_depend_on_what_else_is_there(made: tuple[list[Label], list[Element]], data: st.DataObject) -> None:
    """Another image, other images' order and the order of shapes change no id of an image, an object or a classification."""
    labels, images = made
    assume(not any(track_twice(entry) for entry in images))
    before = by_image(bundle(export(*images, labels=labels)))
    more = [*images, image(99, *data.draw(st.lists(strategies.shapes, max_size=2)))]
    mixed = [entry._replace(children=tuple(data.draw(st.permutations(entry.children)))) for entry in data.draw(st.permutations(more))]
    after = by_image(bundle(export(*mixed, labels=labels)))
    assert after.keys() - before.keys() == {"99.png"}
    for title, hashes in before.items():
        assert without_tags(images, title, after[title]) == without_tags(images, title, hashes)


def without_tags(images: Sequence[Element], title: str, hashes: Counter[str]) -> Counter[str]:
    """The hashes, unless tags stand in an order on which it depends which of two contradicting ones is kept."""
    entry = next(entry for entry in images if dict(entry.fields)["name"] == title)
    tags = [shape for shape in entry.children if shape.name == "tag"]
    return Counter() if len(tags) > 1 else hashes


@given(made=strategies.parts())
@few
def test_groups_hold_what_single_images_hold(made: tuple[list[Label], list[Element]]) -> None:
    """As a group or one by one: the same images, the same objects on each, the same classifications, the same books."""
    labels, images = made
    text = export(*images, labels=labels)
    single, group = bundle(text), bundle(text, media="image_group")
    objects = {title: hashes - classification_hashes(single) for title, hashes in by_image(single).items()}
    assert {title: hashes - classification_hashes(group) for title, hashes in by_image(group).items()} == objects
    assert classification_hashes(group) == classification_hashes(single)
