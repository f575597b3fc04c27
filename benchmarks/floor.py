"""A hand-tuned converter, as a lower bound: ``python benchmarks/floor.py annotations.xml rows.jsonl [--extended]``.

It reads a plain CVAT XML file and writes one Encord label row a line: boxes, rotated boxes and polygons (both polygon
fields), with their attributes. ``--extended`` converts every kind of shape. It has no rules, no findings, no ledger and
no checks, and its ids depend on order: what a product does more than this is what the product costs.

How it saves time: everything about a label that does not change (name, colour, hashes) and every answer is kept as
finished JSON bytes; numbers go from text to text through one ``orjson.loads`` and one ``orjson.dumps`` a shape; point
dictionaries are filled into a template for their number of points. Prints how many shapes were mapped and skipped.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from collections import defaultdict
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import orjson
from floor_shapes import BASE, EXTENDED, Skeletons, points
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DATE = "Fri, 02 Jan 2026 03:04:05 UTC"
ROW = (
    b'{"label_hash":"%b","branch_name":"main","created_at":"DATE","last_edited_at":"DATE","dataset_hash":"'
    b'00000000-0000-0000-0000-000000000000","dataset_title":"floor","data_title":%b,"data_hash":"%b","data_type":"%b",'
    b'"annotation_task_status":null,"label_status":"LABEL_IN_PROGRESS","object_answers":{%b},"classification_answers":'
    b'{%b},"object_actions":{},"spaces":{},"data_units":{"%b":{"data_hash":"%b","data_title":%b,"data_link":"",'
    b'"data_type":"%b","data_sequence":0,"width":%b,"height":%b,"labels":%b}}}\n'
).replace(b"DATE", DATE.encode())
TAG = (
    b'"%b":{"classifications":[%b],"classificationHash":"%b","featureHash":"%b","spaces":{},"range":[[0,0]],"createdBy":null,'
    b'"createdAt":"DATE","lastEditedBy":null,"lastEditedAt":"DATE","confidence":1,"manualAnnotation":true}'
).replace(b"DATE", DATE.encode())


def identify(text: str) -> bytes:
    """Eight characters for a text, as Encord's hashes have."""
    return b64encode(blake2b(text.encode(), digest_size=6).digest())


def identify_text(*parts: str | None) -> str:
    """The same for several parts, as text."""
    return identify("|".join(map(str, parts))).decode()


def uuid(text: str) -> bytes:
    """The shape of a UUID for a text."""
    digest = blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}".encode()


class Prefixes(dict[tuple[str, str], bytes]):
    """(Encord shape or "tag", label) to the constant start of an object or classification, up to its hash."""

    def __missing__(self, key: tuple[str, str]) -> bytes:
        shape, label = key
        kind: dict[str, object] = {"name": label, "value": label.lower().replace(" ", "_"), "featureHash": identify_text(shape, label)}
        if shape != "tag":
            kind |= {"color": "#D33115", "shape": shape}
        kind |= {"createdAt": DATE, "createdBy": None, "confidence": 1, "manualAnnotation": True}
        key_of_hash = b"classificationHash" if shape == "tag" else b"objectHash"
        self[key] = b'%b,"%b":"' % (orjson.dumps(kind)[:-1], key_of_hash)
        return self[key]


class Answers(dict[tuple[str, str | None, str], bytes]):
    """(label, attribute, value) to a finished answer, typed as the export's labels say; no attribute: a tag itself."""

    def __init__(self, types: Mapping[tuple[str, str | None], str]) -> None:
        super().__init__()
        self.types = types

    def __missing__(self, key: tuple[str, str | None, str]) -> bytes:
        label, name, value = key
        input_type = self.types.get((label, name), "radio")
        answers: object = value
        if input_type == "number":
            answers = float(value)
        elif input_type != "text":
            answers = [{"name": value, "value": value.lower(), "featureHash": identify_text(*key)}]
        entry = {"name": name or label, "value": name or label, "answers": answers, "featureHash": identify_text(label, name)}
        self[key] = orjson.dumps(entry | {"manualAnnotation": True})
        return self[key]


class Row(NamedTuple):
    """What has been made of an image so far, as JSON texts."""

    number: str
    width: float
    height: float
    objects: list[bytes]
    object_answers: list[bytes]
    tags: list[bytes]
    tag_answers: list[bytes]


