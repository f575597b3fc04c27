"""Which keys of a node exclude or require one another: what the models check in code, as JSON Schema.

A test compares the two on mutated specs. An optional key with null is refused when a spec is loaded, so here ``required``
means "given".
"""

from __future__ import annotations

from typing import Any

from mapper.geometry.kinds import KINDS
from mapper.spec.cases import GEOMETRY

Schema = dict[str, Any]


def _given(*keys: str) -> Schema:
    return {"required": list(keys)}


def _without(*keys: str) -> Schema:
    return {"not": {"anyOf": [_given(key) for key in keys]}}


def _one_of(*keys: str) -> Schema:
    return {"oneOf": [_given(key) for key in keys]}


def _on_each_frame(key: str) -> Schema:
    return {"required": ["track"], "properties": {"track": {"items": _given(key)}}}


def _is(key: str, values: list[Any]) -> Schema:
    return {"properties": {key: {"enum": values}}, "required": [key]}


_ONE_TABLE: list[Schema] = [
    {"not": _given("options", "lookup")},
    {"if": _is("type", ["text"]), "then": _without("options")},
    {"if": _is("type", ["numeric"]), "then": _without("options", "lookup")},
]
_DECIDED: list[Schema] = [
    {"if": _is("keep", [False]), "then": {"allOf": [_given("reason"), _without("as")]}},
    {"if": _is("keep", [True]), "then": _without("reason")},
]
_HELD: list[Schema] = [
    {"if": _is("keep", [True]), "then": {"required": ["as"], "properties": {"as": _given("to", "type")}}},
]
_SCORED: list[Schema] = [
    {"if": _is("confidence", [True]), "then": _is("keep", [True])},
    {"if": _given("as"), "then": {"properties": {"as": _given("to", "type")}}},
    {"if": _is("keep", [True]), "then": {"anyOf": [_is("confidence", [True]), _given("as")]}},
]

MORE: dict[str, Schema] = {
    "Parameter": _one_of("type", "choices"),
    "OtherField": _one_of("field", "attribute"),
    "Rule": _one_of("emit", "drop", "issue"),
    "EmitItem": _one_of("object", "classification"),
    "ObjectTarget": _one_of("name", "feature_hash"),
    "ClassificationTarget": {
        **_one_of("name", "feature_hash"),
        "allOf": [
            {"if": _is("type", ["radio", "checklist"]), "then": {"allOf": [_given("option"), _without("value")]}},
            {"if": _is("type", ["text", "numeric"]), "then": {"allOf": [_given("value"), _without("option")]}},
        ],
    },
    "AttributeTarget": {"allOf": _ONE_TABLE},
    "AttributeRule": {
        "if": _given("drop"),
        "then": {"required": ["from"], "propertyNames": {"enum": ["from", "drop"]}},
        "else": {
            "required": ["type"],
            **_one_of("to", "feature_hash"),
            "anyOf": [_given("from"), _given("value")],
            "allOf": _ONE_TABLE,
        },
    },
    "FilenameRule": {
        **_one_of("strip", "like", "table", "normal_form", "separators"),
        "dependencies": {"like": ["name"], "name": ["like"]},
    },
    "KeptField": {"allOf": [*_DECIDED, *_HELD]},
    "SourceField": {"allOf": [*_DECIDED, *_HELD]},
    "ScoreField": {"allOf": [*_DECIDED, *_SCORED]},
    "TrackField": {"allOf": _DECIDED},
    "Given": {
        "if": _is("tag", [True]),
        "then": _without("shape", "track"),
        "else": {"required": ["shape"], "properties": {"shape": {"not": {"enum": [kind for kind in KINDS if kind not in GEOMETRY]}}}},
        "allOf": [{"if": _is("shape", [kind]), "then": {"anyOf": [_given(key), _on_each_frame(key)]}} for kind, key in GEOMETRY.items()],
    },
}
"""By the name of the definition."""
