"""Puts together what the programs over the parts of an export know, as if one program had gone over the whole.

Where that cannot be done exactly, because something in a part depends on a part before it, NotJoined is raised; then one
program has to do it all.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mapper.encord.nodes import ObjectNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapper.encord.nodes import AttributeNode, ClassificationNode, OptionNode
    from mapper.engine.accounts import Verdict
    from mapper.engine.parts import PartCollector, PartState
    from mapper.engine.program import Program


class NotJoined(Exception):  # noqa: N818 - no error: one program can still do it
    """The parts depend on one another; the text says by what."""


class Joiner:
    """Adds part after part, in order, to a program that has declared its labels and seen no data."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._nodes = {node.hash: node for node in program.context.ontology.objects}
        self._classes = {node.root.title: node for node in program.context.ontology.classifications}
        self._titles: list[dict[str, bytes]] = []

    def add(self, state: PartState, findings: PartCollector) -> None:
        """The next part, and what was found in it."""
        if not state.steady:
            raise NotJoined("what earlier shapes brought changes what becomes of later ones")
        self._report(state, findings)
        self._titles.append({node.hash: node.prefix for node in state.objects if node.used})
        if self.program.context.ontology.given is None:
            for node in state.objects:
                self._object(node, state.settled)
            for classification in state.classifications:
                self._classification(classification, state.settled)
        self._count(state)
        self.program.context.waived |= state.waived

    def names(self) -> list[list[tuple[bytes, bytes]]]:
        """For each part: what its objects begin with in its rows, and what they should, where that is something else."""
        return [
            [(before, self._nodes[key].prefix) for key, before in titles.items() if before != self._nodes[key].prefix]
            for titles in self._titles
        ]

    def _report(self, state: PartState, findings: PartCollector) -> None:
        context, ways = self.program.context, self.program.ways
        for pair, found in state.compiled.items():
            if findings.meets(found):
                raise NotJoined("rules and data raise one finding")
            if pair not in ways:
                ways[pair] = []
                context.findings.absorb(found)
        context.findings.absorb(findings)
        for issue, label in findings.once:
            if (issue.what, issue.title) not in context.trimmed:
                context.trimmed.add((issue.what, issue.title))
                context.findings.add(issue, label=label)

    # -- the ontology --------------------------------------------------------------------------------------------

    def _object(self, node: ObjectNode, settled: set[str]) -> None:
        ontology = self.program.context.ontology
        known = self._nodes.get(node.hash)
        listed, node.used = node.listed, False
        if known is None:
            known = self._nodes[node.hash] = node
            node.listed = False
            node.rename(node.base)
            ontology.objects.append(node)
        elif known.template != node.template:
            raise NotJoined("a skeleton is drawn in two ways")
        else:
            _attributes(known.attributes, node.attributes, settled)
        if listed:
            ontology.listed(known)

    def _classification(self, node: ClassificationNode, settled: set[str]) -> None:
        known = self._classes.get(node.root.title)
        if known is None:
            self._classes[node.root.title] = node
            self.program.context.ontology.classifications.append(node)
            return
        if known.root.type != node.root.type:
            raise NotJoined("a classification is of two types")
        known.listed |= node.listed
        known.root.required |= node.root.required
        _options(known.root, node.root, settled)

    # -- the books -----------------------------------------------------------------------------------------------

    def _count(self, state: PartState) -> None:
        ledger, shelf = self.program.ledger, self.program.context.shelf
        for key, theirs in state.ledger.verdicts.items():
            mine = ledger.verdicts.get(key)
            if mine is None:
                mine = ledger.verdict(theirs.kind, theirs.label, theirs.rule, theirs.account, theirs.why, theirs.metric)
            if not state.judged.get(theirs, mine.targets.keys()) >= mine.targets.keys():
                raise NotJoined("a skeleton became something else before")
            mine.add(theirs)
            self._aim(mine, theirs)
            for books, count in theirs.counts.items():
                own = shelf.of(books.accounts)
                mine.counts[own] = mine.counts.get(own, 0) + count
        for point, count in state.ledger.points.counts.items():
            ledger.points.counts[point] = ledger.points.counts.get(point, 0) + count

    def _aim(self, mine: Verdict, theirs: Verdict) -> None:
        """Let a verdict name the targets as they are called in the end."""
        for key, node in theirs.targets.items():
            if isinstance(node, ObjectNode):
                mine.targets.setdefault(key, self._nodes[key])
            else:
                mine.targets.setdefault(key, self._classes[node.root.title])


def _attributes(known: list[AttributeNode], nodes: Iterable[AttributeNode], settled: set[str]) -> None:
    by_title = {node.title: node for node in known}
    for node in nodes:
        mine = by_title.get(node.title)
        if mine is None:
            known.append(node)
            continue
        if (mine.type, mine.dynamic) != (node.type, node.dynamic):
            raise NotJoined("an attribute is of two types")
        # Whether "none of them" is an answer depends on whether there are options, which a part may have seen late.
        if node.type == "checklist" and not node.dynamic and mine.options and node.hash not in settled:
            raise NotJoined("a checklist got its options from data")
        mine.listed |= node.listed
        _options(mine, node, settled)


def _options(known: AttributeNode, node: AttributeNode, settled: set[str]) -> None:
    by_title: dict[str, tuple[int, OptionNode]] = {option.title: (place, option) for place, option in enumerate(known.options)}
    places = []
    for option in node.options:
        place, mine = by_title.get(option.title, (len(known.options), option))
        if mine is option:
            known.add(option)
        else:
            _attributes(mine.attributes, option.attributes, settled)
        places.append(place)
    if node.type == "checklist" and not _rising(places):
        raise NotJoined("the options of a checklist come in two orders")


def _rising(places: Sequence[int]) -> bool:
    return all(first < then for first, then in pairwise(places))
