"""Writes a synthetic CVAT export of any size: ``python benchmarks/generate.py mixed 100 out.xml``.

The text is what CVAT 2.73's own exporter would write: its element and attribute order, two decimals, one element a line.
The same mix, size and seed give the same bytes. Shapes are rendered once, up to 24 MB, and then repeated under fresh
ids, so a gigabyte takes seconds; in return distinct attribute values are few and every cache of a reader stays warm.

``vid_boxes`` and ``video`` are the video view (tracks), every other mix the images view. The program prints what it wrote as one line
of JSON: mix, bytes, units (images or tracks) and shapes by kind.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from shapes import BONES, HEIGHT, KINDS, LABELS, MIXES, WIDTH, Attribute, Label, elements
from tracks import track as any_track

if TYPE_CHECKING:
    from collections.abc import Iterable

RENDERED = 24_000_000  # bytes of shapes that are made before they repeat
FRAMES = 300  # of a video
DATE = "2026-01-02 03:04:05.000000+00:00"
VIDEOS = ("vid_boxes", "video")
BY_NAME = {label.name: label for label in LABELS}


class Unit(NamedTuple):
    """What stands inside one ``<image>`` or ``<track>``, how many shapes of each kind, and the label of a track."""

    body: bytes
    shapes: Counter[str]
    label: str = ""


def _values(rng: Random, label: Label) -> dict[str, str]:
    return {attribute.name: rng.choice(attribute.used) for attribute in label.attributes}


def _attributes(label: Label, values: dict[str, str], *, mutable_first: bool = False) -> str:
    order = sorted(label.attributes, key=lambda one: mutable_first and not one.mutable)
    return "".join(f'      <attribute name="{one.name}">{escape(values[one.name])}</attribute>\n' for one in order)


def _source(rng: Random) -> str:
    return rng.choice(("manual", "manual", "manual", "auto", "semi-auto", "file"))


def shape(rng: Random, kind_name: str) -> tuple[int, str]:
    """One shape or tag of the images view: its ``z_order`` (tags come last) and its text."""
    kind = KINDS[kind_name]
    label = BY_NAME[rng.choice(kind.labels)]
    source = _source(rng)
    z_order = rng.randint(0, 3)
    group = f' group_id="{rng.randint(1, 9)}"' if rng.random() < 0.05 else ""
    head, inside = f'    <{kind.element} label="{label.name}" source="{source}"', ""
    if kind.geometry:
        head += f' occluded="{int(rng.random() < 0.15)}" {kind.geometry(rng)}'
    if kind_name == "skeleton":
        inside = elements(rng, label, source)
    if kind_name == "tag":
        z_order = 4
    else:
        head += f' z_order="{z_order}"'
    inside += _attributes(label, _values(rng, label))
    return z_order, f"{head}{group}>\n{inside}    </{kind.element}>\n"


def image(rng: Random, mix: dict[str, int]) -> Unit:
    """About twelve shapes, by ``z_order`` as CVAT sorts them."""
    names = rng.choices(list(mix), list(mix.values()), k=max(1, round(rng.gauss(12, 4))))
    shapes = sorted((shape(rng, name) for name in names), key=lambda pair: pair[0])
    return Unit("".join(text for _, text in shapes).encode(), Counter(names))


def track(rng: Random, mix: dict[str, int]) -> Unit:
    """One box over 75 to 300 frames: every frame present, a keyframe every tenth and last, outside on the last."""
    (name,) = mix
    label = BY_NAME[rng.choice(KINDS[name].labels)]
    length = rng.randint(FRAMES // 4, FRAMES)
    start = rng.randint(0, FRAMES - length)
    width, height = rng.uniform(5, 300), rng.uniform(5, 300)
    x, y = rng.uniform(0, WIDTH / 2), rng.uniform(0, HEIGHT / 2)
    dx, dy = rng.uniform(0, 2), rng.uniform(0, 1)
    values, occluded, parts = _values(rng, label), 0, []
    for step in range(length):
        last = step == length - 1
        keyframe = step % 10 == 0 or last
        if keyframe:
            occluded = int(rng.random() < 0.15)
            values |= {one.name: rng.choice(one.used) for one in label.attributes if one.mutable}
        left, top = x + dx * step, y + dy * step
        parts.append(
            f'    <box frame="{start + step}" keyframe="{int(keyframe)}" outside="{int(last)}" occluded="{occluded}" '
            f'xtl="{left:.2f}" ytl="{top:.2f}" xbr="{left + width:.2f}" ybr="{top + height:.2f}" z_order="0">\n'
            f"{_attributes(label, values, mutable_first=True)}    </box>\n"
        )
    return Unit("".join(parts).encode(), Counter({name: length}), label.name)


def moving(rng: Random, mix: dict[str, int]) -> Unit:
    """One track of any kind."""
    kind, text, length, label = any_track(rng, mix)
    return Unit(text.encode(), Counter({kind: length}), label)


def render(rng: Random, name: str, size: int) -> list[Unit]:
    """Units of a mix, up to 24 MB of text or ``size`` bytes, whichever is less."""
    make = {"vid_boxes": track, "video": moving}.get(name, image)
    made: list[Unit] = []
    rendered = 0
    while rendered < min(RENDERED, size) or not made:
        made.append(make(rng, MIXES[name]))
        rendered += len(made[-1].body)
    return made


def frame(number: int, unit: Unit) -> tuple[bytes, bytes]:
    """The opening and closing tag of a unit."""
    if unit.label:
        return f'  <track id="{number}" label="{unit.label}" source="manual">\n'.encode(), b"  </track>\n"
    name = f"batch_{number // 1000:03d}/frame_{number:06d}.jpg"
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    return f'  <image id="{number}" name="{name}" {size}>\n'.encode(), b"  </image>\n"


def _attribute_meta(one: Attribute) -> str:
    texts = {
        "name": one.name,
        "mutable": str(one.mutable),
        "input_type": one.input_type,
        "default_value": one.declared[0],
        "values": escape("\n".join(one.declared)),
    }
    lines = "".join(f"              <{key}>{text}</{key}>\n" for key, text in texts.items())
    return f"            <attribute>\n{lines}            </attribute>\n"


def _svg(names: tuple[str, ...]) -> str:
    at = [(10 + 20 * (n % 5), 10 + 20 * (n // 5)) for n in range(len(names))]
    lines = (
        f'<line x1="{at[a - 1][0]}" y1="{at[a - 1][1]}" x2="{at[b - 1][0]}" y2="{at[b - 1][1]}" data-type="edge" '
        f'data-node-from="{a}" data-node-to="{b}"></line>'
        for a, b in BONES
    )
    circles = (
        f'<circle r="0.75" cx="{at[n - 1][0]}" cy="{at[n - 1][1]}" data-type="element node" data-element-id="{n}" '
        f'data-node-id="{n}" data-label-name="{name}"></circle>'
        for n, name in enumerate(names, 1)
    )
    return "".join([*lines, *circles])


def _labels_meta() -> str:
    """Every label as CVAT lists it; the elements of a skeleton are labels of their own, with a parent."""
    flat: list[tuple[Label, str]] = []
    for label in LABELS:
        flat.append((label, f"          <svg>{escape(_svg(label.elements))}</svg>\n" if label.elements else ""))
        parent = f"          <parent>{label.name}</parent>\n"
        flat += [(Label(name, "points"), parent) for name in label.elements]
    return "".join(
        f"        <label>\n          <name>{label.name}</name>\n          <color>#{40 + 7 * n:02x}80c0</color>\n"
        f"          <type>{label.type}</type>\n          <attributes>\n"
        f"{''.join(map(_attribute_meta, label.attributes))}          </attributes>\n{more}        </label>\n"
        for n, (label, more) in enumerate(flat)
    )


def head(name: str, images: int) -> bytes:
    """Everything before the first unit: the task with all its labels."""
    video = name in VIDEOS
    size = FRAMES if video else images
    segment = {"id": 1, "start": 0, "stop": size - 1, "url": "http://localhost:8080/api/jobs/1"}
    before = {"id": 1, "name": f"synthetic {name}", "size": size, "mode": "interpolation" if video else "annotation",
              "overlap": 0, "bugtracker": "", "created": DATE, "updated": DATE, "subset": "default", "start_frame": 0,
              "stop_frame": size - 1, "frame_filter": ""}  # fmt: skip
    text = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n  <meta>\n    <task>\n'
    text += "".join(f"      <{key}>{value}</{key}>\n" for key, value in before.items())
    text += "      <segments>\n        <segment>\n"
    text += "".join(f"          <{key}>{value}</{key}>\n" for key, value in segment.items())
    text += "        </segment>\n      </segments>\n      <owner>\n        <username>someone</username>\n"
    text += "        <email>someone@example.com</email>\n      </owner>\n      <assignee></assignee>\n"
    text += f"      <labels>\n{_labels_meta()}      </labels>\n"
    if video:
        text += f"      <original_size>\n        <width>{WIDTH}</width>\n        <height>{HEIGHT}</height>\n"
        text += "      </original_size>\n      <source>clip.mp4</source>\n"
    return f"{text}    </task>\n    <dumped>{DATE}</dumped>\n  </meta>\n".encode()


def generate(name: str, size: int, seed: int, target: Path) -> dict[str, object]:
    """Writes an export of at least ``size`` bytes (and one unit) and returns what was written."""
    made = render(Random(seed), name, size)
    # The head names the number of images, so the units are counted before they are written.
    count, left = 0, size - len(head(name, 1))
    while count == 0 or left > 0:
        unit = made[count % len(made)]
        left -= len(unit.body) + sum(map(len, frame(count, unit)))
        count += 1
    shapes: Counter[str] = Counter()
    with target.open("wb") as file:
        file.write(head(name, count))
        for number, unit in enumerate(islice(cycle(made), count)):
            opening, closing = frame(number, unit)
            file.writelines((opening, unit.body, closing))
            shapes.update(unit.shapes)
        file.write(b"</annotations>\n")
    return {"mix": name, "bytes": target.stat().st_size, "units": count, "shapes": dict(sorted(shapes.items()))}


def main(arguments: Iterable[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a synthetic CVAT export.")
    parser.add_argument("mix", choices=MIXES)
    parser.add_argument("megabytes", type=float)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    print(json.dumps(generate(chosen.mix, round(chosen.megabytes * 1e6), chosen.seed, chosen.output)))


if __name__ == "__main__":
    main()
