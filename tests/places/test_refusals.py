"""What cannot be read or written on a store: a finding with a code and a place, never a traceback, never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mapper import api
from mapper.connect.verify import verify
from mapper.cvat.readers import open_export
from mapper.errors import OutputError, SourceError
from mapper.findings.collector import Collector
from mapper.places.opening import place_of
from mapper.places.retry import VARIABLE, reason, verdict, waits
from mapper.places.urls import LIBRARIES
from tests.support.checkout import ROOT
from tests.support.stores import BREAK, AnsweredError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import Store

STREET = ROOT / "examples" / "street"


def refused(url: str) -> tuple[str, str]:
    """The code and the message of a source that cannot be used."""
    with pytest.raises(SourceError) as found:
        api.convert(url)
    (finding,) = found.value.findings
    return finding.code, finding.message


@pytest.mark.parametrize(
    ("url", "code"),
    [("sftp://host/x", "SRC169"), ("simplecache::s3://b/x", "SRC169"), ("gs://b/x", "SRC170"), ("s3://key:secret@b/x", "SRC171")],
)
def test_urls_that_are_not_used(url: str, code: str) -> None:
    """A protocol that is not taken, a package that is missing, and a password, for a source and for a bundle."""
    assert refused(url)[0] == code
    with pytest.raises(OutputError) as found:
        api.convert(STREET, url)
    assert [finding.code for finding in found.value.findings] == [code]
    assert "secret" not in str(found.value)


def test_a_missing_package_says_what_to_install() -> None:
    """The message names the package that speaks the protocol."""
    with pytest.raises(SourceError) as found:
        place_of("gs://bucket/task.zip")
    assert found.value.findings[0].hint == 'pip install "gcsfs"'
    assert str(found.value) == "gs://bucket/task.zip needs the package gcsfs, which is not installed"


def test_a_web_server_takes_no_bundle(store: Store) -> None:
    """Bundles go to object stores and folders."""
    with pytest.raises(OutputError, match="a web server takes no bundle"):
        api.convert(STREET, f"{store.web}/out")
    assert not store.asked


@pytest.mark.parametrize("web", [True, False])
def test_what_a_store_answers(store: Store, web: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Nothing there, no permission, and a server that stays broken: each its own code, by any protocol."""
    base = store.web if web else "s3:/"
    store.objects["bucket/task.zip"] = bytes(100)
    assert refused(f"{base}/bucket/none.zip?Signature=hidden" if web else f"{base}/bucket/none.zip")[0] == "SRC101"
    store.denied.add("bucket/task.zip")
    code, message = refused(f"{base}/bucket/task.zip")
    assert (code, "403" in message) == ("SRC172", True)
    assert store.asked[-1].sent < 100
    store.denied.clear()
    store.faults = {"GET": [BREAK] * 40, "HEAD": [503] * 40}
    code, message = refused(f"{base}/bucket/task.zip")
    assert (code, "attempts: 4" in message) == ("SRC173", True)


def test_a_denied_object_is_asked_for_once(store: Store) -> None:
    """What will not change by waiting is not tried again."""
    store.denied.add("bucket/task.zip")
    refused("s3://bucket/task.zip")
    assert len(store.asked) == 1


def test_a_server_without_ranges(store: Store) -> None:
    """A small object is read whole from a server that knows no ranges; of a large one it is said why it cannot be read."""
    store.ranges = False
    store.objects["bucket/annotations.xml"] = (STREET / "annotations.xml").read_bytes()
    assert api.convert(f"{store.web}/bucket/annotations.xml").stats["read"]
    store.objects["bucket/large.zip"] = bytes(9 << 20)
    code, message = refused(f"{store.web}/bucket/large.zip")
    assert (code, "range" in message) == ("SRC173", True)


def test_an_export_that_breaks_off_later(store: Store) -> None:
    """A store that fails in the middle refuses the export: it is not taken for one that ends there."""
    text = (STREET / "annotations.xml").read_bytes()
    store.objects["bucket/street.xml"] = text.replace(b"</annotations>", b" " * (9 << 20) + b"</annotations>")
    with open_export(place_of("s3://bucket/street.xml"), Collector()) as reader:
        store.faults["GET"] = [503] * 40
        with pytest.raises(SourceError, match=r"could not read s3://bucket/street.xml: .* \(attempts: 4\)"):
            list(reader.images())


def test_verify_of_a_store(store: Store, tmp_path: Path) -> None:
    """A bundle on a store is read back where it is; where there is none, that is said."""
    api.convert(STREET, "s3://bucket/street")
    api.convert(STREET, tmp_path / "street")
    found, local = verify(place_of("s3://bucket/street"), sdk=False), verify(tmp_path / "street", sdk=False)
    assert (found.findings, found.counts) == (local.findings, local.counts)
    with pytest.raises(SourceError, match="s3://bucket/none is no bundle"):
        verify(place_of("s3://bucket/none"), sdk=False)
    assert store.objects


def test_verdicts() -> None:
    """What exceptions of storage libraries mean; one that is nobody's is a bug and goes through."""
    caused = FileNotFoundError("x")
    caused.__cause__ = AnsweredError(403)
    assert [verdict(AnsweredError(status)) for status in (401, 404, 410, 408, 418, 429, 500)] == [
        "denied", "missing", "missing", "again", "final", "again", "again",
    ]  # fmt: skip
    assert verdict(caused) == "denied"
    assert [verdict(error) for error in (PermissionError(), FileNotFoundError(), ConnectionResetError(), TimeoutError(), ValueError())] == [
        "denied", "missing", "again", "again", "final",
    ]  # fmt: skip
    assert verdict(ZeroDivisionError()) is None


def test_reasons_are_short_and_without_secrets() -> None:
    """The text of a library's exception may hold a signed address, and more than a line."""
    text = reason(OSError("cannot reach\nhttps://host/x?Signature=abc " + "z" * 500))
    assert text.startswith("cannot reach https://host/x?… zzz")
    assert len(text) < 300


def test_waits_are_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses are set by a variable; what is no list of seconds leaves them as they are."""
    monkeypatch.setenv(VARIABLE, "1, 2.5,900")
    assert waits() == (1.0, 2.5, 60.0)
    monkeypatch.setenv(VARIABLE, "")
    assert waits() == ()
    monkeypatch.setenv(VARIABLE, "soon")
    assert waits() == (0.5, 1.0, 2.0)


def test_every_protocol_has_its_package() -> None:
    """The table names a package for each protocol but the one that fsspec itself speaks."""
    assert [name for name, package in LIBRARIES.items() if not package] == ["memory"]
