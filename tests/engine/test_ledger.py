"""The books: both sides are added up, and a difference stops the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mapper.cvat.model import Shape
from mapper.engine.accounts import Account, Books
from mapper.engine.ledger import Ledger
from mapper.errors import LedgerError
from mapper.geometry.shapes import Element
from tests.support.builders import Attribute, Label, box, cuboid, element, ellipse, export, image, skeleton
from tests.support.running import run
from tests.support.specs import answer, rule, spec, thing

if TYPE_CHECKING:
    from pathlib import Path

READ = {
    ("rectangle", "car", "", ""): 3,
    ("rectangle", "car", "attribute", "color"): 2,
    ("rectangle", "car", "field", "occluded"): 3,
}


def books() -> Ledger:
    """A ledger of three boxes, two of them with a color."""
    ledger = Ledger()
    occluded = Account("field", "occluded", "kept")
    kept = ledger.verdict("rectangle", "car", "all", "kept")
    kept.counts[Books((Account("attribute", "color", "kept"), occluded))] = 2
    dropped = ledger.verdict("rectangle", "car", "small", "dropped", "too small")
    dropped.counts[Books((occluded._replace(account="dropped"),))] = 1
    return ledger


def test_books_that_agree() -> None:
    """Equal sums on both sides are no reason to stop."""
    books().balance(READ)


@pytest.mark.parametrize("key", READ)
@pytest.mark.parametrize("by", [-1, 1])
def test_a_planted_difference_is_found(key: tuple[str, str, str, str], by: int) -> None:
    """One element, field or attribute too many or too few on either side raises, and the message names it with both sums."""
    with pytest.raises(LedgerError, match=rf"car.*read {READ[key] + by}, accounted {READ[key]}"):
        books().balance(READ | {key: READ[key] + by})


def test_a_key_of_one_side_only_is_found() -> None:
    """What was read and never accounted for raises, and so does what was accounted for and never read."""
    with pytest.raises(LedgerError, match="mask/tree: read 1, accounted 0"):
        books().balance(READ | {("mask", "tree", "", ""): 1})
    unread = dict(READ)
    del unread["rectangle", "car", "attribute", "color"]
    with pytest.raises(LedgerError, match="rectangle/car/attribute/color: read 0, accounted 2"):
        books().balance(unread)


def test_a_whole_shape_goes_one_way() -> None:
    """All fields, attributes and point attributes of a shape that is dropped or refused end in the account of the shape."""
    parts = (Element("head", 1.0, 2.0, False, False, (("seen", "true"),), 1),)  # noqa: FBT003 - outside, occluded
    fields = ("0", None, "4", None, None, "30", "0.5")
    shape = Shape("skeleton", "fish", parts, "", (("kind", "cod"),), fields, 1)
    found = Ledger().whole(shape, "refused", "GEO401")
    assert {(account.space, account.name) for account in found.accounts} == {
        ("attribute", "kind"),
        ("element", "head.seen"),
        ("field", "occluded"),
        ("field", "group_id"),
        ("field", "rotation"),
        ("field", "score"),
    }
    assert {(account.account, account.why) for account in found.accounts} == {("refused", "GEO401")}


def test_the_document_adds_up(tmp_path: Path) -> None:
    """In ledger.json each entry's accounts sum to what was read, its details to its accounts, and all entries to the totals."""
    labels = [Label("car", attributes=(Attribute("color"),)), Label("fish", "skeleton", elements=(Label("head"),))]
    shapes = [
        box("car", (1, 2, 30, 40), {"color": "red"}, rotation="12"),
        box("car", (1, 2, 1, 40), {"color": "blue"}),
        box("car", (90, 2, 130, 40)),
        skeleton("fish", [element("head", 1, 2, {"odd": "x"})]),
    ]
    found = run(tmp_path, export(image(0, *shapes), image(1), labels=labels))
    ledger = found.ledger
    assert ledger["images"] == {"images": 2, "images_refused": 0}
    accounts = ("kept", "transformed", "split", "merged", "dropped", "refused")
    for entry in (*ledger["elements"], *ledger["fields"]):
        assert entry["read"] == sum(entry[account] for account in accounts)
        for account in accounts:
            assert entry[account] == sum(detail["count"] for detail in entry["details"] if detail["account"] == account)
    assert ledger["totals"]["read"] == sum(entry["read"] for entry in ledger["elements"]) == 4
    assert ledger["totals"]["objects"] == sum(1 for _ in found.objects()) == 3


