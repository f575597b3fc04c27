"""From pydantic's errors to places in the spec's text, and to messages that speak of the spec.

pydantic's locations hold names that are not in the document: the tag of a tagged union, the type of a plain one. They
are told apart by walking the model's annotations along; where those do not help, by what the document holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.findings.spec import MissingKey, UnknownKey, WrongChoice, WrongValue
from mapper.spec import model_types
from mapper.spec.model_types import Node
from mapper.spec.suggest import near
from mapper.spec.wording import described, either, got, limit, replacement, shown, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located, Pointer

Loc = tuple[str | int, ...]

_KEY_MARK = "[key]"
"""What pydantic appends to the location of an error about a key of a mapping."""
_AT_PARENT = ("missing", "extra_forbidden")
"""Error types whose location ends in a key of the place that they are about."""
_KIND_TYPES = ("literal_error", "enum", "none_required", "union", "union_tag_not_found")
"""Error types besides ``…_type`` that say: the value is of another kind than this."""
_SHORT = 60
_MOST = 5000
"""How many of pydantic's errors are looked at: more than are ever shown."""


class Walk(NamedTuple):
    """A location resolved: the keys that the document holds, and what may stand there.

    ``node`` is None if that is not known; ``choice`` is the union that it was chosen from, if it was. ``unions`` are
    the indices in the location of the items that name a member of a plain union.
    """

    pointer: Pointer
    node: Node | None
    choice: Node | None
    unions: tuple[int, ...]


class _Problem(NamedTuple):
    """One of pydantic's errors, walked; a plain union that no member fits gives one with the type "union".

    ``value`` is what was validated, which differs from the text's where a parameter was filled in.
    """

    type: str
    loc: Loc
    message: str
    context: dict[str, Any]
    value: Any
    walk: Walk


def locate(located: Located, loc: Loc, model: type[BaseModel] | None = None) -> Pointer:
    """The pointer of a pydantic location: its items without union tags, type names and keys that are missing.

    Without a model, every item that the document holds at that point is taken as a step; a tag that equals a key on its
    level is then taken for the key. With the model the walk is exact.
    """
    return _walk(located.value, loc, None if model is None else model_types.unwrap(model)).pointer


def findings_from(error: ValidationError, located: Located, model: type[BaseModel]) -> list[tuple[Issue, Location]]:
    """Each of pydantic's errors as an issue with its place, in the order of the text.

    The errors of the members of a plain union become one: that of the member whose kind of value was given, or one that
    names them all. ``model`` is what the document was validated against, ``located.value`` being its data.
    """
    start = model_types.unwrap(model)
    problems = []
    for raw in _some(error.errors(include_url=False)):
        loc = raw["loc"]
        walk = _walk(located.value, loc[:-1] if raw["type"] in _AT_PARENT else loc, start)
        problems.append(_Problem(raw["type"], loc, raw["msg"], raw.get("ctx", {}), raw["input"], walk))
    found = dict.fromkeys(_findings(_settled(problems, located, start), located))
    return sorted(found, key=lambda finding: (finding[1], finding[0].code, finding[0].message()))


