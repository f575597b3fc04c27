"""Which hosts may be asked for packs, and at which addresses: the caller decides, never a spec."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from mapper.findings.packs.network import FetchFailed, HostNotAllowed, PrivateAddress

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.findings.base import Issue

HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPolicy:
    """The hosts that the caller allows, each as ``name`` (port 443) or ``name:port``.

    ``private`` hosts may have private, loopback or link-local addresses; they need not be in ``allowed`` as well.
    ``ca_file`` holds certificates of authorities that are trusted beside the usual ones.
    """

    allowed: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    ca_file: Path | None = None

    def addresses(self, host: str, port: int, source: str) -> tuple[str, ...] | Issue:
        """The addresses to connect to, looked up once; an issue if the host is not allowed, or any address is not public."""
        name = host if port == HTTPS else f"{host}:{port}"
        if name not in self.allowed | self.private:
            return HostNotAllowed(name)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            return FetchFailed(source, f"the host {host} is not found ({getattr(error, 'strerror', None) or 'no valid name'})")
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses if name not in self.private else ():
            if kind := not_public(address):
                return PrivateAddress(name, address, kind)
        return addresses


def not_public(address: str) -> str:
    """What an address is, if it is not one of the public internet; "" if it is."""
    parsed = ip_address(address.partition("%")[0])
    inner = _within(parsed)
    if inner is not None:
        return not_public(str(inner)) or ("" if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped else "a tunnel")
    for kind in ("loopback", "link_local", "multicast", "unspecified", "private", "reserved"):
        if getattr(parsed, f"is_{kind}"):
            return kind.replace("_", "-")
    return "" if parsed.is_global else "not public"


def _within(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return None
    if address.packed.startswith(bytes.fromhex("0064ff9b0000000000000000")):
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
