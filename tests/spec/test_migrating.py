"""Migration between versions of the spec language, proven on versions that were made up for this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator

from mapper.resources import shipped_schemas
from mapper.spec.edits import Edit, add_before, edited, rename_key, replace_value
from mapper.spec.load import read_source
from mapper.spec.located import load_located
from mapper.spec.migrating import BrokenStepError, migrate
from mapper.spec.migrations import STEPS
from mapper.spec.model import API_VERSION
from mapper.spec.sources import root_source
from mapper.spec.steps import Example, Step
from mapper.spec.tree import Span
from mapper.spec.version import age

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.spec.located import Located

POLICY = """\
policy:
  unmatched: {severity: error}
  undeclared_label: {do: keep, severity: warning}
  undeclared_attribute: {do: keep, severity: warning}
  unmapped_attribute: {severity: error}
  unlisted_value: {do: drop, severity: warning}
  number_spelling: {do: drop, severity: warning}
  invalid_geometry: {severity: error}
  repaired_geometry: {severity: warning}
  outside_image: {do: clip, severity: warning}
  fields:
    occluded: {keep: false, reason: not needed}
    z_order: {keep: false, reason: not needed}
    group_id: {keep: false, reason: not needed}
    source: {keep: false, reason: not needed}
    track_id: {keep: false, reason: not needed}
"""

OLD = f"""\
# our rules, reviewed in May
apiVersion: mapping/v0alpha   # the first one
kind: MappingSpec
metadata: {{name: old, version: 1.0.0}}
{POLICY}
mappings:                     # first match wins
  # cars are boxes
  - id: car
    when: {{label: car}}        # every car

    emit: [{{object: {{name: Car, geometry: {{kind: box}}}}}}]
"""

NEW = f"""\
# our rules, reviewed in May
apiVersion: mapping/v1   # the first one
kind: MappingSpec
metadata: {{name: old, version: 1.0.0}}
{POLICY}
rules:                     # first match wins
  # cars are boxes
  - id: car
    match: {{label: car}}        # every car

    emit: [{{object: {{name: Car, geometry: {{kind: bounding_box}}}}}}]
