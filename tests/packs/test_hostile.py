"""What a hostile server, archive, repository or pack tries: each is refused with a code of its own, and does nothing."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from mapper.findings.base import Issue
from mapper.packs.archive import MAX_FILES, MAX_UNPACKED, read_archive
from mapper.packs.fetch import Fetched, Fetcher
from mapper.packs.hosts import HostPolicy, not_public
from mapper.packs.limits import Limits
from mapper.spec.references import Git, Web, parse
from tests.support import specs
from tests.support.packs import CAR, archive, fetcher, traffic, write_pack
from tests.support.servers import git, publish, put, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.servers import Server


def fetch(source: str, with_: Fetcher) -> Fetched | str:
    """What a reference gives, or the code of the issue."""
    reference = parse(source)
    assert isinstance(reference, Web | Git), reference
    found = with_.fetch(reference, source)
    return found.code if isinstance(found, Issue) else found


# -- the server -----------------------------------------------------------------------------------------------------------


def forward(target: str) -> Callable[[Any], None]:
    """A page that leads elsewhere."""
    return lambda handler: send(handler, 302, b"", Location=target)


def endless(handler: Any) -> None:
    """A page that never ends, and does not say how long it is."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def drip(server: Server) -> Callable[[Any], None]:
    """A page of which a byte comes now and then."""

    def page(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not server.closing.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    return page


def drip_head(server: Server) -> Callable[[Any], None]:
    """The same before the page begins."""

    def page(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not server.closing.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    return page


def test_a_host_must_be_allowed(server: Server) -> None:
    """Without the caller's word nothing is asked, not even the name service; a port belongs to the name."""
    assert fetch("https://elsewhere.example/pack.tar", Fetcher()) == "PCK621"
    assert fetch(server.url("pack.tar"), Fetcher(HostPolicy(allowed=frozenset({"localhost"})))) == "PCK621"
    assert server.asked == []


def test_a_private_address_is_refused_after_the_name_is_looked_up(server: Server) -> None:
    """A name that is allowed may still not lead into the own network, for git as little as for https."""
    policy = HostPolicy(allowed=frozenset({server.host, f"127.0.0.1:{server.port}"}), ca_file=server.ca_file)
    assert fetch(server.url("pack.tar"), Fetcher(policy)) == "PCK622"
    assert fetch(server.url("pack.tar", "127.0.0.1"), Fetcher(policy)) == "PCK622"
    assert fetch(server.git("rules.git", "a@v1"), Fetcher(policy)) == "PCK622"
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "0.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    """Private, loopback, link-local and shared addresses are recognised, however they are dressed up."""
    assert not_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_addresses_that_are_public(address: str) -> None:
    """Addresses of the internet are."""
    assert not_public(address) == ""


def test_the_address_that_was_checked_is_the_one_that_is_asked(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once: what it leads to a moment later does not count, for git as little as for https."""
    looked_up: list[str] = []

    def lookup(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host[0].isalpha():
            looked_up.append(host)
        address = "10.0.0.1" if looked_up.count(host) > 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    server.pages["pack.tar"] = b"the pack"
    write_pack(tmp_path / "rules")
    publish(server, "pinned.git", tmp_path / "rules", "v1")
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    policy = HostPolicy(private=frozenset({f"packs.example:{server.port}"}), ca_file=server.ca_file)
    found = fetch(server.url("pack.tar", "packs.example"), Fetcher(policy))
    assert isinstance(found, Fetched)
    assert found.data == b"the pack"
    assert looked_up == ["packs.example"]
    source = f"git+https://packs.example:{server.port}/pinned.git//traffic.yaml@v1"
    looked_up.clear()
    assert isinstance(fetch(source, Fetcher(policy)), Fetched)
    assert looked_up == ["packs.example"]


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/pack.tar", "http://localhost/pack.tar", "https://localhost/x", "//127.0.0.1/x"]
)
def test_a_redirect_to_another_host_is_refused(server: Server, target: str) -> None:
    """Whoever answers cannot send the tool elsewhere, nor to another port or down to http."""
    server.pages["pack.tar"] = forward(target)
    assert fetch(server.url("pack.tar"), fetcher(server)) == "PCK623"
    assert len(server.asked) == 1


def test_a_redirect_on_the_same_host_is_followed_three_times(server: Server) -> None:
    """A page may have moved on its own host; a circle ends."""
    server.pages |= {"old.tar": forward("/new.tar"), "new.tar": b"the pack", "round.tar": forward("/round.tar")}
    assert fetch(server.url("old.tar"), fetcher(server)) == Fetched(b"the pack", None)
    assert fetch(server.url("round.tar"), fetcher(server)) == "PCK623"


@pytest.mark.parametrize("page", [endless, b"x" * 100_001], ids=["endless", "long"])
def test_too_much_is_refused(server: Server, page: Any) -> None:
    """A page that is too long is not read to its end, whether it says so or not."""
    server.pages["pack.tar"] = page
    assert fetch(server.url("pack.tar"), fetcher(server, sent=100_000)) == "PCK624"


@pytest.mark.parametrize("slow", [drip, drip_head])
def test_a_slow_server_is_left(server: Server, slow: Any) -> None:
    """A byte now and then keeps no job waiting: the time counts for the whole fetch, headers and all."""
    server.pages["pack.tar"] = slow(server)
    assert fetch(server.url("pack.tar"), fetcher(server, seconds=1)) == "PCK625"


def test_failures_have_a_code(server: Server) -> None:
    """A page that is not there, a certificate of an unknown authority, a door that is closed, a compressed answer."""
    assert fetch(server.url("absent.tar"), fetcher(server)) == "PCK626"
    server.pages["pack.tar"] = b"the pack"
    assert fetch(server.url("pack.tar"), Fetcher(HostPolicy(private=frozenset({server.host})))) == "PCK626"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert fetch(f"https://localhost:{port}/x.tar", Fetcher(HostPolicy(private=frozenset({f"localhost:{port}"})))) == "PCK626"
    assert "Accept-Encoding" in server.asked[0][1]
    assert server.asked[0][1]["Accept-Encoding"] == "identity"


def test_access_comes_from_the_environment_or_netrc(project: Any, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token or a name with its password goes to its host alone; nothing of it stands in any message or in the lock file."""
    server.pages["pack.tar"] = archive(write_pack(tmp_path / "pack"))
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login me password hunter2\nmachine elsewhere.example login you password other\n")
    netrc.chmod(0o600)
    street = project.child(server.url("pack.tar"))
    assert project.online("pack", "lock", street).code == 0
    assert server.asked[-1][1]["Authorization"] == "Basic bWU6aHVudGVyMg=="
    monkeypatch.setenv("MAPPER_TOKEN_LOCALHOST", "sesame")
    assert project.online("pack", "update").code == 0
    assert server.asked[-1][1]["Authorization"] == "Bearer sesame"
    assert "sesame" not in (project.folder / "mapper.lock").read_text()
    write_pack(tmp_path / "rules")
    publish(server, "secret.git", tmp_path / "rules", "v1")
    assert isinstance(fetch(server.git("secret.git", "traffic.yaml@v1"), fetcher(server)), Fetched)
    assert server.asked[-1][1]["Authorization"] == "Bearer sesame"
    netrc.write_text("machine")
    monkeypatch.delenv("MAPPER_TOKEN_LOCALHOST")
    assert fetch(server.url("pack.tar"), fetcher(server)) == "PCK626"
    assert fetch(server.git("secret.git", "traffic.yaml@v1"), fetcher(server)) == "PCK627"


# -- archives -------------------------------------------------------------------------------------------------------------


def tar(*entries: tuple[str, bytes | str]) -> bytes:
    """A tar; an entry whose content is text is a link to it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                made.addfile(entry)
            else:
                entry.size = len(content)
                made.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def device(kind: bytes) -> bytes:
    """A tar with something that is no file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        entry = tarfile.TarInfo("thing")
        entry.type, entry.linkname = kind, "pack.yaml"
        made.addfile(entry)
    return buffer.getvalue()


def zipped(*entries: tuple[str, bytes], mode: int = 0o100644) -> bytes:
    """A zip with entries of this mode."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, content)
    return buffer.getvalue()


BOMB = bytes(MAX_UNPACKED + 1)
HOSTILE: dict[str, tuple[str, bytes]] = {
    "up": ("PCK615", tar(("../../escape.yaml", b""))),
    "up within": ("PCK615", tar(("a/../../escape.yaml", b""))),
    "absolute": ("PCK615", tar(("/etc/cron.d/x", b""))),
    "drive": ("PCK615", tar(("C:/x.yaml", b""))),
    "backslash": ("PCK615", tar(("..\\x.yaml", b""))),
    "twice": ("PCK615", tar(("a.yaml", b"1"), ("a.yaml", b"2"))),
    "two cases": ("PCK615", tar(("a.yaml", b"1"), ("A.yaml", b"2"))),
    "newline": ("PCK615", tar(("a\n.yaml", b""))),
    "zip up": ("PCK615", zipped(("../escape.yaml", b""))),
    "zip absolute": ("PCK615", zipped(("/etc/x", b""))),
    "link": ("PCK616", tar(("a.yaml", "/etc/passwd"))),
    "hard link": ("PCK616", device(tarfile.LNKTYPE)),
    "device": ("PCK616", device(tarfile.CHRTYPE)),
    "pipe": ("PCK616", device(tarfile.FIFOTYPE)),
    "zip link": ("PCK616", zipped(("a.yaml", b"/etc/passwd"), mode=0o120777)),
    "tar bomb": ("PCK617", gzip.compress(tar(("a.yaml", BOMB)), 1)),
    "tar bombs": ("PCK617", gzip.compress(tar(*((f"{number}.yaml", BOMB[: len(BOMB) // 4 + 1]) for number in range(4))), 1)),
    "zip bomb": ("PCK617", zipped(("a.yaml", BOMB))),
    "zip bombs": ("PCK617", zipped(*((f"{number}.yaml", BOMB[: len(BOMB) // 2 + 1]) for number in range(2)))),
    "many files": ("PCK617", tar(*((f"{number}.yaml", b"") for number in range(MAX_FILES + 1)))),
    "hook": ("PCK618", tar((".git/hooks/post-checkout", b"#!/bin/sh"))),
    "hidden deeper": ("PCK618", tar(("a/.envrc", b""))),
    "cut short": ("PCK614", tar(("a.yaml", b"x" * 5000))[:3000]),
    "cut short gzip": ("PCK614", gzip.compress(tar(("a.yaml", os.urandom(5000))))[:2000]),
    "no gzip": ("PCK614", b"\x1f\x8b" + b"x" * 100),
    "no zip": ("PCK614", b"PK\x03\x04" + b"x" * 100),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_archive_is_refused(case: str) -> None:
    """Paths that lead out, links, bombs, hidden names and broken archives: each has its code, and no file is written."""
    code, data = HOSTILE[case]
    found = read_archive(data, "the pack")
    assert isinstance(found, Issue)
    assert found.code == code


def test_an_encrypted_zip_is_refused() -> None:
    """Its bytes mean nothing without a password."""
    data = bytearray(zipped(("a.yaml", b"x")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + offset
        data[at : at + 2] = struct.pack("<H", 1)
    found = read_archive(bytes(data), "the pack")
    assert isinstance(found, Issue)
    assert found.code == "PCK614"


@pytest.mark.parametrize("case", ["up", "link", "zip bomb", "hook"])
def test_a_hostile_archive_ends_in_a_finding(project: Any, server: Server, case: str) -> None:
    """Through the command, with the place in the spec, and nothing locked."""
    code, data = HOSTILE[case]
    server.pages["pack.tar"] = data
    shown = project.online("pack", "lock", project.child(server.url("pack.tar")))
    assert shown.code == 1
    assert code in shown.out
    assert "--> street.yaml:" in shown.out
    assert not (project.folder / "mapper.lock").exists()


# -- repositories ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A work tree with a pack."""
    return write_pack(tmp_path / "rules")


def test_a_link_in_a_repository_is_refused(server: Server, rules: Path) -> None:
    """A link could lead to any file, so none is read."""
    (rules / "labels.json").symlink_to("/etc/passwd")
    publish(server, "link.git", rules, "v1")
    assert fetch(server.git("link.git", "traffic.yaml@v1"), fetcher(server)) == "PCK616"


def test_a_submodule_is_refused(server: Server, rules: Path) -> None:
    """Another repository would have to be asked; its address is none of ours."""
    commit = publish(server, "submodule.git", rules, "v0")
    (rules / ".gitmodules").write_text('[submodule "sub"]\n\tpath = sub\n\turl = https://elsewhere.example/x.git\n')
    git(rules, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    git(rules, "add", "--force", ".gitmodules")
    git(rules, "commit", "--quiet", "-m", "submodule")
    put(server, "submodule.git", rules, "v1")
    assert fetch(server.git("submodule.git", "traffic.yaml@v1"), fetcher(server)) == "PCK616"


def test_no_hook_runs(server: Server, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's hooks, nor templates, nor filters of the repository: git only fetches, and its configuration is ours."""
    witness, home = tmp_path / "witness", tmp_path / "home"
    hooks = home / "hooks"
    hooks.mkdir(parents=True)
    for name in ("post-checkout", "post-merge", "reference-transaction", "pre-auto-gc", "fsmonitor"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {witness}\n")
        (hooks / name).chmod(0o755)
    (home / ".gitconfig").write_text(
        f"[core]\n\thooksPath = {hooks}\n\tfsmonitor = {hooks}/fsmonitor\n[init]\n\ttemplateDir = {home}\n"
        f'[filter "evil"]\n\tsmudge = touch {witness}\n[credential]\n\thelper = "!touch {witness}"\n'
    )
    (rules / ".gitattributes").write_text("* filter=evil\n")
    publish(server, "hooks.git", rules, "v1")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.hooksPath={hooks}'")
    monkeypatch.setenv("GIT_ASKPASS", str(hooks / "fsmonitor"))
    assert isinstance(fetch(server.git("hooks.git", "traffic.yaml@v1"), fetcher(server)), Fetched)
    assert not witness.exists()


def test_a_large_repository_is_refused(server: Server, rules: Path) -> None:
    """Fetching ends when the disk's share is used up, whatever is in the folder that was asked for."""
    (rules / "pictures").mkdir()
    (rules / "pictures" / "large.bin").write_bytes(os.urandom(3_000_000))
    publish(server, "large.git", rules, "v1")
    assert fetch(server.git("large.git", "traffic.yaml@v1"), fetcher(server, repository=300_000)) == "PCK624"


def test_a_slow_repository_is_left(server: Server) -> None:
    """Git is ended when the time is over."""
    server.pages["slow.git/info/refs"] = drip(server)
    assert fetch(server.git("slow.git", "traffic.yaml@v1"), fetcher(server, seconds=1)) == "PCK625"


def test_git_follows_no_redirect(server: Server, rules: Path) -> None:
    """Another host, or the same: git does not go there."""
    publish(server, "moved.git", rules, "v1")
    server.pages["old.git/info/refs"] = forward("/moved.git/info/refs?service=git-upload-pack")
    assert fetch(server.git("old.git", "traffic.yaml@v1"), fetcher(server)) == "PCK627"


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ("traffic.yaml@absent", "PCK627"),
        ("absent/traffic.yaml@v1", "PCK627"),
        ("../traffic.yaml@v1", "PCK615"),
        (".git/x.yaml@v1", "PCK618"),
    ],
)
def test_what_a_repository_does_not_have(server: Server, rules: Path, rest: str, code: str) -> None:
    """A tag or folder that is not there, and folders that may not be asked for."""
    if not (server.repositories / "plain.git").exists():
        publish(server, "plain.git", rules, "v1")
    assert fetch(server.git("plain.git", rest), fetcher(server)) == code


def test_git_that_is_missing_has_a_code(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without git gets a finding, no traceback; so does one with a git that is too old."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fetch(server.git("plain.git", "a@v1"), fetcher(server)) == "PCK627"
    (tmp_path / "git").write_text("#!/bin/sh\necho git version 2.30.2\n")
    (tmp_path / "git").chmod(0o755)
    assert fetch(server.git("plain.git", "a@v1"), fetcher(server)) == "PCK627"


# -- packs ----------------------------------------------------------------------------------------------------------------


def child_pack(folder: Path, source: str) -> bytes:
    """A pack whose spec extends this."""
    head = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "evil", "version": "1.0.0"}}
    specs.write(folder, head | {"extends": [{"source": source}]}, "evil.yaml")
    return tar(("evil.yaml", (folder / "evil.yaml").read_bytes()), ("pack.yaml", _manifest("evil")))


def _manifest(name: str) -> bytes:
    head = {"apiVersion": "mapping/v1", "kind": "Pack", "name": name, "version": "1.0.0", "description": "x", "license": "MIT"}
    return json.dumps(head | {"specs": {name: f"{name}.yaml"}}).encode()


@pytest.mark.parametrize("source", ["../secret.yaml", "/etc/secret.yaml", "$HOME/secret.yaml", "~/secret.yaml", "a/../../secret.yaml"])
def test_a_fetched_pack_names_nothing_of_this_machine(project: Any, server: Server, tmp_path: Path, source: str) -> None:
    """No path that leads out of the pack, no absolute one, no variable of the environment."""
    specs.write(project.folder, traffic(CAR), "secret.yaml")
    specs.write(tmp_path, traffic(CAR), "secret.yaml")
    server.pages["evil.tar"] = child_pack(tmp_path, source)
    shown = project.online("pack", "lock", project.child(server.url("evil.tar")))
    assert shown.code == 1
    assert "PCK613" in shown.out
    assert f"--> {server.url('evil.tar')}//evil.yaml:" in shown.out


def test_a_fetched_pack_reads_files_of_its_own_only(project: Any, server: Server) -> None:
    """Label schemas and ontologies that it names are looked for in the pack, never in the project."""
    evil = traffic(CAR, source={"labels": "../labels.json"})
    (project.folder / "labels.json").write_text("[]")
    server.pages["evil.json"] = json.dumps(evil).encode()
    assert "SPC273" in project.online("pack", "lock", project.child(server.url("evil.json"))).out
    evil["source"]["labels"] = "labels.json"
    server.pages["evil.json"] = json.dumps(evil).encode()
    shown = project.online("pack", "lock", project.child(server.url("evil.json")))
    assert "SPC274" in shown.out
    assert "there is no such file in the pack" in shown.out


def test_packs_that_extend_one_another_in_a_circle(project: Any, server: Server, tmp_path: Path) -> None:
    """The circle is seen while it is fetched, and fetching ends."""
    server.pages["a.tar"] = child_pack(tmp_path, server.url("b.tar"))
    server.pages["b.tar"] = child_pack(tmp_path, server.url("a.tar"))
    shown = project.online("pack", "lock", project.child(server.url("a.tar")))
    assert "SPC287" in shown.out
    assert len(server.asked) == 2


def test_a_chain_without_end(project: Any, server: Server, tmp_path: Path) -> None:
    """A server that makes up ever new packs is asked a few times only."""
    for number in range(12):
        server.pages[f"{number}.tar"] = child_pack(tmp_path, server.url(f"{number + 1}.tar"))
    shown = project.online("pack", "lock", project.child(server.url("0.tar")))
    assert "SPC288" in shown.out
    assert len(server.asked) <= 9


def test_two_versions_of_one_pack(project: Any, server: Server, tmp_path: Path) -> None:
    """A pack that is reached in two versions, or in two forms that claim to be one version, is refused."""
    for version in ("1.0.0", "1.1.0"):
        server.pages[f"{version}.tar"] = archive(write_pack(tmp_path / version, version=version))
    server.pages["again.tar"] = archive(write_pack(tmp_path / "again", {"traffic": traffic(CAR)}))
    for other in ("1.1.0.tar", "again.tar"):
        shown = project.online("pack", "lock", project.child(server.url("1.0.0.tar"), server.url(other)))
        assert shown.code == 1
        assert "SPC289" in shown.out


def test_a_limit_is_a_limit() -> None:
    """The limits that are in force are those that the documents name."""
    limits = Limits()
    assert (limits.sent >> 20, limits.repository >> 20, limits.seconds, limits.redirects) == (8, 64, 60, 3)
