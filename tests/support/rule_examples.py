"""An example for each code, run: an export and a spec, a file, or a change of a sound bundle that calls the finding forth.

What an example gives is what `mapper rule CODE` shows. A new code needs a line in one of the tables below, or a spec in
``specs/invalid`` named by it.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import copytree
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper import convert, validate
from mapper.cli import COMMANDS
from mapper.cli.settings.use import load
from mapper.connect.verify import verify
from mapper.errors import ConfigError, SourceError
from mapper.reports.baseline import document, judge, read
from mapper.reports.request import Request
from mapper.reports.text import full
from tests.connect.conftest import Sample
from tests.connect.test_mutations import CASES as MUTATIONS
from tests.cvat.test_codes import IMAGES, REFUSALS, SHAPES, build
from tests.engine.test_given_ontology import ONTOLOGY
from tests.support import analysis_examples, reading
from tests.support.builders import Attribute, Element, Label, box, cuboid, element, ellipse, export, image, mask, path, skeleton, tag
from tests.support.pack_examples import GAPS as PACK_GAPS
from tests.support.pack_examples import pack_examples
from tests.support.source_examples import source_examples
from tests.support.specs import answer, classification, rule, spec, thing
from tests.support.stored_examples import stored_examples
from tests.support.track_examples import track_examples
from tests.support.video_examples import video_examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mapper.findings.base import Finding

WIDTH = 90
WAIVER = {"reason": "not annotated yet", "until": "2025-06-30"}
INVALID = Path(__file__).parents[1] / "specs" / "invalid"

Json = dict[str, Any]
Found = tuple["Sequence[Finding]", dict[str, tuple[str, ...]]]
"""What an example gives: its findings, and the lines of the specs that they point into."""


class Case(NamedTuple):
    """An export of one image under one spec, and options of `convert`."""

    shapes: tuple[Element, ...]
    rules: tuple[Json, ...] = (rule(thing()),)
    labels: tuple[Label, ...] = (Label("car"),)
    policy: Mapping[str, Any] = MappingProxyType({})
    options: Mapping[str, Any] = MappingProxyType({})
    meta: bool = True
    name: str = "0.png"

    def run(self) -> Found:
        """Convert it in the current folder, without writing a bundle."""
        text = export(image(0, *self.shapes, name=self.name), labels=self.labels, meta=self.meta)
        Path("annotations.xml").write_text(text, "utf-8")
        Path("mapping.json").write_text(laid_out(spec(*self.rules, policy=self.policy)) + "\n", "utf-8")
        checked = validate("mapping.json")
        result = convert("annotations.xml", spec="mapping.json", **self.options)
        return result.findings, {checked.file: checked.lines}


def laid_out(value: Any, indent: str = "", before: int = 0) -> str:
    """JSON as a person lays it out: what fits on a line stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + before + len(line) <= WIDTH:
        return line
    deeper = indent + "  "
    keys = [f"{json.dumps(key)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    items = value.values() if isinstance(value, dict) else value
    inner = ",\n".join(deeper + key + laid_out(item, deeper, len(key)) for key, item in zip(keys, items, strict=True))
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}\n{indent}{closing}"


def car(**values: str) -> Element:
    """A box of a car with attributes."""
    return box("car", (1, 2, 30, 40), values)


def with_attribute(value: str, target: Json, *, input_type: str = "select", values: tuple[str, ...] = ("red", "blue")) -> Case:
    """A car with one declared attribute, ``color``, under one attribute rule."""
    label = Label("car", attributes=(Attribute("color", input_type, values),))
    return Case((car(color=value) if value else car(),), (rule(thing(target)),), (label,))


def shaped(shape: Element, labels: tuple[Label, ...] = (Label("car"),), policy: Json | None = None, **geometry: Any) -> Case:
    """One shape under one conversion."""
    made = thing(kind=geometry.pop("kind", "same"))
    made["object"]["geometry"] |= geometry
    return Case((shape,), (rule(made),), labels, policy or {})


def outside(do: str) -> Json:
    """A decision about what leaves its image."""
    return {"outside_image": {"do": do, "tolerance_px": 0.5, "severity": "warning"}}


