"""Where media are: names of folders and zips, streams within limits, and what would lead out of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from mapper.cvat.archive import media_place
from mapper.media.files import Bounded, FolderFiles, Limits, OverLimitError, StoredFiles, ZipFiles, files_at
from tests.support.reading import pack


def spread(folder: Path, *names: str) -> Path:
    """Files that hold their own names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def contents(files: FolderFiles | ZipFiles | StoredFiles) -> dict[str, str]:
    """What each file holds."""
    found = {}
    for name in files.names:
        with files.open(name) as stream:
            found[name] = stream.read().decode()
    files.close()
    return found


def test_a_folder_and_a_zip_hold_the_same(tmp_path: Path) -> None:
    """Names are relative and in order, whatever holds them; bytes are those of the file."""
    names = ["images/b/2.jpg", "images/a ä.PNG", "images/b/1.jpg"]
    archive = pack(tmp_path / "x.zip", {name: name for name in names})
    for files in (files_at(spread(tmp_path / "x", *names), "images/"), files_at(archive, "images/")):
        assert files is not None
        assert contents(files) == {name.removeprefix("images/"): name for name in sorted(names)}


def test_folders_parted_by_backslashes(tmp_path: Path) -> None:
    """A zip made on Windows holds its media as well as any other."""
    files = ZipFiles(pack(tmp_path / "x.zip", {"images\\sub\\a.png": "a", "images/b.png": "b", "images/": ""}), "images/")
    assert contents(files) == {"b.png": "b", "sub\\a.png": "a"}


@pytest.mark.parametrize("name", ["../a.png", "sub/../../a.png", "..\\a.png", "/a.png", "\\a.png", "C:\\a.png", "c:a.png"])
def test_names_that_lead_out_are_left_alone(tmp_path: Path, name: str) -> None:
    """A name that would be another file of the machine is no media file."""
    files = ZipFiles(pack(tmp_path / "x.zip", {f"images/{name}": "a", "images/b.png": "b"}), "images/")
    assert files.names == ["b.png"]
    assert [unsafe for unsafe, _ in files.left] == [name]


def test_links_that_lead_out_are_left_alone(tmp_path: Path) -> None:
    """Within an export a link to elsewhere is no media file; a folder of one's own may hold such links."""
    secret = tmp_path / "secret.png"
    secret.write_text("secret")
    folder = spread(tmp_path / "images", "a.png")
    (folder / "b.png").symlink_to(secret)
    (folder / "c.png").symlink_to(folder / "a.png")
    assert FolderFiles(folder).names == ["a.png", "c.png"]
    assert [name for name, _ in FolderFiles(folder).left] == ["b.png"]
    assert FolderFiles(folder, links=True).names == ["a.png", "b.png", "c.png"]


def test_links_that_are_not_followed(tmp_path: Path) -> None:
    """A link to a folder could go round in circles, and one to nowhere has no bytes: both are named."""
    folder = spread(tmp_path / "images", "sub/a.png")
    (folder / "sub" / "again").symlink_to(tmp_path)
    (folder / "gone.png").symlink_to(tmp_path / "gone")
    files = FolderFiles(folder, links=True)
    assert files.names == ["sub/a.png"]
    assert [name for name, _ in files.left] == ["gone.png", "sub/again"]


def test_bytes_that_are_no_text_in_a_name(tmp_path: Path) -> None:
    """A name that is not UTF-8 can be shown, and its file be read."""
    (tmp_path / "images").mkdir()
    try:
        Path(str(tmp_path / "images" / "caf") + b"\xe9.png".decode("utf-8", "surrogateescape")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert contents(FolderFiles(tmp_path / "images")) == {"caf\\udce9.png": "x"}


def test_what_no_genuine_member_claims(tmp_path: Path) -> None:
    """A member larger or denser than genuine ones, or an encrypted one, is not opened."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dense.png", bytes(2_000_000))
        archive.writestr("plain.png", b"plain")
    for limits, name in ((Limits(member=1000), "dense.png"), (Limits(ratio=10, ratio_from=1000), "dense.png")):
        with pytest.raises(OverLimitError):
            ZipFiles(path, limits=limits).open(name)
    assert contents(ZipFiles(path, limits=Limits(ratio=10)))["plain.png"] == "plain"
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(OverLimitError, match="encrypted"):
        ZipFiles(path).open("plain.png")


def test_a_bounded_stream_ends() -> None:
    """More than the limit cannot be read, in one go or in many; seeking costs nothing."""
    stream = Bounded(io.BytesIO(bytes(100)), 50)
    assert len(stream.read(30)) == 30
    stream.seek(90)
    assert len(stream.read()) == 10
    stream.seek(0)
    with pytest.raises(OverLimitError):
        stream.read()


def test_backups_have_their_media_in_data(tmp_path: Path) -> None:
    """Of a backup the media of its task or tasks are listed, without what CVAT itself puts beside them."""
    task = {"task.json": "{}", "annotations.json": "[]", "data/manifest.jsonl": "", "data/sub/a.png": "a", "data/index.json": ""}
    place = media_place(pack(tmp_path / "task.zip", task))
    assert place is not None
    files = files_at(place.path, place.folder, backup=place.backup, tasks=place.tasks)
    assert files is not None
    assert files.names == ["sub/a.png"]
    project = {"project.json": "{}"} | {f"task_{number}/{name}": text for number in (0, 2) for name, text in task.items()}
    for source in (pack(tmp_path / "project.zip", project), spread(tmp_path / "project", *project)):
        place = media_place(source)
        assert place is not None
        files = files_at(place.path, place.folder, backup=place.backup, tasks=place.tasks)
        assert files is not None
        assert files.names == ["task_0/data/sub/a.png", "task_2/data/sub/a.png"]


def test_no_place_for_media(tmp_path: Path) -> None:
    """A bare XML, a damaged zip and nothing at all have no media; that they cannot be read is said elsewhere."""
    (tmp_path / "a.xml").write_text("<a/>")
    (tmp_path / "b.zip").write_bytes(b"PK\x05\x06" + bytes(10))
    assert [media_place(tmp_path / name) for name in ("a.xml", "b.zip", "c")] == [None, None, None]
