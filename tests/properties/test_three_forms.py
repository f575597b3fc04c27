"""One random task in CVAT's three native forms, as images, as video and as a backup: all of them mean the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import convert, load_spec
from mapper.cvat.readers import open_export
from mapper.findings.base import Severity
from mapper.findings.collector import Collector
from tests.support.by_frame import differences, of_reading, renamed, shown
from tests.support.reading import pack, write
from tests.support.running import load
from tests.support.scene_backup import backup
from tests.support.scene_draws import scenes
from tests.support.scene_xml import images_xml, video_xml
from tests.support.scenes import HEIGHT, WIDTH
from tests.support.scenes_by_frame import of_scene
from tests.support.view_reasons import FORMS, PAIRS, VIDEO, unexplained
from tests.support.views import differences as between
from tests.support.views import view

if TYPE_CHECKING:
    from tests.support.scenes import Scene

# One class whatever the frame: the images view has no tracks for which it could be chosen once.
STANDARD = load_spec("standard", {"upright_rectangle": "rotatable_bounding_box", "cuboid_residual_px": "1000"})


def written(scene: Scene, folder: Path) -> dict[str, Path]:
    """The three forms of a task as files."""
    found = {"images": images_xml(scene), "video": video_xml(scene)}
    for form in found:
        (folder / form).mkdir()
    files = {form: write(folder / form, text) for form, text in found.items()}
    return files | {"backup": pack(folder / "backup.zip", backup(scene))}


@settings(max_examples=150)
@given(scenes())
def test_readers_agree_with_what_was_drawn(scene: Scene) -> None:
    """On each frame every form has the objects that CVAT's rules give, worked out apart, to 0.01 px, with all values and flags."""
    with TemporaryDirectory() as folder:
        for form, path in written(scene, Path(folder)).items():
            rest = form != VIDEO  # which has neither tags nor hidden points of skeletons
            findings = Collector()
            with open_export(path, findings) as reader:
                found = renamed(of_reading(reader, outside=rest, tags=rest), {"7": ""})
            assert not (wrong := differences(of_scene(scene, outside=rest, tags=rest), found)), (form, shown(wrong))
            assert {finding.code for finding in findings.findings()} <= {"SRC121", "SRC150", "SRC151", "SRC156", "SRC185"}


@settings(max_examples=60)
@given(scenes(), st.sampled_from(("video", "video", "image_group", "image")))
def test_conversions_agree(scene: Scene, media: str) -> None:
    """The bundles have the same classes, geometry and answers on each frame; they differ only where the list says why."""
    with TemporaryDirectory() as folder:
        found = {}
        for form, path in written(scene, Path(folder)).items():
            result = convert(path, Path(folder) / "bundle", spec=STANDARD, media=media, frame_size=(WIDTH, HEIGHT), force=True)  # type: ignore[arg-type]
            assert result.ledger["balanced"]
            assert [finding.message for finding in result.findings if finding.severity >= Severity.ERROR] == []
            found[form] = view(load(result))
    assert tuple(found) == FORMS
    for pair in PAIRS:
        assert not (wrong := unexplained(pair, between(*(found[form] for form in pair)))), (pair, wrong[:8])
