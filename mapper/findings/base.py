"""What a finding is: an issue (what is wrong), its places (where) and its severity (what follows)."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields
from enum import IntEnum
from typing import Any, ClassVar, dataclass_transform


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


@dataclass_transform(frozen_default=True)
class Issue:
    """What is wrong, as data: the evidence stands in fields, the message is rendered late.

    A subclass states ``code`` (stable, never reused), ``name`` (kebab-case), ``severity``, ``template`` and ``hint``
    (both filled from the fields). Its docstring is the page that ``mapper rule CODE`` prints: a first line that says
    what it is, then the paragraphs ``Why it matters:``, ``Example:`` and ``What to do:``.

    What it annotates are its fields: it is a frozen dataclass to those who use it and to type checkers, without a decorator.
    `dataclasses` compiles six methods for each class, which for hundreds of issues took a fifth of the time of a short run;
    here all share those below.
    """

    code: ClassVar[str] = ""
    name: ClassVar[str] = ""
    severity: ClassVar[Severity] = Severity.ERROR
    template: ClassVar[str] = ""
    hint: ClassVar[str] = ""
    fields: ClassVar[tuple[str, ...]] = ()
    """The names of the fields, in order."""

    def __init_subclass__(cls) -> None:
        cls.fields = (*cls.fields, *cls.__annotations__)
        type.__setattr__(cls, "__match_args__", cls.fields)  # for `match`; type checkers derive it, and let nobody assign it

    def __init__(self, *values: Any, **named: Any) -> None:
        """Take the fields in order or by name; a field with a value in the class may be left out."""
        if named or len(values) != len(self.fields):
            values = self._arranged(values, named)
        self.__dict__.update(zip(self.fields, values, strict=True))

    @classmethod
    def _arranged(cls, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """All fields' values in order, defaults among them; TypeError if they do not fit."""
        given = dict(zip(cls.fields, values, strict=False)) | named
        missing = [name for name in cls.fields if name not in given and not hasattr(cls, name)]
        if missing or len(given) != len(values) + len(named) or not given.keys() <= set(cls.fields):
            raise TypeError(f"{cls.__name__}({', '.join(cls.fields)}): given were {len(values)} values, and by name {[*named]}")
        return tuple(given[name] if name in given else getattr(cls, name) for name in cls.fields)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"

    def evidence(self) -> dict[str, Any]:
        """The fields by name."""
        return dict(self.__dict__)

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
