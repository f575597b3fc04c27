"""What an export says of itself: scopes, tasks, labels in every notation, and what is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mapper.cvat.meta import with_offsets
from mapper.cvat.model import AttributeSpec, Task
from mapper.geometry.shapes import Template
from tests.support.reading import export, image, read_text

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.cvat.model import Export

PERSON = "<owner><username>jane</username><email>jane@example.com</email></owner><assignee><username>joe</username></assignee>"


def meta(folder: Path, scope: str, beside: str = "") -> Export:
    """The head of an export with this scope; nothing about it may be odd."""
    found = read_text(folder, export(image(""), f"<meta>{scope}<dumped>2024</dumped>{beside}</meta>"))
    assert found.codes == []
    return found.reader.export


def test_task(tmp_path: Path) -> None:
    """A task export holds that task; people in it are not read."""
    segments = "<segments><segment><id>1</id><start>0</start></segment></segments>"
    found = meta(
        tmp_path,
        f"""<task><id>7</id><name>Straße &amp; so</name><size>30</size><mode>interpolation</mode><overlap>5</overlap><bugtracker/>
        <created>2024-01-01 00:00:00+00:00</created><updated>2024-02-01</updated><subset>Train</subset><start_frame>10</start_frame>
        <stop_frame>97</stop_frame><frame_filter>step = 3</frame_filter>{segments}{PERSON}<labels></labels>
        <original_size><width>1</width><height>2</height></original_size><source>a b.mp4</source></task>""",
    )
    task = Task(
        id="7", name="Straße & so", subset="Train", mode="interpolation", size=30, start_frame=10, stop_frame=97, step=3,
        created="2024-01-01 00:00:00+00:00", updated="2024-02-01", source="a b.mp4", width=1, height=2,
    )  # fmt: skip
    assert found.tasks == (task,)
    assert (found.scope, found.id, found.name, found.created, found.updated) == ("task", "7", task.name, task.created, task.updated)
    assert not any(word in repr(found) for word in ("jane", "joe"))


def test_job(tmp_path: Path) -> None:
    """A job has no name; its number is the task's. Old files have the video's name directly below meta."""
    found = meta(tmp_path, "<job><id>25</id><size>4</size><labels></labels></job>", "<original_size/><source>old.mp4</source>")
    assert (found.scope, found.id, found.name) == ("job", "25", "")
    assert found.tasks == (Task(id="25", size=4, stop_frame=3, source="old.mp4"),)


def test_structured_labels(tmp_path: Path) -> None:
    """Labels keep their order; attributes keep type, default and values as text; what is absent has CVAT's default."""
    found = meta(
        tmp_path,
        """<task><labels><label><name>car</name><color>#ff0000</color><type>rectangle</type><attributes>
        <attribute><name>side</name><mutable>True</mutable><input_type>select</input_type><default_value>left</default_value>
        <values>left
__undefined__
right side</values></attribute>
        <attribute><name>plate # no.</name><mutable>False</mutable><input_type>text</input_type>
        <default_value/><values></values></attribute></attributes></label><label><name></name></label></labels></task>""",
    )
    car, nameless = found.labels
    assert (car.name, car.color, car.type) == ("car", "#ff0000", "rectangle")
    values = ("left", "__undefined__", "right side")
    assert car.attributes == (
        AttributeSpec(name="side", input_type="select", mutable=True, default="left", values=values),
        AttributeSpec(name="plate # no.", input_type="text"),
    )
    assert (nameless.name, nameless.type, nameless.attributes) == ("", "any", ())


ACTIONS = ("standing", "walking")
ONE_STRING = [
    (
        "~select=action:standing,walking",
        AttributeSpec(name="action", input_type="select", mutable=True, default=ACTIONS[0], values=ACTIONS),
    ),
    ("@text=old_id:", AttributeSpec(name="old_id", input_type="text")),
    ("@radio=my size:'a,b',c", AttributeSpec(name="my size", input_type="radio", default="a,b", values=("a,b", "c"))),
    ("~checkbox=parked:false", AttributeSpec(name="parked", input_type="checkbox", mutable=True, default="false", values=("false",))),
    ("@number=age:0,100,1", AttributeSpec(name="age", input_type="number", default="0", values=("0", "100", "1"))),
]


@pytest.mark.parametrize(("text", "spec"), ONE_STRING)
def test_one_string_attributes(tmp_path: Path, text: str, spec: AttributeSpec) -> None:
    """Attributes as one string, written until 2019, mean the same as structured ones."""
    label = f"<label><name>car</name><attributes><attribute>{text}</attribute></attributes></label>"
    assert meta(tmp_path, f"<task><labels>{label}</labels></task>").labels[0].attributes == (spec,)


