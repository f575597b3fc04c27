"""From the name of a media file to the name of an image: the ready mappings, and the steps that a spec may chain.

Names are paths relative to the media, with ``/`` or, in archives made on Windows, with a backslash between folders. Each
function takes such a name and gives another; none of them looks at a disk.
"""

from __future__ import annotations

import re
import unicodedata
from fnmatch import translate
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Form = Literal["NFC", "NFD"]

HOLE = re.compile(r"\{(\d+)\}")
"""What a wildcard took, in the name that a pattern gives."""
_STARS = re.compile(r"\*+")


def without_extension(name: str) -> str:
    """``a/b.c.png`` gives ``a/b.c``; a name that begins with its only dot has no extension."""
    folder, last = _parted(name)
    stem, dot, ending = last.rpartition(".")
    return folder + stem if dot and stem and ending else name


def without_folders(name: str) -> str:
    """``a/b.png`` gives ``b.png``; a backslash separates folders too."""
    return _parted(name)[1]


def with_slashes(name: str) -> str:
    """Backslashes, which Windows writes between folders, become slashes."""
    return name.replace("\\", "/")


def _parted(name: str) -> tuple[str, str]:
    at = max(name.rfind("/"), name.rfind("\\")) + 1
    return name[:at], name[at:]


MAPPINGS: dict[str, Callable[[str], str]] = {
    "exact": lambda name: name,
    "stem": without_extension,
    "basename": without_folders,
    "basename-stem": lambda name: without_extension(without_folders(name)),
}
"""What `--map-filename` offers: from a file's path to the CVAT image name."""


def canonical(name: str) -> str:
    """One spelling for names that mean the same path: slashes, normal form C, no leading ``./``."""
    return unicodedata.normalize("NFC", with_slashes(name)).removeprefix("./")


def in_form(form: Form) -> Callable[[str], str]:
    """The step that writes accents in one way: NFC as one character each, NFD as letter and accent."""
    return lambda name: unicodedata.normalize(form, name)


def by_table(rows: Mapping[str, str]) -> Callable[[str], str]:
    """The step that looks a name up; one that is not in the table stays as it is."""
    return lambda name: rows.get(name, name)


def by_pattern(like: str, wanted: str) -> Callable[[str], str]:
    """The step that renames what a pattern matches: ``{1}`` in the new name is what the first ``*`` took, and so on.

    The pattern is that of the conditions (`fnmatch`, case counts, ``*`` also takes ``/``). Each ``*`` takes as little as it
    can and is not tried again, so that no pattern is slow; the last one takes the rest.
    """
    pattern = re.compile(_with_groups(like))

    def step(name: str) -> str:
        found = pattern.match(name)
        return HOLE.sub(lambda hole: found[int(hole[1])], wanted) if found is not None else name

    return step


def wildcards(like: str) -> int:
    """How many ``*`` a pattern has; several in a row are one, those within brackets are none."""
    return re.compile(_with_groups(like)).groups


def _with_groups(like: str) -> str:
    """The pattern as a regular expression with a group for each ``*``.

    What stands between them is left to `fnmatch`; each piece but the last is found once, in an atomic group.
    """
    first, *rest = _pieces(like)
    if not rest:
        return rf"(?s:{_plain(first)})\Z"
    *inner, last = rest
    middle = "".join(f"(?>(.*?){_plain(piece)})" for piece in inner)
    return rf"(?s:{_plain(first)}{middle}(.*){_plain(last)})\Z"


def _pieces(like: str) -> list[str]:
    """The pattern cut at its stars; a bracket that `fnmatch` takes for a set is kept whole."""
    pieces, start, at = [], 0, 0
    while at < len(like):
        if like[at] == "[":
            end = like.find("]", at + (3 if like[at + 1 : at + 2] == "!" else 2))
            at = end + 1 if end >= 0 else at + 1
        elif stars := _STARS.match(like, at):
            pieces.append(like[start:at])
            start = at = stars.end()
        else:
            at += 1
    return [*pieces, like[start:]]


def _plain(piece: str) -> str:
    """A piece without stars as a regular expression, without the frame that `fnmatch.translate` puts around it."""
    return translate(piece).removeprefix("(?s:").removesuffix(r"\Z").removesuffix(r"\z").removesuffix(")")


def chained(steps: Sequence[Callable[[str], str]]) -> Callable[[str], str]:
    """The steps one after the other, each on what the one before it gave."""

    def mapping(name: str) -> str:
        for step in steps:
            name = step(name)
        return name

    return mapping
