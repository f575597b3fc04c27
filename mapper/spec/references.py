"""References under ``extends``: a file, a shipped pack, a document on the web, a file in a git repository."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

DOCUMENTS = (".yaml", ".yml", ".json")
"""How the name of a spec ends."""
_SHIPPED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)@((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){0,2})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_ENVIRONMENT = re.compile(r"[$~`]|%[A-Za-z_]\w*%")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}")
_HIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_PASSWORD = re.compile(r"(?<=://)[^/@]*@")
LONGEST = 2000
NO_VARIABLES = "variables of the environment and home folders have no meaning in a spec"


@dataclass(frozen=True, slots=True)
class File:
    """A file, relative to the spec that names it."""

    path: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """A pack that travels with mapper; ``version`` has one to three numbers, and the pack's must begin with them."""

    name: str
    version: str

    def admits(self, version: str) -> bool:
        """Whether a full version begins with the numbers asked for."""
        wanted = self.version.split(".")
        return re.split(r"[-+]", version)[0].split(".")[: len(wanted)] == wanted


@dataclass(frozen=True, slots=True)
class Web:
    """A pack's archive or a single spec behind https; ``inner`` names one spec of an archive, "" its only one."""

    url: str
    host: str
    port: int
    inner: str


@dataclass(frozen=True, slots=True)
class Git:
    """A file or folder in a git repository behind https, at a tag or a full commit id."""

    url: str
    host: str
    port: int
    inner: str
    ref: str


Reference = File | Shipped | Web | Git


def parse(source: str) -> Reference | str:
    """What a reference means, or why it means nothing."""
    found, scheme = _SHIPPED.fullmatch(source), _SCHEME.match(source)
    if not source or len(source) > LONGEST:
        return "it is empty" if not source else f"it is longer than {LONGEST} characters"
    if _ENVIRONMENT.search(source):
        return NO_VARIABLES
    if found is not None:
        return Shipped(found[1], found[2])
    return _file(source) if scheme is None else _remote(source, scheme[1].lower())


def _remote(source: str, scheme: str) -> Web | Git | str:
    if scheme in {"http", "git+http", "git"}:
        return "only https is allowed, nothing that can be changed on its way"
    if scheme not in {"https", "git+https"}:
        return f"the scheme {scheme}: is not allowed"
    if _HIDDEN.search(source):
        return "it holds a space, a backslash or a control character"
    return _web(source) if scheme == "https" else _git(source)


def folder_of(inner: str) -> str:
    """The folder that belongs to the path of a git reference: the path itself, or that of the spec which it names."""
    return inner.rpartition("/")[0] if inner.endswith(DOCUMENTS) else inner.strip("/")


def masked(source: str) -> str:
    """A reference for messages: without the password that it should not have had."""
    return _PASSWORD.sub("***@", source[:LONGEST])


def _file(source: str) -> File | str:
    if source.endswith(DOCUMENTS):
        return File(source)
    if "/" in source or "." in source:
        return "a file's name ends with .yaml, .yml or .json"
    return "a shipped pack needs its version, such as standard@1, so that a new one cannot slip in"


def _web(source: str) -> Web | str:
    split = _split(source)
    if isinstance(split, str):
        return split
    path, _, inner = split.path.partition("//")
    if not path.strip("/"):
        return "it names no document on that host"
    query = f"?{split.query}" if split.query else ""
    return Web(f"https://{split.netloc.lower()}{path}{query}", *_authority(split), inner)


def _git(source: str) -> Git | str:
    split = _split(source.removeprefix(source[:4]))
    if isinstance(split, str):
        return split
    if split.query:
        return "a git reference has no ?query"
    path, _, rest = split.path.partition("//")
    inner, at, ref = rest.rpartition("@")
    if not at or not inner:
        return "a git reference ends with //path@tag (or a full commit id instead of the tag)"
    if not _REF.fullmatch(ref) or ".." in ref or ref.endswith((".lock", "/", ".")):
        return f"{ref!r} is no tag or commit id"
    return Git(f"https://{split.netloc.lower()}{path}", *_authority(split), inner, ref)


def _split(url: str) -> SplitResult | str:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return "it is no address"
    if split.username is not None or split.password is not None or "@" in split.netloc:
        return "names and passwords never stand in a spec; they come from the caller's environment or .netrc"
    if not split.hostname or port == 0:
        return "it names no host"
    if split.fragment:
        return "it has a #fragment; name a spec in an archive with //name"
    return split


def _authority(split: SplitResult) -> tuple[str, int]:
    return (split.hostname or "").lower().rstrip("."), split.port or 443
