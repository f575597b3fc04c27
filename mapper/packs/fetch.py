"""Fetches a reference from elsewhere: the one door to the network, which only pack commands open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.base import Issue
from mapper.packs.hosts import HostPolicy
from mapper.packs.limits import Limits
from mapper.spec.references import Git

if TYPE_CHECKING:
    from mapper.spec.references import Web


class Fetched(NamedTuple):
    """What was fetched: the bytes, and the commit if they come from git."""

    data: bytes
    commit: str | None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches what the caller's policy allows, within limits."""

    policy: HostPolicy = field(default_factory=HostPolicy)
    limits: Limits = field(default_factory=Limits)

    def fetch(self, reference: Web | Git, source: str) -> Fetched | Issue:
        """The bytes behind a reference; an issue if they cannot be had, or must not."""
        if isinstance(reference, Git):
            from mapper.packs.git import fetch_git  # noqa: PLC0415 - most runs need no network

            tree = fetch_git(reference, source, self.policy, self.limits)
            return tree if isinstance(tree, Issue) else Fetched(tree.data, tree.commit)
        from mapper.packs.web import fetch_web  # noqa: PLC0415 - brings httpx

        data = fetch_web(reference, source, self.policy, self.limits)
        return data if isinstance(data, Issue) else Fetched(data, None)
