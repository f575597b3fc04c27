"""Joins a spec with all that it extends: the child stands first and wins, and every part keeps its place.

The documents are taken each once, parents after all of their children, in the order of the entries under ``extends``.
From the last to the first, each is laid over what is there:

* ``rules``: its ``disable`` takes inherited rules out; a rule whose id is inherited replaces that one where it stands;
  all others stand before the inherited ones, in their order.
* ``tests`` by name, as rules; an inherited test that expects a disabled rule goes with it. ``attributes`` stand before.
* ``policy`` and ``policy.fields`` entry by entry, ``lookups`` by name, ``source``, ``target`` and ``media`` key by key.
* ``parameters``: an inherited one takes a new ``default`` or ``description``, nothing else.
* everything else (``metadata``, ``requires``) is the child's alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mapper.findings.spec_meaning.extending import ParameterRedeclared, ParentsDisagree, UnknownDisabled
from mapper.findings.spec_meaning.loading import UnknownParameter
from mapper.spec.located import Located, Origin
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.findings.base import Issue, Location
    from mapper.spec.documents import Document
    from mapper.spec.located import Pointer

Found = tuple["Issue", "Location | None"]

OWN = frozenset({"extends", "disable"})
"""Keys that are used up by the merge."""
TABLES = frozenset({"policy", "lookups", "source", "target", "media", "parameters"})
NESTED = {"policy": ("fields",)}
"""Entries of tables that are tables themselves; those of ``parameters`` all are."""
LISTS = {"rules": "id", "tests": "name", "attributes": None}
"""Lists and the key by which an entry replaces an inherited one."""
SETTABLE = frozenset({"default", "description"})


@dataclass(slots=True, eq=False)
class _Entry:
    """A part that is in force, and the document that says it."""

    document: Document
    pointer: Pointer

    @property
    def value(self) -> Any:
        value: Any = self.document.value
        for key in self.pointer:
            value = value[key]
        return value

    def origin(self) -> Origin:
        return Origin(self.document.located, self.pointer)


@dataclass(slots=True)
class _State:
    root: Document
    leaves: dict[Pointer, _Entry] = field(default_factory=dict)
    lists: dict[str, list[_Entry]] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    disputes: dict[Pointer, tuple[Document, Document]] = field(default_factory=dict)

    def lay(self, document: Document) -> None:
        """Put a document over what is there."""
        elders = document.family()[1:]
        for key, value in document.value.items():
            if key in OWN:
                continue
            if key in LISTS and isinstance(value, list):
                continue
            if key in TABLES and isinstance(value, dict):
                for pointer in _leaves(key, value):
                    self._set(pointer, document, elders)
            else:
                self._set((key,), document, elders)
        self._lists(document, elders)

    def _set(self, pointer: Pointer, document: Document, elders: list[Document]) -> None:
        entry = _Entry(document, pointer)
        before = self.leaves.get(pointer)
        if pointer[0] == "parameters" and len(pointer) == 3 and not self._may_set(pointer, document, before):  # noqa: PLR2004 - parameters, name, key
            return
        for other in [other for other in self.leaves if other != pointer and _overlap(other, pointer)]:
            del self.leaves[other]
        if before is not None and len(pointer) > 1:
            self._dispute(pointer, before, entry, elders)
        self.leaves[pointer] = entry

    def _may_set(self, pointer: Pointer, document: Document, before: _Entry | None) -> bool:
        """Whether a key of a parameter may be given here; what may not is reported."""
        _, name, key = pointer
        declared = [other for other in self.leaves if other[:2] == pointer[:2] and other[-1] in {"type", "choices"}]
        owners = {id(self.leaves[other].document): self.leaves[other].document for other in declared}
        owners.pop(id(document), None)
        if key in {"type", "choices"} and owners and not (before is not None and before.value == _Entry(document, pointer).value):
            owner = next(iter(owners.values()))
            issue = ParameterRedeclared(str(name), owner.source.title)
            self.found.append((issue, document.located.key_place(pointer)))
            return False
        return True

    def _dispute(self, pointer: Pointer, before: _Entry, entry: _Entry, elders: list[Document]) -> None:
        """Note that strangers differ; whoever extends both settles it."""
        if before.document in elders:
            if pointer in self.disputes and all(one in elders for one in self.disputes[pointer]):
                del self.disputes[pointer]
        elif before.value != entry.value:
            self.disputes[pointer] = (entry.document, before.document)

    def _lists(self, document: Document, elders: list[Document]) -> None:
        disabled = self._disabled(document, elders)
        for key, name in LISTS.items():
            inherited = self.lists.get(key, [])
            if key == "rules":
                inherited = [entry for entry in inherited if _name(entry, "id") not in disabled]
            value = document.value.get(key)
            given = value if isinstance(value, list) else []
            own = [_Entry(document, (key, index)) for index in range(len(given))]
            if name is not None:
                own = self._replace(own, inherited, key, name, elders)
            self.lists[key] = own + inherited
        for rule in disabled:
            self.disputes.pop(("rules", str(rule)), None)
        alive = {_name(entry, "id") for entry in self.lists.get("rules", [])}
        gone = disabled - alive
        if gone and "tests" in self.lists:
            kept = [entry for entry in self.lists["tests"] if entry.document is document or not gone & _expected(entry.value)]
            self.lists["tests"] = kept

    def _replace(self, own: list[_Entry], inherited: list[_Entry], key: str, name: str, elders: list[Document]) -> list[_Entry]:
        """Put each entry whose name is inherited in the other's place; the entries that are new."""
        places = {known: index for index, entry in enumerate(inherited) if (known := _name(entry, name)) is not None}
        new: list[_Entry] = []
        for entry in own:
            known = _name(entry, name)
            index = places.pop(known, None) if known is not None else None
            if index is None:
                new.append(entry)
                continue
            self._dispute((key, str(known)), inherited[index], entry, elders)
            inherited[index] = entry
        return new

    def _disabled(self, document: Document, elders: list[Document]) -> set[str | None]:
        listed = list(document.head.disable) if document.head else []
        known = _alive(elders)
        for index, rule in enumerate(listed):
            if rule not in known:
                issue = UnknownDisabled(rule, near(rule, sorted(known)))
                self.found.append((issue, document.located.place(("disable", index))))
        return set(listed)


