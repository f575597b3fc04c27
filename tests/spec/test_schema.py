"""The published JSON Schema: it is fresh, it describes everything, and it agrees with what the loader accepts."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from jsonschema import Draft7Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

import mapper.spec.cases
import mapper.spec.matching
import mapper.spec.media
import mapper.spec.model
import mapper.spec.policy
import mapper.spec.targets
from mapper.resources import data_folder, shipped_packs
from mapper.spec.load import read_spec
from mapper.spec.located import load_located
from mapper.spec.model import MappingSpec
from mapper.spec.node import Node
from mapper.spec.parameters import substitute
from mapper.spec.schema import cases_schema, cases_schema_text, mapping_spec_schema, schema_text
from mapper.spec.semantics.nulls import missing_values
from mapper.transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECS = Path(__file__).parent.parent / "specs"
VALID = [*sorted(path for path in (SPECS / "valid").iterdir() if path.is_file()), *shipped_packs().values()]
STRUCTURAL = sorted(path for code in range(230, 234) for path in (SPECS / "invalid").glob(f"SPC{code}_*.yaml"))
SCHEMA = mapping_spec_schema()
VALIDATOR = Draft7Validator(SCHEMA)

ONLY_WITH_VALUES = {"SPC232_parameter_out_of_range", "SPC230_in_a_parent", "SPC231_partial_policy"}
"""Invalid only once a parameter is filled in or a parent is read, which the schema cannot do."""
Path_ = tuple[Any, ...]
MODELS = [
    value
    for module in (mapper.spec.cases, mapper.spec.matching, mapper.spec.media, mapper.spec.model, mapper.spec.policy, mapper.spec.targets)
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, Node) and value.__module__ == module.__name__
]
FIELDS = [(model, name) for model in (*MODELS, *TRANSFORMS) for name in model.model_fields]


def test_the_committed_schema_is_fresh() -> None:
    """The published file is what the models give."""
    assert (data_folder("schemas") / "mapping-spec.v1.json").read_text() == schema_text()
    assert (data_folder("schemas") / "mapping-tests.v1.json").read_text() == cases_schema_text()


def test_the_schema_is_a_schema() -> None:
    """It is valid in its own dialect, and nothing stands beside a reference, where draft 7 ignores it."""
    Draft7Validator.check_schema(SCHEMA)
    Draft7Validator.check_schema(cases_schema())
    assert [node for node in _mappings(SCHEMA) if isinstance(node.get("$ref"), str) and len(node) > 1] == []


def test_everything_is_described() -> None:
    """Every property and every definition says what it is for."""
    definitions = SCHEMA["definitions"]
    silent = []
    for name, node in [("", SCHEMA), *definitions.items()]:
        for key, schema in node.get("properties", {}).items():
            resolved = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
            if not resolved.get("description"):
                silent.append(f"{name}.{key}")
    assert silent == []


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda item: item if isinstance(item, str) else item.__name__)
def test_every_field_has_a_description_and_an_example(model: type[BaseModel], name: str) -> None:
    """What an editor shows on hover says what the key is for and how it is written; and the example is valid."""
    field = model.model_fields[name]
    described = [field.description, *(getattr(part, "description", None) for part in field.metadata)]
    examples = [*(field.examples or ()), *(example for part in field.metadata for example in getattr(part, "examples", None) or ())]
    assert any(described)
    assert examples
    annotation: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    for example in examples:
        adapter.validate_json(json.dumps(example), strict=True)


@pytest.mark.parametrize("path", sorted(path for pack in shipped_packs().values() for path in pack.parent.glob("*.test.yaml")))
def test_shipped_tests_follow_their_schema(path: Path) -> None:
    """The files of tests of the shipped packs are what their schema says, and name it for editors."""
    assert [error.message for error in Draft7Validator(cases_schema()).iter_errors(load_located(path.read_bytes(), path.name).value)] == []
    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=../../schemas/mapping-tests.v1.json\n")


@pytest.mark.parametrize("path", shipped_packs().values(), ids=lambda path: path.name)
def test_shipped_packs_name_their_schema(path: Path) -> None:
    """An editor finds the schema from the first line."""
    line = path.read_text("utf-8").splitlines()[0]
    assert line == "# yaml-language-server: $schema=../../schemas/mapping-spec.v1.json"
    assert (path.parent / line.partition("=")[2]).resolve() == (data_folder("schemas") / "mapping-spec.v1.json").resolve()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_valid_specs_are_accepted(path: Path) -> None:
    """What the loader accepts, the schema accepts, parameters and all."""
    assert [error.message for error in VALIDATOR.iter_errors(load_located(path.read_bytes(), path.name).value)] == []


@pytest.mark.parametrize("path", [path for path in STRUCTURAL if path.stem not in ONLY_WITH_VALUES], ids=lambda path: path.stem)
def test_structural_mistakes_are_refused_by_both(path: Path) -> None:
    """What the models refuse, the schema refuses."""
    assert read_spec(path, {})[0] is None
    assert not VALIDATOR.is_valid(load_located(path.read_bytes(), path.name).value)


EXTENDING: dict[str, tuple[dict[str, Any], bool]] = {
    "nothing of its own": ({}, True),
    "one decision": ({"policy": {"unmatched": {"severity": "info"}, "fields": {"source": {"keep": False, "reason": "no"}}}}, True),
    "a default": ({"parameters": {"upright_rectangle": {"default": "polygon"}}}, True),
    "a rule less": ({"disable": ["cuboid"], "rules": []}, True),
    "a wrong decision": ({"policy": {"unmatched": {}}}, False),
    "an unknown decision": ({"policy": {"unmached": {"severity": "info"}}}, False),
    "a wrong default": ({"parameters": {"upright_rectangle": {"defualt": "polygon"}}}, False),
    "no parent": ({"extends": []}, False),
    "a parameter for a source": ({"extends": [{"source": {"param": "base"}}]}, False),
}


@pytest.mark.parametrize("case", EXTENDING)
def test_a_spec_that_extends_another_gives_only_what_differs(case: str, tmp_path: Path) -> None:
    """Schema and loader agree on specs that leave to a parent what they do not decide."""
    more, valid = EXTENDING[case]
    head = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "child", "version": "1.0.0"}}
    document = head | {"extends": [{"source": "standard@1"}]} | more
    (tmp_path / "child.json").write_text(json.dumps(document))
    assert VALIDATOR.is_valid(document) == valid
    assert (read_spec(tmp_path / "child.json", {})[0] is not None) == valid


@pytest.mark.parametrize("key", ["policy", "rules"])
def test_without_a_parent_everything_is_required(key: str) -> None:
    """Only `extends` frees a spec from deciding; disabling needs a parent, too."""
    document = copy.deepcopy(DOCUMENTS[0])
    del document[key]
    assert not VALIDATOR.is_valid(document)
    assert not VALIDATOR.is_valid(DOCUMENTS[0] | {"disable": ["car"]})


def test_a_wrong_key_of_a_geometry_is_blamed_where_it_stands() -> None:
    """The variants of a union do not all speak up when one key is wrong."""
    document = load_located((SPECS / "invalid" / "SPC230_key_of_another_geometry.yaml").read_bytes(), "spec").value
    (error,) = VALIDATOR.iter_errors(document)
    leaves = [inner for inner in [error, *(error.context or ())] if not inner.context]
    assert [leaf.message for leaf in leaves] == ["Additional properties are not allowed ('points' was unexpected)"]


def _mappings(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _mappings(inner)


def _paths(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    if path:
        yield path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _paths(inner, (*path, key))


def _get(node: Any, path: Path_) -> Any:
    for key in path:
        node = node[key]
    return node


DOCUMENTS = [substitute(load_located(path.read_bytes(), path.name), {})[0] for path in VALID]
KEYS = sorted({path[-1] for document in DOCUMENTS for path in _paths(document) if isinstance(path[-1], str)})
FOUND = [_get(document, path) for document in DOCUMENTS for path in _paths(document)]
PLAIN = [None, 7, 1.5, -3, 0, True, False, "zzz", "", [], {}, [1], ["tag"], "radio", "numeric", "1.0.0", {"kind": "same"}]
VALUES = [value for value in (*PLAIN, *FOUND) if not (isinstance(value, float) and value.is_integer())]
"""Without floats that are whole: JSON Schema takes 1.0 for an integer, the loader does not."""


def _mutated(document: Any, chance: random.Random) -> Any:
    """A copy with one or two entries deleted, renamed, replaced or added."""
    changed = copy.deepcopy(document)
    for _ in range(chance.choice((1, 1, 2))):
        *above, key = chance.choice(list(_paths(changed)))
        parent = _get(changed, tuple(above))
        match chance.choice(("delete", "replace", "replace", "rename", "add")):
            case "delete":
                del parent[key]
            case "rename" if isinstance(parent, dict):
                parent[chance.choice(KEYS)] = parent.pop(key)
            case "add" if isinstance(parent, dict):
                parent[chance.choice(KEYS)] = copy.deepcopy(chance.choice(VALUES))
            case _:
                parent[key] = copy.deepcopy(chance.choice(VALUES))
    return changed


def _accepted(document: Any) -> bool:
    text = json.dumps(document)
    try:
        spec = MappingSpec.model_validate_json(text)
    except ValidationError:
        return False
    return not missing_values(spec, load_located(text.encode(), "spec"))


@pytest.mark.parametrize("seed", range(8))
def test_schema_and_models_agree_on_mutated_specs(seed: int) -> None:
    """Whatever is done to a valid spec, both accept it or both refuse it."""
    chance = random.Random(seed)  # noqa: S311 - mutations, not secrets
    for _ in range(150):
        document = _mutated(chance.choice(DOCUMENTS), chance)
        assert VALIDATOR.is_valid(document) == _accepted(document), json.dumps(document)
