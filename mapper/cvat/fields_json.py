"""Values taken out of a JSON object by their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 1e12
"""Coordinates, and all other numbers, are smaller than this by far; beyond it sums of doubles lose the pixel."""


class MismatchError(ValueError):
    """A value is not of the kind that belongs there; the text names its place and that kind."""

    def __init__(self, place: str, wanted: str) -> None:
        super().__init__(f"{place} is not {wanted}")
        self.place = place
        self.wanted = wanted


def text(item: Mapping[str, Any], key: str, default: str = "") -> str:
    """A text; ``default`` if it is missing or null."""
    value = item.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise MismatchError(key, "text")
    return value


def whole(item: Mapping[str, Any], key: str, default: int | None = None) -> int:
    """A whole number of sensible size; ``default`` if it is missing or null, which must be given for that."""
    value = item.get(key, default)
    value = default if value is None else value
    if type(value) is not int or abs(value) > LARGEST:
        raise MismatchError(key, "a whole number")
    return value


def count(item: Mapping[str, Any], key: str, default: int | None = None) -> int:
    """A whole number from 0 on."""
    value = whole(item, key, default)
    if value < 0:
        raise MismatchError(key, "a number from 0 on")
    return value


def flag(item: Mapping[str, Any], key: str) -> bool:
    """True or false; false if it is missing or null."""
    value = item.get(key)
    if value is not None and not isinstance(value, bool):
        raise MismatchError(key, "true or false")
    return bool(value)


def number(item: Mapping[str, Any], key: str) -> float:
    """A number of sensible size; 0 if it is missing or null."""
    value = item.get(key)
    if value is None:
        return 0.0
    if type(value) not in (int, float) or abs(value) > LARGEST:
        raise MismatchError(key, "a number")
    return float(value)


def numbers(item: Mapping[str, Any], key: str) -> list[float]:
    """A list of numbers of sensible size; empty if it is missing or null."""
    values = item.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise MismatchError(key, "a list of numbers")
    for value in values:
        if type(value) not in (int, float) or not -LARGEST < value < LARGEST:
            raise MismatchError(key, "a list of numbers")
    return [float(value) for value in values]


def items(item: Mapping[str, Any], key: str) -> list[Any]:
    """A list; empty if it is missing or null."""
    value = item.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MismatchError(key, "a list")
    return value


def wholes(item: Mapping[str, Any], key: str) -> frozenset[int]:
    """A list of whole numbers; empty if it is missing or null."""
    found = items(item, key)
    if not all(type(value) is int for value in found):
        raise MismatchError(key, "a list of whole numbers")
    return frozenset(found)


def texts(item: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts; empty if it is missing or null."""
    found = items(item, key)
    if not all(isinstance(value, str) for value in found):
        raise MismatchError(key, "a list of texts")
    return tuple(found)


def mapping(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object; empty if it is missing or null."""
    value = item.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MismatchError(key, "an object")
    return value


def objects(item: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects; empty if it is missing or null."""
    found = items(item, key)
    for place, value in enumerate(found):
        if not isinstance(value, dict):
            raise MismatchError(f"{key}[{place}]", "an object")
    return found
