"""Issues of a mapping spec: SPC2xx. SPC201 to SPC218 stand in `spec_file` and `spec_text`."""

from __future__ import annotations

from mapper.findings.base import Issue
from mapper.findings.spec_file import FILE_ISSUES
from mapper.findings.spec_text import TEXT_ISSUES


class UnknownKey(Issue):
    """A key that the spec language does not have at this place.

    Why it matters: a typo that is ignored is a rule that does not do what it says.
    Example: `lable: car`, or `points: 12` under `kind: bitmask`.
    What to do: correct the key, or move it to where it belongs.
    """

    code = "SPC230"
    name = "unknown-key"
    template = "unknown key {key!r}"

    key: str
    suggestion: str = ""
    elsewhere: str = ""
    allowed: str = ""

    def help(self) -> str:
        """The nearest allowed key, the variant that has this key, or all keys allowed here."""
        if self.suggestion:
            return f"did you mean `{self.suggestion}`?"
        if self.elsewhere:
            return f"`{self.key}` belongs to {self.elsewhere}"
        return f"allowed here: {self.allowed}" if self.allowed else "remove it"


class MissingKey(Issue):
    """One or more keys that must be given are not there.

    Why it matters: the tool has no policy of its own, so nothing fills the gap.
    Example: a rule without `id`, or an object without `name`.
    What to do: add the keys.
    """

    code = "SPC231"
    name = "missing-key"
    template = "{where}missing {noun} {key}"
    hint = "add {key}"

    key: str
    where: str = ""
    noun: str = "key"


class WrongValue(Issue):
    """A value of the wrong type, outside its limits, or not in the list of allowed words.

    Why it matters: text, numbers and lists are not converted into one another in silence.
    Example: `shapes: 7`, `min_iou: 1.5`, `severity: eror`.
    What to do: give a value of the kind that the message names.
    """

    code = "SPC232"
    name = "wrong-value"
    template = "{what}"

    what: str
    expected: str = ""
    suggestion: str = ""

    def help(self) -> str:
        """The replacement that was probably meant, if one can be named."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else ""


class WrongChoice(Issue):
    """A word that selects one of several variants, and selects none.

    Why it matters: the other keys of that mapping cannot be checked without it.
    Example: `kind: polygn`.
    What to do: choose one of the variants that the message names.
    """

    code = "SPC233"
    name = "wrong-choice"
    template = "{key}: {value} is none of {choices}"

    key: str
    value: str
    choices: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest variant, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else ""


class TooManyProblems(Issue):
    """More problems in one spec than anybody reads.

    Why it matters: a hostile file could fill the memory with findings; what is left out is no less wrong.
    Example: a list of forty thousand numbers under `rules`.
    What to do: correct what is shown, and validate again.
    """

    code = "SPC234"
    name = "too-many-problems"
    template = "there are more than {limit} problems; the others are not shown"
    hint = "correct what is shown, and validate again"

    limit: int


class UnsupportedApiVersion(Issue):
    """A spec of a language version that this engine does not know.

    Why it matters: its keys may mean something else; it is refused by name instead of by twenty unknown keys.
    Example: `apiVersion: mapping/v9`.
    What to do: install a newer mapper if the spec is newer; `mapper migrate` lifts a spec that is older.
    """

    code = "SPC240"
    name = "unsupported-api-version"
    template = "apiVersion {found} is not supported; this engine reads {supported}"
    hint = "write `apiVersion: {supported}`"

    found: str
    supported: str
    install: str = ""
    liftable: bool = False

    def help(self) -> str:
        """What to install for a newer spec, and how to lift an older one."""
        if self.install:
            return f"the spec is newer than this mapper: {self.install}"
        if self.liftable:
            return "the spec is older than this mapper: `mapper migrate --write` lifts it"
        return self.hint.format(supported=self.supported)


class EngineTooOld(Issue):
    """The spec asks for another version of the engine.

    Why it matters: a newer spec may use what this engine would misread.
    Example: `requires: {engine: ">=2.1"}` with engine 1.4.
    What to do: install a version that the spec allows, or widen `requires.engine` if the spec runs on this one.
    """

    code = "SPC241"
    name = "engine-too-old"
    template = "the spec requires engine {wanted!r}; this is {version}"
    hint = "install a version that fits, or widen `requires.engine`"

    wanted: str
    version: str


# The semantic checks (references, rules, tests) add their classes here, up to SPC269, and in code order below.


ISSUES: tuple[type[Issue], ...] = (
    *FILE_ISSUES,
    *TEXT_ISSUES,
    UnknownKey,
    MissingKey,
    WrongValue,
    WrongChoice,
    TooManyProblems,
    UnsupportedApiVersion,
    EngineTooOld,
)
