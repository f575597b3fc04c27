"""The files of a backup: read whole, by fixed names, from a zip or a folder, within limits, and hashed on the way."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from mapper.cvat.archive import DAMAGE, checked, opened_zip
from mapper.cvat.json_document import parsed
from mapper.findings.source.opening import AnnotationsSeveral, LimitExceeded, SourceUnreadable, ZipDamaged
from mapper.places.opening import entries

if TYPE_CHECKING:
    from mapper.cvat.archive import Limits
    from mapper.cvat.reporter import Reporter
    from mapper.places.place import Place


class Members:
    """The files below ``base`` (a folder's name with a slash, or "") of a zip or a folder.

    Nothing is extracted, and only names that this package asks for are opened, so no name in an archive can lead elsewhere.
    ``sha256`` and ``bytes`` are of the files read so far, each counted once.
    """

    def __init__(self, path: Place, base: str, report: Reporter, limits: Limits) -> None:
        self.path = path
        self.base = base
        self.report = report
        self.bytes = 0
        self._limits = limits
        self._hash = sha256()
        self._counted: set[str] = set()
        self._names: frozenset[str] | None = None
        if not path.is_dir():
            with opened_zip(path) as archive:
                names = archive.namelist()
            self._names = frozenset(names)
            if len(self._names) < len(names):
                again = sorted({name for name in names if name.endswith(".json") and names.count(name) > 1}) if len(names) < MANY else []
                if again:
                    raise report.refuse(AnnotationsSeveral(str(path), ", ".join(again)))

    @property
    def sha256(self) -> str:
        """The digest in hexadecimal."""
        return self._hash.hexdigest()

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.base + name in self._names if self._names is not None else (self.path / self.base / name).is_file()

    def folders(self) -> list[str]:
        """The names of the folders right below the base, in order."""
        if self._names is None:
            return sorted(entry.name for entry in entries(self.path / self.base) if entry.is_dir)
        below = (name.removeprefix(self.base) for name in self._names if name.startswith(self.base))
        return sorted({name.partition("/")[0] for name in below if "/" in name})

    def read(self, name: str) -> bytes:
        """The bytes of a file that is there.

        Raises:
            SourceError: not readable, damaged, encrypted, or too large.
        """
        try:
            data = self._read(name)
        except (NotImplementedError, RuntimeError, *DAMAGE) as error:
            if self._names is None and isinstance(error, OSError):
                raise self.report.refuse(SourceUnreadable(self.base + name, error.strerror or str(error))) from None
            raise self.report.refuse(ZipDamaged(str(self.path), str(error) or type(error).__name__)) from None
        if name not in self._counted:
            self._counted.add(name)
            self.bytes += len(data)
            self._hash.update(data)
        return data

    def json(self, name: str) -> Any:
        """The JSON of a file that is there; SourceError also if it is none."""
        return parsed(self.read(name), self.base + name, self.report)

    def _read(self, name: str) -> bytes:
        if self._names is None:
            path = self.path / self.base / name
            if path.stat().st_size > self._limits.json:
                raise self.report.refuse(LimitExceeded(f"the size of {name}", f"{self._limits.json} bytes"))
            return path.read_bytes()
        with opened_zip(self.path) as archive:
            member = archive.getinfo(self.base + name)
            checked(member, self.report, self._limits, self._limits.json)
            return archive.read(member)


MANY = 1_000_000
"""Names in an archive beyond which repeated ones are not looked for."""
