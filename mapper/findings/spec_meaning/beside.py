"""Issues of the documents that stand beside a spec: SPC273 to SPC277."""

from __future__ import annotations

from mapper.findings.base import Issue


class FileOutside(Issue):
    """The spec names a file that is not in its own folder.

    Why it matters: a shared spec must not read files of whoever runs it.
    Example: `ontology: ../other/ontology.json`, an absolute path, or a link that leads out of the folder.
    What to do: put the file beside the spec and name it relative to the spec's folder.
    """

    code = "SPC273"
    name = "file-outside"
    template = "{file!r} is not in the spec's own folder: {why}"
    hint = "put the file beside the spec, and name it relative to the spec's folder"

    file: str
    why: str


class FileUnreadable(Issue):
    """A file that the spec names cannot be read, or is too large.

    Why it matters: what the spec says about labels or the ontology cannot be checked without it.
    Example: `labels: ./cvat-labels.json` with no such file beside the spec, or one of more than 64 MiB.
    What to do: correct the name, or put the file there.
    """

    code = "SPC274"
    name = "file-unreadable"
    template = "{file!r} cannot be read: {why}"
    hint = "correct the name, or put the file beside the spec"

    file: str
    why: str


class FileNotJson(Issue):
    """A file that the spec names is not strict JSON in UTF-8.

    Why it matters: of two equal keys one would be lost in silence, and NaN is no JSON.
    Example: a trailing comma, a key given twice, `NaN`.
    What to do: correct the file at the place that the message names.
    """

    code = "SPC275"
    name = "file-not-json"
    template = "{file!r} is not valid JSON: {problem}"
    hint = "correct the file"

    file: str
    problem: str


class NoLabels(Issue):
    """The file under `source.labels` is no CVAT label schema.

    Why it matters: labels and their attributes would be guessed.
    Example: an attribute without `input_type`, a label given twice, a drawing that does not fit its sublabels.
    What to do: save what CVAT's label editor shows under "Raw", or the `labels` of a backup's task.json.
    """

    code = "SPC276"
    name = "no-labels"
    template = "{file!r} is no CVAT label schema: {path}: {problem}"
    hint = "save what CVAT's label editor shows under \"Raw\", or the `labels` of a backup's task.json"

    file: str
    path: str
    problem: str


class NoOntology(Issue):
    """The file under `target.ontology` is no Encord ontology.

    Why it matters: titles and hashes could not be looked up in it.
    Example: a project's JSON instead of its ontology, or an attribute without `featureNodeHash`.
    What to do: save the ontology's structure as JSON, as `OntologyStructure.to_dict()` of Encord's SDK gives it.
    """

    code = "SPC277"
    name = "no-ontology"
    template = "{file!r} is no Encord ontology: {path}: {problem}"
    hint = "save what `OntologyStructure.to_dict()` of Encord's SDK gives, as JSON"

    file: str
    path: str
    problem: str


ISSUES: tuple[type[Issue], ...] = (FileOutside, FileUnreadable, FileNotJson, NoLabels, NoOntology)
