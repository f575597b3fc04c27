"""The exceptions that stop a run; everything else that can be wrong with data is a finding.

MapperError
├── SourceError      the export cannot be read at all (exit 2)
├── SpecError        the mapping spec is invalid; carries its findings (exit 2, `validate`: exit 1)
├── ConfigError      the configuration or a baseline cannot be used; carries findings and their texts (exit 2)
├── OutputError      the bundle's place is taken or cannot be written (exit 2)
├── ClusterError     the cluster cannot be used; carries its findings (exit 2)
├── MissingExtraError  an optional dependency is needed for this command (exit 2)
└── LedgerError      the books do not balance: a bug of ours (exit 3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class MapperError(Exception):
    """Root of the exceptions that this package raises on purpose."""


class SourceError(MapperError):
    """The export cannot be read: no such file, no annotations in it, a DOCTYPE, a hostile archive.

    ``findings`` holds what was found, each with a code and a place.
    """

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class SpecError(MapperError):
    """The mapping spec is invalid; ``findings`` says where and why."""

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class ConfigError(MapperError):
    """The configuration or a baseline cannot be used; ``findings`` says where and why, ``texts`` are the lines of files by name."""

    def __init__(self, message: str, findings: Sequence[Any] = (), texts: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
        self.texts = dict(texts or {})


class OutputError(MapperError):
    """The output cannot be written: it exists and ``--force`` was not given, or the disk or the store refuses.

    ``findings`` holds what was found, for places that are not on this machine.
    """

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class ClusterError(MapperError):
    """The cluster cannot be used: it does not answer, has no workers, or they differ; ``findings`` says which."""

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message, tuple(findings))
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return str(self.args[0])


class MissingExtraError(MapperError):
    """A command needs an extra that is not installed."""


class LedgerError(MapperError):
    """What was read and what was accounted for differ: a bug, never a data problem."""
