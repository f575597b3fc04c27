"""Reads an export that a test writes down as text."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.readers import open_export
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mapper.cvat.archive import Limits
    from mapper.cvat.model import Image, LabelSpec, Shape, Track
    from mapper.cvat.reading import Reading as Reader
    from mapper.cvat.tracks import Interpolate
    from mapper.findings.base import Finding

META = """<meta><task><id>7</id><name>street</name><size>9</size><mode>annotation</mode><subset>default</subset>
<start_frame>0</start_frame><stop_frame>8</stop_frame><frame_filter></frame_filter><created>2024-01-01</created>
<labels><label><name>car</name><type>any</type><attributes></attributes></label></labels></task></meta>"""


class Reading(NamedTuple):
    """What came of an export: the reader at its end, all images, all tracks, all findings."""

    reader: Reader
    images: list[Image]
    tracks: list[Track]
    findings: list[Finding]

    @property
    def codes(self) -> list[str]:
        """The codes of the findings."""
        return [finding.code for finding in self.findings]

    @property
    def shapes(self) -> list[Shape]:
        """The shapes of all images."""
        return [shape for image in self.images for shape in image.shapes]


def export(body: str, meta: str = META) -> str:
    """A whole export with this content beside its meta block."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>{meta}\n{body}</annotations>\n'


def image(content: str, **fields: object) -> str:
    """One image; fields replace or add XML attributes, None takes one away."""
    known = {"id": 0, "name": "a.jpg", "width": 100, "height": 80} | fields
    attributes = "".join(f' {key}="{value}"' for key, value in known.items() if value is not None)
    return f"<image{attributes}>{content}</image>"


def track(content: str, **fields: object) -> str:
    """One track; fields replace or add XML attributes, None takes one away."""
    known = {"id": 0, "label": "car", "source": "manual"} | fields
    attributes = "".join(f' {key}="{value}"' for key, value in known.items() if value is not None)
    return f"<track{attributes}>{content}</track>"


def box(frame: object, more: str = "", **fields: object) -> str:
    """One entry of a track, a keyframe that is seen; fields replace or add XML attributes, None takes one away."""
    known = {"frame": frame, "keyframe": 1, "outside": 0, "occluded": 0, "xtl": 1, "ytl": 2, "xbr": 3, "ybr": 4, "z_order": 0} | fields
    attributes = "".join(f' {key}="{value}"' for key, value in known.items() if value is not None)
    return f"<box{attributes}>{more}</box>"


def read(
    source: Path, *, labels: Sequence[LabelSpec] = (), limits: Limits | None = None, interpolate: Interpolate | None = None
) -> Reading:
    """Read the export at a path to its end."""
    findings = Collector()
    with open_export(source, findings, labels=labels, limits=limits, interpolate=interpolate) as reader:
        images = list(reader.images())
        tracks = list(reader.tracks())
    return Reading(reader, images, tracks, findings.findings())


def read_text(folder: Path, text: str | bytes, *, interpolate: Interpolate | None = None) -> Reading:
    """Read an XML given as text or bytes."""
    return read(write(folder, text), interpolate=interpolate)


def read_shapes(folder: Path, content: str) -> Reading:
    """Read an export of one image with this content."""
    return read_text(folder, export(image(content)))


def write(folder: Path, text: str | bytes) -> Path:
    """Put an XML into a folder."""
    path = folder / "annotations.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def pack(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Make a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
