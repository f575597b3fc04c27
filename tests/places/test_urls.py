"""Which texts are URLs, which of them are taken, and that nothing secret of them is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cli.terminal import shown_path
from mapper.places.opening import place_of
from mapper.places.urls import is_url, local_path, parsed, shown

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)


@pytest.mark.parametrize("text", ["task.zip", "./a/b", "/a/b", "C:\\exports\\task.zip", "C:/exports", "a:b", "1://x", "a//b", "s3:/bucket"])
def test_paths_are_no_urls(text: str) -> None:
    """What looks like a path of any system is one."""
    assert not is_url(text)
    assert place_of(text) == Path(text)


@pytest.mark.parametrize("text", ["s3://b/x", "GS://b/x", "memory://x", "simplecache::s3://b/x", "file:///x", "a+b://x"])
def test_urls(text: str) -> None:
    """What begins with a protocol is a URL, and so is one within another."""
    assert is_url(text)


def test_a_file_url_is_a_path(tmp_path: Path) -> None:
    """A file URL names a path of this machine, as `Path.as_uri` writes it."""
    path = tmp_path / "with space & percent%20.zip"
    assert place_of(path.as_uri()) == path
    assert local_path("file://elsewhere/x") is None
    assert parsed("file://elsewhere/x").refused == "the file is on another machine"


@given(user=WORDS, secret=WORDS, host=WORDS, protocol=st.sampled_from(["s3", "gs", "http", "https", "az"]))
def test_passwords_are_never_shown(user: str, secret: str, host: str, protocol: str) -> None:
    """A URL with a password is refused, and shown without it, alone and within a sentence."""
    url = f"{protocol}://{user}:{secret}{secret}@{host}/task.zip"
    assert parsed(url).secret
    for text in (shown(url), shown(f"cannot open {url}: no"), shown_path(url)):
        assert f":{secret}{secret}" not in text
        assert f"{host}/task.zip" in text


@given(name=WORDS, secret=WORDS)
def test_signatures_are_never_shown(name: str, secret: str) -> None:
    """What stands behind a web address is its query, which may be a signature."""
    text = shown(f"GET https://host/{name}?X-Amz-Signature={secret}&a=b failed")
    assert text == f"GET https://host/{name}?… failed"


def test_a_container_of_azure_is_no_secret() -> None:
    """Azure writes the container before an @; that stays."""
    url = "abfs://container@account.dfs.core.windows.net/task.zip"
    assert not parsed(url).refused
    assert shown(url) == url


@pytest.mark.parametrize(
    "url", ["sftp://h/x", "ssh://h/x", "github://o:r@/x", "zip://x::s3://b/y", "simplecache::http://h/x", "s3://", "s3:///"]
)
def test_other_protocols_are_refused(url: str) -> None:
    """Protocols outside the table are refused before anything is loaded or asked, chains of them too."""
    assert parsed(url).refused
