"""Makes the example export ``street``: ``python examples/make_example.py [FOLDER]`` (``examples/street``).

Four small drawn pictures and an ``annotations.xml`` as CVAT 2.73 writes it for a task ("CVAT for images 1.1"). Every
shape, every attribute type and every flag that CVAT has occurs at least once, and the pictures show what the
annotations say, so a conversion can be judged by eye. The same bytes come out on every machine.

To change the scene, edit ``LABELS`` and the pictures below and run this again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from street_picture import Paint, png, rectangle
from street_shapes import Shape, box, cuboid, ellipse, mask, points, polygon, polyline, skeleton, tag

DATE = "2026-03-02 09:15:00.000000+00:00"


class Attribute(NamedTuple):
    """An attribute of a label; ``values`` are the options, or min, max and step of a number."""

    name: str
    input_type: str
    default: str
    values: tuple[str, ...]
    mutable: bool = False


class Label(NamedTuple):
    """A label; the elements of a skeleton name their ``parent``, the skeleton itself brings its drawing as ``svg``."""

    name: str
    color: str
    type: str
    attributes: tuple[Attribute, ...] = ()
    parent: str = ""
    svg: str = ""


class Image(NamedTuple):
    """A picture: what is painted first, then its annotations, which paint themselves."""

    name: str
    width: int
    height: int
    background: list[Paint]
    shapes: list[Shape]


NODES = {"head": (50, 10), "chest": (50, 40), "left_hand": (15, 55), "right_hand": (85, 55), "left_foot": (30, 95), "right_foot": (70, 95)}


def drawing() -> str:
    """The skeleton's template as CVAT's editor saves it: every point is joined to the chest."""
    names = list(NODES)
    chest = names.index("chest") + 1
    lines = (
        f'<line x1="{NODES["chest"][0]}" y1="{NODES["chest"][1]}" x2="{x}" y2="{y}" stroke="black" data-type="edge" '
        f'data-node-from="{chest}" stroke-width="0.5" data-node-to="{number}"></line>'
        for number, (x, y) in enumerate(NODES.values(), 1)
        if number != chest
    )
    circles = (
        f'<circle r="1.5" stroke="black" fill="#b3b3b3" cx="{x}" cy="{y}" stroke-width="0.1" data-type="element node" '
        f'data-element-id="{number}" data-node-id="{number}" data-label-name="{name}"></circle>'
        for number, (name, (x, y)) in enumerate(NODES.items(), 1)
    )
    return "".join([*lines, *circles])


LABELS = (
    Label("car", "#2f5fc8", "any", (
        Attribute("color", "select", "__undefined__", ("__undefined__", "red", "blue", "yellow")),
        Attribute("parked", "checkbox", "false", ("false",), mutable=True),
        Attribute("plate", "text", "", ("",)),
    )),
    Label("wheel", "#222226", "ellipse"),
    Label("pedestrian", "#d9a07a", "rectangle", (
        Attribute("age", "radio", "adult", ("child", "adult", "senior")),
        Attribute("walking", "checkbox", "true", ("true",), mutable=True),
    )),
    Label("sign", "#c8352f", "polygon", (
        Attribute("kind", "select", "other", ("stop", "speed limit", "other")),
        Attribute("limit_kmh", "number", "0", ("0", "130", "10")),
    )),
    Label("lane", "#f2f2ee", "polyline", (Attribute("marking", "radio", "solid", ("solid", "dashed", "double")),)),
    Label("kerb_corner", "#e6b422", "points"),
    Label("puddle", "#4f86a8", "mask", (Attribute("depth_cm", "number", "1", ("0", "50", "0.5")),)),
    Label("parcel", "#b0814f", "cuboid", (
        Attribute("code", "text", "", ("",)),
        Attribute("fragile", "checkbox", "false", ("false",)),
    )),
    Label("person_pose", "#3b8f4a", "skeleton", (
        Attribute("activity", "select", "__undefined__", ("__undefined__", "standing", "carrying")),
    ), svg=drawing()),
    Label("head", "#d9a07a", "points", (Attribute("facing_camera", "checkbox", "true", ("true",)),), parent="person_pose"),
    *(Label(name, "#3b8f4a", "points", parent="person_pose") for name in NODES if name != "head"),
    Label("weather", "#9ecae8", "tag", (
        Attribute("sky", "select", "clear", ("clear", "cloudy", "rain")),
        Attribute("wet_road", "checkbox", "false", ("false",)),
        Attribute("temperature_c", "number", "15", ("-30", "50", "1")),
        Attribute("note", "text", "", ("",)),
    )),
    Label("blurred", "#b9b4a6", "tag"),
    Label("scooter", "#aa00aa", "rectangle"),
)  # fmt: skip

ROAD = [Paint("sky", rectangle(0, 0, 320, 90)), Paint("pavement", rectangle(0, 90, 320, 130)), Paint("road", rectangle(0, 130, 320, 240))]

CROSSING = Image("01_crossing.png", 320, 240, ROAD, [
    box("car", "blue", (40, 120, 150, 170), group=1, z_order=1, attributes={"color": "blue", "plate": "B&B 1207"}),
    ellipse("wheel", "tyre", (65, 170), (14, 14), group=1, z_order=2),
    ellipse("wheel", "tyre", (125.5, 170.25), (14.5, 12), 20, group=1, z_order=2, source="auto"),
    box("pedestrian", "skin", (190, 85.5, 208.25, 140), attributes={"age": "child"}, source="auto"),
    box("pedestrian", "green", (142, 90, 160, 145), occluded=True, attributes={"walking": "false"}),
    polygon("sign", "red", [(268, 30), (284, 30), (295, 41), (295, 57), (284, 68), (268, 68), (257, 57), (257, 41)],
            attributes={"kind": "stop"}),
    polygon("sign", "line", [(224, 40), (244, 40), (244, 66), (224, 66)], source="semi-auto",
            attributes={"kind": "speed limit", "limit_kmh": "30"}),
    polyline("lane", "line", [(0, 200.5), (110, 196), (220.75, 199), (320, 210)], attributes={"marking": "dashed"}),
    points("kerb_corner", "yellow", [(250, 130)]),
    tag("weather", sky="cloudy", temperature_c="-3", note="first frost\nsalt on the road"),
])  # fmt: skip

PARKING = Image("02_parking.png", 320, 240, [Paint("road", rectangle(0, 0, 320, 240)), Paint("pavement", rectangle(0, 200, 320, 240))], [
    mask("puddle", "water", [(20, 150), (45, 138), (80, 141), (104, 155), (92, 172), (60, 169), (40, 180), (22, 170)],
         source="semi-auto", attributes={"depth_cm": "2.5"}),
    polyline("lane", "line", [(0, 190), (320, 190)], source="file"),
    box("car", "red", (60, 60, 140, 100), 30, attributes={"color": "red", "parked": "true", "plate": "007"}),
    box("car", "yellow", (190, 50, 270, 90), 315.5, occluded=True, z_order=1, attributes={"color": "yellow", "parked": "true"}),
    polygon("car", "blue", [(215, 120), (285, 112), (300, 122), (302, 148), (290, 158), (218, 162), (208, 150), (206, 130)],
            source="auto", attributes={"parked": "true"}),
    points("kerb_corner", "yellow", [(20, 200), (110, 200.5), (205, 199.75), (300, 200)], source="file"),
    tag("weather", wet_road="true", sky="rain"),
    tag("blurred"),
])  # fmt: skip

DEPOT = Image("03_depot.png", 400, 300, [Paint("wall", rectangle(0, 0, 400, 110)), Paint("floor", rectangle(0, 110, 400, 300))], [
    # An exact perspective copy: the back face is the front one, shrunk to seven tenths towards (260, 90).
    cuboid("parcel", [(60, 150), (60, 230), (140, 150), (140, 230), (176, 132), (176, 188), (120, 132), (120, 188)],
           group=2, attributes={"code": "0042"}),
    # Seen corner-on: the back face is no scaled copy of the front one.
    cuboid("parcel", [(220, 205), (220, 265), (258, 218), (258, 286), (316, 203), (316, 262), (280, 193), (280, 248)],
           source="auto", attributes={"code": "A-17/b", "fragile": "true"}),
    skeleton("person_pose", "green",
             {"head": (190, 60), "chest": (190, 95), "left_hand": (165, 120), "right_hand": (150, 140), "left_foot": (178, 170),
              "right_foot": (204, 168)},
             group=2, z_order=1, attributes={"activity": "carrying"}),
    skeleton("person_pose", "blue",
             {"head": (345, 70), "chest": (345, 105), "left_hand": (322, 130), "right_hand": (371, 128), "left_foot": (336, 175),
              "right_foot": (395, 180)},
             {"head": {"facing_camera": "false"}, "left_hand": {"occluded": "1"}, "right_foot": {"outside": "1"}}, source="file"),
    box("pedestrian", "skin", (20, 70, 44, 145), source="semi-auto", attributes={"age": "senior", "walking": "false"}),
])  # fmt: skip

EMPTY_ROAD = Image("04_empty_road.png", 320, 240, ROAD, [])
IMAGES = (CROSSING, PARKING, DEPOT, EMPTY_ROAD)


def attribute_meta(attribute: Attribute) -> str:
    """One attribute of a label."""
    texts = {"name": attribute.name, "mutable": str(attribute.mutable), "input_type": attribute.input_type,
             "default_value": attribute.default, "values": "\n".join(attribute.values)}  # fmt: skip
    lines = "".join(f"              <{key}>{escape(text)}</{key}>\n" for key, text in texts.items())
    return f"            <attribute>\n{lines}            </attribute>\n"


def label_meta(label: Label) -> str:
    """One label; the elements of a skeleton are labels of their own."""
    more = "".join(f"          <{key}>{escape(text)}</{key}>\n" for key, text in (("parent", label.parent), ("svg", label.svg)) if text)
    declared = "".join(map(attribute_meta, label.attributes))
    return (
        f"        <label>\n          <name>{label.name}</name>\n          <color>{label.color}</color>\n"
        f"          <type>{label.type}</type>\n          <attributes>\n{declared}          </attributes>\n{more}        </label>\n"
    )


def attributes(shape: Shape, parent: str, indent: str) -> str:
    """All attributes of a shape: CVAT writes defaults too."""
    (label,) = (label for label in LABELS if (label.name, label.parent) == (shape.label, parent))
    own = {attribute.name: attribute.default for attribute in label.attributes} | shape.details.get("attributes", {})
    return "".join(f"{indent}<attribute name={quoteattr(name)}>{escape(value)}</attribute>\n" for name, value in own.items())


def annotation(shape: Shape, parent: str = "", indent: str = "    ") -> str:
    """One shape, tag, or point of a skeleton, its attributes in CVAT's order."""
    details = shape.details
    parts = [shape.element, f'label="{shape.label}"', f'source="{details.get("source", "manual")}"']
    if shape.element not in {"skeleton", "tag"} and not parent:
        parts.append(f'occluded="{int(details.get("occluded", False))}"')
    if shape.geometry:
        parts.append(shape.geometry)
    if shape.element != "tag" and not parent:
        parts.append(f'z_order="{details.get("z_order", 0)}"')
    if "group" in details:
        parts.append(f'group_id="{details["group"]}"')
    inside = "".join(annotation(child, shape.label, indent + "  ") for child in shape.children) + attributes(shape, parent, indent + "  ")
    return f"{indent}<{' '.join(parts)}>\n{inside}{indent}</{shape.element}>\n"


