"""Holds a ledger against a naive count of the export that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat.elements import TAGS
from tests.support.independent import Count, count

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = ("kept", "transformed", "split", "merged", "dropped", "refused")


def check_books(ledger: dict[str, Any], source: Path) -> None:
    """The ledger against a naive count: all images and elements, and all fields, attributes and points of what was read in full."""
    counts = count(source)
    pictures = counts.pop(("image", ""), Count()).elements
    assert ledger["images"]["images"] + ledger["images"]["images_refused"] == pictures
    read = _read(ledger)
    unread = ((entry, detail) for entry in ledger["elements"] for detail in entry["details"])
    partial = {(entry["kind"], entry["label"]) for entry, detail in unread if detail.get("code", "").startswith("SRC")}
    for key, wanted in counts.items():
        mine = read.get(key, Count())
        label, slash, _ = key[1].partition("/")
        inner = slash and key[0] == "points"
        assert inner or (mine.elements, key) == (wanted.elements, key)
        if key not in partial and not (inner and ("skeleton", label) in partial):
            assert (repr(mine), key) == (repr(wanted), key)


def _read(ledger: dict[str, Any]) -> dict[tuple[str, str], Count]:
    """What the ledger says was read, in the form of the naive count; the sums of every entry are right."""
    read: dict[tuple[str, str], Count] = {}
    for entry in (*ledger["elements"], *ledger["fields"]):
        assert entry["read"] == sum(entry[account] for account in ACCOUNTS)
        key = TAGS.get(entry["kind"], entry["kind"]), entry["label"]
        space, name = entry.get("space", ""), entry.get("name", "")
        part, dot, flag = name.partition(".")
        if space in {"point", "element"}:
            key = "points", f"{entry['label']}/{part}"
        found = read.setdefault(key, Count())
        if not space or (space == "point" and not dot):
            found.elements += entry["read"]
        elif space in {"field", "point"}:
            found.fields[flag if space == "point" else name] += entry["read"]
        else:
            found.attributes[flag if space == "element" else name] += entry["read"]
    return read
