"""The published JSON Schemas of what users write: what pydantic checks, said so that editors complete and blame rightly.

``schemas/mapping-spec.v1.json`` is `schema_text()`; a test says when it is stale:
``python -c "from mapper.spec.schema import schema_text; print(schema_text(), end='')" > schemas/mapping-spec.v1.json``.
``schemas/mapping-tests.v1.json`` is `cases_schema_text()` in the same way.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from mapper.spec.cases import CaseFile
from mapper.spec.model import MappingSpec
from mapper.spec.schema_rules import MORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from pydantic_core.core_schema import TaggedUnionSchema

DIALECT = "http://json-schema.org/draft-07/schema#"
"""What the YAML language server reads: draft 7 and below."""
IDENTITY = "urn:cvat-encord-mapper:mapping-spec:v1"
TESTS_IDENTITY = "urn:cvat-encord-mapper:mapping-tests:v1"

PARAMETER = "Parameter_reference"
_REFERENCE = {"$ref": f"#/definitions/{PARAMETER}"}
_PARAMETER_REFERENCE = {
    "type": "object",
    "description": "Stands for the value of a parameter that the spec declares.",
    "properties": {"param": {"type": "string", "description": "Name of the parameter.", "examples": ["boxes_become"]}},
    "required": ["param"],
    "additionalProperties": False,
}
_WITHOUT_PARAMETERS = frozenset({"Parameter", "Requires", "Parent"})
"""Definitions whose values are read before parameters are filled in."""
_NOTES = ("description", "default", "examples")

Schema = dict[str, Any]


class _Generator(GenerateJsonSchema):
    """pydantic writes ``oneOf`` for a tagged union, and validators then blame any branch; ``if`` and ``then`` do not."""

    def tagged_union_schema(self, schema: TaggedUnionSchema) -> Schema:
        """One ``if`` for each tag, and a list of the tags."""
        key = schema["discriminator"]
        if not isinstance(key, str):
            raise TypeError("a tagged union of the spec language has a key that tells its variants apart")
        branches = [
            {"if": {"properties": {key: {"const": tag}}, "required": [key]}, "then": self.generate_inner(choice)}
            for tag, choice in schema["choices"].items()
        ]
        return {
            "type": "object",
            "properties": {key: {"enum": list(schema["choices"]), "description": "Which of the variants."}},
            "required": [key],
            "allOf": branches,
        }


def mapping_spec_schema() -> Schema:
    """The schema, in JSON Schema draft 7.

    It accepts what `MappingSpec` accepts, and ``{param: name}`` wherever a single value stands; what only a whole spec
    can tell (references, reachability, templates) it does not check.
    """
    definitions, root = _made(MappingSpec)
    for name in definitions.keys() - _WITHOUT_PARAMETERS:
        definitions[name] = _with_parameters(definitions[name])
    extending = {"dependencies": {"disable": ["extends"]}, "if": {"required": ["extends"]}, "then": {}, "else": _whole(root, definitions)}
    return _document(IDENTITY, "Mapping spec, version 1", root, {**definitions, PARAMETER: _PARAMETER_REFERENCE}, extending)


def cases_schema() -> Schema:
    """The schema of files of tests that stand beside a spec; they hold no parameters."""
    definitions, root = _made(CaseFile)
    return _document(TESTS_IDENTITY, "Tests of a mapping spec, version 1", root, definitions)


def _made(model: type[BaseModel]) -> tuple[dict[str, Schema], Schema]:
    """The definitions that a model needs, sorted by name, and its own schema."""
    made = model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}", schema_generator=_Generator)
    definitions: dict[str, Schema] = made.pop("$defs", {})
    for name in definitions.keys() & MORE.keys():
        definitions[name] |= MORE[name]
    tidy = {name: _tidy(definitions[name]) for name in sorted(definitions)}
    return {name: _described(schema, tidy) for name, schema in tidy.items()}, _described(_tidy(made), tidy)


def _described(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Give each property the description of what it refers to, which pydantic leaves out where the two are the same."""
    properties = {}
    for key, held in schema.get("properties", {}).items():
        name = held["allOf"][0].get("$ref", "").rpartition("/")[2] if "allOf" in held and "description" not in held else ""
        properties[key] = {"description": definitions[name]["description"], **held} if name else held
    return schema | ({"properties": properties} if properties else {})


