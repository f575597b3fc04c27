"""What can be wrong with the meta block and its labels: SRC114 to SRC120."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class MetaMissing(Issue):
    """The XML does not say which task it comes from, nor which labels there are.

    Why it matters: labels, their types and their attributes have to be inferred from use.
    Example: `<annotations><image id="0" …>` without `<meta>`, as scripts write it.
    What to do: give the labels in `source.labels` of the spec, or export again from CVAT.
    """

    code = "SRC114"
    name = "meta-missing"
    severity = Severity.INFO
    template = "the export declares no task, job or project, hence no labels"
    hint = "give the labels in source.labels of the spec"


class MetaLate(Issue):
    """The meta block stands behind the first image or track.

    Why it matters: images and tracks are read one at a time, so a declaration that comes later cannot be used.
    Example: a script that appended `<meta>` at the end.
    What to do: move `<meta>` to the beginning.
    """

    code = "SRC115"
    name = "meta-late"
    severity = Severity.WARNING
    template = "meta stands behind the first image or track and is not read"
    hint = "move <meta> to the beginning"


class MetaIgnored(Issue):
    """The meta block holds an element that CVAT does not write, and that is not read.

    Why it matters: somebody added it, and its content does not reach the result.
    Example: JAAD's `<video_attributes>` with the weather.
    What to do: nothing, or carry the content over by hand.
    """

    code = "SRC116"
    name = "meta-ignored"
    severity = Severity.INFO
    template = "{path} in meta is not read"
    hint = "nothing, unless its content matters"

    path: str


class LabelRepeated(Issue):
    """A label, or an attribute of a label, is declared twice.

    Why it matters: names identify labels and attributes; the second declaration cannot be told from the first.
    Example: two `<label>` with the name `car` and the same parent.
    What to do: the first declaration is used; correct the export.
    """

    code = "SRC117"
    name = "label-repeated"
    severity = Severity.WARNING
    template = "{what} {title!r} is declared twice; the first declaration is used"
    hint = "remove one of the declarations"

    what: str
    title: str


class SublabelOrphan(Issue):
    """A sublabel names a parent that is not declared.

    Why it matters: sublabels are points of a skeleton; without the skeleton they belong nowhere.
    Example: `<label><name>1</name><parent>Yoda</parent>` without a label `Yoda`.
    What to do: the sublabel is ignored; add the parent to the labels.
    """

    code = "SRC118"
    name = "sublabel-orphan"
    severity = Severity.WARNING
    template = "sublabel {title!r} names the parent {parent!r}, which is not declared"
    hint = "declare the parent"

    title: str
    parent: str


class DefinitionUnreadable(Issue):
    """The declaration of a label or of an attribute cannot be read as written.

    Why it matters: without a name or an input type, options and defaults are unknown.
    Example: `<attribute>~choice=colour:red,blue</attribute>`; `choice` is no input type.
    What to do: correct the declaration, or give the labels in `source.labels` of the spec.
    """

    code = "SRC119"
    name = "definition-unreadable"
    severity = Severity.WARNING
    template = "a declaration {reason}: {text!r}"
    hint = "correct the declaration, or give the labels in source.labels of the spec"

    reason: str
    text: str


class TemplateUnreadable(Issue):
    """The drawing of a skeleton cannot be read.

    Why it matters: the drawing gives the order of the points and the edges between them.
    Example: an `<svg>` whose circles name sublabels that the label does not have.
    What to do: the label is used without a drawing; give a template in the spec.
    """

    code = "SRC120"
    name = "template-unreadable"
    severity = Severity.WARNING
    template = "the drawing of skeleton {title!r} is not used: {reason}"
    hint = "give a template in the spec"

    title: str
    reason: str


ISSUES: tuple[type[Issue], ...] = (
    MetaMissing,
    MetaLate,
    MetaIgnored,
    LabelRepeated,
    SublabelOrphan,
    DefinitionUnreadable,
    TemplateUnreadable,
)
