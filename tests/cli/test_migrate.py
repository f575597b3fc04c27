"""``mapper migrate``, and the files that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mapper.errors import SpecError
from mapper.workbench.migrating import difference, migrate_file
from tests.spec.test_migrating import NEW, OLD, STEPS_OF_TESTS

if TYPE_CHECKING:
    from pathlib import Path


def test_a_current_spec_is_said_to_be_current(mapper: Any) -> None:
    """Nothing to do is no failure, with --check neither."""
    mapper.file("new.yaml", NEW)
    for flags in ((), ("--check",), ("--write",), ("--diff",)):
        run = mapper.here("migrate", "new.yaml", *flags)
        assert (run.code, run.out, run.err) == (0, "new.yaml: current (mapping/v1)\n", "")


def test_a_newer_spec_is_refused(mapper: Any) -> None:
    """With its place and what to install; the others are told all the same."""
    mapper.file("new.yaml", NEW)
    mapper.file("newer.yaml", NEW.replace("mapping/v1", "mapping/v7"))
    run = mapper.here("migrate", "newer.yaml", "new.yaml", "--write")
    assert run.code == 2
    assert run.out == "new.yaml: current (mapping/v1)\n"
    assert "SPC240" in run.err
    assert "newer.yaml:2:13" in run.err
    assert "pip install --upgrade cvat-encord-mapper" in run.err


def test_what_is_not_there_and_flags_that_exclude_one_another(mapper: Any) -> None:
    """Wrong usage exits with 2."""
    assert mapper.here("migrate", "missing.yaml").code == 2
    mapper.file("new.yaml", NEW)
    assert mapper.here("migrate", "new.yaml", "--check", "--write").code == 2


def test_a_file_is_written_only_when_asked(tmp_path: Path) -> None:
    """The difference is shown without writing; --write replaces the text, keeps the mode, and leaves nothing beside."""
    file = tmp_path / "old.yaml"
    file.write_text(OLD, "utf-8")
    file.chmod(0o640)
    made = migrate_file(str(file), steps=STEPS_OF_TESTS)
    assert file.read_text("utf-8") == OLD
    assert "-mappings:                     # first match wins\n+rules:                     # first match wins\n" in difference(made)
    migrate_file(str(file), write=True, steps=STEPS_OF_TESTS)
    assert file.read_text("utf-8") == NEW
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["old.yaml"]
    assert migrate_file(str(file), write=True, steps=STEPS_OF_TESTS).steps == ()


def test_a_folder_is_no_spec(tmp_path: Path) -> None:
    """What cannot be read is refused by name."""
    with pytest.raises(SpecError, match="cannot be read"):
        migrate_file(str(tmp_path))
