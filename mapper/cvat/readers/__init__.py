"""The readers of CVAT's formats, and which of them reads a given source."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.archive import Contents, Limits, look, open_xml, unsuitable
from mapper.cvat.beside import Sizes, manifest_beside
from mapper.cvat.members import Members
from mapper.cvat.readers.native_xml import NativeXml
from mapper.cvat.reporter import Reporter
from mapper.cvat.stored import ANNOTATION

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.cvat.reading import Reading
    from mapper.cvat.tracks import Interpolate
    from mapper.findings.collector import Collector
    from mapper.places.place import Place


class Settings(NamedTuple):
    """What a caller chooses about reading; ``open_export`` says what each is."""

    labels: Sequence[LabelSpec]
    limits: Limits
    include_jobs: Collection[str]
    frame_size: tuple[int, int] | None
    interpolate: Interpolate | None


class Reader(NamedTuple):
    """One format: whether a source is of it, and what opens it."""

    detect: Callable[[Contents], bool]
    open: Callable[[Contents, Reporter, Settings], Reading]


def _xml(contents: Contents, report: Reporter, settings: Settings) -> Reading:
    """One XML, of images or of tracks; its root shows whether it is CVAT's."""
    manifest = manifest_beside(contents, report, settings.limits)
    file = open_xml(contents, report, settings.limits)
    sizes = Sizes(settings.frame_size, manifest)
    return NativeXml(file, report, settings.labels, settings.limits, settings.interpolate, sizes)


def _api(contents: Contents, report: Reporter, settings: Settings) -> Reading:
    from mapper.cvat.readers.api_json import open_api  # noqa: PLC0415 - most exports are XML, which is read without all of this

    members = Members(contents.path, contents.base, report, settings.limits)
    return open_api(members, report, settings.labels, settings.limits)


def _backup(contents: Contents, report: Reporter, settings: Settings) -> Reading:
    from mapper.cvat.readers.backup import open_backup  # noqa: PLC0415 - as above

    members = Members(contents.path, contents.base, report, settings.limits)
    return open_backup(members, report, settings)


READERS: dict[str, Reader] = {
    "native_xml": Reader(detect=lambda contents: bool(contents.xmls), open=_xml),
    "api_json": Reader(detect=lambda contents: bool(contents.answers), open=_api),
    "backup": Reader(detect=lambda contents: bool(contents.backups), open=_backup),
}
"""Every format that can be read; the first that detects itself reads."""


def open_export(
    source: Place,
    findings: Collector,
    *,
    labels: Sequence[LabelSpec] = (),
    limits: Limits | None = None,
    include_jobs: Collection[str] = (ANNOTATION,),
    frame_size: tuple[int, int] | None = None,
    interpolate: Interpolate | None = None,
) -> Reading:
    """Open an export: an XML file, a zip, or an unzipped folder; of backups and API answers also one of their JSON files.

    Args:
        source: the path, or the place on a store; a zip is streamed, never extracted.
        findings: takes what is found now and while images and tracks are read.
        labels: a label schema that takes the place of the export's own.
        limits: what is refused as too large, if not the default.
        include_jobs: of backups, the types of jobs that are converted: annotation, ground_truth, consensus_replica. The ground
            truth of a task with honeypots belongs to its annotations.
        frame_size: width and height in pixels of the frames whose size is not in the export (of tracks in XML: their task says it).
        interpolate: fills the gaps of tracks in XML whose entries are all keyframes, frame by frame: ``(before, after, frame)``
            gives the shape. None leaves gaps as they are and reports them. Never called past the last entry of a track.

    Raises:
        SourceError: with its findings (SRC1xx), if nothing can be read.
    """
    contents = look(source, findings)
    report = Reporter(findings, contents.file)
    settings = Settings(labels, limits or Limits(), include_jobs, frame_size, interpolate)
    for reader in READERS.values():
        if reader.detect(contents):
            return reader.open(contents, report, settings)
    raise unsuitable(contents, findings)
