"""What can be wrong with images and their place in the tasks: SRC121 to SRC129 (SRC123 is retired)."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class ImagesNone(Issue):
    """The export holds neither images nor tracks.

    Why it matters: there is nothing to convert. "CVAT for video 1.1" writes such a file for a task without any shape.
    Example: `<annotations><version>1.1</version><meta>…</meta></annotations>`.
    What to do: check that the right task was exported.
    """

    code = "SRC121"
    name = "images-none"
    severity = Severity.WARNING
    template = "the export holds neither images nor tracks (mode of its tasks: {mode})"
    hint = "check that the right task was exported"

    mode: str


class RootChildUnknown(Issue):
    """An element beside images and tracks is not known.

    Why it matters: what stands in it is not read.
    Example: `<annotations>…<comment>checked</comment></annotations>`.
    What to do: remove it, or carry its content over by hand.
    """

    code = "SRC122"
    name = "root-child-unknown"
    severity = Severity.WARNING
    template = "element {element} beside images and tracks is not read"
    hint = "nothing, unless its content matters"

    element: str


class ImageRefused(Issue):
    """An image lacks its id, name or size, or they are no numbers.

    Why it matters: coordinates are normalised by the image's own size, and frames are known by id.
    Example: `<image id="0" name="a.jpg">`, as CVAT wrote before 2018-09.
    What to do: add `width` and `height` in pixels, as CVAT shows the image (after EXIF rotation). Where all images that lack
    both have one size, `--frame-size WIDTHxHEIGHT` says it.
    """

    code = "SRC124"
    name = "image-refused"
    template = "an image has no usable {attribute} ({text}); it is not converted, nor are its shapes"
    hint = "add {attribute} to the image"

    attribute: str
    text: str


class TaskUnknown(Issue):
    """An image or a track names a task that the meta block does not list, or none where there are several.

    Why it matters: the task's name, its frames and its offset are unknown.
    Example: `task_id="7"` in an export whose tasks are 3 and 4.
    What to do: check whether two exports were merged; it is kept under the number it names.
    """

    code = "SRC125"
    name = "task-unknown"
    severity = Severity.WARNING
    template = "{what} names the task {task!r}, which meta does not list"
    hint = "check whether several exports were merged"

    what: str
    task: str


class OffsetMisfit(Issue):
    """In a project export, the frame number of an image does not follow from its id.

    Why it matters: ids are running numbers over the tasks of a subset; the frame is the id less what earlier tasks take up.
    If that gives no frame of the task, the id itself is used.
    Example: id 825 in a task that starts at 410 with step 10, where earlier tasks take up 500.
    What to do: check whether images or tasks were removed from the XML.
    """

    code = "SRC126"
    name = "offset-misfit"
    severity = Severity.WARNING
    template = "id {id} less the offset {offset} is no frame of task {task}; the id is taken as the frame"
    hint = "check whether tasks or images were removed from the XML"

    id: int
    offset: int
    task: str


class ImageNameRepeated(Issue):
    """Two images of one task and subset have the same name.

    Why it matters: names lead to files; both images would get the same one.
    Example: `a.jpg` with the ids 3 and 7.
    What to do: both are kept; check which file belongs to which.
    """

    code = "SRC127"
    name = "image-name-repeated"
    severity = Severity.WARNING
    template = "image name {title!r} occurs again in the same task"
    hint = "check which file belongs to which image"

    title: str


class ImageIdRepeated(Issue):
    """Two images of one task and subset have the same id.

    Why it matters: the id is the frame number; one frame would have two sets of labels.
    Example: two `<image id="7">` after files were merged by hand.
    What to do: both are kept; remove one, or put their shapes together.
    """

    code = "SRC128"
    name = "image-id-repeated"
    severity = Severity.WARNING
    template = "image id {id} occurs again in the same task"
    hint = "remove one of the images, or put their shapes together"

    id: int


class ImagesUnordered(Issue):
    """Images do not stand in the order of their ids.

    Why it matters: CVAT writes them in order, so the file was changed; nothing is lost by it.
    Example: ids 3, 2, 1.
    What to do: nothing.
    """

    code = "SRC129"
    name = "images-unordered"
    severity = Severity.INFO
    template = "image {id} stands behind image {previous}"
    hint = "nothing to do"

    id: int
    previous: int


ISSUES: tuple[type[Issue], ...] = (
    ImagesNone,
    RootChildUnknown,
    ImageRefused,
    TaskUnknown,
    OffsetMisfit,
    ImageNameRepeated,
    ImageIdRepeated,
    ImagesUnordered,
)
