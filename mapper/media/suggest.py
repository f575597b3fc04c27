"""What may be meant where an image has no file: files that nearly have its name. Only ever said, never taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.media import FileElsewhere, ImageWithoutFile, OtherCase
from mapper.media.naming import MAPPINGS, canonical, without_extension

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapper.findings.base import Issue


class Nearby:
    """Files that no image has, by what their names would be in other cases and under other mappings."""

    def __init__(self, files: Sequence[str]) -> None:
        self._folded = _index((canonical(name).casefold(), file) for file in files for name in {file, without_extension(file)})
        self._mapped = {word: _index((canonical(mapping(file)), file) for file in files) for word, mapping in MAPPINGS.items()}

    def issue(self, image: str, names: Sequence[str]) -> Issue:
        """What to say of an image without a file; ``names`` are those under which it was looked for."""
        for name in names:
            found = self._folded.get(canonical(name).casefold(), set())
            if len(found) == 1:
                return OtherCase(image=image, file=min(found))
        for word, index in self._mapped.items():
            found = index.get(canonical(image), set())
            if len(found) == 1:
                return FileElsewhere(image=image, file=min(found), mapping=word)
        return ImageWithoutFile(image=image)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, file in pairs:
        found.setdefault(key, set()).add(file)
    return found
