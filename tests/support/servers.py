"""Servers on this machine: https with a certificate of a test authority, pages that behave badly, and git repositories."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMES = ("localhost", "packs.example")
_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), timedelta(days=36_500)
IDENTITY = {
    f"GIT_{who}_{what}": text
    for who in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "Test"), ("EMAIL", "test@example.org"), ("DATE", "2024-01-01T00:00:00Z"))
}


def certificates(folder: Path) -> tuple[Path, Path]:
    """The file of a test authority, and that of a server's key and certificate."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])

    def made(name: x509.Name, public: Any) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(public)
        return builder.serial_number(x509.random_serial_number()).not_valid_before(_FROM).not_valid_after(_FROM + _TO)

    constraints = x509.BasicConstraints(ca=True, path_length=0)
    authority = made(issuer, authority_key.public_key()).add_extension(constraints, critical=True).sign(authority_key, hashes.SHA256())
    alternative = x509.SubjectAlternativeName([*map(x509.DNSName, NAMES), x509.IPAddress(ip_address("127.0.0.1"))])
    server = made(subject, key.public_key()).add_extension(alternative, critical=False).sign(authority_key, hashes.SHA256())
    ca_file, server_file = folder / "authority.pem", folder / "server.pem"
    ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server_file.write_bytes(secret + server.public_bytes(serialization.Encoding.PEM))
    return ca_file, server_file


@dataclass
class Server:
    """A server: ``pages`` by path (bytes, or a function of the handler), git repositories below ``repositories``."""

    port: int
    ca_file: Path
    repositories: Path
    pages: dict[str, bytes | Callable[[Any], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        """The name under which a caller allows it."""
        return f"localhost:{self.port}"

    def url(self, path: str, host: str = "localhost") -> str:
        """The address of a page."""
        return f"https://{host}:{self.port}/{path}"

    def git(self, repository: str, rest: str) -> str:
        """A git reference."""
        return f"git+https://localhost:{self.port}/{repository}//{rest}"


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server that answers while the block runs."""
    ca_file, server_file = certificates(folder)
    repositories = folder / "repositories"
    repositories.mkdir()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(self, server)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that goes away is what some tests are about."""

    listening = Quiet(("127.0.0.1", 0), Handler)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(server_file)
    listening.socket = secure.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
    server = Server(listening.server_address[1], ca_file, repositories)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        listening.shutdown()
        listening.server_close()
        thread.join()


def _answer(handler: Any, server: Server) -> None:
    path = unquote(urlsplit(handler.path).path).lstrip("/")
    server.asked.append((handler.path, dict(handler.headers.items())))
    page = server.pages.get(path)
    with suppress(OSError):
        if callable(page):
            page(handler)
        elif page is not None:
            send(handler, 200, page)
        elif (server.repositories / path.partition("/")[0]).is_dir() and ".git" in path:
            _backend(handler, server)
        else:
            send(handler, 404, b"not here")


def send(handler: Any, status: int, body: bytes, **headers: str) -> None:
    """Answer in full."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _backend(handler: Any, server: Server) -> None:
    """Let git's own server programme answer."""
    split = urlsplit(handler.path)
    variables = {
        "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(server.repositories), "GIT_HTTP_EXPORT_ALL": "1", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "PATH_INFO": unquote(split.path), "QUERY_STRING": split.query, "REQUEST_METHOD": handler.command,
        "CONTENT_TYPE": handler.headers.get("Content-Type", ""), "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
        "REMOTE_USER": "", "REMOTE_ADDR": "127.0.0.1", "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
    }  # fmt: skip
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    done = subprocess.run(["git", "http-backend"], input=body, check=True, capture_output=True, env=variables)  # noqa: S607 - as installed
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
    send(
        handler, int(headers.pop("Status", "200").split()[0]), content, **{name.replace("-", "_"): value for name, value in headers.items()}
    )


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, with no configuration but its own; what it prints."""
    variables = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, **IDENTITY}
    done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True, cwd=folder, env=variables)  # noqa: S607 - as installed
    return done.stdout.strip()


def publish(server: Server, name: str, folder: Path, tag: str) -> str:
    """Commit a folder's files, tag them and put the repository on the server; the commit's id."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "rules")
    return put(server, name, folder, tag)


def put(server: Server, name: str, folder: Path, tag: str) -> str:
    """Tag the last commit and put the repository on the server; the commit's id."""
    git(folder, "tag", "--force", tag)
    bare = server.repositories / name
    if not bare.exists():
        git(folder, "init", "--quiet", "--bare", str(bare))
    git(folder, "push", "--quiet", "--force", str(bare), "HEAD:refs/heads/main", f"refs/tags/{tag}")
    return git(folder, "rev-parse", "HEAD")
