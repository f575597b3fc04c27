"""What a bundle says of itself: ``bundle.json`` without its format and its media list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.encord.ids import stable_uuid
from mapper.findings.base import Severity
from mapper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.reading import Reading
    from mapper.cvat.tally import Tally
    from mapper.encord.rows import Dataset
    from mapper.findings.base import Finding
    from mapper.spec.load import LoadedSpec


def bundle_head(
    reader: Reading,
    spec: LoadedSpec,
    *,
    dataset: Dataset,
    title: str,
    modes: Sequence[str],
    rows: int,
    ontology: dict[str, Any],
    ledger: dict[str, Any],
    found: Sequence[Finding],
) -> dict[str, Any]:
    """The document; ``title`` is the project's, ``modes`` are the media modes that occur, ``rows`` the label rows written."""
    export = reader.export
    return {
        "tool": {"name": "mapper", "version": __version__},
        "source": {
            "file": reader.file,
            "sha256": reader.sha256,
            "bytes": reader.bytes,
            "complete": reader.complete,
            "scope": export.scope,
            "id": export.id,
            "name": export.name,
        },
        "spec": {
            "name": spec.spec.metadata.name,
            "version": spec.spec.metadata.version,
            "sha256": spec.sha256,
            "meaning_sha256": spec.meaning,
            "parameters": dict(spec.parameters),
        },
        "project": {"id": stable_uuid("project", dataset.hash), "title": title},
        "dataset": {"id": dataset.hash, "title": dataset.title},
        "media_mode": modes[0] if len(modes) == 1 else "mixed",
        "counts": {
            **ledger["images"],
            "label_rows": rows,
            "ontology_objects": len(ontology["objects"]),
            "ontology_classifications": len(ontology["classifications"]),
            **ledger["totals"],
            "findings": {severity.word: sum(finding.severity == severity for finding in found) for severity in reversed(Severity)},
        },
    }


def counted(tally: Tally) -> dict[str, int]:
    """How many images were read, and tracks if there are any."""
    images = {"images": tally.images, "images_refused": tally.images_refused}
    tracks = {"tracks": tally.tracks, "tracks_refused": tally.tracks_refused}
    return images | tracks if any(tracks.values()) else images
