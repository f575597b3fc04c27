"""Issues of media files: MED7xx."""

from __future__ import annotations

from dataclasses import dataclass

from mapper.findings.base import Issue, Severity


@dataclass(frozen=True, slots=True)
class ImageWithoutFile(Issue):
    """An image of the export that no media file belongs to.

    Why it matters: its labels are written, but an upload has no bytes for it.

    Example: `<image name="a.png">` while the export's folder holds only b.png.

    What to do: export with images, or say how names map with `--map-filename`.
    """

    code = "MED701"
    name = "image-without-file"
    severity = Severity.WARNING
    template = "image {image!r} has no media file"
    hint = "export with images, or say how names map with --map-filename"

    image: str


@dataclass(frozen=True, slots=True)
class AmbiguousFile(Issue):
    """An image name that several media files map to.

    Why it matters: a guess would put labels onto another picture.

    Example: a.png and a.jpg under `--map-filename stem`.

    What to do: choose a mapping that keeps the names apart.
    """

    code = "MED702"
    name = "ambiguous-file"
    template = "image {image!r} could be any of: {files}"
    hint = "choose a --map-filename that keeps the names apart"

    image: str
    files: str


@dataclass(frozen=True, slots=True)
class FileWithoutImage(Issue):
    """A media file that no image of the export belongs to.

    Why it matters: it will not be part of the dataset.

    Example: Thumbs.db, or the file of a deleted frame, below `images/`.

    What to do: nothing if it does not belong there; else say how names map with `--map-filename`.
    """

    code = "MED703"
    name = "file-without-image"
    severity = Severity.INFO
    template = "media file {file!r} belongs to no image"
    hint = "say how names map with --map-filename if it belongs to the export"

    file: str


ISSUES: tuple[type[Issue], ...] = (ImageWithoutFile, AmbiguousFile, FileWithoutImage)
