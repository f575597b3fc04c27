"""Keys that stand there without a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from mapper.findings.spec_meaning.loading import ValueMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found, Pointer


def missing_values(spec: MappingSpec, located: Located) -> list[Found]:
    """Every optional key with null; null has a meaning only where it must be given, and in value tables."""
    return [(ValueMissing(str(pointer[-1])), located.key_place(pointer)) for pointer in _nulls(spec, ())]


def _nulls(value: Any, pointer: Pointer) -> Iterator[Pointer]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if name in value.model_fields_set:
                inner, at = getattr(value, name), (*pointer, field.alias or name)
                if inner is not None:
                    yield from _nulls(inner, at)
                elif not field.is_required():
                    yield at
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _nulls(inner, (*pointer, index))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _nulls(inner, (*pointer, key))
