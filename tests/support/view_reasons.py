"""Where the bundles of one task may differ because CVAT's formats do: the exact list, each with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.views import Difference

Pair = tuple[str, str]
IMAGES, VIDEO, BACKUP = FORMS = ("images", "video", "backup")
PAIRS: tuple[Pair, ...] = ((IMAGES, VIDEO), (IMAGES, BACKUP), (VIDEO, BACKUP))


class Expected(NamedTuple):
    """A kind of difference between two forms: the texts that it may have, and why it is there."""

    kind: str
    text: str
    reason: str


NO_IDS = Expected(
    "identity in the first",
    r".* is \d+ objects",
    "The images view writes a track as single shapes, one a frame, without anything that ties them: each is an object of its own.",
)
POINTS = Expected(
    "answer CVAT points",
    r".* \(point\): hashes",
    "Several points in one shape are keypoints that say by the shape's hash that they belong together. A hash comes from what identifies "
    "the shape: its geometry on the frame in the images view, the track and its first frame elsewhere, with all decimals in a backup.",
)
HIDDEN = Expected(
    "hidden point",
    r"body \(skeleton\): places",
    "The video view leaves hidden points of a skeleton out; they stay where they were last. The other forms say where they move unseen.",
)
OCCLUDED = Expected(
    "answer CVAT occluded",
    r"body \(skeleton\): None / \['true'\]",
    "CVAT's XML has had no occluded on skeletons since 2.4; backups have it.",
)
OCCLUDED_TITLE = Expected("ontology", r"body \[skeleton\] > attributes > CVAT occluded only in the second", OCCLUDED.reason)
SCORE = Expected("confidence", r".*: 1 / 0\.25", "CVAT's XML has no score; backups have it.")
DATES = Expected("row", r"dates: .* / \['Thu, 01 Jan 1970 00:00:00 UTC'\]", "A backup has no dates.")


def _no_tags(side: str) -> tuple[Expected, ...]:
    reason = "The video view has no tags, so classifications and what is declared where it is used are missing."
    return (
        Expected("tag", rf".* only in the {side}", reason),
        Expected("ontology", rf"tag weather > .* > CVAT (group_id|source) only in the {side}", reason),
    )


def _no_list(first: str, second: str) -> tuple[Expected, ...]:
    return (
        Expected(
            "row",
            r"(titles|rows): .*",
            "As images: the video view lists no frames, so every frame of the task is one, under its number, deleted or not.",
        ),
        Expected(
            "row",
            rf"(titles|rows|sizes|dates): {first} / {second}",
            "As images: a video view without a single track does not show that the task has frames.",
        ),
    )


EXPECTED: dict[Pair, tuple[Expected, ...]] = {
    (IMAGES, VIDEO): (NO_IDS, POINTS, HIDDEN, *_no_tags("first"), *_no_list(".*", r"(\[\]|0)")),
    (IMAGES, BACKUP): (NO_IDS, POINTS, OCCLUDED, OCCLUDED_TITLE, SCORE, DATES),
    (VIDEO, BACKUP): (POINTS, HIDDEN, OCCLUDED, OCCLUDED_TITLE, SCORE, DATES, *_no_tags("second"), *_no_list(r"(\[\]|0)", ".*")),
}
"""Whatever the task."""

BY_FRAME = "The images view has no tracks: a box that is turned on some frames only is a rotated box there and an upright one elsewhere; "
GOLDEN_ONLY: dict[Pair, tuple[Expected, ...]] = {
    pair: (
        Expected("class", r"(\w+) \(bounding_box\) / \1 \(rotatable_bounding_box\)", f"{BY_FRAME}a track is one class throughout."),
        Expected(
            "ontology",
            r"person \(bounding_box\) \[bounding_box\] > attributes > CVAT \w+ only in the first",
            f"{BY_FRAME}so upright boxes have a field in use that no upright track has.",
        ),
    )
    for pair in PAIRS
    if pair[0] == IMAGES
} | {(VIDEO, BACKUP): ()}
TITLE = Expected("row", r"titles: \['my clip.mp4'\] / \['golden video.*'\]", "These backups have no manifest, which would name the video.")
"""For the golden tasks, under the default spec."""


def reason_of(pair: Pair, found: Difference, *, golden: bool = False) -> str | None:
    """Why two forms differ in this; None if they should not."""
    known = EXPECTED[pair]
    if golden:
        known = (*((TITLE,) if BACKUP in pair else ()), *GOLDEN_ONLY[pair], *known)
    return next((one.reason for one in known if one.kind == found[0] and re.fullmatch(one.text, found[1], re.DOTALL)), None)


def unexplained(pair: Pair, found: Iterable[Difference]) -> list[Difference]:
    """Differences that stand in no list."""
    return [one for one in found if reason_of(pair, one) is None]
