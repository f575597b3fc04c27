"""The version of the engine, the single place where it stands, and what ranges such as ``>=1.2,<2`` mean."""

from __future__ import annotations

import re

__version__ = "0.1.0"

DISTRIBUTION = "cvat-encord-mapper"
"""The name under which package installers know mapper."""

COMPARISON = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d{1,9}(?:\.\d{1,9}){0,2})\s*")


def readable(wanted: str) -> bool:
    """Whether a range can be read: comparisons with up to three numbers each, joined by commas."""
    return all(COMPARISON.fullmatch(part) for part in wanted.split(","))


def satisfies(version: str, wanted: str) -> bool:
    """Whether a version lies in a range such as ``>=1.2,<2``; False for a range that cannot be read."""
    have = _numbers(version)
    for part in wanted.split(","):
        found = COMPARISON.fullmatch(part)
        if found is None:
            return False
        limit = _numbers(found[2])
        held = {
            ">=": have >= limit, "<=": have <= limit, ">": have > limit, "<": have < limit, "==": have == limit, "!=": have != limit,
        }[found[1]]  # fmt: skip
        if not held:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version.split("-", maxsplit=1)[0].split("+", maxsplit=1)[0])]
    return tuple([*numbers, 0, 0][:3])
