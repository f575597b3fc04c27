"""Conditions joined: all, any, not; what is known without data is decided at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapper.cvat.model import Image, Shape


@dataclass(frozen=True, slots=True)
class Every:
    """All conditions hold."""

    conditions: tuple[Any, ...]

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether every condition holds."""
        return all(condition(shape, image) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Some:
    """At least one condition holds."""

    conditions: tuple[Any, ...]

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether some condition holds."""
        return any(condition(shape, image) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Any

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the condition fails."""
        return not self.condition(shape, image)


def every(parts: list[Any]) -> Any:
    """All of them: what is known to hold falls away, what is known not to decides."""
    if any(part is False for part in parts):
        return False
    open_parts = tuple(part for part in parts if part is not True)
    if len(open_parts) == 1:
        return open_parts[0]
    return Every(open_parts) if open_parts else True


def some(parts: list[Any]) -> Any:
    """One of them: what is known not to hold falls away, what is known to decides."""
    if any(part is True for part in parts):
        return True
    open_parts = tuple(part for part in parts if part is not False)
    if len(open_parts) == 1:
        return open_parts[0]
    return Some(open_parts) if open_parts else False


def negated(part: Any) -> Any:
    """Not this."""
    return (not part) if isinstance(part, bool) else Not(part)
