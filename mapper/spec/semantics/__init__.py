"""What a spec means, beyond its structure: checks of a loaded model, each with the place of what it finds.

Each check takes the spec with its parameters filled in and the text that it came from, and gives what it found; it can
rely on the structure alone, not on other checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.spec.semantics.attribute_rules import attribute_rules
from mapper.spec.semantics.cases import cases
from mapper.spec.semantics.classifications import dynamic, nesting
from mapper.spec.semantics.conditions import conditions
from mapper.spec.semantics.conversions import conversions
from mapper.spec.semantics.frames import track_frames
from mapper.spec.semantics.lookups import lookups
from mapper.spec.semantics.media import filenames
from mapper.spec.semantics.nulls import missing_values
from mapper.spec.semantics.parameters import unused_parameters
from mapper.spec.semantics.rules import duplicate_ids, unreachable
from mapper.spec.semantics.templates import all_templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec

CHECKS: tuple[Callable[[MappingSpec, Located], list[tuple[Issue, Location | None]]], ...] = (
    missing_values,
    unused_parameters,
    duplicate_ids,
    unreachable,
    conditions,
    track_frames,
    attribute_rules,
    cases,
    lookups,
    filenames,
    all_templates,
    conversions,
    nesting,
    dynamic,
)
