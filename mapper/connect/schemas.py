"""The files of a bundle against their JSON Schemas (draft-07), which stand in ``schemas/``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from mapper.findings.verify import SchemaViolation
from mapper.resources import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = {
    "bundle": "bundle.v1.json",
    "media": "bundle.v1.json",
    "ontology": "ontology.v1.json",
    "label_row": "label-row.v1.json",
    "findings": "findings.v1.json",
    "ledger": "ledger.v1.json",
}
"""The schema of each part; an entry of the media list is the definition ``media`` of the bundle's."""

FIRST = 25
EVERY = 1000

_MOST = 20
_LONGEST = 200


def is_sampled(number: int) -> bool:
    """Whether the schema is held against the n-th of many, from 1: the first 25, then every 1000th. Own checks see all."""
    return number <= FIRST or number % EVERY == 0


@dataclass(slots=True)
class Schemas:
    """Validators, made when they are first needed."""

    validators: dict[str, Any] = field(default_factory=dict)

    def violations(self, part: str, file: str, document: Any) -> Iterator[SchemaViolation]:
        """What of a document does not follow the schema of ``part``, at most 20 places."""
        for number, error in enumerate(self._validator(part).iter_errors(document)):
            if number == _MOST:
                return
            path = "/".join(map(str, error.absolute_path)) or "the top"
            problem = error.message if len(error.message) <= _LONGEST else f"{error.message[:_LONGEST]}…"
            yield SchemaViolation(file=file, path=path, problem=problem)

    def _validator(self, part: str) -> Any:
        from jsonschema import Draft7Validator  # noqa: PLC0415 - 0.1 s to load, and only `verify` needs it

        if part not in self.validators:
            schema = schema_of(part)
            if part == "media":
                schema = {"$ref": "#/definitions/media", "definitions": schema["definitions"]}
            self.validators[part] = Draft7Validator(schema)
        return self.validators[part]


def schema_of(part: str) -> dict[str, Any]:
    """The JSON Schema of a part of the bundle."""
    schema: dict[str, Any] = orjson.loads((data_folder("schemas") / FILES[part]).read_bytes())
    return schema
