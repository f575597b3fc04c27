"""The readers of CVAT's formats, and which of them reads a given source."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

from mapper.cvat.archive import Contents, Limits, look, open_xml, unsuitable
from mapper.cvat.readers.native_xml import NativeXml
from mapper.cvat.reporter import Reporter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mapper.cvat.model import LabelSpec
    from mapper.cvat.reading import Reading
    from mapper.cvat.tracks import Interpolate
    from mapper.findings.collector import Collector


class Reader(NamedTuple):
    """One format: whether a source is of it, and what opens its XML."""

    detect: Callable[[Contents], bool]
    open: Callable[[IO[bytes], Reporter, Sequence[LabelSpec], Limits, Interpolate | None], Reading]


def _has_xml(contents: Contents) -> bool:
    """One XML, of images or of tracks; its root shows whether it is CVAT's."""
    return bool(contents.xmls)


READERS: dict[str, Reader] = {
    "native_xml": Reader(detect=_has_xml, open=NativeXml),
}
"""Every format that can be read; the first that detects itself reads."""


def open_export(
    source: Path,
    findings: Collector,
    *,
    labels: Sequence[LabelSpec] = (),
    limits: Limits | None = None,
    interpolate: Interpolate | None = None,
) -> Reading:
    """Open an export: an XML file, a zip, or an unzipped folder.

    Args:
        source: the path; a zip is streamed, never extracted.
        findings: takes what is found now and while images and tracks are read.
        labels: a label schema that takes the place of the export's own.
        limits: what is refused as too large, if not the default.
        interpolate: fills the gaps of tracks whose entries are all keyframes, frame by frame: ``(before, after, frame)``
            gives the shape. None leaves gaps as they are and reports them. Never called past the last entry of a track.

    Raises:
        SourceError: with its findings (SRC1xx), if nothing can be read.
    """
    contents = look(source, findings)
    report = Reporter(findings, contents.file)
    bounds = limits or Limits()
    for reader in READERS.values():
        if reader.detect(contents):
            return reader.open(open_xml(contents, report, bounds), report, labels, bounds, interpolate)
    raise unsuitable(contents, findings)
