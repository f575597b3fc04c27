"""Encord's official SDK as a judge: it loads the ontology and every label row without a network, and writes them again.

Imported inside functions only: the SDK is an extra, and takes half a second to load. Used of it:
``OntologyStructure.from_dict``, ``LabelRowV2.from_labels_dict``, ``is_valid`` and ``to_encord_dict``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from mapper.connect.canonical import canonical_row, differences
from mapper.connect.frames import frame_count, size_of
from mapper.connect.records import record, text
from mapper.connect.slices import slices
from mapper.errors import MissingExtraError
from mapper.findings.verify import SdkChanged, SdkRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from encord.objects import LabelRowV2
    from encord.ontology import Ontology

    from mapper.connect.records import Record

FLOOR = (0, 1, 204)
"""The first version that reads what we write without further keys (classification answers by range alone)."""

HINT = "pip install 'cvat-encord-mapper[encord]'"

_LONGEST = 300
_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # an ontology needs a date, none is written anywhere
_NIL = "00000000-0000-0000-0000-000000000000"


def sdk_version() -> str:
    """The version of the installed SDK; MissingExtraError if it is missing, too old, or cannot be imported."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - only where the SDK is asked for

    try:
        import encord  # noqa: F401, PLC0415 - an extra, and slow to load

        found = version("encord")
    except (ImportError, PackageNotFoundError) as error:
        raise MissingExtraError(f"Encord's SDK is not installed: {HINT}") from error
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdecimal())
    if numbers < FLOOR:
        raise MissingExtraError(f"Encord's SDK {found} is too old, {'.'.join(map(str, FLOOR))} is needed: {HINT}")
    return found


class _Refused(Exception):  # noqa: N818 - carries an issue to the place that reports it
    def __init__(self, issue: SdkRefused) -> None:
        super().__init__(issue.message())
        self.issue = issue


def _ask(step: str, call: Callable[[], Any]) -> Any:
    """Call the SDK with data from disk: whatever it raises says that it refuses the data."""
    try:
        return call()
    except Exception as error:
        # Encord's own exceptions append the time of day to their text.
        words = " ".join(str(getattr(error, "message", "") or error).split())
        text_ = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
        raise _Refused(SdkRefused(step=step, error=type(error).__name__, text=text_)) from error


@dataclass(frozen=True, slots=True)
class Judge:
    """The SDK with one ontology loaded."""

    ontology: Ontology

    @classmethod
    def load(cls, document: Any) -> tuple[Self | None, list[SdkRefused | SdkChanged]]:
        """The SDK with an ontology, None if it refuses it; and what is wrong with the ontology."""
        try:
            structure = _ask("OntologyStructure.from_dict", lambda: _structure(document))
            again = _ask("OntologyStructure.to_dict", structure.to_dict)
        except _Refused as refused:
            return None, [refused.issue]
        found = [SdkChanged(path=path, wrote=wrote, read=read) for path, wrote, read in differences(document, again)]
        return cls(_ontology(structure)), [*found]

    def row_issues(self, row: Any) -> Iterator[SdkRefused | SdkChanged]:
        """Load a label row, look at every instance, write it again, and compare; large groups in slices."""
        for part in slices(record(row)):
            wrote = canonical_row(part)
            try:
                again = self._again(part)
            except _Refused as refused:
                yield refused.issue
                continue
            for path, value, read in differences(wrote, canonical_row(again)):
                yield SdkChanged(path=path, wrote=value, read=read)

    def _again(self, row: Record) -> Any:
        label_row: LabelRowV2 = _ask("LabelRowV2", lambda: _label_row(row, self.ontology))
        _ask("from_labels_dict", lambda: label_row.from_labels_dict(row))
        for instance in _ask("get_object_instances", label_row.get_object_instances):
            _ask("is_valid", instance.is_valid)
        for instance in _ask("get_classification_instances", label_row.get_classification_instances):
            _ask("is_valid", instance.is_valid)
        return _ask("to_encord_dict", label_row.to_encord_dict)


def _structure(document: Any) -> Any:
    from encord.objects import OntologyStructure  # noqa: PLC0415 - an extra

    return OntologyStructure.from_dict(document)


def _ontology(structure: Any) -> Ontology:
    from encord.ontology import Ontology  # noqa: PLC0415 - an extra
    from encord.orm.ontology import Ontology as OrmOntology  # noqa: PLC0415 - as above

    orm = OrmOntology(title="ontology", structure=structure, ontology_hash=_NIL, created_at=_DAY, last_edited_at=_DAY)
    return Ontology(orm, None)  # type: ignore[arg-type]  # the client is never used offline


def _label_row(row: Record, ontology: Ontology) -> LabelRowV2:
    from encord.objects import LabelRowV2  # noqa: PLC0415 - an extra
    from encord.orm.label_row import LabelRowMetadata  # noqa: PLC0415 - as above

    unit = record(next(iter(record(row.get("data_units")).values()), None))
    size = size_of(unit)
    # Identity is taken from the row itself; the number of frames is not.
    metadata: dict[str, Any] = {
        **dict.fromkeys(("label_hash", "data_hash", "dataset_hash"), _NIL),
        **dict.fromkeys(("dataset_title", "data_title", "data_link"), ""),
        "branch_name": "main",
        "data_type": text(row.get("data_type")).upper(),
        "label_status": "LABEL_IN_PROGRESS",
        "number_of_frames": frame_count(row),
        "frames_per_second": unit.get("data_fps"),
        "duration": unit.get("data_duration"),
        "width": size.width,
        "height": size.height,
        "spaces": {},
    }
    return LabelRowV2(LabelRowMetadata.from_dict(metadata), None, ontology)  # type: ignore[arg-type]  # as for the ontology
