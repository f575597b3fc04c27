"""Access to private packs: from the caller's environment or .netrc, never from a spec."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from netrc import NetrcParseError, netrc
from pathlib import Path

PREFIX = "MAPPER_TOKEN_"


def variable(host: str) -> str:
    """The name of the variable that may hold a host's token: ``MAPPER_TOKEN_PACKS_EXAMPLE`` for packs.example."""
    return PREFIX + re.sub(r"[^A-Z0-9]", "_", host.upper())


def authorization(host: str) -> str | None:
    """The value of the Authorization header for a host: its token, else name and password of its entry in .netrc.

    Raises ValueError if the .netrc cannot be read.
    """
    token = os.environ.get(variable(host))
    if token:
        return f"Bearer {token.strip()}"
    file = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    if not file.is_file():
        return None
    try:
        entry = netrc(file).hosts.get(host)
    except (NetrcParseError, OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the file {file.name} cannot be read") from error
    if entry is None:
        return None
    return "Basic " + b64encode(f"{entry[0]}:{entry[2]}".encode()).decode()