def _document(identity: str, title: str, root: Schema, definitions: dict[str, Schema], more: Schema | None = None) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": identity,
        "title": title,
        **{key: root[key] for key in ("description", "type", "properties", "required", "additionalProperties")},
        **(more or {}),
        "definitions": definitions,
    }


def document_schema(model: type[BaseModel], identity: str, title: str) -> Schema:
    """The schema of another kind of document that is written in the same manner, in JSON Schema draft 7."""
    definitions, root = _made(model)
    return _document(identity, title, root, definitions)


def _whole(root: Schema, definitions: dict[str, Schema]) -> Schema:
    """What a spec must hold if it extends no other; taken off the schemas that hold for every spec."""
    root["required"] = [key for key in root["required"] if key not in {"policy", "rules"}]
    del root["properties"]["rules"]["minItems"]
    parameter = {key: definitions["Parameter"].pop(key) for key in ("required", "oneOf")}
    fields = {"required": definitions["Fields"].pop("required")}
    policy = {"required": definitions["Policy"].pop("required"), "properties": {"fields": fields}}
    return {
        "required": ["policy", "rules"],
        "properties": {"policy": policy, "rules": {"minItems": 1}, "parameters": {"additionalProperties": parameter}},
    }


def schema_text() -> str:
    """The schema as the committed file holds it."""
    return json.dumps(mapping_spec_schema(), indent=2, ensure_ascii=False) + "\n"


def cases_schema_text() -> str:
    """The schema of files of tests as the committed file holds it."""
    return json.dumps(cases_schema(), indent=2, ensure_ascii=False) + "\n"


def _inner(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """A schema with those inside it changed; the condition of an ``if`` is left as it is."""
    changed = dict(schema)
    for key, value in schema.items():
        if key in {"properties", "patternProperties"}:
            changed[key] = {name: change(inner) for name, inner in value.items()}
        elif key in {"anyOf", "allOf", "oneOf"}:
            changed[key] = [change(inner) for inner in value]
        elif key in {"items", "additionalProperties", "then", "else"} and isinstance(value, dict):
            changed[key] = change(value)
    return changed


def _tidy(schema: Schema) -> Schema:
    """Take off what says nothing: generated titles, null where a key may be left out, two names for one kind of number."""
    tidy = _inner({key: value for key, value in schema.items() if key != "title"}, _tidy)
    if "default" in tidy and tidy["default"] is None:
        del tidy["default"]
        tidy["anyOf"] = [choice for choice in tidy["anyOf"] if choice != {"type": "null"}]
    if {"type": "number"} in tidy.get("anyOf", ()):
        tidy["anyOf"] = [choice for choice in tidy["anyOf"] if choice != {"type": "integer"}]
    if len(tidy.get("anyOf", ())) == 1:
        tidy |= {key: value for key, value in tidy.pop("anyOf")[0].items() if key not in tidy}
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    if "$ref" in tidy and len(tidy) > 1:  # what stands beside a reference is ignored in draft 7
        tidy["allOf"] = [{"$ref": tidy.pop("$ref")}]
    return {key: tidy[key] for key in (*_NOTES, *tidy) if key in tidy}


def _with_parameters(schema: Schema) -> Schema:
    """Allow a parameter wherever a single value may stand, but for the tags of a union's variants."""
    if "const" in schema:
        return schema
    if _is_single(schema):
        notes = {key: schema[key] for key in _NOTES if key in schema}
        return notes | {"anyOf": [{key: value for key, value in schema.items() if key not in notes}, _REFERENCE]}
    choices = schema.get("anyOf", [])
    if any(_is_single(choice) for choice in choices):
        changed = [choice if _is_single(choice) else _inner(choice, _with_parameters) for choice in choices]
        return schema | {"anyOf": [*changed, _REFERENCE]}
    return _inner(schema, _with_parameters)


def _is_single(schema: Schema) -> bool:
    return schema.get("type") in {"string", "number", "integer", "boolean"} or "enum" in schema or "const" in schema
