"""Parameters that are declared and not used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.findings.spec_meaning.loading import UnusedParameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found


def unused_parameters(spec: MappingSpec, located: Located) -> list[Found]:
    """Each parameter that no ``{param: name}`` stands for; the text says so, since the model has the values filled in.

    A parameter of a parent may go unused where a child replaces the rule that used it, unless the child sets it.
    """
    used = {name for key, value in located.value.items() if key != "parameters" for name in _used(value)}
    own = [name for name in spec.parameters if located.home(("parameters", name)).document.file == located.file]
    return [(UnusedParameter(name), located.key_place(("parameters", name))) for name in own if name not in used]


def _used(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"param"} and isinstance(value["param"], str):
            yield value["param"]
        for inner in value.values():
            yield from _used(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _used(inner)
