"""From Jinja's syntax tree to ours: what is not on the list is refused, with a reason. The only user of jinja2 here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from mapper.spec import expression_nodes as ours
from mapper.spec.expressions import TemplateError
from mapper.spec.filters import FILTERS, NUMBER_LIMIT, TESTS, Function
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

MAX_DEPTH = 50
"""Levels of the syntax tree."""
MAX_BRACKETS = 16
"""Brackets open at once: Jinja's parser takes a dozen Python frames for each."""

_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701 - only its lexer is used; nothing is rendered
_TEXT = re.compile(r"""'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+\"""", re.DOTALL)
_ESCAPE = re.compile(r"""\\(?![\\'"nt])""")
_TOO_DEEP = "the expression is nested too deeply"

_SIGNS: dict[str, str] = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"}
_REFUSED: dict[str, str] = {
    "Call": "calls are not allowed; use a filter, as in `label|upper`",
    "Pow": "powers (**) are not allowed",
    "Mod": "remainders (%) are not allowed",
    "FloorDiv": "whole division (//) is not allowed; use (a / b)|int",
    "Pos": "a sign + is not allowed",
    "Dict": "mappings are not allowed",
    "Slice": "slices are not allowed",
}


class Parsed(NamedTuple):
    """An expression and the names that it uses, with their parts."""

    node: ours.Node
    names: frozenset[str]


class _RefusedError(Exception):
    def __init__(self, message: str, word: str = "", suggestion: str = "") -> None:
        super().__init__(message)
        self.word = word
        self.suggestion = suggestion


def parse_expression(source: str, offset: int, allowed: Collection[str]) -> Parsed | TemplateError:
    """The expression in a hole; ``offset`` is where ``source`` begins in the template."""
    builder = _Builder(allowed)
    try:
        node = builder.build(_syntax_tree(source), 0)
    except _RefusedError as error:
        found = re.search(rf"\b{re.escape(error.word)}\b", source) if error.word else None
        return TemplateError(str(error), offset + (found.start() if found else 0), error.suggestion)
    return Parsed(node, frozenset(builder.names))


def _syntax_tree(source: str) -> Any:
    """Parse an expression, never a template: text that closes the hole and opens another is an error."""
    if not source.strip():
        raise _RefusedError("the hole is empty")
    if source[0] in "-+":
        raise _RefusedError(f"'{{{{{source[0]}' is not supported; write a space after '{{{{'")
    _check_text(source)
    try:
        parser = Parser(_ENVIRONMENT, source, state="variable")
        tree = parser.parse_expression()
    except TemplateSyntaxError as error:
        raise _RefusedError(f"the expression cannot be read: {error.message}") from None
    except RecursionError:  # chains of `-` or `not`: the builder would refuse them by their depth
        raise _RefusedError(_TOO_DEEP) from None
    if not parser.stream.eos:
        raise _RefusedError(f"the expression goes on after its end: unexpected '{parser.stream.current.value}'")
    return tree


def _check_text(source: str) -> None:
    """Bounds that do not depend on how much of Python's stack is used up, and on no version's escape sequences."""
    if _ESCAPE.search(source.replace("\\\\", "")):
        raise _RefusedError(r"in a quoted text, a backslash stands only before \ ' \" n t")
    open_brackets = deepest = 0
    for character in _TEXT.sub("", source):
        open_brackets += (character in "([{") - (character in ")]}")
        deepest = max(deepest, open_brackets)
    if deepest > MAX_BRACKETS:
        raise _RefusedError(_TOO_DEEP)


