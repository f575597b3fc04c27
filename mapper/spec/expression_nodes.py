"""The syntax tree of an expression, which evaluates itself. Plain data: it can be compared, pickled and walked.

Nothing is compiled to Python code and there is no sandbox to escape from: a node can read a scope's mappings and call
the functions of `mapper.spec.filters`, and no more. ``evaluate`` raises EvaluationError where the data does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from mapper.spec.filters import FILTERS, TESTS, EvaluationError, MissingError, bounded, calculate, compare, number, text

Scope = Mapping[str, Any]


class Node(Protocol):
    """A part of an expression."""

    def evaluate(self, scope: Scope) -> Any:
        """The value in a scope of nested mappings."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, number, boolean or null that the expression spells out."""

    value: str | int | float | bool | None

    def evaluate(self, scope: Scope) -> Any:  # noqa: ARG002 - the face of every node
        """The value itself."""
        return self.value


@dataclass(frozen=True, slots=True)
class Reference:
    """A name with its parts: ``attributes.type`` is ("attributes", "type"). Parts are keys, never methods."""

    path: tuple[str, ...]

    def evaluate(self, scope: Scope) -> Any:
        """The value under the path; MissingError if there is none."""
        value: Any = scope
        for key in self.path:
            if not isinstance(value, Mapping) or key not in value:
                raise MissingError(".".join(self.path))
            value = value[key]
        if isinstance(value, Mapping):
            raise EvaluationError(f"'{'.'.join(self.path)}' has parts; name one of them")
        return value


@dataclass(frozen=True, slots=True)
class Logic:
    """``left and right``, ``left or right``; the right side is evaluated only if the left does not decide."""

    word: Literal["and", "or"]
    left: Node
    right: Node

    def evaluate(self, scope: Scope) -> Any:
        """The side that decides."""
        left = self.left.evaluate(scope)
        return self.right.evaluate(scope) if bool(left) == (self.word == "and") else left


@dataclass(frozen=True, slots=True)
class Not:
    """``not inner``."""

    inner: Node

    def evaluate(self, scope: Scope) -> bool:
        """The opposite."""
        return not self.inner.evaluate(scope)


@dataclass(frozen=True, slots=True)
class Conditional:
    """``then if condition else otherwise``."""

    condition: Node
    then: Node
    otherwise: Node | None

    def evaluate(self, scope: Scope) -> Any:
        """The branch that is taken; without an else, there may be no value."""
        if self.condition.evaluate(scope):
            return self.then.evaluate(scope)
        if self.otherwise is None:
            raise MissingError
        return self.otherwise.evaluate(scope)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left + right`` and the like, for numbers."""

    sign: str
    left: Node
    right: Node

    def evaluate(self, scope: Scope) -> int | float:
        """The result, at most 1e15 either way."""
        return calculate(self.sign, self.left.evaluate(scope), self.right.evaluate(scope))


@dataclass(frozen=True, slots=True)
class Negation:
    """``-inner``."""

    inner: Node

    def evaluate(self, scope: Scope) -> int | float:
        """The number with the other sign."""
        return -number(self.inner.evaluate(scope))


@dataclass(frozen=True, slots=True)
class Comparison:
    """``first < a <= b``: each value is compared with the next."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def evaluate(self, scope: Scope) -> bool:
        """Whether all comparisons hold; those after the first that fails are not evaluated."""
        left = self.first.evaluate(scope)
        for name, node in self.rest:
            right = node.evaluate(scope)
            if not compare(name, left, right):
                return False
            left = right
        return True


@dataclass(frozen=True, slots=True)
class Joined:
    """``a ~ b ~ c``: the texts of the values, one after the other."""

    parts: tuple[Node, ...]

    def evaluate(self, scope: Scope) -> str:
        """The whole text."""
        return bounded("".join([text(part.evaluate(scope)) for part in self.parts]))


@dataclass(frozen=True, slots=True)
class Listing:
    """``[a, b]`` or ``(a, b)``, for use with ``in``."""

    items: tuple[Node, ...]

    def evaluate(self, scope: Scope) -> list[Any]:
        """The values."""
        return [item.evaluate(scope) for item in self.items]


@dataclass(frozen=True, slots=True)
class Filtered:
    """``inner|name(arguments)``."""

    inner: Node
    name: str
    arguments: tuple[Node, ...]

    def evaluate(self, scope: Scope) -> Any:
        """What the filter gives; ``default`` also stands in for a name without a value."""
        try:
            value = self.inner.evaluate(scope)
        except MissingError:
            if self.name != "default":
                raise
            value = None
        result = FILTERS[self.name].run(value, *(argument.evaluate(scope) for argument in self.arguments))
        return bounded(result) if isinstance(result, str) and self.name != "default" else result


@dataclass(frozen=True, slots=True)
class Tested:
    """``inner is name(arguments)``."""

    inner: Node
    name: str
    arguments: tuple[Node, ...]

    def evaluate(self, scope: Scope) -> bool:
        """Whether the test holds; ``defined`` and ``undefined`` ask whether a name has a value."""
        try:
            value = self.inner.evaluate(scope)
        except MissingError:
            if self.name not in ("defined", "undefined"):
                raise
            return self.name == "undefined"
        return bool(TESTS[self.name].run(value, *(argument.evaluate(scope) for argument in self.arguments)))
