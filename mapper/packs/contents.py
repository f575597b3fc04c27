"""What fetched bytes hold: the files of a pack, the spec that a reference means in it, and what that spec may read."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from posixpath import dirname, normpath
from typing import TYPE_CHECKING

from mapper.findings.base import Issue, Severity
from mapper.findings.packs.content import ForeignName, NoPack, NoSuchSpec
from mapper.findings.spec_meaning.beside import FileOutside, FileUnreadable
from mapper.findings.spec_meaning.extending import ExtendsUnreadable
from mapper.packs.archive import is_archive, read_archive
from mapper.packs.cache import digest_of
from mapper.packs.manifest import MANIFEST, read_manifest
from mapper.spec.located import load_located
from mapper.spec.references import DOCUMENTS, Git, folder_of
from mapper.spec.sources import Source, outside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.packs.archive import Files
    from mapper.spec.references import File, Web


@dataclass(frozen=True, slots=True)
class PackFolder:
    """A folder within a fetched pack: what its specs may read, and where relative references in them lead.

    A file ``x.yaml`` of the pack is shown as ``before`` + ``x.yaml`` + ``after``.
    """

    files: Mapping[str, bytes]
    path: str
    before: str
    after: str

    def read(self, name: str, limit: int) -> bytes | Issue:
        """The bytes of a file below the spec's own folder in the pack."""
        why = outside(name) or ("`..` leads out of it" if ".." in name.split("/") else "")
        if why:
            return FileOutside(name, why)
        data = self.files.get(normpath(f"{self.path}/{name}").lstrip("/"))
        if data is None:
            return FileUnreadable(name, "there is no such file in the pack")
        return FileUnreadable(name, f"it has more than {limit >> 20} MiB") if len(data) > limit else data


def files_of(data: bytes, source: str, name: str) -> Files | Issue:
    """The files that bytes hold: those of an archive, or the one document under its name."""
    return read_archive(data, source) if is_archive(data) else {name: data}


def files_digest(files: Mapping[str, bytes]) -> str:
    """The sha256 over the files by name, whatever they were transported in."""
    listing = {name: digest_of(data) for name, data in files.items()}
    return sha256(json.dumps(listing, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def document_name(reference: Web | Git) -> str:
    """The file name of a single document that is no archive."""
    name = reference.url.partition("?")[0].rpartition("/")[2]
    return name if name.endswith(DOCUMENTS) else "spec.yaml"


def open_pack(reference: Web | Git, source: str, files: Files, digest: str) -> Source | Issue:
    """The spec that a reference means among the files that were fetched."""
    wanted, before, after = reference.inner, f"{reference.url}//", ""
    if isinstance(reference, Git):
        wanted = wanted.rpartition("/")[2] if wanted.endswith(DOCUMENTS) else ""
        inner = folder_of(reference.inner)
        before, after = f"git+{before}{inner}{'/' if inner else ''}", f"@{reference.ref}"
    chosen = _chosen(files, source, wanted)
    if isinstance(chosen, Issue):
        return chosen
    name, pack = chosen
    if files.keys() == {name} and name == document_name(reference):
        before, after = reference.url.removesuffix(name), ""
    folder = PackFolder(files, dirname(name), before, after)
    shown = f"{before}{name}{after}"
    pack = pack if pack[0] else _own_name(files[name], shown)
    return Source(identity=("pack", digest, name), file=shown, data=files[name], folder=folder, home=folder, pack=pack, sha256=digest)


def _chosen(files: Files, source: str, wanted: str) -> tuple[str, tuple[str, str]] | Issue:
    """The file of the spec that is asked for, and the pack's name and version, empty if it has no manifest."""
    if MANIFEST not in files:
        name = wanted or next(iter(files))
        if name in files and (wanted or len(files) == 1):
            return name, ("", "")
        return NoSuchSpec(source, f"it holds no {wanted!r}") if wanted else NoPack(source, f"it has no {MANIFEST}")
    pack, found, _ = read_manifest(files, source)
    if pack is None:
        issue, place = next(one for one in found if one[0].severity >= Severity.ERROR)
        return NoPack(source, f"{place or MANIFEST}: {issue.message()}")
    names = [*pack.specs.values()]
    if not wanted and len(names) == 1:
        wanted = names[0]
    name = pack.specs.get(wanted) or (wanted if wanted in names else "")
    return (name, (pack.name, pack.version)) if name else NoSuchSpec(source, f"the pack exports {', '.join(sorted(pack.specs))}")


def _own_name(data: bytes, file: str) -> tuple[str, str]:
    """The name and version that a spec states itself."""
    value = load_located(data, file).value
    metadata = value.get("metadata") if isinstance(value, dict) else None
    metadata = metadata if isinstance(metadata, dict) else {}
    return str(metadata.get("name", "")), str(metadata.get("version", ""))


def within(reference: File, of: Source) -> Source | Issue:
    """A file that a spec of a fetched pack extends: one of the pack's own, never one of this machine."""
    home = of.home
    assert isinstance(home, PackFolder)  # noqa: S101 - the caller asked
    name = normpath(f"{home.path}/{reference.path}" if home.path else reference.path)
    if why := outside(reference.path):
        return ForeignName(reference.path, why)
    if name.startswith("../"):
        return ForeignName(reference.path, "`..` leads out of the pack")
    if name not in home.files:
        return ExtendsUnreadable(reference.path, "there is no such file in the pack")
    folder = replace(home, path=dirname(name))
    identity = ("pack", of.sha256, name)
    return replace(of, identity=identity, file=f"{home.before}{name}{home.after}", data=home.files[name], folder=folder, home=folder)
