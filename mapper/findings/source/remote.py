"""Why an object store cannot be read or written, and what is not done there: SRC169 to SRC174."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class PlaceRefused(Issue):
    """A URL names a place that is not read from or written to.

    Why it matters: of the many protocols only some are safe with data of strangers; others unpack archives without limits, run
    commands, or read files that they only point to. Web servers take no bundles.
    Example: `mapper convert sftp://host/task.zip`, or `-o https://host/bundle`.
    What to do: use one of the protocols that are named, or copy the export to this machine.
    """

    code = "SRC169"
    name = "place-refused"
    template = "{url} cannot be used: {reason}"
    hint = "use a path of this machine or one of {protocols}"

    url: str
    reason: str
    protocols: str


class PlaceLibraryMissing(Issue):
    """A URL needs a library that is not installed.

    Why it matters: object stores are reached through fsspec, and each kind of store by a package of its own, which nobody
    needs who does not use it.
    Example: `mapper convert gs://bucket/task.zip` without gcsfs.
    What to do: install what the message names: s3fs for s3, gcsfs for gs, adlfs for az, aiohttp for http and https.
    """

    code = "SRC170"
    name = "place-library-missing"
    template = "{url} needs the package {package}, which is not installed"
    hint = 'pip install "{package}"'

    url: str
    package: str


class PlaceSecret(Issue):
    """A URL holds a user and a password.

    Why it matters: what stands in a command line ends up in histories, process lists and logs.
    Example: `mapper convert s3://KEY:SECRET@bucket/task.zip`.
    What to do: leave them out, and let the store's own library find them: in its environment variables, its configuration
    files, or the role of the machine.
    """

    code = "SRC171"
    name = "place-secret"
    template = "{url} holds credentials, which do not belong in a URL"
    hint = "leave them out; the store's library takes them from its own environment variables or configuration"

    url: str


class PlaceDenied(Issue):
    """A store refuses the credentials, or there are none.

    Why it matters: nothing can be read or written there. It is not tried again.
    Example: a bucket of another account, or an access that has run out.
    What to do: check that the store's own command-line tool can reach the object with the same environment.
    """

    code = "SRC172"
    name = "place-denied"
    template = "the store does not let us {doing} {url}: {reason}"
    hint = "check the credentials, and the permissions for this object"

    doing: str
    url: str
    reason: str


class PlaceFailed(Issue):
    """A store could not be read or written, though it was tried again where that can help.

    Why it matters: an export that is not read to its end, and a bundle that is not written whole, count for nothing. What was
    put to the store before is removed again, as far as the store lets us.
    Example: a connection that breaks each time, a disk of the store that is full, an object that was replaced while it was read.
    What to do: run it again later; MAPPER_RETRY_WAITS sets how often and after how many seconds it is tried again.
    """

    code = "SRC173"
    name = "place-failed"
    template = "could not {doing} {url}: {reason} (attempts: {attempts})"
    hint = "try again later, or copy the files yourself"

    doing: str
    url: str
    reason: str
    attempts: int


class MediaNotOpened(Issue):
    """The images on a store were found by their names, but not opened.

    Why it matters: on this machine the sizes and orientations in their headers are compared with the export. On a store that is
    a request for each image, so it is left out where there are many.
    Example: `mapper convert s3://bucket/task.zip` with ten thousand images in it.
    What to do: nothing, if the images are the ones that were annotated; else convert a local copy, or give it as `--media-dir`.
    """

    code = "SRC174"
    name = "media-not-opened"
    severity = Severity.INFO
    template = "{count} images on the store were matched by name, and their headers not compared"
    hint = "to compare them, convert a local copy, or pass one as --media-dir"

    count: int


ISSUES: tuple[type[Issue], ...] = (PlaceRefused, PlaceLibraryMissing, PlaceSecret, PlaceDenied, PlaceFailed, MediaNotOpened)
