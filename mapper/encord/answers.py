"""Answers as JSON bytes: what an object or classification says about its attributes (SDK ``to_encord_dict``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from mapper.encord.nodes import AttributeNode, OptionNode, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RANGE = b"\x00"
"""Stands for the frame range in a dynamic answer until the row knows it; JSON text never holds a raw NUL."""

IMAGE_RANGE = b"[0,0]"
"""The range of an image that is a label row of its own."""


def choice(attribute: AttributeNode, options: Sequence[OptionNode]) -> bytes:
    """An answer to a radio (one option) or a checklist (any number, none is "nothing ticked")."""
    return _answer(attribute, [option.entry() for option in options])


def scalar(attribute: AttributeNode, value: str | float) -> bytes:
    """An answer to a text or numeric attribute; a number is finite."""
    return _answer(attribute, value)


def _answer(attribute: AttributeNode, answers: Any) -> bytes:
    entry = {
        "name": attribute.title,
        "value": name_of(attribute.title),
        "answers": answers,
        "featureHash": attribute.hash,
        "manualAnnotation": True,
    }
    if not attribute.dynamic:
        return orjson.dumps(entry)
    # The range is cut in as bytes: one cached answer then serves every frame.
    return orjson.dumps(entry | {"dynamic": True, "shouldPropagate": False})[:-1] + b',"range":[' + RANGE + b"]}"


def ranged(actions: bytes, frame_range: bytes) -> bytes:
    """Dynamic answers with their frame range filled in."""
    return actions.replace(RANGE, frame_range)
