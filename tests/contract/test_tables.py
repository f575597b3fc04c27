"""Explicit tables are complete: what is written in a module of a family is listed in the family's table, and works."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from inspect import signature
from typing import TYPE_CHECKING, get_args

import click

import mapper.cli
import mapper.encord.shapes
import mapper.reports
import mapper.spec.semantics
import mapper.transforms
from mapper.cli import COMMANDS
from mapper.cli.options import FORMATS
from mapper.cvat.model import FIELDS
from mapper.cvat.readers import READERS
from mapper.encord.shapes import SHAPES
from mapper.engine import checks, conditions
from mapper.geometry.kinds import ENCORD_SHAPES, KINDS, EncordShape, Kind
from mapper.media.naming import MAPPINGS
from mapper.reports import REPORTS
from mapper.resources import shipped_packs
from mapper.spec.matching import FieldName, Match, NumberTest, TextTest, ValueTest
from mapper.spec.policy import Fields
from mapper.spec.semantics import CHECKS
from mapper.spec.semantics.static import DATA_CONDITIONS
from mapper.transforms import SUPPORT, TRANSFORMS
from tests.support.checkout import ROOT, modules

if TYPE_CHECKING:
    from types import ModuleType

CHECK = "(spec: 'MappingSpec', located: 'Located') -> 'list[Found]'"


def family(package: ModuleType) -> set[str]:
    """The names of the modules in a package."""
    return {module.name for module in pkgutil.iter_modules(package.__path__)}


def test_the_words_of_geometry_are_all_listed() -> None:
    """The tuples of words hold what their types allow, in the same order."""
    assert get_args(Kind) == KINDS
    assert get_args(EncordShape) == ENCORD_SHAPES


def test_every_encord_shape_has_its_writer() -> None:
    """One file and one line of SHAPES for each Encord shape, in Encord's order."""
    assert tuple(SHAPES) == ENCORD_SHAPES
    assert family(mapper.encord.shapes) == set(ENCORD_SHAPES)
    assert all(writer is importlib.import_module(f"mapper.encord.shapes.{shape}").WRITER for shape, writer in SHAPES.items())


def test_every_transform_is_in_the_union() -> None:
    """One file for each transform, called like its `kind`; the union that specs are read with holds them all."""
    kinds = [get_args(transform.model_fields["kind"].annotation)[0] for transform in TRANSFORMS]
    assert family(mapper.transforms) - {"base"} == set(kinds)
    assert [transform.__module__.rpartition(".")[2] for transform in TRANSFORMS] == kinds
    assert get_args(get_args(mapper.transforms.AnyTransform)[0]) == TRANSFORMS


def test_support_speaks_of_every_pair() -> None:
    """For each CVAT kind and Encord shape: the transform that makes it, or a reason that a person can read."""
    assert list(SUPPORT) == [(kind, shape) for shape in ENCORD_SHAPES for kind in KINDS]
    assert len(SUPPORT) == 9 * 10
    for (kind, shape), entry in SUPPORT.items():
        if isinstance(entry, str):
            assert len(entry.split()) > 3, (kind, shape)
        else:
            assert kind in entry.accepts


def test_every_kind_goes_somewhere() -> None:
    """Each CVAT kind but the tag can become something, and each Encord shape can come of something."""
    made = {pair for pair, entry in SUPPORT.items() if not isinstance(entry, str)}
    assert {kind for kind, _ in made} == set(KINDS) - {"tag"}
    assert {shape for _, shape in made} == set(ENCORD_SHAPES)


def test_every_check_is_listed() -> None:
    """Whatever has the form of a check in `mapper/spec/semantics` is in CHECKS, once."""
    found = [
        function
        for name in sorted(family(mapper.spec.semantics))
        for word, function in vars(importlib.import_module(f"mapper.spec.semantics.{name}")).items()
        if not word.startswith("_") and callable(function) and getattr(function, "__module__", "").endswith(f".{name}")
        if not isinstance(function, type) and str(signature(function)) == CHECK
    ]
    assert sorted(check.__name__ for check in CHECKS) == sorted(function.__name__ for function in found)
    assert set(CHECKS) == set(found)