@pytest.mark.parametrize(
    "attribute",
    [
        "walking",
        "~choice=colour:red",
        "<mutable>True</mutable><input_type>text</input_type>",
        "<name>a</name><input_type>slider</input_type>",
    ],
)
def test_unreadable_attribute_is_reported(tmp_path: Path, attribute: str) -> None:
    """A declaration that cannot be read is found, and the label stays without it."""
    label = f"<label><name>car</name><attributes><attribute>{attribute}</attribute></attributes></label>"
    found = read_text(tmp_path, export(image(""), f"<meta><task><labels>{label}</labels></task></meta>"))
    assert found.codes == ["SRC119"]
    assert found.reader.export.labels[0].attributes == ()


CIRCLE = (
    '&lt;circle r="0.75" cx="{1}" cy="{2}" data-type="element node" data-element-id="{0}" data-node-id="{0}"'
    ' data-label-name="{3}"&gt;&lt;/circle&gt;'
)
EDGE = '&lt;line x1="1" data-type="edge" data-node-from="{}" data-node-to="{}"&gt;&lt;/line&gt;'


def skeleton(drawing: str, *elements: str) -> str:
    """A task whose one label is a skeleton with this drawing and these sublabels, one of which stands before it."""
    parts = [f"<label><name>{name}</name><type>points</type><attributes></attributes><parent>body</parent></label>" for name in elements]
    own = f"<label><name>body</name><type>skeleton</type><attributes></attributes><svg>{drawing}</svg></label>"
    return f"<task><labels>{parts[0]}{own}{''.join(parts[1:])}</labels></task>"


def test_skeleton_is_folded_and_drawn(tmp_path: Path) -> None:
    """Sublabels become elements of their skeleton, and the drawing gives nodes by number, with names as they are."""
    hand = "hand &amp; &lt;l&gt;"
    circles = CIRCLE.format(10, 50, 60.5, "foot") + CIRCLE.format(2, 30, 40, hand) + CIRCLE.format(1, 10, 20, "head")
    drawing = EDGE.format(1, 2) + EDGE.format(2, 10) + circles
    (label,) = meta(tmp_path, skeleton(drawing, "foot", "head", hand)).labels
    assert [element.name for element in label.elements] == ["foot", "head", "hand & <l>"]
    assert label.template == Template((("head", 0.1, 0.2), ("hand & <l>", 0.3, 0.4), ("foot", 0.5, 0.605)), ((0, 1), (1, 2)))


@pytest.mark.parametrize(
    "drawing",
    [
        CIRCLE.format(1, 10, 20, "head"),
        CIRCLE.format(1, 10, 20, "head") + CIRCLE.format(2, 10, 20, "tail"),
        CIRCLE.format(1, 10, "nan", "head") + CIRCLE.format(2, 10, 20, "foot"),
        CIRCLE.format("x", 10, 20, "head") + CIRCLE.format(2, 10, 20, "foot"),
        CIRCLE.format(1, 10, 20, "head") + CIRCLE.format(2, 10, 20, "foot") + EDGE.format(1, 3),
        "&lt;&lt;&gt;",
    ],
)
def test_drawing_that_does_not_fit_is_reported(tmp_path: Path, drawing: str) -> None:
    """A drawing whose circles are not the sublabels, or which lacks numbers, is not used."""
    found = read_text(tmp_path, export(image(""), f"<meta>{skeleton(drawing, 'head', 'foot')}</meta>"))
    assert found.codes == ["SRC120"]
    assert found.reader.export.labels[0].template is None


def test_no_drawing_is_no_fault(tmp_path: Path) -> None:
    """A skeleton without a drawing has no template."""
    assert meta(tmp_path, skeleton("", "head")).labels[0].template is None


def test_sublabels_are_known_by_parent(tmp_path: Path) -> None:
    """Names of sublabels repeat between skeletons, and may equal a label's."""
    names = [("1", ""), ("a", ""), ("1", "a"), ("b", ""), ("1", "b")]
    parts = [f"<label><name>{name}</name>{f'<parent>{parent}</parent>' if parent else ''}</label>" for name, parent in names]
    found = meta(tmp_path, f"<task><labels>{''.join(parts)}</labels></task>").labels
    assert [(label.name, [element.name for element in label.elements]) for label in found] == [("1", []), ("a", ["1"]), ("b", ["1"])]


def test_offsets_of_a_project() -> None:
    """Within a subset, by task number and not by place, each task starts where the ones before it end."""
    given = [
        Task(id="573", subset="Test", start_frame=515, step=10, size=11),
        Task(id="558", subset="Test", start_frame=305, step=10, size=11),
        Task(id="571", subset="Test", start_frame=410, step=10, size=11),
        Task(id="600", subset="Train", size=4),
        Task(id="1000", subset="Test"),
    ]
    assert [task.offset for task in with_offsets(given)] == [935, 0, 415, 0, 1560]
