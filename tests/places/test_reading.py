"""Exports on stores give the bytes that the same files on this machine give, and no more is fetched than is needed."""

from __future__ import annotations

import io
import random
import shutil
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper import api
from mapper.cvat.inspection import Inspection
from mapper.cvat.readers import open_export
from mapper.errors import SourceError
from mapper.findings.collector import Collector
from mapper.places.opening import place_of
from mapper.places.ranges import BUFFER, FIRST, MOST, Ranges
from mapper.places.store import Store as Asking
from tests.support.backups import backup, shape
from tests.support.builders import Label, box, export, image
from tests.support.checkout import ROOT
from tests.support.stores import BREAK

if TYPE_CHECKING:
    from tests.support.stores import Store

STREET = ROOT / "examples" / "street"


def bundle(folder: Path) -> dict[str, bytes]:
    """The files of a bundle of this machine."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def zipped(folder: Path, target: Path, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A folder as a zip."""
    with zipfile.ZipFile(target, "w", compression) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return target


def large(target: Path, images: int, padding: int = 0) -> Path:
    """A zip of an export with many boxes, stored as it is, and a picture of ``padding`` bytes of noise."""
    shapes = [box("car", (1, number % 50 + 1, 60, 90)) for number in range(100)]
    text = export(*(image(number, *shapes) for number in range(images)), labels=(Label("car"),))
    with zipfile.ZipFile(target, "w") as archive:
        if padding:
            archive.writestr("images/noise.bin", random.Random(7).randbytes(padding))  # noqa: S311 - noise, no secret
        archive.writestr("annotations.xml", text)
    return target


@pytest.mark.parametrize("form", ["folder", "zip", "xml"])
@pytest.mark.parametrize("kind", ["s3", "memory", "http"])
def test_bundles_are_those_of_local_files(form: str, kind: str, tmp_path: Path, store: Store) -> None:
    """A zip, a folder and an XML give the same bundle, byte for byte, wherever they are."""
    source = {"folder": STREET, "xml": STREET / "annotations.xml"}.get(form) or zipped(STREET, tmp_path / "street.zip")
    api.convert(source, tmp_path / "local")
    store.add(source, "bucket")
    memory = fsspec.filesystem("memory")
    memory.put(str(source), "/bucket/", recursive=True)
    url = {"s3": "s3://bucket/", "memory": "memory://bucket/", "http": f"{store.web}/bucket/"}[kind] + source.name
    try:
        if (kind, form) == ("http", "folder"):
            with pytest.raises(SourceError, match="no such file or folder"):
                api.convert(url)
            return
        api.convert(url, tmp_path / "remote")
        api.convert(url, "s3://out/street")
    finally:
        memory.store.clear()
    assert bundle(tmp_path / "remote") == bundle(tmp_path / "local")
    assert store.below("out/street") == bundle(tmp_path / "local")


@pytest.mark.parametrize("packed", [False, True])
def test_backups_on_stores(tmp_path: Path, store: Store, packed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A backup is read from a store as from this machine: its JSON, its manifest and the names of its media."""
    with zipfile.ZipFile(backup(tmp_path, shape(0), shape(1))) as archive:
        archive.extractall(folder := tmp_path / "unpacked")
    (folder / "data" / "000.jpg").write_bytes(b"no picture")
    given_ = zipped(folder, tmp_path / "task.zip") if packed else folder
    api.convert(given_, tmp_path / "local")
    store.add(given_, "bucket")
    api.convert(f"s3://bucket/{given_.name}", tmp_path / "remote")
    assert bundle(tmp_path / "remote") == bundle(tmp_path / "local")


def test_xml_is_streamed_out_of_a_large_zip(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a zip of 20 MB only the list of its members and its XML are fetched, in ranges, and no temporary file is made."""
    source = large(tmp_path / "large.zip", images=500, padding=15 << 20)
    size = source.stat().st_size
    assert size > 20_000_000
    with zipfile.ZipFile(source) as archive:
        xml = archive.getinfo("annotations.xml").file_size
    local = api.convert(source, check_media=False)
    store.add(source, "bucket")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))  # any temporary file would fail
    for url in ("s3://bucket/large.zip", f"{store.web}/bucket/large.zip"):
        store.asked.clear()
        remote = api.convert(url, check_media=False)
        assert (remote.ledger, remote.findings) == (local.ledger, local.findings)
        assert xml < store.sent() < xml + MOST + 2 * FIRST
        assert max(asked.sent for asked in store.asked) <= MOST
        assert store.count("GET") < 20