def _some(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The first errors, if there are too many to look at; the entry of a list that is cut through is left out."""
    if len(errors) <= _MOST:
        return errors
    cut = errors[_MOST]["loc"][:2]
    return [error for error in errors[:_MOST] if error["loc"][:2] != cut] or errors[:_MOST]


def _walk(document: Any, loc: Loc, node: Node | None) -> Walk:
    here = document
    pointer: list[str | int] = []
    unions: list[int] = []
    choice: Node | None = None
    for index, item in enumerate(loc):
        if node is not None and model_types.is_union(node):
            choice = node
            if node.discriminator is None:
                unions.append(index)
            node = model_types.pick(node, item)
        elif item != _KEY_MARK:
            choice = None
            node = None if node is None else model_types.child(node, item)
            if _holds(here, item):
                pointer.append(item)
                here = here[item]
    return Walk(tuple(pointer), node, choice, tuple(unions))


def _holds(value: Any, item: str | int) -> bool:
    if isinstance(item, str):
        return isinstance(value, dict) and item in value
    return isinstance(value, list) and item < len(value)


def _settled(problems: list[_Problem], located: Located, start: Node, level: int = 0) -> list[_Problem]:
    """Merge the errors that the members of each plain union gave; ``level`` unions are settled already."""
    settled: list[_Problem] = []
    unions: dict[Loc, dict[str | int, list[_Problem]]] = {}
    for problem in problems:
        if len(problem.walk.unions) <= level:
            settled.append(problem)
            continue
        at = problem.walk.unions[level]
        unions.setdefault(problem.loc[:at], {}).setdefault(problem.loc[at], []).append(problem)
    for loc, by_member in unions.items():
        walk = _walk(located.value, loc, start)
        refusing = [one for group in by_member.values() for one in group if _refuses(one, len(loc))]
        fitting = [group for group in by_member.values() if not any(_refuses(one, len(loc)) for one in group)]
        if fitting and not (refusing and _is_near_a_word(refusing[0].value, walk.node)):
            settled += _settled(min(fitting, key=len), located, start, level + 1)
        else:
            settled.append(_Problem("union", loc, "", {}, refusing[0].value, walk))
    return settled


def _refuses(problem: _Problem, depth: int) -> bool:
    """Whether a member of a union says that the value is not of its kind at all."""
    return len(problem.loc) == depth + 1 and _is_kind(problem.type)


def _is_near_a_word(value: Any, node: Node | None) -> bool:
    return isinstance(value, str) and node is not None and near(value, model_types.words(node)) != ""


def _is_kind(error_type: str) -> bool:
    return error_type.endswith("_type") or error_type in _KIND_TYPES


def _findings(problems: list[_Problem], located: Located) -> Iterator[tuple[Issue, Location]]:
    """One finding for each problem, but one for all keys that a mapping lacks; a mistyped key is not missing, too."""
    missing: dict[Pointer, list[_Problem]] = {}
    mistyped: set[tuple[Pointer, str]] = set()
    for problem in problems:
        if problem.type == "missing" and isinstance(problem.loc[-1], str):
            missing.setdefault(problem.walk.pointer, []).append(problem)
            continue
        issue, place = _finding(problem, located)
        if isinstance(issue, UnknownKey):
            mistyped.add((problem.walk.pointer, issue.suggestion))
        yield issue, place
    for pointer, group in missing.items():
        keys = dict.fromkeys(str(problem.loc[-1]) for problem in group)
        if lacking := [key for key in keys if (pointer, key) not in mistyped]:
            noun = "key" if len(lacking) == 1 else "keys"
            yield MissingKey(key=", ".join(lacking), where=_prefix(group[0].walk), noun=noun), located.key_place(pointer)


def _finding(problem: _Problem, located: Located) -> tuple[Issue, Location]:
    pointer = problem.walk.pointer
    if problem.type == "extra_forbidden":
        key = str(problem.loc[-1])
        return _unknown_key(key, problem.walk), located.key_place((*pointer, key))
    if problem.type == "union_tag_invalid":
        return _wrong_choice(problem, located)
    if problem.type == "union_tag_not_found" and isinstance(problem.value, dict):
        return _no_choice(problem, located)
    return _wrong_value(problem, located)


def _prefix(walk: Walk) -> str:
    return f"{where(walk.pointer)}: " if walk.pointer else ""


def _unknown_key(key: str, walk: Walk) -> Issue:
    allowed = model_types.fields(walk.node) if walk.node else {}
    if walk.node and walk.choice and (elsewhere := _elsewhere(key, walk.node, walk.choice)):
        return UnknownKey(key=key, elsewhere=elsewhere, allowed=", ".join(allowed))
    return UnknownKey(key=key, suggestion=near(key, allowed), allowed=", ".join(allowed))


def _elsewhere(key: str, chosen: Node, union: Node) -> str:
    """The other variants of a union that have the key, in words; "" if none has."""
    variants = [member for member in model_types.members(union) if key in model_types.fields(member)]
    if not variants or union.discriminator is None:
        return ""
    if discriminator := model_types.discriminator_key(union):
        return either(f"`{discriminator}: {tag}`" for member in variants for tag in model_types.tags(union, member))
    own = [name for name in _telling(union) if name in model_types.required(chosen)]
    return f"an entry without `{own[0]}`" if own else ""


def _telling(union: Node) -> list[str]:
    """The keys that some variant of a union requires and another does not."""
    needs = [model_types.required(member) for member in model_types.members(union)]
    names = dict.fromkeys(name for required in needs for name in required)
    return [name for name in names if any(name not in required for required in needs)]


def _wrong_choice(problem: _Problem, located: Located) -> tuple[Issue, Location]:
    walk = problem.walk
    union = walk.node or Node(None)
    key = model_types.discriminator_key(union)
    tags = [tag for member in model_types.members(union) for tag in model_types.tags(union, member)]
    value = problem.value[key] if key and _holds(problem.value, key) else problem.context.get("tag")
    issue = WrongChoice(
        key=key or where(walk.pointer),
        value=shown(value),
        choices=", ".join(tags),
        suggestion=near(str(value), [tag for tag in tags if tag]),
    )
    return issue, located.place((*walk.pointer, key))


def _no_choice(problem: _Problem, located: Located) -> tuple[Issue, Location]:
    """No discriminator: its key is missing or mistyped, or all keys by which a function tells the variants apart."""
    pointer, union = problem.walk.pointer, problem.walk.node or Node(None)
    key = model_types.discriminator_key(union)
    fields = {name for member in model_types.members(union) for name in model_types.fields(member)}
    for name in problem.value:
        if key and name not in fields and near(name, [key]):
            return UnknownKey(key=name, suggestion=key), located.key_place((*pointer, name))
    key = key or either(_telling(union) or ["that tells the variants apart"])
    return MissingKey(key=key, where=_prefix(problem.walk)), located.key_place(pointer)


def _wrong_value(problem: _Problem, located: Located) -> tuple[Issue, Location]:
    pointer, value, node = problem.walk.pointer, problem.value, problem.walk.node
    place, subject = located.place(pointer), where(pointer)
    if problem.loc and problem.loc[-1] == _KEY_MARK:
        place, node = located.key_place(pointer), None
        subject = f"the key {shown(value)}"
    expected = _expected(problem, node)
    if not expected:
        error = problem.context.get("error")
        return WrongValue(what=f"{subject}: {problem.message if error is None else error}"), place
    suggestion = ""
    if node is not None and _is_kind(problem.type):
        suggestion = replacement(node, value, _source(located, pointer, value))
    return WrongValue(what=f"{subject}: expected {expected}, got {got(value)}", expected=expected, suggestion=suggestion), place


def _expected(problem: _Problem, node: Node | None) -> str:
    """What should stand there; "" if the error says it in its own words."""
    if text := limit(problem.type, problem.context):
        return text
    if node is not None and (_is_kind(problem.type) or problem.type in _AT_PARENT):
        return described(node)
    words = problem.message.removeprefix("Input should be ")
    return "" if words == problem.message else words


def _source(located: Located, pointer: Pointer, value: Any) -> str:
    """A single value as the spec spells it, if it stands on one line and is short."""
    if isinstance(value, list | dict):
        return ""
    home, at = located.home(pointer)
    span = home.values.get(at)
    if span is None or span.line != span.end_line or span.end_column - span.column > _SHORT:
        return ""
    return home.lines[span.line - 1][span.column - 1 : span.end_column - 1]
