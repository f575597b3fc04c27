"""What a batch says of itself: a line an export, and a head; the same bytes whatever the order of finishing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from mapper.findings.base import Severity
from mapper.findings.batch import SharedDataset
from mapper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.batch.order import Row
    from mapper.batch.sources import Export
    from mapper.findings.base import Finding
    from mapper.spec.load import LoadedSpec

FORMAT = "batch/v1"
STATUSES = ("converted", "unpublished", "refused", "failed")
_SEVERITIES = ("error", "warning", "info")


def entry(export: Export, row: Row, *, dry_run: bool = False) -> dict[str, Any]:
    """The line of one export; ``attempts`` stands in it if a worker died."""
    worst = row.worst()
    made = row.status == "converted" and not dry_run
    record: dict[str, Any] = {
        "name": export.name,
        "source": export.shown,
        "status": row.status,
        "bundle": export.name if made else None,
        **{key: row.about[key] for key in ("project", "dataset", "media_mode") if key in row.about},
        "counts": {key: value for key, value in row.counts.items() if key != "findings"},
        "sha256": {key: row.digests[key] for key in ("source", "spec", "ontology", "bundle") if row.digests.get(key)},
        "worst": worst.word if worst is not None else None,
        "findings": _by_code(row),
        "message": row.message,
    }
    return record | ({"attempts": row.attempts} if row.attempts > 1 else {})


def _by_code(row: Row) -> dict[str, dict[str, Any]]:
    """How often each code was found, and the worst that it was found as."""
    found: dict[str, dict[str, Any]] = {}
    for code, word, count in row.findings:
        known = found.setdefault(code, {"severity": word, "count": 0})
        known["severity"] = max(known["severity"], word, key=Severity.parse)
        known["count"] += count
    return dict(sorted(found.items()))


def lines(entries: Sequence[dict[str, Any]]) -> bytes:
    """The bytes of ``index.jsonl``."""
    return b"".join(orjson.dumps(record) + b"\n" for record in entries)


def head(spec: LoadedSpec, mode: str, ontology: str, rows: Sequence[Row], findings: Sequence[Finding]) -> dict[str, Any]:
    """The content of ``batch.json``; ``ontology`` is the digest of the one that all share, "" if there is none."""
    statuses = Counter[str](row.status for row in rows)
    worst: Counter[str] = Counter()
    for row in rows:
        for _, severity, count in row.findings:
            worst[severity] += count
    numbers: Counter[str] = Counter()
    for row in rows:
        numbers.update({key: value for key, value in row.counts.items() if isinstance(value, int) and not key.startswith("ontology_")})
    meta = spec.spec.metadata
    return {
        "format": FORMAT,
        "tool": {"name": "mapper", "version": __version__},
        "spec": {
            "name": meta.name,
            "version": meta.version,
            "sha256": spec.sha256,
            "meaning_sha256": spec.meaning,
            "parameters": dict(spec.parameters),
        },
        "ontology": {"mode": mode} | ({"sha256": ontology} if ontology else {}),
        "exports": {"all": len(rows), **{status: statuses[status] for status in STATUSES}},
        "counts": dict(numbers),
        "findings": {word: worst[word] for word in _SEVERITIES},
        "issues": [finding.as_dict() for finding in findings],
    }


def shared_datasets(exports: Sequence[Export], rows: Sequence[Row]) -> Iterator[SharedDataset]:
    """Which exports would meet on one dataset if they were uploaded."""
    names: dict[str, list[str]] = {}
    for export, row in zip(exports, rows, strict=True):
        if row.about:
            names.setdefault(row.about["dataset"]["id"], []).append(export.name)
    for dataset, several in sorted(names.items(), key=lambda item: item[1]):
        if len(several) > 1:
            yield SharedDataset(count=len(several), dataset=dataset, names=", ".join(several))