def test_every_command_is_listed() -> None:
    """A module of `mapper/cli` that has a command is in COMMANDS under the command's name, with its first line of help."""
    found = {name for name in family(mapper.cli) if hasattr(importlib.import_module(f"mapper.cli.{name}"), "command")}
    assert {module.rpartition(".")[2] for module, _ in COMMANDS.values()} == found
    for name, (module, short) in COMMANDS.items():
        command = importlib.import_module(module).command
        assert isinstance(command, click.Command)
        assert command.name == name
        assert (command.help or "").partition("\n")[0] == short


def test_every_report_is_offered() -> None:
    """The forms that `--output-format` names are those of REPORTS, in its order, and each lives in a module of its family."""
    assert tuple(REPORTS) == FORMATS
    homes = {report.__module__.rpartition(".")[2] for report in REPORTS.values()}
    assert homes <= family(mapper.reports)


def test_every_reader_is_listed() -> None:
    """One file of `mapper/cvat/readers` for each format."""
    assert family(importlib.import_module("mapper.cvat.readers")) == set(READERS)


def test_every_condition_is_compiled() -> None:
    """Each condition that a spec can state is one that the engine knows, and each operator is one that it checks."""
    by_hand = {"label", "shapes", "tag", "attributes", "elements", "frames", "any", "all", "not_"}
    assert set(Match.model_fields) == by_hand | set(conditions.TEXTS) | set(conditions.NUMBERS) | set(conditions.FLAGS)
    texts, numbers, orders = ({name for name, _ in checks} for checks in (checks.TEXT_CHECKS, checks.NUMBER_CHECKS, checks.ORDER_CHECKS))
    assert set(TextTest.model_fields) == texts | {"present"}
    assert set(NumberTest.model_fields) == numbers | {"present"}
    assert set(ValueTest.model_fields) == texts | orders | {"present"}


def test_every_condition_on_data_is_open_before_there_is_data() -> None:
    """No condition that only a shape can answer is taken for one that always holds."""
    assert set(DATA_CONDITIONS) == set(conditions.TEXTS) | set(conditions.NUMBERS) | set(conditions.FLAGS)


def test_every_field_can_be_compared_with() -> None:
    """A comparison can name each condition that is a text, a number or a flag of CVAT's filter."""
    named = set(get_args(FieldName))
    assert named == {"label", "occluded"} | set(conditions.TEXTS) | set(conditions.NUMBERS)


def test_every_implicit_field_is_decided() -> None:
    """The policy decides about each of CVAT's own fields; the rotation alone is a matter of the conversion.

    A spec for XML exports need not name the score, which they never have, and one for images no keyframes.
    """
    assert set(Fields.model_fields) == set(FIELDS) - {"rotation"} | {"keyframe"}
    assert {name for name, field in Fields.model_fields.items() if not field.is_required()} == {"score", "keyframe"}


def test_every_name_mapping_is_offered() -> None:
    """`--map-filename` offers what the matching of media knows."""
    convert = importlib.import_module("mapper.cli.convert").command
    option = next(parameter for parameter in convert.params if parameter.name == "map_filename")
    assert list(option.type.choices) == list(MAPPINGS)


def test_every_pack_is_a_folder_with_a_page() -> None:
    """A shipped pack has a spec called like its folder, and a page of prose."""
    packs = shipped_packs()
    assert set(packs) >= {"standard", "encord-importer"}
    for name, spec in packs.items():
        assert spec.is_file()
        assert (spec.parent / "README.md").read_text("utf-8").startswith(f"# {name}\n")


def test_no_registration_by_import() -> None:
    """No module adds itself to a table of another one: tables are written out where they stand."""
    decorated = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("mapper")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        if any("register" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert not decorated
