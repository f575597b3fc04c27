"""Which ontology each bundle of a batch shall have, and the work that this takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

import orjson

from mapper.batch.settle import Settled, Settling
from mapper.batch.union import Union
from mapper.encord.writers.bundle import PRETTY
from mapper.findings.batch import BundleNotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mapper.batch.order import Row
    from mapper.findings.batch import DrawnDifferently, OntologyConflict

Mode = Literal["shared", "per-export", "given"]


@dataclass(frozen=True, slots=True)
class Target:
    """The JSON text that a bundle's ontology shall be."""

    text: bytes
    sha256: str
    counts: dict[str, int]


def target_of(document: dict[str, Any]) -> Target:
    """The text of a document, as bundles hold it."""
    text = orjson.dumps(document, option=PRETTY)
    counts = {"ontology_objects": len(document["objects"]), "ontology_classifications": len(document["classifications"])}
    return Target(text, sha256(text).hexdigest(), counts)


@dataclass(slots=True)
class Shared:
    """The ontology of all exports that agree, and what was found when it was made."""

    target: Target
    conflicts: dict[str, OntologyConflict] = field(default_factory=dict)
    drawn: tuple[DrawnDifferently, ...] = ()


def share(owns: Iterable[tuple[str, bytes]]) -> Shared:
    """The union over exports, given by name and in that order."""
    union = Union()
    conflicts = {name: conflict for name, own in owns if (conflict := union.add(name, own)) is not None}
    target = target_of(union.document())
    return Shared(target, conflicts, tuple(union.drawn_differently()))


def own_target(own: bytes) -> Target:
    """The ontology that an export has by itself."""
    return target_of(orjson.loads(own)["document"])


def settling(out: str, row: Row, wanted: Target, own: Callable[[], bytes]) -> Settling | None:
    """What there is to do for a bundle; nothing if it has the ontology already."""
    if row.digests["ontology"] == wanted.sha256:
        return None
    return Settling(out=out, ontology=wanted.text, fresh=row.digests["ontology"] == own_target(own()).sha256)


def settled(row: Row, done: Settled, wanted: Target) -> Row:
    """The row of a bundle afterwards."""
    if done.trace:
        return replace(row, status="failed", message=done.problem, trace=done.trace)
    if done.problem:
        return replace(row, status="refused", message=done.problem).with_issue(BundleNotWritten(done.problem))
    return replace(row, digests=row.digests | done.digests, counts=row.counts | wanted.counts)