FISH = (Label("head"), Label("tail"))
COD = (Label("cod", "skeleton", elements=FISH),)
COLORS = (Attribute("top", "select", ("red", "blue")), Attribute("bottom", "select", ("red", "blue")))
BODY = (Attribute("type", "select", ("car", "truck")), Attribute("axles", "number"))
WET = (Label("rain", "tag"), Label("sun", "tag"))
WEATHER = classification(name="Weather", option="{{ label }}", conflict={"do": "keep_first", "severity": "warning"})
SLANTED = [10, 10, 10, 40, 40, 10, 40, 40, 50, 5, 50, 60, 70, 20, 70, 30]
LEAVES = box("car", (90, 10, 120, 40))


def cod(*points: str, **more: Any) -> Element:
    """A skeleton with these points."""
    return skeleton("cod", [element(name, 10.0 + 5 * number, 12.0, **more) for number, name in enumerate(points)])


def onto(rules: Json, ontology: Json = ONTOLOGY, label: str = "car") -> Case:
    """A car onto an ontology that exists."""
    return Case((box(label, (1, 2, 30, 40)),), (rules,), (Label(label),), options={"ontology": ontology})


CASES: dict[str, Case] = {
    "MAP301": Case((car(),), (rule(thing(), label="bus"),)),
    "MAP302": with_attribute("pink", answer("color", "Colour", "radio")),
    "MAP303": Case((box("bus", (1, 2, 30, 40)),)),
    "MAP304": Case((car(age="7"),), (rule(thing(answer({}, "{{ attribute.name }}", "text"))),)),
    "MAP305": with_attribute("red", answer("size", "Size", "text")),
    "MAP306": Case((car(),), ({"id": "no-cars", "match": {"label": "car"}, "issue": {"severity": "error", "message": "no cars here"}},)),
    "MAP307": with_attribute("007", answer("color", "House", "numeric"), input_type="number", values=("0", "9", "1")),
    "MAP308": with_attribute("fast", answer("color", "Speed", "numeric"), input_type="text", values=()),
    "MAP309": Case((box("", (1, 2, 30, 40)),)),
    "MAP310": Case(
        (car(), path("polygon", "car", [1, 1, 9, 1, 9, 9])), (rule(thing(title_if_several="{{ label }} ({{ target.shape }})")),)
    ),
    "MAP311": Case((tag("rain"), tag("sun")), (rule(WEATHER, tag=True),), WET),
    "MAP312": Case(
        (car(top="red", bottom="blue"),),
        (rule(thing(answer("top", "Colour", "radio"), answer("bottom", "Colour", "radio"))),),
        (Label("car", attributes=COLORS),),
    ),
    "MAP313": Case(
        (car(axles="2", type="car"),),
        (
            rule(
                thing(
                    answer("type", "Body", "radio", options={"car": "Car", "truck": "Truck"}),
                    answer("axles", "Axles", "numeric", under={"attribute": "Body", "option": "Truck"}),
                )
            ),
        ),
        (Label("car", attributes=BODY),),
    ),
    "MAP314": with_attribute("red", answer("color", "Number", "text", value="{{ value|int }}")),
    "MAP315": Case((car(),), ({"id": "small", "match": {}, "drop": {"reason": "below the resolution", "severity": "info"}},)),
    "MAP316": Case((), labels=(Label("cod", "skeleton", elements=FISH, drawn=False),)),
    "MAP317": with_attribute("", answer("color", "Colour", "text", when_absent="report")),
    "MAP319": Case((box(" car", (1, 2, 30, 40)),), (rule(thing()),), (Label(" car"),)),
    "MAP318": Case((car(),), ({"id": "van", "match": {"label": "van"}, "drop": WAIVER}, rule(thing()))),
    "SPC219": Case((car(),), ({"id": "car", "match": {"label": "car"}, "drop": WAIVER},), options={"today": date(2025, 7, 1)}),
    "GEO401": shaped(box("car", (10, 20, 10, 45))),
    "GEO402": shaped(path("polygon", "car", [10, 10, 20, 20, 10, 10]), kind="polygon"),
    "GEO403": shaped(box("car", (80, 20, 10, 45))),
    "GEO404": shaped(path("polygon", "car", [0, 0, 9, 0, 9, 9, 0, 0]), kind="polygon"),
    "GEO405": shaped(box("car", (10, 10, 40, 30), rotation="45"), kind="bounding_box", min_iou=0.8),
    "GEO406": shaped(cuboid("car", SLANTED), kind="cuboid_2d", max_residual_px=0.5),
    "GEO407": shaped(ellipse("car", (50, 40, 20, 14)), kind="circle"),
    "GEO409": shaped(mask("car", [0, 12], (97, 10, 4, 3)), policy=outside("clip")),
    "GEO410": shaped(path("polygon", "car", [5.1, 5.1, 5.4, 5.1, 5.4, 5.4]), kind="bitmask"),
    "GEO411": shaped(path("points", "car", [float(number % 90) for number in range(60)]), kind="point", limit=20),
    "GEO412": shaped(path("points", "car", [1, 1, 5, 5]), kind="point", split="refuse"),
    "GEO413": shaped(cod("head", "tail"), (Label("cod", "skeleton", elements=FISH, drawn=False),)),
    "GEO414": shaped(cod("head", "wing"), COD),
    "GEO416": shaped(cod("head", "tail", outside="1"), COD, kind="skeleton", outside="refuse"),
    "GEO417": shaped(cod("head"), COD, kind="skeleton", missing="refuse"),
    "GEO418": shaped(cod("head"), COD),
    "GEO419": shaped(LEAVES, policy=outside("refuse")),
    "GEO420": shaped(LEAVES, policy=outside("clip")),
    "GEO421": shaped(box("car", (200, 10, 220, 40)), policy=outside("clip")),
    "GEO422": shaped(LEAVES, policy=outside("keep")),
    "ENC501": onto(rule(thing(name="Lorry", kind="bounding_box"))),
    "ENC502": onto(rule(thing(name="Twin", kind="bounding_box"))),
    "ENC503": onto(rule(thing(name="Car", kind="polygon"))),
    "ENC504": Case((car(),), meta=False),
}

