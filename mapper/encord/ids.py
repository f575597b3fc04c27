"""Hashes and ids that depend on what a thing is, never on order, time or chance.

The key table: what identifies what.

======================  ==================================================================================
thing                   key
======================  ==================================================================================
ontology object         "object", name before ``title_if_several``, Encord shape
classification          "classification", title, type
attribute               hash of its object or classification or option, title, type
option                  hash of its attribute, title
skeleton vertex         hash of its object, element label, its place in the template
dataset, project        "dataset" or "project", scope, id and name of the export
data unit               "data", dataset, task id, subset, frame, image name, occurrence among equals
label row               "label", data unit
object on an image      task id, subset, frame, CVAT kind, label, geometry text, occurrence among equals
video                   "data", dataset, task id, subset, "video"
image group             "group", dataset, task id, subset, its number if groups are split
track                   "track", task id, subset, label, CVAT kind, first visible frame and its geometry text, occurrence among equals
object of a foreign id  task id, label, track id that another tool wrote into an images export, its ontology object
classification instance object key of its tag, so two tags of one label are told apart like two equal shapes
======================  ==================================================================================

Hashes have eight characters of ``[0-9a-z]``, which is what Encord's own have at most in common (Encord makes
hexadecimal ones for objects and base64 ones for attributes, options and instances).
"""

from __future__ import annotations

from binascii import b2a_base64
from hashlib import blake2b

_SAFE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ+/", b"abcdefghijklmnopqrstuvwxyz01")
_EMPTY = blake2b(digest_size=6)


def digest_hash(key: bytes) -> bytes:
    """Eight characters of ``[0-9a-z]`` for a key: 48 bits of BLAKE2 folded to about 40."""
    state = _EMPTY.copy()  # half the time of a new one
    state.update(key)
    return b2a_base64(state.digest(), newline=False).translate(_SAFE)


def joined(*parts: str) -> bytes:
    """The parts with their lengths, so that ("ab", "c") and ("a", "bc") differ."""
    return "".join([f"{len(part)}:{part}" for part in parts]).encode("utf-8", "surrogatepass")


def feature_hash(*parts: str) -> str:
    """The hash of an ontology node."""
    return digest_hash(joined(*parts)).decode("ascii")


def stable_uuid(*parts: str) -> str:
    """A UUID (version 8 layout: any bits but six) for a key."""
    return uuid_of(joined(*parts))


def uuid_of(key: bytes) -> str:
    """The same for parts that are joined already."""
    text = blake2b(key, digest_size=16).hexdigest()
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-a{text[17:20]}-{text[20:]}"
