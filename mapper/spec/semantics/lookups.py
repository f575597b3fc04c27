"""Value tables: names that do not exist, tables that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.targets import UnknownLookup, UnusedLookup
from mapper.spec.semantics.walk import attributes
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found


def lookups(spec: MappingSpec, located: Located) -> list[Found]:
    """Unknown tables at the attribute that names them, unused ones where they stand, those of parents left out."""
    found: list[Found] = []
    used: set[str] = set()
    for pointer, _, rule in attributes(spec):
        name = rule.lookup
        if name is None:
            continue
        used.add(name)
        if name not in spec.lookups:
            found.append((UnknownLookup(name, near(name, spec.lookups)), located.place((*pointer, "lookup"))))
    own = [name for name in spec.lookups if located.home(("lookups", name)).document.file == located.file]
    found += [(UnusedLookup(name), located.key_place(("lookups", name))) for name in own if name not in used]
    return found