class Floor:
    """One conversion: what the export's labels say, and the tables that fill up as it goes."""

    kinds = BASE

    def __init__(self, output: BinaryIO) -> None:
        self.output = output
        self.types: dict[tuple[str, str | None], str] = {}
        self.answers = Answers(self.types)
        self.prefixes = Prefixes()
        self.mapped = self.skipped = 0
        self.video: tuple[float, float] | None = None
        self.frames: defaultdict[int, list[bytes]] = defaultdict(list)
        self.video_answers: list[bytes] = []

    def read_meta(self, meta: Any) -> None:
        """Attribute types of all labels, and the size of a video."""
        for label in meta.iter("label"):
            for attribute in label.iter("attribute"):
                self.types[label.findtext("name"), attribute.findtext("name")] = attribute.findtext("input_type")
        size = meta.find(".//original_size")
        if size is not None:
            self.video = float(size.findtext("width")), float(size.findtext("height"))

    def entry(self, identity: bytes, label: str, attributes: Iterable[Any]) -> bytes:
        """An object's entry among the row's answers; objects without answers need one too."""
        answers = self.answers
        joined = b",".join([answers[label, one.get("name"), one.text or ""] for one in attributes])
        return b'"%b":{"classifications":[%b],"objectHash":"%b"}' % (identity, joined, identity)

    def image(self, image: Any) -> None:
        """Writes the label row of one image."""
        get, kinds, prefixes = image.get, self.kinds, self.prefixes
        number, width, height = get("id"), get("width"), get("height")
        row = Row(number, float(width), float(height), [], [], [], [])
        for ordinal, element in enumerate(image):
            convert = kinds.get(element.tag)
            if convert is None:
                self.other(element, ordinal, row)
                continue
            label = element.get("label")
            identity = identify(f"{number}|{ordinal}")
            shape, geometry = convert(element, row.width, row.height)
            row.objects.append(prefixes[shape, label] + identity + geometry)
            row.object_answers.append(self.entry(identity, label, element))
            self.mapped += 1
        unit = b'{"objects":[%b],"classifications":[%b]}' % (b",".join(row.objects), b",".join(row.tags))
        answers = b",".join(row.object_answers), b",".join(row.tag_answers)
        size = width.encode(), height.encode()
        self.output.write(self.row(number, get("name"), b"image", b"image/jpeg", size, answers, unit))

    def other(self, element: Any, ordinal: int, row: Row) -> None:  # noqa: ARG002 - the extended floor uses all
        """An element that is not in ``kinds``: skipped."""
        self.skipped += 1

    def row(
        self, key: str, title: str, kind: bytes, mime: bytes, size: tuple[bytes, bytes], answers: tuple[bytes, bytes], labels: bytes
    ) -> bytes:
        """A label row with one data unit."""
        data, text = uuid(f"data {key}"), orjson.dumps(title)
        return ROW % (uuid(f"label {key}"), text, data, kind, *answers, data, data, text, mime, *size, labels)

    def track(self, track: Any) -> None:
        """Keeps the objects of one track by frame; a video is one row, so it is written at the end."""
        if self.video is None:
            raise SystemExit("tracks need the size of the video: original_size is missing")
        label, last = track.get("label"), None
        identity = identify(f"track {track.get('id')}")
        for element in track:
            convert = self.kinds.get(element.tag)
            if convert is None or element.get("outside") == "1":
                self.skipped += 1
                continue
            shape, geometry = convert(element, *self.video)
            self.frames[int(element.get("frame"))].append(self.prefixes[shape, label] + identity + geometry)
            self.mapped += 1
            last = element
        if last is not None:
            self.video_answers.append(self.entry(identity, label, last))

    def finish(self) -> None:
        """Writes the row of the video, if there was one, frame by frame."""
        if self.video is None or not self.frames:
            return
        size = b"%d" % self.video[0], b"%d" % self.video[1]
        answers = b",".join(self.video_answers), b""
        before, after = self.row("video", "video", b"video", b"video/mp4", size, answers, b"{\0}").split(b"\0")
        for frame in sorted(self.frames):
            objects = b",".join(self.frames.pop(frame))
            self.output.write(b'%b"%d":{"objects":[%b],"classifications":[]}' % (before, frame, objects))
            before = b","
        self.output.write(after)


class ExtendedFloor(Floor):
    """The same for every kind of shape; a tag becomes a classification, its attributes nested answers."""

    kinds = EXTENDED

    def __init__(self, output: BinaryIO) -> None:
        super().__init__(output)
        self.skeletons = Skeletons()

    def read_meta(self, meta: Any) -> None:
        """Also the elements of skeletons, which are labels with a parent."""
        super().read_meta(meta)
        for label in meta.iter("label"):
            parent, name = label.findtext("parent"), label.findtext("name")
            if parent:
                self.skeletons.add(parent, name, identify_text(parent, name))

    def other(self, element: Any, ordinal: int, row: Row) -> None:
        """Points (each an object of its own), skeletons (whose children are not all attributes) and tags."""
        label = element.get("label")
        if element.tag == "tag":
            identity = identify(f"{row.number}|{ordinal}")
            answers = [self.answers[label, one.get("name"), one.text or ""] for one in element]
            joined = b",".join([self.answers[label, None, "yes"], *answers])
            row.tags.append(self.prefixes["tag", label] + identity + b'"}')
            row.tag_answers.append(TAG % (identity, joined, identity, identify(f"tag|{label}")))
        elif element.tag in {"points", "skeleton"}:
            make = points if element.tag == "points" else self.skeletons.convert
            attributes = [child for child in element if child.tag == "attribute"]
            for part, (shape, geometry) in enumerate(make(element, row.width, row.height)):
                identity = identify(f"{row.number}|{ordinal}|{part}")
                row.objects.append(self.prefixes[shape, label] + identity + geometry)
                row.object_answers.append(self.entry(identity, label, attributes))
        else:
            self.skipped += 1
            return
        self.mapped += 1


def convert(source: str, floor: Floor) -> None:
    """Runs over the units of an export, freeing each."""
    actions = {"meta": floor.read_meta, "image": floor.image, "track": floor.track}
    for _, unit in etree.iterparse(source, tag=("meta", "image", "track"), huge_tree=True):
        actions[unit.tag](unit)
        unit.clear()
        while unit.getprevious() is not None:
            del unit.getparent()[0]
    floor.finish()


def main() -> None:
    """The command line."""
    source, target, *flags = sys.argv[1:]
    with Path(target).open("wb", buffering=1 << 20) as output:
        floor = ExtendedFloor(output) if flags == ["--extended"] else Floor(output)
        convert(source, floor)
    print(f"{floor.mapped} mapped, {floor.skipped} skipped")


if __name__ == "__main__":
    main()
