"""URLs of places: which are taken, and how they are shown without what is secret in them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LIBRARIES = {
    "s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs",
    "http": "aiohttp", "https": "aiohttp", "memory": "",
}  # fmt: skip
"""The protocols that are taken, and the package that speaks each besides fsspec itself.

Others of fsspec's are not: some run commands, some unpack archives without limits, some read files that a URL only points to.
"""
WEB = frozenset({"http", "https"})
"""Protocols that give single files: nothing is listed there, and nothing written."""
LOCAL = "file"

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(::[A-Za-z0-9+.-]+)*://")
_SECRET_USER = re.compile(r"(?<=://)[^/@\s]*@(?=[^/\s])")
_QUERY = re.compile(r"(https?://[^\s?#'\"]*)[?#][^\s'\"]*")
_DRIVE = re.compile(r"/[A-Za-z]:")


class Url(NamedTuple):
    """A URL taken apart: its protocol in lower case, and why it is refused, if it is.

    ``secret``: it is refused because of a password in it.
    """

    text: str
    protocol: str
    refused: str = ""
    secret: bool = False


def is_url(text: str) -> bool:
    """Whether a text is a URL, of any kind, and no path of this machine."""
    return _URL.match(text) is not None


def local_path(url: str) -> Path | None:
    """The path that a ``file`` URL on this machine means, percent signs decoded; None for another URL."""
    protocol, _, rest = url.partition("://")
    host, slash, below = rest.partition("/")
    if protocol.lower() != LOCAL or host not in {"", "localhost"}:
        return None
    path = unquote(slash + below)
    return Path(path[1:] if os.name == "nt" and _DRIVE.match(path) else path)


def parsed(url: str) -> Url:
    """A URL taken apart, and judged without asking anyone."""
    protocol, _, rest = url.partition("://")
    protocol = protocol.lower()
    if protocol not in LIBRARIES:
        why = "a URL within a URL is not followed" if "::" in protocol else f"places by {protocol} are not supported"
        return Url(url, protocol, "the file is on another machine" if protocol == LOCAL else why)
    user = rest.partition("/")[0].rpartition("@")[0]
    if ":" in user or (user and protocol in WEB):
        return Url(url, protocol, "it holds credentials", secret=True)
    try:
        urlsplit(url)
    except ValueError as error:
        return Url(url, protocol, f"it is no URL ({error})")
    return Url(url, protocol, "" if rest.strip("/") else "it names no bucket")


def shown(text: str) -> str:
    """A text without the passwords and signatures of the URLs in it."""
    if "://" not in text:
        return text
    return _QUERY.sub(r"\1?…", _SECRET_USER.sub(_user, text))


def _user(match: re.Match[str]) -> str:
    """A container before an ``@`` stays, as Azure writes it; whoever writes a password or a token loses it."""
    user = match[0][:-1]
    before = match.string[: match.start()].lower()
    return "…@" if ":" in user or before.endswith(("http://", "https://")) else match[0]
