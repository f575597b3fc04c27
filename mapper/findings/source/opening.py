"""Why an export cannot be read, or not to its end: SRC101 to SRC113 (SRC112 is retired)."""

from __future__ import annotations

from mapper.findings.base import Issue


class SourceMissing(Issue):
    """There is no file or folder of that name.

    Why it matters: nothing can be read.
    Example: `mapper convert exports/task_7.zip` where the folder holds `task_7 (1).zip`.
    What to do: check the path.
    """

    code = "SRC101"
    name = "source-missing"
    template = "no such file or folder: {path}"
    hint = "check the path"

    path: str


class SourceUnreadable(Issue):
    """The system refuses to read the file.

    Why it matters: nothing can be read.
    Example: a file without read permission, or a network folder that went away.
    What to do: check the permissions, or copy the export to a local folder.
    """

    code = "SRC102"
    name = "source-unreadable"
    template = "{path} cannot be read: {reason}"
    hint = "check the permissions, or copy the export to a local folder"

    path: str
    reason: str


class ZipDamaged(Issue):
    """The zip cannot be unpacked.

    Why it matters: an archive that is cut off or uses an unknown compression gives no annotations, or only some.
    Example: a download that stopped halfway.
    What to do: download the export again, or unpack it yourself and pass the folder.
    """

    code = "SRC103"
    name = "zip-damaged"
    template = "the zip {path} cannot be unpacked: {reason}"
    hint = "download the export again, or unpack it and pass the folder"

    path: str
    reason: str


class ZipEncrypted(Issue):
    """The annotations in the zip are protected by a password.

    Why it matters: passwords are not taken from anywhere, so the archive stays closed.
    Example: an export that was zipped again with a password for sending.
    What to do: unpack it yourself and pass the folder or the XML.
    """

    code = "SRC104"
    name = "zip-encrypted"
    template = "{member} in the zip is encrypted"
    hint = "unpack it and pass the folder or the XML"

    member: str


class AnnotationsMissing(Issue):
    """The zip or folder holds no annotations.xml.

    Why it matters: CVAT writes `annotations.xml` at the top of its zip; other formats have other files,
    and carry less.
    Example: a COCO export, or a zip of images only.
    What to do: export again as "CVAT for images 1.1" or "CVAT for video 1.1", or pass the XML itself if it has another name.
    """

    code = "SRC105"
    name = "annotations-missing"
    template = "{path} holds no annotations.xml, neither at the top nor one folder down (seen: {seen})"
    hint = 'export as "CVAT for images 1.1", or pass the XML file itself'

    path: str
    seen: str


class AnnotationsSeveral(Issue):
    """The zip or folder holds several annotations.xml.

    Why it matters: one run converts one export, and a choice would be a guess.
    Example: a zip with the folders `task_1/` and `task_2/`, each with its own `annotations.xml`.
    What to do: pass one of them, or convert them one by one.
    """

    code = "SRC106"
    name = "annotations-several"
    template = "{path} holds several annotation files: {members}"
    hint = "pass one of them"

    path: str
    members: str


class LimitExceeded(Issue):
    """The source is larger than any export can be in one respect.

    Why it matters: archives and XML can be built to fill memory or disk; reading stops before that.
    Example: a zip member that unpacks to more than a thousand times its size, or one attribute of more than 64 MiB.
    What to do: check where the file comes from; a genuine export of this size is best split into jobs.
    """

    code = "SRC108"
    name = "limit-exceeded"
    template = "{what} exceeds the limit of {limit}"
    hint = "check where the file comes from, or export the jobs singly"

    what: str
    limit: str


class NotXml(Issue):
    """The file is not XML.

    Why it matters: nothing can be read.
    Example: a JSON file, an empty file, or an HTML error page saved as `annotations.xml`.
    What to do: pass the zip or the `annotations.xml` of an export in "CVAT for images 1.1" or "CVAT for video 1.1".
    """

    code = "SRC109"
    name = "not-xml"
    template = "this is not XML: {reason}"
    hint = 'pass the zip or annotations.xml of an export in "CVAT for images 1.1" or "CVAT for video 1.1"'

    reason: str


class DoctypeRefused(Issue):
    """The XML has a document type declaration.

    Why it matters: CVAT never writes one, and its entities can be built to read other files or to fill memory.
    Example: `<!DOCTYPE annotations [<!ENTITY a "aaaa">]>`.
    What to do: find out who added it; remove the declaration if you trust the file.
    """

    code = "SRC110"
    name = "doctype-refused"
    template = "the XML declares a document type ({doctype}), which no CVAT export does"
    hint = "remove the <!DOCTYPE …> if you trust the file"

    doctype: str


class RootUnknown(Issue):
    """The XML is not CVAT's.

    Why it matters: the root of a CVAT export is `annotations`; other XML (Pascal VOC, LabelMe) means other things.
    Example: `<annotation><folder>VOC2012</folder>…`.
    What to do: export as "CVAT for images 1.1".
    """

    code = "SRC111"
    name = "root-unknown"
    template = "the root element is {root}, not annotations"
    hint = 'export as "CVAT for images 1.1"'

    root: str


class XmlBroken(Issue):
    """The XML ends early or is not well-formed at some place.

    Why it matters: all images and tracks before that place are read, everything after it is missing.
    Example: a download that stopped halfway, or a control character in an attribute value, which CVAT does not filter.
    What to do: download the export again; if the place holds a forbidden character, remove it from the annotation in CVAT.
    """

    code = "SRC113"
    name = "xml-broken"
    template = "the XML cannot be read further: {reason}"
    hint = "download the export again, or correct that place; everything after it is missing"

    reason: str


ISSUES: tuple[type[Issue], ...] = (
    SourceMissing,
    SourceUnreadable,
    ZipDamaged,
    ZipEncrypted,
    AnnotationsMissing,
    AnnotationsSeveral,
    LimitExceeded,
    NotXml,
    DoctypeRefused,
    RootUnknown,
    XmlBroken,
)
