"""The outer part of CVAT's XML, from parser events: root, meta, images with their XML attributes; tracks are read beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mapper.cvat.beside import completed
from mapper.cvat.frames import Frames, Head
from mapper.cvat.manifest import CLOUD
from mapper.cvat.meta import read_meta
from mapper.cvat.model import Image
from mapper.cvat.tally import Tally
from mapper.cvat.xml_driver import Driver
from mapper.cvat.xml_shapes import ShapeEvents
from mapper.cvat.xml_tracks import TrackEvents
from mapper.cvat.xml_tree import TreeEvents
from mapper.findings.source.beside import ManifestUsed
from mapper.findings.source.header import MetaLate
from mapper.findings.source.images import ImageRefused, ImagesNone, RootChildUnknown
from mapper.findings.source.opening import RootUnknown, XmlBroken
from mapper.findings.source.shapes import XmlAttributeUnknown
from mapper.findings.source.stored import ThreeDimensional
from mapper.findings.source.tracks import ViewsMixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.beside import Sizes
    from mapper.cvat.model import Export, LabelSpec, Shape
    from mapper.cvat.reporter import Reporter
    from mapper.cvat.tracks import Interpolate
    from mapper.cvat.xml_tree import Node

DIGITS = 18
"""How long ids and sizes may be."""

_KNOWN = frozenset({"id", "name", "width", "height", "subset", "task_id"})


class ExportEvents:
    """Feeds on XML and gives the export's head, its images and its tracks.

    ``export`` is None until the first image or track has started, or the root has ended. ``images``: those that are
    complete; whoever takes them clears the list. ``view``: which of the two came first, "" if neither did yet.
    ``frames``: what places the images, None before the first.
    """

    def __init__(self, report: Reporter, labels: Sequence[LabelSpec], interpolate: Interpolate | None, sizes: Sizes) -> None:
        self.report = report
        self.sizes = sizes
        self.driver = Driver(report)
        self.tally = Tally()
        self.export: Export | None = None
        self.images: list[Image] = []
        self.shapes = ShapeEvents(self.driver, self.tally, self._end_image)
        self.tracks = TrackEvents(self.driver, self.tally, interpolate)
        self.rooted = False
        self.view: Literal["", "image", "track"] = ""
        self._labels = labels
        self._meta: Node | None = None
        self.frames: Frames | None = None
        self._head: Head | None = None
        self._refused = ImageRefused.code
        self._open = self._mixed = False
        self.driver.push(self._start_root, self._end_root)

    def resume(self, export: Export) -> None:
        """Go on behind the first images: the head was read elsewhere."""
        self.export = export
        self.frames = Frames(export, self.report)
        self.view = "image"

    def abandon(self) -> None:
        """The XML has broken off: what the open image or track holds so far is refused."""
        self.tracks.abandon()
        if self._open:
            self._open = False
            self.tally.images_refused += 1
            self.tally.take_back(self.shapes.shapes, XmlBroken.code)
            if self.shapes.tag:
                self.tally.refuse(self.shapes.tag, self.shapes.where()[1], XmlBroken.code)

    @property
    def pieces(self) -> int:
        """How many pieces of text wait in an attribute that has not ended."""
        return max(self.shapes.pieces, self.tracks.pieces)

    def _start_root(self, tag: str, _attrs: list[str]) -> None:
        if tag != "annotations":
            raise self.report.refuse(RootUnknown(tag), line=self.driver.line)
        self.rooted = True
        self.driver.push(self._start, self._end)

    def _end_root(self, tag: str) -> None:
        """Never called: ``_end`` sees the end of the root."""

    def _start(self, tag: str, attrs: list[str]) -> None:
        """A child of the root has started."""
        if tag == "image":
            self._begin("image")
            self._start_image(dict(zip(attrs[::2], attrs[1::2], strict=True)))
        elif tag == "track":
            self.tracks.begin(attrs, self._begin("track"))
        elif tag == "meta" and self._meta is None:
            self._start_meta()
        elif tag == "version":
            self.driver.skip(lambda _text: None)
        else:
            self.report.add(RootChildUnknown(tag), line=self.driver.line, attribute=tag)
            self.driver.skip(lambda _text: self.tally.refuse(tag, "", RootChildUnknown.code))

    def _end(self, _tag: str) -> None:
        """The root has ended."""
        self.driver.pop()
        if self.export is None:
            export = self._read_meta()
            modes = sorted({task.mode for task in export.tasks if task.mode})
            self.report.add(ImagesNone(", ".join(modes) or "unknown"), line=self.driver.line)

    def _start_meta(self) -> None:
        if self.export is None:
            TreeEvents(self.driver, "meta", self._end_meta)
        else:
            self.report.add(MetaLate(), line=self.driver.line)
            self.driver.skip(lambda _text: None)

    def _end_meta(self, node: Node) -> None:
        self._meta = node

    def _begin(self, view: Literal["image", "track"]) -> Frames:
        """An image or a track starts."""
        if self.frames is None:
            self.frames = Frames(self._read_meta(), self.report)
            self.view = view
        if self.view != view and not self._mixed:
            self._mixed = True
            self.report.add(ViewsMixed(), line=self.driver.line)
        return self.frames

    def _read_meta(self) -> Export:
        found = self.export = read_meta(self._meta, self._labels, self.report)
        if len(found.tasks) > 1:  # whose frames a manifest does not tell apart
            self.sizes = self.sizes._replace(manifest=None)
        if self.sizes.manifest is not None:
            self.export = completed(found, self.sizes.manifest)
            if self.export != found:
                self.report.add(ManifestUsed("the name or the size of the video"))
        return self.export

    def _start_image(self, attrs: dict[str, str]) -> None:
        line = self.driver.line
        if "width" not in attrs and "height" not in attrs and (size := self.sizes.of(attrs.get("id", ""))) is not None:
            attrs |= {"width": str(size[0]), "height": str(size[1])}
            if size != self.sizes.given:
                self.report.add(ManifestUsed("the sizes of images"), line=line)
        self._refused = ImageRefused.code
        self._head = self._read_head(attrs, line)
        name = attrs.get("name", "")
        if not _KNOWN.issuperset(attrs):
            for key in [key for key in attrs if key not in _KNOWN]:
                issue = XmlAttributeUnknown("image", key, attrs[key])
                self.report.add(issue, line=line, image=name, attribute=key)
        self._open = True
        self.shapes.begin(name)

    def _read_head(self, attrs: dict[str, str], line: int) -> Head | None:
        """The XML attributes of an image, or None if they do not make one."""
        numbers: dict[str, int] = {}
        for key in ("id", "width", "height"):
            text = attrs.get(key, "")
            plain = text.isdecimal() and text.isascii() and len(text) <= DIGITS
            numbers[key] = int(text) if plain else -1
            if numbers[key] < (key != "id"):
                self._refuse_image(key, attrs.get(key), attrs, line)
                return None
        name = attrs.get("name")
        if name is None:
            self._refuse_image("name", None, attrs, line)
            return None
        if name.lower().endswith(CLOUD):
            self._refused = ThreeDimensional.code
            self.report.add(ThreeDimensional("image"), line=line, image=name)
            return None
        return Head(
            id=numbers["id"],
            name=name,
            width=numbers["width"],
            height=numbers["height"],
            task_id=attrs.get("task_id"),
            subset=attrs.get("subset", ""),
            line=line,
        )

    def _refuse_image(self, key: str, text: str | None, attrs: dict[str, str], line: int) -> None:
        issue = ImageRefused(key, "it is missing" if text is None else repr(text[:60]))
        self.report.add(issue, line=line, image=attrs.get("name", ""), attribute=key)

    def _end_image(self, shapes: list[Shape]) -> None:
        head, frames = self._head, self.frames
        self._open = False
        if head is None or frames is None:
            self.tally.images_refused += 1
            self.tally.take_back(shapes, self._refused)
            return
        task, frame = frames.place(head)
        self.tally.images += 1
        self.images.append(
            Image(head.id, head.name, head.width, head.height, task, head.subset, frame, head.line, shapes),
        )
