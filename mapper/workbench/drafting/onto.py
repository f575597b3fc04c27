"""Targets of a draft in an ontology that exists: by name and kind, and a decision wherever that leaves a doubt."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from mapper.encord.ontology import load_ontology
from mapper.encord.ontology_json import ontology_problems
from mapper.errors import SourceError
from mapper.spec.suggest import near
from mapper.transforms import SUPPORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.encord.nodes import AttributeNode, ObjectNode
    from mapper.encord.ontology import Ontology
    from mapper.geometry.kinds import Kind

_GAPS = re.compile(r"[\s_-]+")
_MARKS = re.compile(r"\{\{|\}\}|\{%|\{#")


@dataclass(frozen=True, slots=True)
class Onto:
    """An ontology that exists; ``reference`` is its name beside the spec, "" where a spec may not name it.

    ``home`` is the file that the draft is for.
    """

    ontology: Ontology
    reference: str
    home: Path

    def objects(self, name: str, kind: Kind) -> list[ObjectNode]:
        """The objects of a name that a kind can become."""
        return [node for node in self.ontology.objects if plain(node.title) == plain(name) and _can(kind, node)]

    def like(self, name: str, kind: Kind) -> list[ObjectNode]:
        """The objects of the name that is most like another one."""
        nodes = [node for node in self.ontology.objects if _can(kind, node)]
        title = near(name, (node.title for node in nodes))
        return [node for node in nodes if node.title == title]

    def named(self, node: ObjectNode) -> dict[str, str]:
        """How a rule names an object: by its title, or by its hash where the title is not enough."""
        twins = [one for one in self.ontology.objects if (one.title, one.shape) == (node.title, node.shape)]
        return {"name": node.title} if len(twins) == 1 and is_title(node.title) else {"feature_hash": node.hash}

    def holding(self, titles: Iterable[str]) -> AttributeNode | None:
        """The first attribute of any object that has one of the titles."""
        wanted = {plain(title) for title in titles}
        return next((node for owner in self.ontology.objects for node in owner.attributes if plain(node.title) in wanted), None)


def _can(kind: Kind, node: ObjectNode) -> bool:
    return not isinstance(SUPPORT.get((kind, node.shape), ""), str)


def plain(text: str) -> str:
    """A name without what people write in one way or another: case, blanks, underscores, hyphens."""
    return _GAPS.sub(" ", text.strip().casefold())


def is_title(text: str) -> bool:
    """Whether a title can be written in a spec as it is: it is no template, and has no blanks around it."""
    return bool(text) and text == text.strip() and not _MARKS.search(text)


def read_ontology(path: Path, target: Path) -> Onto:
    """The ontology of a file, for a draft that is written to ``target``. Raises SourceError if it is none."""
    try:
        document: Any = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read the ontology {path.as_posix()}: {error}") from error
    if problems := ontology_problems(document):
        raise SourceError(f"the ontology {path.as_posix()} cannot be used: {problems[0].path} {problems[0].text}")
    return Onto(load_ontology(document), _reference(path, target), target)


def _reference(path: Path, target: Path) -> str:
    """The file as the spec may name it: below the spec's own folder, with forward slashes."""
    folder, file = target.parent.resolve(), path.resolve()
    return Path(os.path.relpath(file, folder)).as_posix() if file.is_relative_to(folder) else ""
