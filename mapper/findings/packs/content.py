"""Issues of what a pack holds: its manifest, its files, its archive; PCK610 to PCK618."""

from __future__ import annotations

from mapper.findings.base import Issue


class NoPack(Issue):
    """A folder or archive has no pack.yaml that can be read.

    Why it matters: name, version and exported specs of the pack are not known.
    Example: `mapper pack build` in a folder without pack.yaml.
    What to do: write a pack.yaml with apiVersion, kind, name, version, description, license and specs.
    """

    code = "PCK610"
    name = "no-pack"
    template = "{place} is no pack: {why}"
    hint = "a pack is a folder or archive with a pack.yaml at its top"

    place: str
    why: str


class PackFile(Issue):
    """A file that pack.yaml names is not in the pack.

    Why it matters: whoever fetches the pack would lack it.
    Example: `specs: {traffic: trafic.yaml}`, or a path with `..`.
    What to do: correct the path; it is relative to the folder of pack.yaml.
    """

    code = "PCK611"
    name = "pack-file"
    template = "{file!r} cannot be used by the pack: {why}"
    hint = "name a file below the folder of pack.yaml"

    file: str
    why: str


class NoSuchSpec(Issue):
    """A reference, or the pack's own manifest, asks for a spec that the pack does not export, or leaves open which.

    Why it matters: which rules are meant would have to be guessed.
    Example: `https://packs.example/traffic.tar//nigth`, or no name for a pack with two specs.
    What to do: name one of the exported specs behind `//`, or in `tests` of the manifest.
    """

    code = "PCK612"
    name = "no-such-spec"
    template = "{source!r}: {why}"
    hint = "name one of the specs that the pack exports"

    source: str
    why: str


class ForeignName(Issue):
    """A pack from elsewhere names a path or a variable of this machine.

    Why it matters: it could read files of whoever runs it.
    Example: `extends: [{source: ../../secrets.yaml}]` or `source: $HOME/base.yaml` in a fetched pack.
    What to do: do not use this pack; tell whoever publishes it.
    """

    code = "PCK613"
    name = "foreign-name"
    template = "a fetched pack may not name {entry!r}: {why}"
    hint = "use a version of the pack that names its own files only"

    entry: str
    why: str


class ArchiveBroken(Issue):
    """An archive is damaged, encrypted or of a form that is not read.

    Why it matters: what it holds cannot be known.
    Example: a download that broke off, or a .7z file.
    What to do: publish what `mapper pack build` writes.
    """

    code = "PCK614"
    name = "archive-broken"
    template = "{place} cannot be unpacked: {why}"
    hint = "build it with `mapper pack build`"

    place: str
    why: str


class ArchiveEscape(Issue):
    """An archive or repository holds a path that leads out of it, or that is not portable.

    Why it matters: unpacking it elsewhere would overwrite files of the system.
    Example: `../../.bashrc`, `/etc/passwd`, `an absolute path of Windows`, or two names that differ in case only.
    What to do: do not use it; tell whoever publishes it.
    """

    code = "PCK615"
    name = "archive-escape"
    template = "{place} holds the path {entry!r}: {why}"
    hint = "do not use this archive; build packs with `mapper pack build`"

    place: str
    entry: str
    why: str


class ArchiveLink(Issue):
    """A pack holds something that is no plain file: a link, a device, a submodule.

    Why it matters: it could lead to any file of the machine.
    Example: a symbolic link to /etc/passwd in a tar archive.
    What to do: replace it by the file that it leads to.
    """

    code = "PCK616"
    name = "archive-link"
    template = "{place} holds {entry!r}, which is {what}"
    hint = "replace it by a file"

    place: str
    entry: str
    what: str


class ArchiveTooLarge(Issue):
    """What a pack unpacks to is beyond the limits.

    Why it matters: a small archive could fill memory or disk.
    Example: a zip bomb: a few kilobytes that unpack to gigabytes.
    What to do: publish specs and tests only.
    """

    code = "PCK617"
    name = "archive-too-large"
    template = "{place} holds more than {limit}"
    hint = "a pack holds specs and their tests only"

    place: str
    limit: str


class HiddenName(Issue):
    """A pack holds a file or folder that programs run or obey without being told, such as .git/hooks.

    Why it matters: tools that find such files may execute them.
    Example: `.git/hooks/post-checkout` or `.gitmodules` in an archive.
    What to do: remove it; such names are never unpacked.
    """

    code = "PCK618"
    name = "hidden-name"
    template = "{place} holds {entry!r}: names with a leading dot have no place in a pack"
    hint = "remove it from the pack"

    place: str
    entry: str


ISSUES: tuple[type[Issue], ...] = (
    NoPack, PackFile, NoSuchSpec, ForeignName, ArchiveBroken, ArchiveEscape, ArchiveLink, ArchiveTooLarge, HiddenName,
)  # fmt: skip