def _leaves(key: str, value: dict[str, Any]) -> Iterator[Pointer]:
    """The entries of a table that are decided one by one."""
    for name, inner in value.items():
        if isinstance(inner, dict) and inner and (key == "parameters" or name in NESTED.get(key, ())):
            yield from ((key, name, deep) for deep in inner)
        else:
            yield (key, name)


def _overlap(one: Pointer, other: Pointer) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _name(entry: _Entry, key: str) -> str | None:
    value = entry.value
    name = value.get(key) if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


def _alive(elders: list[Document]) -> set[str]:
    """The ids of the rules that documents have together."""
    alive: set[str] = set()
    for document in reversed(elders):
        alive -= set(document.head.disable) if document.head else set()
        alive |= _words(document.value.get("rules"), "id")
    return alive


def _expected(test: Any) -> set[str]:
    """The ids of the rules that a test expects."""
    return _words(test.get("expect"), "rule") if isinstance(test, dict) else set()


def _words(items: Any, key: str) -> set[str]:
    """The texts that the entries of a list have under a key, whatever else they are."""
    entries = items if isinstance(items, list) else []
    return {item[key] for item in entries if isinstance(item, dict) and isinstance(item.get(key), str)}


def merge(root: Document) -> tuple[Located, list[Found]]:
    """The merged document, in which every part knows its origin, and what is wrong with the merge itself."""
    state = _State(root)
    family = root.family()
    for document in reversed(family):
        state.lay(document)
    state.found += _undeclared(state)
    for pointer, (first, second) in state.disputes.items():
        what = f"the {pointer[0][:-1]} {pointer[1]!r}" if pointer[0] in LISTS else f"`{'.'.join(map(str, pointer))}`"
        issue = ParentsDisagree(what, first.source.title, second.source.title)
        state.found.append((issue, root.located.key_place(("extends",))))
    value, origins = _built(state)
    return replace(root.located, value=value, origins=origins, parents=tuple(one.located for one in family[1:])), state.found


def _undeclared(state: _State) -> Iterator[Found]:
    """Parameters that are set and nowhere declared: a name was mistyped, or the parent has dropped it."""
    names = dict.fromkeys(str(pointer[1]) for pointer in state.leaves if pointer[0] == "parameters" and len(pointer) > 1)
    declared = [name for name in names if {("parameters", name, "type"), ("parameters", name, "choices")} & state.leaves.keys()]
    for name in names:
        mentions = [entry for pointer, entry in state.leaves.items() if pointer[:2] == ("parameters", name)]
        keys = {pointer[2] for pointer in state.leaves if pointer[:2] == ("parameters", name) and len(pointer) > len(("parameters", name))}
        if name not in declared and keys and keys <= SETTABLE and mentions[0].document.parents:
            yield UnknownParameter(name, near(name, declared)), mentions[0].document.located.key_place(("parameters", name))


def _built(state: _State) -> tuple[dict[str, Any], dict[Pointer, Origin]]:
    """The value, its keys in the order of the root, and where each part comes from."""
    origins: dict[Pointer, Origin] = {}
    value: dict[str, Any] = {}
    for document in state.root.family():  # the child's own mention of a table or list is its place
        for key in document.value:
            origins.setdefault((key,), Origin(document.located, (key,)))
            if key in TABLES and isinstance(document.value[key], dict):
                for name in document.value[key]:
                    origins.setdefault((key, name), Origin(document.located, (key, name)))
    for key in dict.fromkeys(key for document in state.root.family() for key in document.value if key not in OWN):
        if (key,) in state.leaves:
            value[key] = state.leaves[key,].value
            origins[key,] = state.leaves[key,].origin()
        elif key in LISTS:
            value[key] = [entry.value for entry in state.lists.get(key, [])]
            origins |= {(key, index): entry.origin() for index, entry in enumerate(state.lists.get(key, []))}
        else:
            value[key] = _table(key, state, origins)
    return value, origins


def _table(key: str, state: _State, origins: dict[Pointer, Origin]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for pointer, entry in state.leaves.items():
        if pointer[0] != key:
            continue
        inner = table
        for step in pointer[1:-1]:
            inner = inner.setdefault(str(step), {})
        inner[str(pointer[-1])] = entry.value
        origins[pointer] = entry.origin()
    return table
