"""Issues of the Encord side: ENC5xx."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class MissingTarget(Issue):
    """The ontology has no such object, classification, attribute or option.

    Why it matters: a label can only be written for what the ontology holds.
    Example: `object: {name: Lorry}` onto an ontology whose object is called Truck.
    What to do: correct the title, give `feature_hash`, or add the item to the ontology in Encord and export it again.
    """

    code = "ENC501"
    name = "missing-target"
    template = "the ontology has no {what} {title!r}"
    hint = "{near}"

    what: str
    title: str
    near: str = ""

    def help(self) -> str:
        """Name the nearest title, if there is one."""
        return f"did you mean {self.near!r}?" if self.near else f"add the {self.what} to the ontology, or map to another one"


class AmbiguousTitle(Issue):
    """A title that several items of the ontology share.

    Why it matters: titles need not be unique in Encord, and a guess would put labels into the wrong class.
    Example: two objects called Car of one shape in the given ontology.
    What to do: name the one you mean by its `feature_hash`.
    """

    code = "ENC502"
    name = "ambiguous-title"
    template = "several items of the ontology are called {title!r} ({what}: {hashes})"
    hint = "name the one you mean by its feature_hash"

    what: str
    title: str
    hashes: str


class TargetMismatch(Issue):
    """The ontology holds the target with another shape or type.

    Why it matters: Encord refuses an object whose shape is not its class's, and an answer of the wrong type.
    Example: `geometry: {kind: polygon}` onto an object that is a bounding box.
    What to do: choose a conversion that gives the ontology's shape, or another target.
    """

    code = "ENC503"
    name = "target-mismatch"
    template = "{what} {title!r} is {found} in the ontology, the rule needs {wanted}"
    hint = "choose a conversion or type that the ontology has, or another target"

    what: str
    title: str
    wanted: str
    found: str


class NoDates(Issue):
    """The export says neither when its task was made nor when it was changed.

    Why it matters: a label row without dates would carry the time of loading, and no two runs would agree.
    Example: an export without `<meta>`.
    What to do: nothing, unless you need the dates: rows carry 1970-01-01.
    """

    code = "ENC504"
    name = "no-dates"
    severity = Severity.INFO
    template = "the export holds no dates; label rows are dated 1970-01-01"


class LargeGroup(Issue):
    """An image group that will be slow to load.

    Why it matters: the time that Encord's SDK takes for a group grows with the square of its labels.
    Example: `--media image_group` on a task of more than 500 images.
    What to do: use `--media image`, or split the task.
    """

    code = "ENC505"
    name = "large-group"
    severity = Severity.WARNING
    template = "image group {title!r} holds {images} images; Encord's SDK takes long for such groups"
    hint = "use --media image unless the images belong together"

    title: str
    images: int


ISSUES: tuple[type[Issue], ...] = (MissingTarget, AmbiguousTitle, TargetMismatch, NoDates, LargeGroup)
