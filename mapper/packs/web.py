"""Fetches one document over https: the address that was checked is the one that is connected to, and limits hold throughout."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from mapper.findings.base import Issue
from mapper.findings.packs.network import FetchFailed, Redirected, TooMuchSent, TooSlow
from mapper.packs.credentials import authorization
from mapper.packs.limits import Deadline, Limits
from mapper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.packs.hosts import HostPolicy
    from mapper.spec.references import Web

STEP = 10.0
"""Seconds that a single connect, read or write may take."""
OK = 200
_TIMEOUTS = (httpx.TimeoutException, httpcore.TimeoutException, TimeoutError)
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpcore.ProtocolError, httpcore.NetworkError, ssl.SSLError, OSError)


def fetch_web(reference: Web, source: str, policy: HostPolicy, limits: Limits) -> bytes | Issue:
    """The bytes behind an https address, redirects on the same host followed; an issue if anything is not as it must be."""
    addresses = policy.addresses(reference.host, reference.port, source)
    if isinstance(addresses, Issue):
        return addresses
    deadline = Deadline(limits.seconds)
    try:
        headers = {"User-Agent": f"mapper/{__version__}", "Accept-Encoding": "identity", "Accept": "*/*"}
        if (secret := authorization(reference.host)) is not None:
            headers["Authorization"] = secret
        transport = _Transport(addresses, context(policy), deadline)
        with httpx.Client(transport=transport, timeout=STEP, headers=headers, trust_env=False) as client:
            return _followed(client, reference, source, limits, deadline)
    except _TIMEOUTS:
        return TooSlow(source, limits.seconds)
    except (*_FAILURES, ValueError) as error:
        return TooSlow(source, limits.seconds) if deadline.over else FetchFailed(source, str(error) or type(error).__name__)


def context(policy: HostPolicy) -> ssl.SSLContext:
    """The usual authorities and those of the caller; certificates and host names are always checked."""
    made = ssl.create_default_context()
    if policy.ca_file is not None:
        made.load_verify_locations(cafile=str(policy.ca_file))
    return made


def _followed(client: httpx.Client, reference: Web, source: str, limits: Limits, deadline: Deadline) -> bytes | Issue:
    url = reference.url
    for _ in range(limits.redirects + 1):
        with client.stream("GET", url) as response:
            if not response.is_redirect:
                return _body(response, source, limits, deadline)
            target = urljoin(url, response.headers["location"])
        split = urlsplit(target)
        if (split.scheme, (split.hostname or "").rstrip("."), split.port or 443) != ("https", reference.host, reference.port):
            return Redirected(source, f"{split.scheme}://{split.hostname or ''}")
        url = target
    return Redirected(source, "too many redirects")


def _body(response: httpx.Response, source: str, limits: Limits, deadline: Deadline) -> bytes | Issue:
    if response.status_code != OK:
        return FetchFailed(source, f"the server answers {response.status_code}")
    stated = response.headers.get("content-length", "")
    too_much = TooMuchSent(source, f"{limits.sent >> 20} MiB" if limits.sent >> 20 else f"{limits.sent} bytes")
    if stated.isdecimal() and int(stated) > limits.sent:
        return too_much
    data = bytearray()
    for chunk in response.iter_raw():
        deadline.left()
        data += chunk
        if len(data) > limits.sent:
            return too_much
    return bytes(data)


class _Transport(httpx.BaseTransport):
    """Hands requests to a pool that connects to given addresses only."""

    def __init__(self, addresses: tuple[str, ...], secure: ssl.SSLContext, deadline: Deadline) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=secure, network_backend=_Backend(addresses, deadline), max_connections=1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and give its response, the body unread."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(request.method, target, headers=request.headers.raw, content=b"", extensions=request.extensions)
        got = self._pool.handle_request(sent)
        return httpx.Response(got.status, headers=got.headers, stream=_Body(got), extensions=got.extensions)

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Backend(httpcore.NetworkBackend):
    """Connects to the addresses that were looked up and checked, whatever the host resolves to by now."""

    def __init__(self, addresses: tuple[str, ...], deadline: Deadline) -> None:
        self._addresses, self._deadline = addresses, deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - httpcore's signature; the name is used for the certificate only
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                plain = self._plain.connect_tcp(address, port, self._deadline.left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(plain, self._deadline)
        raise failed


class _Stream(httpcore.NetworkStream):
    """A connection on which every step is bounded by what is left of the time."""

    def __init__(self, plain: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._plain, self._deadline = plain, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._plain.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._plain.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._plain.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)
