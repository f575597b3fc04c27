"""What a step from one version of the spec language to the next is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.spec.edits import Edit
    from mapper.spec.located import Located


class Example(NamedTuple):
    """A document before a step and after it, as text; a test runs it."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one version to the next.

    ``edits``: what is to be changed in the text of a document, which is either a spec or a file of tests; the version
    itself is changed for it. ``schema``: the frozen JSON Schema of specs in the version ``before``.
    """

    before: str
    after: str
    summary: str
    edits: Callable[[Located], Sequence[Edit]]
    schema: dict[str, Any]
    examples: tuple[Example, ...]