SETTINGS = {
    "CFG902": "fail-on = warning\n",
    "CFG903": 'fail_on = "warning"\n',
    "CFG904": 'fail-on = "eror"\n',
    "CFG905": "force = true\n",
    "CFG906": 'required-version = ">=99"\n',
}

MEDIA = {f"MED{number}": "tests/media: needs media files that are made there" for number in range(704, 721)}
ELSEWHERE = (
    analysis_examples.GAPS
    | MEDIA
    | PACK_GAPS
    | {
        "SRC102": "tests/cvat/test_codes: a socket",
        "SRC197": "tests/contract/test_jobs: processes that are killed",
        "BAT980": "tests/batch/test_cluster: Dask must not be installed",
        "BAT981": "tests/batch/test_cluster: a scheduler that does not answer",
        "BAT982": "tests/batch/test_cluster: a scheduler without workers",
        "BAT983": "tests/batch/test_cluster: a worker with another version",
        "BAT984": "tests/batch/test_cluster: a worker without the folder",
        "SRC169": "tests/places/test_refusals: a URL",
        "SRC170": "tests/places/test_refusals: a package that is not installed",
        "SRC171": "tests/places/test_refusals: a URL with a password",
        "SRC172": "tests/places/test_refusals: a store that refuses",
        "SRC173": "tests/places/test_refusals: a store that breaks off",
        "SRC174": "tests/places/test_reading: more images than are opened",
        "SRC147": "tests/engine/test_manifest_beside: needs a manifest beside the export",
        "SPC201": "tests/spec/test_located: 4 MiB",
        "SPC216": "tests/spec/test_located: 100 000 values",
        "SPC234": "tests/hostile: more than 1000 problems",
        "GEO408": "tests/transforms: the reader of XML finds it first, as SRC137",
        "GEO415": "tests/transforms: the reader of XML finds it first, as SRC144",
        "ENC505": "tests/engine/test_groups: more than 500 images",
        "ENC526": "tests/connect/test_sdk: needs the SDK",
        "ENC527": "tests/connect/test_sdk: needs the SDK",
        "ENC528": "tests/connect/test_verify: needs the SDK not to be there",
        "BAT951": "tests/batch/test_names: needs folders without exports",
        "BAT952": "tests/contract/test_batch_survives: a worker is killed",
        "BAT953": "tests/contract/test_batch_survives: a worker is killed twice",
        "BAT954": "tests/contract/test_batch_survives: a full disk",
        "BAT955": "tests/batch/test_union: needs several exports",
        "BAT956": "tests/batch/test_run: needs several exports",
        "BAT957": "tests/batch/test_run: needs a spec that changes meanwhile",
        "BAT958": "tests/batch/test_union: needs several exports",
        "BAT959": "tests/batch/test_run: needs two batches",
    }
)
"""Codes whose example is too large to show, or needs a machine in a certain state: where they are raised instead."""


