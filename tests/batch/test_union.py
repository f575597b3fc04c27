"""The shared ontology: what exports have in common, what contradicts, and what rows say of it afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.api import load_spec
from mapper.batch.digests import spec_digest
from mapper.batch.ontologies import own_target, share
from mapper.batch.order import Order, convert_one
from mapper.encord.writers.exchange import replaced
from tests.support.builders import Attribute, Element, Label, box, element, export, image, path, skeleton, tag, write

if TYPE_CHECKING:
    from pathlib import Path

BOX, ROUND = (1, 2, 30, 40), (5, 5, 40, 5, 40, 40)
KIND = Attribute("kind", "select", ("van", "bus"), "van")
AGE = Attribute("age", "number", ("0", "99", "1"), "0")


def own(folder: Path, *shapes: Element, labels: tuple[Label, ...] = (), name: str = "street") -> bytes:
    """The ontology that an export of one image has by itself."""
    source = write(folder, export(image(0, *shapes), labels=labels, name=name))
    digest = spec_digest(load_spec("standard"))
    row = convert_one(Order(source=str(source), out=None, spec="standard", spec_digest=digest, key=""))
    assert row.own is not None, row.message
    return row.own


def document(*owns: bytes) -> Any:
    """The shared ontology of exports called a, b, …; none of them contradicts."""
    shared = share(zip("abcdef", owns, strict=False))
    assert not shared.conflicts
    return json.loads(shared.target.text)


def test_the_union_of_one_is_its_own(tmp_path: Path) -> None:
    """Byte for byte, whatever the ontology holds."""
    shapes = (box("car", BOX, {"kind": "bus"}), path("polygon", "car", ROUND), tag("wet"))
    mine = own(tmp_path, *shapes, labels=(Label("car", attributes=(KIND, AGE)), Label("wet", "tag")))
    assert share([("a", mine)]).target == own_target(mine)


LABELS = tuple(Label(name, attributes=(KIND, AGE)) for name in ("car", "tree"))
SHAPES = st.sampled_from(
    [
        box("car", BOX, {"kind": "bus"}), box("car", BOX, {"kind": "tram"}), box("tree", BOX, {"age": "7"}), path("polygon", "car", ROUND),
        path("polyline", "tree", ROUND), box("lamp", BOX), path("points", "lamp", (3, 4)), tag("wet"), tag("dark"),
    ]
)  # fmt: skip


@given(st.lists(st.lists(SHAPES, max_size=4), min_size=1, max_size=4), st.integers(0, 3))
def test_the_union_is_what_one_export_of_all_would_have(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[Element]], turn: int
) -> None:
    """Objects with titles, colours, attributes and options are those of the exports put together; only what is met later stands later."""
    folder = tmp_path_factory.mktemp("union")
    turned = parts[turn % len(parts) :] + parts[: turn % len(parts)]
    whole = json.loads(own(folder, *(shape for part in parts for shape in part), labels=LABELS))["document"]
    assert unordered(document(*(own(folder, *part, labels=LABELS) for part in turned))) == unordered(whole)


def unordered(value: Any) -> Any:
    """The same without the numbers that follow from the order of what is met, and with lists by their text."""
    if isinstance(value, dict):
        return {key: unordered(item) for key, item in value.items() if key != "id"}
    return sorted(map(unordered, value), key=json.dumps) if isinstance(value, list) else value


def test_what_hashes_do_not_tell_is_of_the_first(tmp_path: Path) -> None:
    """The colour of an object is that of the first export, by name."""
    red, blue = (own(tmp_path, box("car", BOX), labels=(Label("car", color=color),)) for color in ("#ff0000", "#0000ff"))
    assert [document(*pair)["objects"][0]["color"] for pair in ((red, blue), (blue, red))] == ["#FF0000", "#0000FF"]


def test_a_label_of_several_shapes_is_told(tmp_path: Path) -> None:
    """Objects take the titles that the spec has for that, and BAT958 says so once."""
    shared = share([("a", own(tmp_path, box("car", BOX))), ("b", own(tmp_path, path("polygon", "car", ROUND), box("tree", BOX)))])
    assert [item["name"] for item in json.loads(shared.target.text)["objects"]] == ["car (bounding_box)", "car (polygon)", "tree"]
    assert [issue.message() for issue in shared.drawn] == [
        "'car' has other shapes in other exports, so its objects are called car (bounding_box), car (polygon)"
    ]


def pose(*points: str) -> tuple[Element, Label]:
    """A skeleton of these points, and its label."""
    elements = tuple(element(name, 10 + 9 * place, 20) for place, name in enumerate(points))
    return skeleton("pose", elements), Label("pose", "skeleton", elements=tuple(Label(name, "points") for name in points))


def contradictions(folder: Path) -> dict[str, tuple[bytes, bytes]]:
    """Pairs of exports that cannot share an ontology, by what they contradict each other in."""
    mutable = KIND._replace(mutable=True)
    (two, of_two), (three, of_three) = pose("head", "foot"), pose("head", "hand", "foot")
    return {
        "the attribute 'kind' of 'car' is static numeric in b and static radio in a": (
            own(folder, box("car", BOX, {"kind": "bus"}), labels=(Label("car", attributes=(KIND,)),)),
            own(folder, box("car", BOX, {"kind": "7"}), labels=(Label("car", attributes=(AGE._replace(name="kind"),)),)),
        ),
        "the attribute 'kind' of 'car' is dynamic radio in b and static radio in a": (
            own(folder, box("car", BOX, {"kind": "bus"}), labels=(Label("car", attributes=(KIND,)),)),
            own(folder, box("car", BOX, {"kind": "bus"}), labels=(Label("car", attributes=(mutable,)),)),
        ),
        "the skeleton 'pose' is of head, hand, foot in b and of head, foot in a": (
            own(folder, two, labels=(of_two,)),
            own(folder, three, labels=(of_three,)),
        ),
    }


def test_contradictions_name_both_exports(tmp_path: Path) -> None:
    """BAT955 says what is what where; the later one stays out as a whole, and those after it go on."""
    for message, (first, second) in contradictions(tmp_path).items():
        tree = own(tmp_path, box("tree", BOX))
        shared = share([("a", first), ("b", second), ("c", tree)])
        assert {name: conflict.message() for name, conflict in shared.conflicts.items()} == {
            "b": f"{message}; b keeps an ontology of its own"
        }
        assert json.loads(shared.target.text) == document(first, tree)


PIECE = {"name": 'a "b" {\\', "color": "#FFFFFF", "shape": "polygon", "value": 'a_"b"_{\\', "featureHash": "abcd1234"}
OLD = orjson.dumps(PIECE)[:-1]
NEW = orjson.dumps(PIECE | {"name": "new"})[:-1]
OTHER = orjson.dumps(PIECE | {"featureHash": "otherone"})
QUOTED = orjson.dumps({"text": OLD.decode()})


PARTS = st.sampled_from([OLD + b"}", OLD + b',"x":1}', OTHER, QUOTED, b"x" * 40, b"{", b'"', b"\n"])


@given(st.lists(PARTS, max_size=12), st.integers(1, 80))
def test_rows_are_replaced_whatever_the_chunks(parts: list[bytes], size: int) -> None:
    """Every constant piece of an object is replaced and nothing else, least of all the same in a text."""
    text = b"".join(parts)
    chunks = [text[start : start + size] for start in range(0, len(text), size)]
    expected = b"".join(part.replace(OLD, NEW) if part.startswith(OLD) else part for part in parts)
    assert b"".join(replaced(chunks, {OLD: NEW})) == expected


def test_pieces_that_change_places_do() -> None:
    """What one turns into is not replaced again."""
    assert b"".join(replaced([OLD + NEW], {OLD: NEW, NEW: OLD})) == NEW + OLD
