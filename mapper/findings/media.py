"""Issues of finding the media file of each image: MED701 to MED709."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class ImageWithoutFile(Issue):
    """An image of the export that no media file belongs to.

    Why it matters: its labels are written, but an upload has no bytes for it.

    Example: `<image name="a.png">` while the export's folder holds only b.png.

    What to do: export with images, or say how names map with `media.filenames` in the spec or `--map-filename`.
    """

    code = "MED701"
    name = "image-without-file"
    severity = Severity.WARNING
    template = "image {image!r} has no media file"
    hint = "export with images, or say how names map with `media.filenames` in the spec or --map-filename"

    image: str


class AmbiguousFile(Issue):
    """An image name that several media files map to.

    Why it matters: a guess would put labels onto another picture, so none of the files is taken.

    Example: a.png and a.jpg under `--map-filename stem`, or two members of a zip with the same name.

    What to do: choose names that tell the files apart.
    """

    code = "MED702"
    name = "ambiguous-file"
    template = "image {image!r} could be any of: {files}"
    hint = "choose a --map-filename, or rules under `media.filenames`, that keep the names apart"

    image: str
    files: str


class FileWithoutImage(Issue):
    """A media file that no image of the export belongs to.

    Why it matters: it will not be part of the dataset.

    Example: Thumbs.db, or the file of a deleted frame, below `images/`.

    What to do: nothing if it does not belong there; else say how names map.
    """

    code = "MED703"
    name = "file-without-image"
    severity = Severity.INFO
    template = "media file {file!r} belongs to no image"
    hint = "say how names map with `media.filenames` in the spec or --map-filename, if it belongs to the export"

    file: str


class OtherCase(Issue):
    """An image without a media file, while a file's name differs from its own in upper and lower case only.

    Why it matters: the two may be one picture or two, which a name cannot tell; so the file is not taken.

    Example: `<image name="gate.png">` and a file gate.PNG.

    What to do: rename the file, or say that the two are one with a table under `media.filenames`.
    """

    code = "MED704"
    name = "other-case"
    severity = Severity.WARNING
    template = "image {image!r} has no media file; {file!r} differs in case only"
    hint = "if it is the same picture, rename it, or put it into a table under `media.filenames` in the spec"

    image: str
    file: str


class FileElsewhere(Issue):
    """An image without a media file, while exactly one file would match under another `--map-filename`.

    Why it matters: folders and extensions count unless a person says that they do not; so the file is not taken.

    Example: `<image name="gate.png">` and a file day1/gate.png.

    What to do: add the option that the hint names, or the same to the spec under `media.filenames`.
    """

    code = "MED705"
    name = "file-elsewhere"
    severity = Severity.WARNING
    template = "image {image!r} has no media file of that name; {file!r} is the only one like it"
    hint = "if it is the same picture, say so with --map-filename {mapping}, or under `media.filenames` in the spec"

    image: str
    file: str
    mapping: str


class SpelledOtherwise(Issue):
    r"""A media file whose name is the image's but for its separators or its Unicode normal form.

    Why it matters: the file was taken, although the two names are not the same characters.

    Example: `sub\gate.png` in a zip made on Windows, or an accent that macOS wrote as a character of its own.

    What to do: nothing.
    """

    code = "MED706"
    name = "spelled-otherwise"
    severity = Severity.INFO
    template = "image {image!r} has the media file {file!r}, whose name is written otherwise"

    image: str
    file: str


class ContestedFile(Issue):
    """A media file that several different images claim.

    Why it matters: it shows at most one of them; a guess would put labels onto another picture, so none of them has it.

    Example: two tasks of a project with images of one name: CVAT writes both to the same place in the archive, and one
    overwrites the other.

    What to do: export the tasks singly, or give the media in a folder for each subset with `--media-dir`.
    """

    code = "MED707"
    name = "contested-file"
    template = "media file {file!r} would belong to several images: {first}, and {second}"
    hint = "export the tasks singly, or lay the files out in a folder for each subset and name it with --media-dir"

    file: str
    first: str
    second: str


class LeftAlone(Issue):
    """A media file or folder that is not looked at: its name leads out of the export, or it cannot be entered.

    Why it matters: whoever opens such a name later would open another file of the machine; and an image whose file lies there
    has none.

    Example: `images/../../secret.png` in a zip, a symbolic link to another folder below `images/`, a link that leads nowhere.

    What to do: find out who made the archive. Links to files that are meant can stand in a folder of your own: `--media-dir`.
    """

    code = "MED708"
    name = "left-alone"
    severity = Severity.WARNING
    template = "{file!r} is left alone: {why}"
    hint = "find out who made it; a folder of your own may hold links to files: --media-dir"

    file: str
    why: str


class FramesInVideo(Issue):
    """Images that are frames of a video, where the media hold the video and not the frames.

    Why it matters: as single images they have no files to upload.

    Example: `<image name="frame_000010">` of a task made from clip.mp4, and a media folder that holds clip.mp4.

    What to do: export with images, or extract the frames under the names that the export gives them.
    """

    code = "MED709"
    name = "frames-in-video"
    severity = Severity.WARNING
    template = "image {image!r} is a frame of {video!r}, which is there, but has no file of its own"
    hint = "export with images, or extract the frames under the names of the export"

    image: str
    video: str


ISSUES: tuple[type[Issue], ...] = (
    ImageWithoutFile,
    AmbiguousFile,
    FileWithoutImage,
    OtherCase,
    FileElsewhere,
    SpelledOtherwise,
    ContestedFile,
    LeftAlone,
    FramesInVideo,
)
