"""How specs that extend one another are joined, against a small model of it that knows nothing of the code."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.spec.load import read_spec
from tests.support import specs

IDS = ("ant", "bee", "cat", "dog", "eel")


class Document(NamedTuple):
    """A spec: the numbers of its parents (all greater than its own), the ids of its rules, what it disables."""

    parents: tuple[int, ...]
    rules: tuple[str, ...]
    disable: tuple[str, ...]


Rule = tuple[str, int]
"""An id, and the number of the document whose rule it is."""


def order(documents: list[Document], number: int) -> list[int]:
    """A document and all above it, each once: where it is met last."""
    met = [number, *(one for parent in documents[number].parents for one in order(documents, parent))]
    return [one for position, one in enumerate(met) if one not in met[position + 1 :]]


def joined(documents: list[Document], numbers: list[int]) -> list[Rule]:
    """The rules of documents, laid over one another from the last to the first."""
    rules: list[Rule] = []
    for number in reversed(numbers):
        own = documents[number].rules
        rules = [rule for rule in rules if rule[0] not in documents[number].disable]
        inherited = [name for name, _ in rules]
        rules = [(name, number) for name in own if name not in inherited] + [(name, number if name in own else who) for name, who in rules]
    return rules


@st.composite
def families(draw: st.DrawFn) -> list[Document]:
    """Up to six documents; the first is the child, and every one has a rule at least in the end."""
    count = draw(st.integers(1, 6))
    made: dict[int, Document] = {}
    for number in reversed(range(count)):
        above = list(range(number + 1, count))
        parents = tuple(draw(st.lists(st.sampled_from(above), unique=True, max_size=3))) if above else ()
        rules = tuple(draw(st.lists(st.sampled_from(IDS), unique=True, max_size=4)))
        documents = [made.get(one, Document((), (), ())) for one in range(count)]
        documents[number] = Document(parents, rules, ())
        inherited = sorted({name for name, _ in joined(documents, order(documents, number)[1:])})
        disable = tuple(draw(st.lists(st.sampled_from(inherited), unique=True, max_size=2))) if inherited else ()
        made[number] = Document(parents, rules, disable)
    return [made[number] for number in range(count)]


def write(folder: Path, documents: list[Document]) -> Path:
    """Each document as a file; one without parents says all that a spec must."""
    for number, document in enumerate(documents):
        rules = [specs.rule(specs.thing(name=f"{name} {number}"), name=name, label=name) for name in document.rules]
        made = specs.spec(*rules, name=f"spec{number}")
        if document.parents:
            made["extends"] = [{"source": f"{parent}.json"} for parent in document.parents]
            del made["policy"]
        if document.disable:
            made["disable"] = list(document.disable)
        specs.write(folder, made, f"{number}.json")
    return folder / "0.json"


@settings(max_examples=150)
@given(families())
def test_rules_are_joined_as_the_model_says(documents: list[Document]) -> None:
    """Order, replacement in place, disabling, diamonds: the same rules of the same documents in the same order, each at its place."""
    expected = joined(documents, order(documents, 0))
    with TemporaryDirectory() as folder:
        loaded, found, _ = read_spec(write(Path(folder), documents), {})
    codes = {issue.code for issue, _ in found} - {"SPC292"}
    if not expected:
        assert codes == {"SPC232"}
        return
    assert codes == set()
    assert loaded is not None
    made = [(rule.id, rule.emit[0].object.name) for rule in loaded.spec.rules if rule.emit and rule.emit[0].object]
    assert made == [(name, f"{name} {number}") for name, number in expected]
    places = [loaded.place(("rules", position, "id")) for position in range(len(expected))]
    assert [Path(place.file).stem for place in places] == [str(number) for _, number in expected]


@settings(max_examples=60)
@given(families(), st.sampled_from([*IDS, "fly"]))
def test_disabling_what_is_not_inherited_is_refused(documents: list[Document], name: str) -> None:
    """An id that no parent has is an error, whether it is nobody's, the child's own, or disabled above already."""
    child = documents[0]
    alive = {rule for rule, _ in joined(documents, order(documents, 0)[1:])}
    documents[0] = child._replace(disable=(name,))
    with TemporaryDirectory() as folder:
        _, found, _ = read_spec(write(Path(folder), documents), {})
    assert ("SPC290" in {issue.code for issue, _ in found}) == (name not in alive)
