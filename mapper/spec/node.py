"""What every node of a spec shares: nothing unknown is accepted, nothing is coerced, nothing changes after loading."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

SeverityWord = Literal["error", "warning", "info"]
LONGEST_GLOB = 1000
"""Characters of a glob: the library's translation takes time that grows with the square of them."""


class Node(BaseModel):
    """Base of all spec models; only those that documents are read as are built, when the first document is read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