"""


def lift_alpha(located: Located) -> list[Edit]:
    """`mapping/v0alpha` had `mappings` with `when`."""
    edits = [rename_key(located, ("mappings",), "rules")]
    for number, rule in enumerate(located.value["mappings"]):
        edits += [rename_key(located, ("mappings", number, "when"), "match")] if "when" in rule else []
    return edits


def lift_beta(located: Located) -> list[Edit]:
    """`mapping/v0beta` called a bounding_box a box."""
    places = [
        ("rules", number, "emit", item, "object", "geometry", "kind")
        for number, rule in enumerate(located.value["rules"])
        for item, _ in enumerate(rule["emit"])
    ]
    return [replace_value(located, place, "bounding_box") for place in places]


SCHEMA: dict[str, Any] = {"type": "object", "required": ["apiVersion", "mappings"], "properties": {"rules": False}}
BETA = OLD.replace("v0alpha", "v0beta").replace("mappings:", "rules:").replace("when:", "match:")
STEPS_OF_TESTS = (
    Step(
        before="mapping/v0alpha", after="mapping/v0beta", summary="`mappings` are `rules`, `when` is `match`",
        edits=lift_alpha, schema=SCHEMA, examples=(Example(OLD, BETA),),
    ),
    Step(
        before="mapping/v0beta", after="mapping/v1", summary="a box is a bounding_box",
        edits=lift_beta, schema={"required": ["rules"]}, examples=(Example(BETA, NEW),),
    ),
)  # fmt: skip


@pytest.mark.parametrize("step", [*STEPS, *STEPS_OF_TESTS], ids=lambda step: step.before)
def test_a_step_does_what_its_examples_say(step: Step) -> None:
    """Before and after to the last character; what it leaves is what the frozen schema of its version describes."""
    assert step.examples
    for before, after in step.examples:
        document = load_located(before.encode(), "before.yaml")
        assert document.valid
        Draft7Validator(step.schema).validate(document.value)
        assert migrate(before.encode(), "before.yaml", (step,), step.after).after == after


def test_steps_follow_one_another() -> None:
    """The shipped steps lead, each one version on, to the version that the engine reads; its schema is published."""
    versions = [*(step.before for step in STEPS), API_VERSION]
    for step, following in zip(STEPS, versions[1:], strict=True):
        assert step.after == following
        assert age(step.after, step.before) == "newer"
    assert shipped_schemas()["mapping-spec"].name == f"mapping-spec.{API_VERSION.partition('/')[2]}.json"


def test_all_steps_are_made_and_comments_stay(tmp_path: Path) -> None:
    """An old spec becomes one of the present version through every step, and that is a valid spec."""
    made = migrate(OLD.encode(), "old.yaml", STEPS_OF_TESTS)
    assert (made.after, [step.before for step in made.steps]) == (NEW, ["mapping/v0alpha", "mapping/v0beta"])
    loaded, found, _ = read_source(root_source(tmp_path / "old.yaml", made.after.encode(), "old.yaml", shipped=False), {})
    assert (loaded is not None, found) == (True, [])


def test_line_ends_stay() -> None:
    """A file with the line ends of Windows keeps them."""
    made = migrate(OLD.replace("\n", "\r\n").encode(), "old.yaml", STEPS_OF_TESTS)
    assert made.after == NEW.replace("\n", "\r\n")


def test_a_current_spec_is_left_alone() -> None:
    """No step, not a byte changed, however it is laid out."""
    made = migrate(NEW.encode(), "new.yaml", STEPS_OF_TESTS)
    assert (made.steps, made.found, made.after) == ((), (), NEW)


@pytest.mark.parametrize(
    ("version", "code", "advice"),
    [
        ("mapping/v2", "SPC240", "the spec is newer than this mapper: pip install --upgrade cvat-encord-mapper"),
        ("mapping/v1beta1", "SPC240", "write `apiVersion: mapping/v1`"),
        ("maping/v1", "SPC240", "write `apiVersion: mapping/v1`"),
    ],
)
def test_other_versions_are_refused(version: str, code: str, advice: str) -> None:
    """A newer version says what to install; one that nothing lifts says what to write."""
    made = migrate(NEW.replace("mapping/v1", version).encode(), "new.yaml", STEPS_OF_TESTS)
    assert [(issue.code, issue.help()) for issue, _ in made.found] == [(code, advice)]
    assert (made.steps, made.after) == ((), made.before)


def test_a_newer_spec_names_the_engine_that_it_asks_for() -> None:
    """`requires.engine` is what to install."""
    text = 'apiVersion: mapping/v2\nkind: MappingSpec\nrequires: {engine: ">=3.1,<4"}\n'
    issue, place = migrate(text.encode(), "new.yaml").found[0]
    assert issue.help() == "the spec is newer than this mapper: pip install 'cvat-encord-mapper>=3.1,<4'"
    assert place is not None
    assert (place.line, place.column) == (1, 13)


@pytest.mark.parametrize(("text", "code"), [("a: [", "SPC207"), ("- 1\n", "SPC251"), ("kind: MappingSpec\n", "SPC231")])
def test_what_is_no_spec_is_refused(text: str, code: str) -> None:
    """What cannot be read, is a list, or has no version, is refused with its place."""
    assert [issue.code for issue, _ in migrate(text.encode(), "x.yaml").found] == [code]


def test_a_broken_step_is_not_swallowed() -> None:
    """A step that breaks the text, or changes one place twice, stops; the old text is never given as the new one."""
    broken = STEPS_OF_TESTS[1]
    for text in ("{", "bounding_box: ["):
        step = Step(**{**fields(broken), "edits": lambda located, text=text: [replace_value(located, ("kind",), text)]})
        with pytest.raises(BrokenStepError):
            migrate(BETA.encode(), "x.yaml", (step,))
    twice = Step(**{**fields(broken), "edits": lambda located: [rename_key(located, ("kind",), name) for name in ("a", "b")]})
    with pytest.raises(ValueError, match="overlap"):
        migrate(BETA.encode(), "x.yaml", (twice,))


def fields(step: Step) -> dict[str, Any]:
    """The parts of a step by name."""
    return {name: getattr(step, name) for name in ("before", "after", "summary", "edits", "schema", "examples")}


def test_an_entry_is_added_on_its_own_line() -> None:
    """It takes the indentation of the entry before which it stands; a mapping in flow style has no lines to add to."""
    text = "a:\n  # about b\n  b: 1  # one\n  c: {d: 1, e: 2}\n"
    located = load_located(text.encode(), "x.yaml")
    assert edited(text, [add_before(located, ("a", "b"), "z: 0")]) == "a:\n  # about b\n  z: 0\n  b: 1  # one\n  c: {d: 1, e: 2}\n"
    with pytest.raises(ValueError, match="does not begin its line"):
        add_before(located, ("a", "c", "e"), "z: 0")
    assert edited(text, [Edit(Span(1, 1, 1, 2), "first")]).startswith("first:\n")


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("mapping/v1", ""),
        ("mapping/v2", "newer"),
        ("mapping/v1beta2", "older"),
        ("mapping/v2alpha", "newer"),
        ("v2", ""),
        ("mapping/v", ""),
    ],
)
def test_versions_have_an_order(version: str, expected: str) -> None:
    """Alpha before beta before the version itself; a text that is no version has no age."""
    assert age(version) == expected
