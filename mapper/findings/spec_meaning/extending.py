"""Issues of specs that extend others: SPC285 to SPC294."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class ExtendsOutside(Issue):
    """A file under `extends` lies outside the folder that the spec may read.

    Why it matters: a shared spec must not read files of whoever runs it.
    Example: `source: ../../private.yaml`, an absolute path, or a link that leads out of the folder.
    What to do: put the file into the project; the folder that holds mapper.lock (or pack.yaml) is the project.
    """

    code = "SPC285"
    name = "extends-outside"
    template = "{source!r} cannot be extended: {why}"
    hint = "keep the file below the folder of the spec, or below the folder that holds mapper.lock or pack.yaml"

    source: str
    why: str


class ExtendsUnreadable(Issue):
    """A file under `extends` cannot be read.

    Why it matters: the rules that it holds would be missing.
    Example: `source: base.yaml` with no such file beside the spec.
    What to do: correct the path; it is relative to the spec that names it.
    """

    code = "SPC286"
    name = "extends-unreadable"
    template = "{source!r} cannot be read: {why}"
    hint = "correct the path; it is relative to the spec that names it"

    source: str
    why: str


class ExtendsCycle(Issue):
    """A spec that extends itself, by way of others.

    Why it matters: none of them would stand before the others.
    Example: a.yaml extends b.yaml, and b.yaml extends a.yaml.
    What to do: remove one of the entries; rules that both need go into a third spec.
    """

    code = "SPC287"
    name = "extends-cycle"
    template = "the specs extend one another in a circle: {chain}"
    hint = "remove one of the entries; rules that both need go into a third spec"

    chain: str


class TooManyParents(Issue):
    """Specs that extend one another too deeply, or too many of them.

    Why it matters: a hostile pack could keep the tool reading for ever.
    Example: a chain of nine specs, each of which extends the next.
    What to do: join some of them.
    """

    code = "SPC288"
    name = "too-many-parents"
    template = "too much is extended: the limit is {limit} {what}"
    hint = "join some of the specs"

    limit: int
    what: str


class TwoVersions(Issue):
    """One pack is reached in two different versions.

    Why it matters: which of them a rule comes from would depend on the order of the entries.
    Example: the spec extends traffic 1.0.0 and night 2.0.0, and night extends traffic 1.1.0.
    What to do: name the same version in both places, or take a version of the other pack that does.
    """

    code = "SPC289"
    name = "two-versions"
    template = "the pack {pack!r} is reached in two versions: {first} and {second}"
    hint = "name the same version in both places"

    pack: str
    first: str
    second: str


class UnknownDisabled(Issue):
    """A rule under `disable` that no parent has.

    Why it matters: a typo would leave the rule in force in silence.
    Example: `disable: [rectangel]`, or a rule that the parent's new version has renamed.
    What to do: correct the id, or remove it.
    """

    code = "SPC290"
    name = "unknown-disabled-rule"
    template = "there is no inherited rule {rule!r} to disable"

    rule: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest inherited rule, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else "correct the id, or remove it"


class ParameterRedeclared(Issue):
    """A spec declares again what a parameter of its parent may be.

    Why it matters: the parent's rules rely on the type and the choices that it declared.
    Example: `parameters: {upright_rectangle: {type: text, default: box}}` in a spec that extends `standard`.
    What to do: give `default` alone (or a `description` with it), or take another name.
    """

    code = "SPC291"
    name = "parameter-redeclared"
    template = "the parameter {parameter!r} is declared already, in {file}; only its default can be set"
    hint = "give `default` alone, or take another name"

    parameter: str
    file: str


class ParentsDisagree(Issue):
    """Two parents decide the same thing differently, and neither extends the other.

    Why it matters: the one that stands first holds, which may not be what the author of the spec had in mind.
    Example: two packs that both have a rule `rest`, or that differ in `policy.unmatched`.
    What to do: decide it in the spec itself; what it says holds against all parents.
    """

    code = "SPC292"
    name = "parents-disagree"
    severity = Severity.WARNING
    template = "{what} is decided differently by {first} and {second}; {first} stands first and holds"
    hint = "decide it in this spec: what it says holds against all parents"

    what: str
    first: str
    second: str


class BadSource(Issue):
    """An entry under `extends` that is no reference to a spec or pack.

    Why it matters: what it means would have to be guessed, or it asks for something that a spec may not have.
    Example: `source: standard` without a version, `http://…`, a password in the address, `$HOME/base.yaml`.
    What to do: write one of the four forms that the message names.
    """

    code = "SPC293"
    name = "bad-source"
    template = "{source!r} cannot be extended: {why}"
    hint = "write a file beside the spec (base.yaml), a shipped pack (standard@1), https://host/pack.tar, or git+https://host/repo.git//path@tag"

    source: str
    why: str


class NotShipped(Issue):
    """A shipped pack that this version of mapper does not have, or has in another version.

    Why it matters: another version of the rules gives other results.
    Example: `source: standard@7`, or `source: standrad@1`.
    What to do: correct the name, take the version that is shipped, or install the mapper that ships the one you want.
    """

    code = "SPC294"
    name = "not-shipped"
    template = "{source!r} is not shipped with this mapper: {why}"

    source: str
    why: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest reference that would work."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else "correct the name, or install the mapper that ships it"


ISSUES: tuple[type[Issue], ...] = (
    ExtendsOutside, ExtendsUnreadable, ExtendsCycle, TooManyParents, TwoVersions, UnknownDisabled, ParameterRedeclared,
    ParentsDisagree, BadSource, NotShipped,
)  # fmt: skip
