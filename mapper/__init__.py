"""Turn CVAT annotation exports into Encord projects by declarative mapping specs.

The public names are loaded on first use, so that importing one module does not import them all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mapper.version import __version__

if TYPE_CHECKING:
    from mapper.api import (
        Check,
        Comparison,
        Result,
        Validation,
        check,
        compare,
        convert,
        explain,
        load_spec,
        rule_hits,
        run_tests,
        validate,
    )

__all__ = [
    "Check",
    "Comparison",
    "Result",
    "Validation",
    "__version__",
    "check",
    "compare",
    "convert",
    "explain",
    "load_spec",
    "rule_hits",
    "run_tests",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("mapper.api"), name)
    raise AttributeError(f"module 'mapper' has no attribute {name!r}")