def test_memory_does_not_grow_with_the_object(store: Store) -> None:
    """Reading 48 MB in order holds one or two ranges at a time."""
    store.objects["bucket/large.bin"] = bytes(48 << 20)
    place = place_of("s3://bucket/large.bin")
    tracemalloc.start()
    try:
        with place.open("rb") as file:
            total = 0
            while piece := file.read(1 << 16):
                total += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == 48 << 20
    assert peak < 5 * MOST  # the server of the test, in the same process, holds a copy of each range too


@given(size=st.integers(1, 700_000), reads=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 300_000)), max_size=12))
def test_ranges_are_the_file(size: int, reads: list[tuple[float, int]]) -> None:
    """Seeking and reading anywhere gives what a file in memory gives."""
    data = random.Random(size).randbytes(size)  # noqa: S311 - noise, no secret
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/ranges.bin", data)
    asking = Asking("memory://ranges.bin", "memory", "/ranges.bin", memory, SourceError)
    remote, local = io.BufferedReader(Ranges(asking, "/ranges.bin", size), BUFFER), io.BytesIO(data)
    for where, length in reads:
        for file in (remote, local):
            file.seek(int(where * size))
        assert remote.read(length) == local.read(length)
        assert remote.tell() == local.tell()


@pytest.mark.parametrize("fault", [BREAK, 503, 500, 429])
def test_faults_that_pass_are_tried_again(fault: int, tmp_path: Path, store: Store) -> None:
    """A connection that breaks midway, and a server that is busy, cost another request and nothing else."""
    source = large(tmp_path / "task.zip", images=400)
    local = api.convert(source)
    store.add(source, "bucket")
    for url in ("s3://bucket/task.zip", f"{store.web}/bucket/task.zip"):
        store.faults["GET"] = [fault, fault]
        remote = api.convert(url)
        assert not store.faults["GET"]
        assert remote.bundle == local.bundle


def test_many_images_are_matched_and_not_opened(tmp_path: Path, store: Store) -> None:
    """Headers of a hundred images or fewer are compared; of more the names are matched, and a finding says so."""
    names = [f"{number:03}.png" for number in range(101)]
    folder = tmp_path / "task"
    (folder / "images").mkdir(parents=True)
    text = export(*(image(number, name=name) for number, name in enumerate(names)), labels=(Label("car"),))
    (folder / "annotations.xml").write_text(text, "utf-8")
    for name in names:
        shutil.copy(STREET / "images" / "01_crossing.png", folder / "images" / name)
    store.add(folder, "bucket")
    result = api.convert("s3://bucket/task", tmp_path / "out")
    assert [finding.message for finding in result.findings if finding.code[:3] in {"SRC", "MED"}] == [
        "101 images on the store were matched by name, and their headers not compared"
    ]
    assert store.count("GET") < 10
    del store.objects["bucket/task/images/100.png"]
    codes = {finding.code for finding in api.convert("s3://bucket/task").findings}
    assert "SRC174" not in codes
    assert "MED710" in codes


def test_names_that_lead_out_are_left_alone(store: Store) -> None:
    """A key of a store may hold any text; one that would lead out of the export is no media file."""
    store.add(STREET, "bucket")
    store.objects["bucket/street/images/../../secret.png"] = b""
    result = api.convert("s3://bucket/street")
    left = [finding.message for finding in result.findings if finding.code == "MED708"]
    assert left == ["'../../secret.png' is left alone: its name leads out of the folder"]


def test_limits_hold_for_stores(store: Store) -> None:
    """A zip that unpacks beyond belief is refused by its declaration, wherever it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("annotations.xml", "w", force_zip64=True) as member:
        for _ in range(120):
            member.write(bytes(1 << 20))
    store.objects["bucket/bomb.zip"] = packed.getvalue()
    with pytest.raises(SourceError) as refused:
        api.convert("s3://bucket/bomb.zip")
    assert [finding.code for finding in refused.value.findings] == ["SRC108"]


def test_a_store_is_asked_little(store: Store) -> None:
    """A small zip costs one question and one read, however often it is opened within a run."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(STREET / "annotations.xml", "annotations.xml")
    store.objects["bucket/street.zip"] = packed.getvalue()
    with open_export(place_of("s3://bucket/street.zip"), Collector()) as reader:
        Inspection(reader.export).take_all(reader.images(), reader.tracks())
    assert [(asked.verb, asked.range[:7]) for asked in store.asked] == [("GET", ""), ("GET", ""), ("GET", "bytes=0")]
