"""Issues of fetching packs; PCK621 to PCK627."""

from __future__ import annotations

from mapper.findings.base import Issue


class HostNotAllowed(Issue):
    """A pack would be fetched from a host that the caller has not allowed.

    Why it matters: a spec could make the tool talk to any server.
    Example: `extends: [{source: "https://elsewhere.example/pack.tar"}]` without `--allow-host elsewhere.example`.
    What to do: allow the host if you trust it; a port other than 443 is part of the name.
    """

    code = "PCK621"
    name = "host-not-allowed"
    template = "the host {host} is not on the list of allowed hosts"
    hint = "allow it with `--allow-host {host}`, if you trust it"

    host: str


class PrivateAddress(Issue):
    """A host that was allowed leads to an address within the own network.

    Why it matters: a name that anybody can register could reach services that only this machine sees.
    Example: a public name that resolves to 127.0.0.1, 10.0.0.1 or 169.254.169.254.
    What to do: if the server is in your own network on purpose, list its name as private.
    """

    code = "PCK622"
    name = "private-address"
    template = "the host {host} has the address {address}, which is {kind}"
    hint = "if it is meant, allow it with `--allow-private-host {host}`"

    host: str
    address: str
    kind: str


class Redirected(Issue):
    """A server answers with an address on another host, or with too many addresses.

    Why it matters: whoever controls that answer could send any pack, or reach any host.
    Example: a link shortener, or a download page that forwards to a storage service.
    What to do: give the final address, and allow its host.
    """

    code = "PCK623"
    name = "redirected"
    template = "{source!r} leads to another host: {target}"
    hint = "name the address where it is now"

    source: str
    target: str


class TooMuchSent(Issue):
    """A server or repository sends more than a pack may have.

    Why it matters: it would fill memory or disk.
    Example: a repository with pictures in it, or a server that never ends.
    What to do: publish the pack by itself, as `mapper pack build` writes it.
    """

    code = "PCK624"
    name = "too-much-sent"
    template = "{source!r} sends more than {limit}"
    hint = "a pack holds specs and their tests only"

    source: str
    limit: str


class TooSlow(Issue):
    """A server takes longer than a pack may take.

    Why it matters: a server that sends a byte now and then would hold a CI job for ever.
    Example: a server that is overloaded, or means no good.
    What to do: try again; keep packs in the tree with `mapper pack vendor` if it happens often.
    """

    code = "PCK625"
    name = "too-slow"
    template = "{source!r} was not there within {seconds} seconds"
    hint = "try again later"

    source: str
    seconds: int


class FetchFailed(Issue):
    """A server cannot be reached, refuses, or has no valid certificate.

    Why it matters: the pack is not there.
    Example: status 404, a host name that does not exist, a certificate of an authority that is not known.
    What to do: check the address; give a company's own authority with `--ca-file`, access through .netrc or MAPPER_TOKEN_<HOST>.
    """

    code = "PCK626"
    name = "fetch-failed"
    template = "{source!r} cannot be fetched: {why}"
    hint = "check the address, the certificate (--ca-file) and your access"

    source: str
    why: str


class GitFailed(Issue):
    """Git is missing or too old, or refuses the repository.

    Why it matters: the pack is not there.
    Example: a tag that does not exist, or a repository with a broken object.
    What to do: check repository, tag and access; git 2.37 or newer is needed.
    """

    code = "PCK627"
    name = "git-failed"
    template = "{source!r} cannot be fetched with git: {why}"
    hint = "check the repository, the tag and your access"

    source: str
    why: str


ISSUES: tuple[type[Issue], ...] = (
    HostNotAllowed, PrivateAddress, Redirected, TooMuchSent, TooSlow, FetchFailed, GitFailed,
)  # fmt: skip
