"""Exports that we write are read back as they were."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper.cvat.model import FIELDS, Image, LabelSpec, Shape, Task
from mapper.cvat.readers import open_export
from mapper.cvat.writing import images_xml, shape_line
from mapper.findings.collector import Collector
from tests.engine.analysis import strategies

ODD = LabelSpec(name='a "b" <&>\n', type="any", attributes=())


@given(schema=strategies.schemas(), data=st.data())
@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
def test_what_is_written_is_read_back(schema: list[LabelSpec], data: st.DataObject) -> None:
    """Labels, geometry, attributes, fields and the image come back as they were, with odd texts too."""
    shape, image = data.draw(strategies.shapes(data.draw(st.sampled_from([*schema, ODD]))))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "annotations.xml"
        path.write_text(images_xml([*schema, ODD], [image]), "utf-8")
        with open_export(path, Collector()) as reader:
            (found,) = reader.images()
    assert (found.name, found.width, found.height, found.subset, found.frame) == (image.name, 100, 100, image.subset, image.frame)
    (again,) = found.shapes
    assert (again.kind, again.label, again.attributes, again.fields[:5]) == (shape.kind, shape.label, shape.attributes, shape.fields[:5])
    if shape.kind == "skeleton":
        assert [part._replace(line=0) for part in again.geometry] == [part._replace(line=0) for part in shape.geometry]
    else:
        assert again.geometry == shape.geometry
    assert list(reader.export.labels) == [*schema, ODD]


def test_a_shape_on_one_line() -> None:
    """A finding can show a shape without a line break."""
    shape = Shape("tag", "rain", None, "", (("much", "yes"),), (None, None, None, "manual", *(None,) * (len(FIELDS) - 4)), 1)
    assert shape_line(shape) == '<tag label="rain" source="manual"><attribute name="much">yes</attribute></tag>'
    assert images_xml([], [Image(0, "a", 1, 1, Task(id=""), "", 0, 0, [])]).count("\n") > 3