def examples() -> dict[str, Callable[[], Found]]:
    """The examples, by code; each runs in the current folder."""
    found: dict[str, Callable[[], Found]] = {code: case.run for code, case in CASES.items()}
    for file in sorted(INVALID.iterdir()):
        if file.suffix == ".yaml":
            found.setdefault(file.name[:6], _invalid(file))
    for code, text in IMAGES:
        found.setdefault(code, _export(text))
    for code, content, _ in SHAPES:
        found.setdefault(code, _export(reading.export(reading.image(f"\n{content}\n"))))
    for refusal in REFUSALS:
        found.setdefault(refusal.code, lambda refusal=refusal: _read(str(build(Path(), refusal))))  # type: ignore[misc]
    for code, example in (
        *_mutated(),
        *track_examples().items(),
        *pack_examples().items(),
        *stored_examples().items(),
        *source_examples().items(),
        *video_examples().items(),
    ):
        found.setdefault(code, example)
    found |= {code: _settings(text) for code, text in SETTINGS.items()} | analysis_examples.analysis_examples()
    return found | {"SPC250": lambda: (validate("mapping.yaml").findings, {})} | FILES


def _mutated() -> Iterator[tuple[str, Callable[[], Found]]]:
    """Changes of a bundle: first those that give one code alone."""
    for change, codes in sorted(MUTATIONS.values(), key=lambda case: " " in case[1]):
        yield from ((code, _bundle(change)) for code in codes.split())


def _invalid(file: Path) -> Callable[[], Found]:
    def run() -> Found:
        copytree(file.parent / "beside", "beside")
        Path("mapping.yaml").write_bytes(file.read_bytes())
        checked = validate("mapping.yaml")
        return checked.findings, dict(checked.texts)

    return run


def _export(text: str) -> Callable[[], Found]:
    def run() -> Found:
        Path("annotations.xml").write_text(text, "utf-8")
        return _read("annotations.xml")

    return run


def _read(source: str) -> Found:
    try:
        return convert(source).findings, {}
    except SourceError as error:
        return error.findings, {}


def _bundle(change: Callable[[Sample], None]) -> Callable[[], Found]:
    def run() -> Found:
        sample = Sample()
        change(sample)
        return verify(sample.write(Path()), sdk=False).findings, {}

    return run


def _settings(text: str) -> Callable[[], Found]:
    def run() -> Found:
        Path("mapper.toml").write_text(text, "utf-8")
        return _load()

    return run


def _load(config: str | None = None) -> Found:
    try:
        load(COMMANDS, config)
    except ConfigError as error:
        return error.findings, {name: tuple(lines) for name, lines in error.texts.items()}
    return (), {}


def _bad_baseline() -> Found:
    from mapper.cli.delivery import Delivery  # noqa: PLC0415 - used here only

    Path("baseline.json").write_text("{}", "utf-8")
    try:
        Delivery(form="full", baseline="baseline.json").known()
    except ConfigError as error:
        return error.findings, {}
    return (), {}


def _stale_baseline() -> Found:
    findings, _ = CASES["MAP301"].run()
    known = read(document(findings).encode())
    assert isinstance(known, list)
    return judge([], known, "baseline.json").new, {}


def _media(*names: str, image_name: str = "0.png", **options: Any) -> Callable[[], Found]:
    def run() -> Found:
        Path("pictures").mkdir()
        for name in names:
            (Path("pictures") / name).touch()
        return Case((car(),), options={"media_dir": "pictures", **options}, name=image_name).run()

    return run


FILES: dict[str, Callable[[], Found]] = {
    "CFG901": lambda: _load("settings.toml"),
    "CFG907": _bad_baseline,
    "CFG908": _stale_baseline,
    "MED701": _media(),
    "MED702": _media("0.png", "0.jpg", map_filename="stem", image_name="0"),
    "MED703": _media("0.png", "Thumbs.db"),
}


def shown(code: str, example: Callable[[], Found], folder: Path) -> str:
    """What the full form says of the first finding with a code; "" if the example does not give it."""
    with _inside(folder):
        findings, texts = example()
    chosen = [finding for finding in findings if finding.code == code][:1]
    return full(Request(findings=chosen, texts=texts))


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    folder.mkdir(parents=True)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def as_json(found: dict[str, str]) -> str:
    """The file that is shipped."""
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