def image_element(number: int, image: Image) -> str:
    """An image with its shapes by ``z_order``, then its tags."""
    ordered = sorted(image.shapes, key=lambda shape: (shape.element == "tag", shape.details.get("z_order", 0)))
    head = f'  <image id="{number}" name="{image.name}" width="{image.width}" height="{image.height}">\n'
    return f"{head}{''.join(map(annotation, ordered))}  </image>\n"


def document() -> str:
    """The whole ``annotations.xml``."""
    last = len(IMAGES) - 1
    task = {"id": "7", "name": "street", "size": str(len(IMAGES)), "mode": "annotation", "overlap": "0", "bugtracker": "",
            "created": DATE, "updated": DATE, "subset": "default", "start_frame": "0", "stop_frame": str(last),
            "frame_filter": ""}  # fmt: skip
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n  <meta>\n    <task>\n'
        + "".join(f"      <{key}>{text}</{key}>\n" for key, text in task.items())
        + f"      <segments>\n        <segment>\n          <id>9</id>\n          <start>0</start>\n          <stop>{last}</stop>\n"
        "          <url>http://localhost:8080/api/jobs/9</url>\n        </segment>\n      </segments>\n"
        "      <owner>\n        <username>someone</username>\n        <email>someone@example.com</email>\n      </owner>\n"
        f"      <assignee></assignee>\n      <labels>\n{''.join(map(label_meta, LABELS))}      </labels>\n    </task>\n"
        f"    <dumped>{DATE}</dumped>\n  </meta>\n"
        + "".join(image_element(number, image) for number, image in enumerate(IMAGES))
        + "</annotations>\n"
    )


def make(folder: Path) -> None:
    """Writes the export into a folder."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "annotations.xml").write_bytes(document().encode())
    for image in IMAGES:
        shapes = sorted(image.shapes, key=lambda shape: shape.details.get("z_order", 0))
        paints = image.background + [paint for shape in shapes for paint in shape.paint]
        (folder / "images" / image.name).write_bytes(png(image.width, image.height, paints))


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "street")
