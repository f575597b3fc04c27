"""What a finding is: an issue (what is wrong), its places (where) and its severity (what follows)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any, ClassVar


class Severity(IntEnum):
    """What a finding means for the run.

    ERROR: something was refused or is wrong; the exit code is 1 unless ``--fail-on`` says otherwise.
    WARNING: the conversion went on, and a person should look. INFO: worth knowing, nothing to do.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case name that specs, flags and reports use."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Severity:
        """The severity of a lower-case word; KeyError if there is none."""
        return cls[word.upper()]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """A place in a file; lines and columns count from 1, an end column is exclusive.

    ``pointer`` names a part of a spec by its keys (``/rules/car/emit/0``), wherever it stands: two places do not differ by it.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    image: str = ""
    shape: str = ""
    pointer: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        """``file:line:column`` without the parts that are not known."""
        parts = [self.file, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong, as data: the evidence stands in fields, the message is rendered late.

    A subclass states ``code`` (stable, never reused), ``name`` (kebab-case), ``severity``, ``template`` and ``hint``
    (both filled from the fields). Its docstring is the page that ``mapper rule CODE`` prints: a first line that says
    what it is, then the paragraphs ``Why it matters:``, ``Example:`` and ``What to do:``.
    """

    code: ClassVar[str] = ""
    name: ClassVar[str] = ""
    severity: ClassVar[Severity] = Severity.ERROR
    template: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    def evidence(self) -> dict[str, Any]:
        """The fields by name."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def message(self) -> str:
        """One sentence for people."""
        return self.template.format(**self.evidence())

    def help(self) -> str:
        """What to do about it, or nothing."""
        return self.hint.format(**self.evidence())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One occurrence of a finding: its own sentence and where it was seen."""

    message: str
    source: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All occurrences of one cause: exact count, a bounded sample of places, and the spec place if a rule is involved."""

    code: str
    name: str
    severity: Severity
    message: str
    hint: str
    count: int
    samples: tuple[Sample, ...]
    rule: str = ""
    label: str = ""
    attribute: str = ""
    spec: Location | None = None
    evidence: tuple[tuple[str, Any], ...] = ()

    @property
    def source(self) -> Location | None:
        """The first place in the data, if any."""
        return self.samples[0].source if self.samples else None

    def as_dict(self) -> dict[str, Any]:
        """The form of ``findings.jsonl``; empty parts are left out."""
        record: dict[str, Any] = {"code": self.code, "name": self.name, "severity": self.severity.word}
        record |= {"message": self.message, "count": self.count}
        record |= {key: getattr(self, key) for key in ("hint", "rule", "label", "attribute") if getattr(self, key)}
        if self.spec:
            record["spec"] = location_dict(self.spec)
        record["samples"] = [
            {"message": sample.message} | ({"source": location_dict(sample.source)} if sample.source else {}) for sample in self.samples
        ]
        if self.evidence:
            record["evidence"] = dict(self.evidence)
        return record


def location_dict(place: Location) -> dict[str, Any]:
    """A location without the parts that are not known, and without the pointer, which reports do not show."""
    return {part.name: value for part in fields(place) if part.compare and (value := getattr(place, part.name))}
