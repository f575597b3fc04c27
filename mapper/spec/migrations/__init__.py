"""The steps from one version of the spec language to the next: one module a step, each with a line in ``STEPS``.

A step's module is named after its versions (``v1_to_v2.py``) and holds its edits and examples; the frozen JSON Schema of
the version that it leaves stays in ``schemas/``. There is one version yet, so there is no step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapper.spec.steps import Step

STEPS: tuple[Step, ...] = ()
"""In the order of the versions, each from where the one before it leads."""
