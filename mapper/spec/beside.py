"""Reads the documents that a spec names: files in its own folder, strict JSON, never anything else."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.labels_json import read_labels_json
from mapper.encord.ontology_json import ontology_problems
from mapper.findings.base import Issue
from mapper.findings.spec_meaning.beside import FileNotJson, NoLabels, NoOntology
from mapper.spec.sources import LocalFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mapper.cvat.model import LabelSpec
    from mapper.findings.base import Location
    from mapper.spec.located import Located, Pointer
    from mapper.spec.model import MappingSpec
    from mapper.spec.sources import Folder

MAX_BYTES = 64 * 1024 * 1024
SHOWN = 20
"""How many problems of one document are reported."""


class Beside(NamedTuple):
    """The label schema that a spec names (empty if it names none), and the ontology."""

    labels: tuple[LabelSpec, ...] = ()
    ontology: dict[str, Any] | None = None


def read_beside(
    spec: MappingSpec, folder_of: Callable[[Pointer], Folder], located: Located
) -> tuple[Beside, list[tuple[Issue, Location | None]]]:
    """The documents named by ``source.labels`` and ``target.ontology``, and what is wrong with them.

    ``folder_of`` gives the folder of the document in which a part of the spec stands: a name is relative to that, with
    ``/``; links are followed and must stay inside.
    """
    labels: tuple[LabelSpec, ...] = ()
    ontology: dict[str, Any] | None = None
    found: list[tuple[Issue, Location | None]] = []
    if spec.source is not None and spec.source.labels is not None:
        labels, issues = _labels(folder_of(("source", "labels")), spec.source.labels)
        found += [(issue, located.place(("source", "labels"))) for issue in issues]
    if spec.target is not None and spec.target.ontology is not None:
        ontology, issues = _ontology(folder_of(("target", "ontology")), spec.target.ontology)
        found += [(issue, located.place(("target", "ontology"))) for issue in issues]
    return Beside(labels, ontology), found


def read_labels_file(path: Path) -> tuple[tuple[LabelSpec, ...], list[Issue]]:
    """The label schema of a file that a caller names, wherever it is, and what is wrong with it."""
    file = path.resolve()
    return _labels(LocalFolder(file.parent, file.parent), file.name)


def _labels(folder: Folder, name: str) -> tuple[tuple[LabelSpec, ...], list[Issue]]:
    document = _document(folder, name)
    if isinstance(document, Issue):
        return (), [document]
    if isinstance(document, dict) and isinstance(document.get("labels"), list):
        document = document["labels"]  # the whole task.json or project.json of a backup
    labels, problems = read_labels_json(document)
    return labels, [NoLabels(name, *problem) for problem in problems[:SHOWN]]


def _ontology(folder: Folder, name: str) -> tuple[dict[str, Any] | None, list[Issue]]:
    document = _document(folder, name)
    if isinstance(document, Issue):
        return None, [document]
    return document, [NoOntology(name, *problem) for problem in ontology_problems(document)[:SHOWN]]


def _document(folder: Folder, name: str) -> Any | Issue:
    data = folder.read(name, MAX_BYTES)
    return data if isinstance(data, Issue) else _parsed(name, data)


class _NotStrictError(ValueError):
    """What strict JSON does not have."""


def _parsed(name: str, data: bytes) -> Any | Issue:
    try:
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite
        )  # fmt: skip
        json.dumps(document, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        return FileNotJson(name, f"{error.msg} at line {error.lineno}, column {error.colno}")
    except UnicodeDecodeError as error:
        return FileNotJson(name, f"byte {error.start} is not UTF-8")
    except UnicodeEncodeError:
        return FileNotJson(name, "a text holds half of a surrogate pair")
    except RecursionError:
        return FileNotJson(name, "it is nested too deeply")
    except ValueError as error:  # ours, and integers of more digits than Python reads
        return FileNotJson(name, str(error))
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _NotStrictError(f"the key {key!r} is given twice in one mapping")
        found[key] = value
    return found


def _no_constant(word: str) -> Any:
    raise _NotStrictError(f"{word} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise _NotStrictError(f"the number {text} is too large")
    return number