class _Builder:
    """Takes over the nodes that are allowed, and collects names."""

    def __init__(self, allowed: Collection[str]) -> None:
        self.names: dict[str, None] = {}
        self._allowed = sorted(allowed)
        self._known = [tuple(name.split(".")) for name in self._allowed]
        self._builders: dict[str, Callable[[Any, int], ours.Node]] = {
            "Const": self._constant,
            "Name": self._reference,
            "Getattr": self._reference,
            "Getitem": self._reference,
            "Compare": self._comparison,
            "CondExpr": self._conditional,
            "Filter": self._filter,
            "Test": self._test,
            "And": lambda node, depth: ours.Logic("and", *self._sides(node, depth)),
            "Or": lambda node, depth: ours.Logic("or", *self._sides(node, depth)),
            "Not": lambda node, depth: ours.Not(self.build(node.node, depth)),
            "Neg": lambda node, depth: ours.Negation(self.build(node.node, depth)),
            "Concat": lambda node, depth: ours.Joined(self._all(node.nodes, depth)),
            "List": lambda node, depth: ours.Listing(self._all(node.items, depth)),
            "Tuple": lambda node, depth: ours.Listing(self._all(node.items, depth)),
        }

    def build(self, node: Any, depth: int) -> ours.Node:
        """Our node for one of Jinja's."""
        kind = type(node).__name__
        if depth > MAX_DEPTH:
            raise _RefusedError(_TOO_DEEP)
        if kind in _SIGNS:
            return ours.Arithmetic(_SIGNS[kind], *self._sides(node, depth + 1))
        if kind not in self._builders:
            raise _RefusedError(_REFUSED.get(kind, f"this is not allowed in an expression: {kind.lower()}"))
        return self._builders[kind](node, depth + 1)

    def _sides(self, node: nodes.BinExpr, depth: int) -> tuple[ours.Node, ours.Node]:
        return self.build(node.left, depth), self.build(node.right, depth)

    def _all(self, items: list[nodes.Expr], depth: int) -> tuple[ours.Node, ...]:
        return tuple(self.build(item, depth) for item in items)

    def _constant(self, node: nodes.Const, _depth: int) -> ours.Node:
        value = node.value
        if isinstance(value, int | float) and not -NUMBER_LIMIT <= value <= NUMBER_LIMIT:
            raise _RefusedError("a number is not finite or exceeds 1e15")
        return ours.Constant(value)

    def _reference(self, node: Any, _depth: int) -> ours.Node:
        """A name with its parts; what follows a dot or stands in brackets is a key, never a method or index."""
        path: list[str] = []
        while not isinstance(node, nodes.Name):
            if isinstance(node, nodes.Getattr):
                path.append(node.attr)
            elif not isinstance(node, nodes.Getitem):
                raise _RefusedError("only names have parts")
            elif isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                path.append(node.arg.value)
            else:
                raise _RefusedError("what stands in brackets after a name is a quoted text: attributes['any name']")
            node = node.node
        path.append(node.name)
        names = tuple(reversed(path))
        self._check_known(names)
        self.names[".".join(names)] = None
        return ours.Reference(names)

    def _check_known(self, path: tuple[str, ...]) -> None:
        if any(len(known) == len(path) and all(map(_fits, known, path)) for known in self._known):
            return
        name = ".".join(path)
        for known, entry in zip(self._known, self._allowed, strict=True):
            if len(known) > len(path) and known[: len(path)] == path:
                raise _RefusedError(f"'{name}' has parts; name one of them, such as {entry.replace('*', 'x')}", path[0])
        if any(len(known) < len(path) and all(map(_fits, known, path)) for known in self._known):
            hint = f"; use a filter: {'.'.join(path[:-1])}|{path[-1]}" if path[-1] in FILTERS else ""
            raise _RefusedError(f"'{name}' does not exist: '{'.'.join(path[:-1])}' has no parts{hint}", path[0])
        candidates = [entry.replace("*", path[-1]) if len(path) > 1 else entry for entry in self._allowed]
        suggestion = near(name, candidates)
        ending = f"; did you mean '{suggestion}'?" if suggestion else f"; known: {', '.join(self._allowed)}"
        raise _RefusedError(f"unknown name '{name}'{ending}", path[0], suggestion)

    def _comparison(self, node: nodes.Compare, depth: int) -> ours.Node:
        rest = tuple((operand.op, self.build(operand.expr, depth)) for operand in node.ops)
        return ours.Comparison(self.build(node.expr, depth), rest)

    def _conditional(self, node: nodes.CondExpr, depth: int) -> ours.Node:
        otherwise = None if node.expr2 is None else self.build(node.expr2, depth)
        return ours.Conditional(self.build(node.test, depth), self.build(node.expr1, depth), otherwise)

    def _filter(self, node: nodes.Filter, depth: int) -> ours.Node:
        arguments = self._arguments(node, FILTERS, "filter", depth)
        inner = node.node
        if inner is None:
            raise _RefusedError("a filter stands after a value")
        return ours.Filtered(self.build(inner, depth), node.name, arguments)

    def _test(self, node: nodes.Test, depth: int) -> ours.Node:
        arguments = self._arguments(node, TESTS, "test", depth)
        return ours.Tested(self.build(node.node, depth), node.name, arguments)

    def _arguments(self, node: nodes.Filter | nodes.Test, table: Mapping[str, Function], what: str, depth: int) -> tuple[ours.Node, ...]:
        name = node.name
        function = table.get(name)
        if function is None:
            suggestion = near(name, table)
            ending = f"; did you mean '{suggestion}'?" if suggestion else f"; known: {', '.join(table)}"
            raise _RefusedError(f"unknown {what} '{name}'{ending}", name, suggestion)
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise _RefusedError(f"the {what} '{name}' takes its values by position", name)
        if not function.least <= len(node.args) <= function.most:
            counts = f"{function.least}" if function.least == function.most else f"{function.least} to {function.most}"
            raise _RefusedError(f"the {what} '{name}' takes {counts} values, not {len(node.args)}", name)
        return self._all(node.args, depth)


def _fits(known: str, given: str) -> bool:
    return known in ("*", given)
