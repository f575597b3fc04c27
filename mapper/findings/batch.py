"""Issues of runs over many exports: BAT9xx."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class NoExports(Issue):
    """A source of a batch in which there is no export.

    Why it matters: a path that is misspelt would leave exports out, and nobody would miss them.
    Example: `mapper batch "exports/*.zip" -o out`, and the folder holds no zip.
    What to do: correct the path or the pattern; a folder is searched for zips, XML files and unpacked exports.
    """

    code = "BAT951"
    name = "no-exports"
    template = "there is no export in {source}: {why}"
    hint = "correct the path; a folder is searched for zips, XML files and unpacked exports"

    source: str
    why: str


class WorkerDied(Issue):
    """The worker that converted an export died, and a second one managed.

    Why it matters: the bundle is whole, but the machine may be short of memory, or somebody ended the process.
    Example: the kernel ended a worker because the memory was full.
    What to do: nothing for this run; run with fewer `--jobs` if it happens often.
    """

    code = "BAT952"
    name = "export-tried-again"
    severity = Severity.WARNING
    template = "the worker died while it converted this export ({why}); the second attempt, alone, succeeded"
    hint = "run with fewer --jobs if the machine is short of memory"

    why: str


class WorkerDiedAgain(Issue):
    """An export whose worker died twice, the second time with the machine to itself.

    Why it matters: there is no bundle of this export; the others are not concerned.
    Example: an export with one image group larger than the memory.
    What to do: convert it by itself with `mapper convert` on a machine with more memory, or with `--group-size`.
    """

    code = "BAT953"
    name = "export-given-up"
    template = "the worker died while it converted this export ({why}), and so did the one that tried again, alone"
    hint = "convert it by itself on a machine with more memory, or split its groups by --group-size"

    why: str


class BundleNotWritten(Issue):
    """A bundle that the disk refused.

    Why it matters: there is no bundle of this export, not even half of one.
    Example: the disk is full.
    What to do: make room, then run the same command with `--resume`: what is complete is not converted again.
    """

    code = "BAT954"
    name = "bundle-not-written"
    template = "the bundle was not written: {why}"
    hint = "make room or correct the place, then run the same command with --resume"

    why: str


class OntologyConflict(Issue):
    """Two exports want different things under one title of the shared ontology.

    Why it matters: an attribute cannot be text in one project and a choice in another if both have one ontology. The later of the
    two, by name, has a bundle with an ontology of its own, so nothing of it is lost; but it does not fit the others.
    Example: `age` of label `person` is a number in one task and a list of choices in another.
    What to do: give the attribute one type, or two titles, in a rule of the spec; or use `--ontology-per-export`.
    """

    code = "BAT955"
    name = "ontology-conflict"
    template = "{what} is {wanted} in {later} and {found} in {earlier}; {later} keeps an ontology of its own"
    hint = "decide on one type, or on two titles, in a rule of the spec; or part the ontologies by --ontology-per-export"

    what: str
    wanted: str
    later: str
    found: str
    earlier: str


class SharedDataset(Issue):
    """Exports that give the same ids to their dataset and label rows.

    Why it matters: ids follow from the task or project, or from the file's name where an export tells neither. Uploaded both,
    the second would meet the first.
    Example: an older and a newer export of one task in one folder; or `a/annotations.xml` and `b/annotations.xml` without `<meta>`.
    What to do: leave one of them out, or give files without a task names of their own.
    """

    code = "BAT956"
    name = "shared-dataset"
    severity = Severity.WARNING
    template = "{count} exports have the dataset id {dataset}: {names}"
    hint = "leave out what is an older export of the same; give files that name no task names of their own"

    count: int
    dataset: str
    names: str


class SpecChanged(Issue):
    """The spec is not the one that the batch began with.

    Why it matters: half of the bundles would follow one spec and half the other.
    Example: somebody saved the spec while the batch was running, or a worker on another machine has another version of it.
    What to do: run the same command with `--resume`, once the spec is settled.
    """

    code = "BAT957"
    name = "spec-changed"
    template = "the spec {spec} is not the one that the batch began with"
    hint = "run again with --resume once the spec is settled"

    spec: str


class DrawnDifferently(Issue):
    """A name that is one shape in one export and another shape in another.

    Why it matters: the shared ontology holds an object for each shape; all bundles call them by the titles that the spec gives to
    objects of several shapes, also those of exports that know only one.
    Example: `car` is a polygon in one task and a rectangle in another, so both say `car (polygon)` and `car (bounding_box)`.
    What to do: nothing if that is meant; else convert the shapes to one kind in a rule, or use `--ontology-per-export`.
    """

    code = "BAT958"
    name = "drawn-differently"
    severity = Severity.INFO
    template = "{base!r} has other shapes in other exports, so its objects are called {titles}"
    hint = "convert the shapes to one kind in a rule, or choose names with title_if_several"

    base: str
    titles: str


class StrangeBundle(Issue):
    """A folder of bundles that holds the bundle of an export which is not among the sources.

    Why it matters: the index would not name it, and the shared ontology would not be its own; and nothing is deleted unasked.
    Example: `mapper batch a.zip -o out`, then `mapper batch b.zip -o out --resume`.
    What to do: name all exports, old and new, or choose another folder, or remove the bundle.
    """

    code = "BAT959"
    name = "strange-bundle"
    template = "{folder} holds {bundle}, the bundle of {source}, which is not among the sources"
    hint = "name all exports, old and new; or choose another folder, or remove the bundle"

    folder: str
    bundle: str
    source: str


ISSUES: tuple[type[Issue], ...] = (
    NoExports, WorkerDied, WorkerDiedAgain, BundleNotWritten, OntologyConflict, SharedDataset, SpecChanged, DrawnDifferently, StrangeBundle,
)  # fmt: skip
