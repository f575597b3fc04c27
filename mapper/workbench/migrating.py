"""Files of specs lifted to the present version of the language."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from mapper.errors import SpecError
from mapper.spec.migrating import migrate
from mapper.spec.migrations import STEPS
from mapper.workbench.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.spec.migrating import Migration
    from mapper.spec.steps import Step


def migrate_file(path: str, *, write: bool = False, steps: Sequence[Step] = STEPS) -> Migration:
    """Lift one file, and with ``write`` put the new text in its place. Raises SpecError if it cannot be read, and OutputError."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror or error}") from error
    made = migrate(data, path, steps)
    if write and made.steps:
        replace_file(Path(path), made.after.encode())
    return made


def difference(made: Migration) -> str:
    """What a migration changes, as a unified diff; "" if nothing."""
    lines = unified_diff(
        made.before.splitlines(keepends=True), made.after.splitlines(keepends=True), f"a/{made.file}", f"b/{made.file}", n=2
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
