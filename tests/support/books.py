"""Holds a ledger against a naive count of the export that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat.elements import TAGS
from tests.support.independent import Count, count

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = ("kept", "transformed", "split", "merged", "dropped", "refused")


def check_books(ledger: dict[str, Any], source: Path) -> None:
    """The ledger against a naive count: all images and elements, and every field and attribute of what was read in full."""
    counts = count(source)
    pictures = counts.pop(("image", ""), Count()).elements
    assert ledger["images"]["images"] + ledger["images"]["images_refused"] == pictures
    read: dict[tuple[str, str], Count] = {}
    unread = ((entry, detail) for entry in ledger["elements"] for detail in entry["details"])
    partial = {(entry["kind"], entry["label"]) for entry, detail in unread if str(detail.get("code")).startswith("SRC")}
    for entry in (*ledger["elements"], *ledger["fields"]):
        assert entry["read"] == sum(entry[account] for account in ACCOUNTS)
        found = read.setdefault((TAGS.get(entry["kind"], entry["kind"]), entry["label"]), Count())
        if "space" not in entry:
            found.elements += entry["read"]
        elif entry["space"] == "field":
            found.fields[entry["name"]] += entry["read"]
        elif entry["space"] == "attribute":
            found.attributes[entry["name"]] += entry["read"]
    for key, wanted in counts.items():
        if key[0] == "points" and "/" in key[1]:
            continue
        mine = read.get(key, Count())
        assert (mine.elements, key) == (wanted.elements, key)
        assert key in partial or (repr(mine), key) == (repr(wanted), key)