def test_fidelity_of_a_conversion_and_of_its_otherwise(tmp_path: Path) -> None:
    """Numbers of two metrics never mix: a cuboid's residual and the IoU of what stands in for others are told apart."""
    exact = (10, 20, 10, 50, 40, 20, 40, 50, 50, 10, 50, 40, 20, 10, 20, 40)
    odd = (10, 20, 10, 50, 40, 20, 40, 50, 50, 0, 50, 60, 20, 15, 25, 35)
    target = thing(kind="cuboid_2d", otherwise=thing(kind="bounding_box"))
    found = run(tmp_path, export(image(0, cuboid("c", exact), cuboid("c", odd)), labels=[Label("c")]), spec(rule(target)))
    details = found.ledger["elements"][0]["details"]
    assert sorted((detail["fidelity"]["metric"], detail["count"], detail["fidelity"]["measured"]) for detail in details) == [
        ("iou", 1, 1),
        ("residual_px", 1, 1),
    ]


def test_fidelity_is_the_worst_and_the_mean(tmp_path: Path) -> None:
    """For an IoU the worst is the lowest, beside the mean and the number of shapes that were measured."""
    turned = [box("car", (20, 20, 60, 40), rotation=angle) for angle in ("0", "30", "45")]
    found = run(tmp_path, export(image(0, *turned), labels=[Label("car")]), spec(rule(thing(kind="bounding_box"))))
    (fidelity,) = [detail["fidelity"] for detail in found.ledger["elements"][0]["details"] if "fidelity" in detail]
    assert fidelity["measured"] == 2
    assert fidelity["worst"] < fidelity["mean"] < 1


def test_refused_elements_have_an_account(tmp_path: Path) -> None:
    """What the reader could not read stands in the books too, by its XML name."""
    found = run(
        tmp_path, export(image(0, box("car", ("x", 2, 30, 40), {"color": "red"}), ellipse("car", (1, 2, 3, 4))), labels=[Label("car")])
    )
    assert {(entry["kind"], entry["refused"]) for entry in found.ledger["elements"]} == {("box", 1), ("ellipse", 0)}
    assert found.books("attribute", "color") == {}


def test_a_dropped_value_keeps_its_reason(tmp_path: Path) -> None:
    """The reason of a rule that drops stands in the ledger, for the shape and for all that it carried."""
    drop = {"id": "no", "match": {}, "drop": {"reason": "training only"}}
    labels = [Label("car", attributes=(Attribute("color"),))]
    found = run(tmp_path, export(image(0, box("car", (1, 2, 30, 40), {"color": "red"})), labels=labels), spec(drop))
    reasons = {detail.get("reason") for entry in (*found.ledger["elements"], *found.ledger["fields"]) for detail in entry["details"]}
    assert reasons == {"training only"}
    assert found.books() == {"read": 1, "dropped": 1}


def test_a_value_of_a_shape_that_is_split_has_its_best_account(tmp_path: Path) -> None:
    """A value that one of two objects keeps is kept, whatever the other object does with it."""
    labels = [Label("car", attributes=(Attribute("color"),))]
    first = thing({"from": "color", "drop": {"reason": "not here"}}, name="A")
    second = thing(answer("color", "Color", "text"), name="B")
    found = run(tmp_path, export(image(0, box("car", (1, 2, 30, 40), {"color": "red"})), labels=labels), spec(rule(first, second)))
    assert found.books("attribute", "color") == {"read": 1, "kept": 1}
    assert found.books() == {"read": 1, "split": 1}
    assert found.ledger["totals"]["objects"] == 2


def test_fidelity_of_what_is_clipped_or_refused(tmp_path: Path) -> None:
    """The fidelity stands with the account where the shape ended: with the clipped one, and nowhere if it was refused."""
    turned = [box("car", (80, 20, 110, 40), rotation="30"), box("car", (20, 20, 60, 40), rotation="30")]
    for do, measured in (("clip", {"clipped at the border": 1, None: 1}), ("refuse", {None: 1})):
        policy = {"outside_image": {"do": do, "tolerance_px": 0.5, "severity": "warning"}}
        found = run(tmp_path, export(image(0, *turned), labels=[Label("car")]), spec(rule(thing(kind="bounding_box")), policy=policy))
        details = [detail for detail in found.ledger["elements"][0]["details"] if "fidelity" in detail]
        assert {detail.get("reason"): detail["fidelity"]["measured"] for detail in details} == measured
        assert {detail["fidelity"]["metric"] for detail in details} == {"iou"}
