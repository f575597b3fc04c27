"""From the arguments of the Python face to what a batch runs with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import orjson

from mapper.batch.order import Choices
from mapper.batch.run import run_batch
from mapper.batch.setting import Setting
from mapper.encord.ontology_json import ontology_problems
from mapper.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from mapper.batch.setting import BatchResult
    from mapper.engine.assembly import MediaMode
    from mapper.places.place import Place
    from mapper.spec.load import LoadedSpec


class BatchChoices(TypedDict, total=False):
    """What may be chosen for all exports of a batch; each means what it means for `mapper.api.convert`."""

    lists: Sequence[str]
    media: MediaMode
    fps: float | None
    frame_size: tuple[int, int] | None
    group_size: int | None
    include_jobs: Collection[str]
    media_dir: str | Path | None
    map_filename: str | None
    check_media: bool
    strict: bool
    keep_partial: bool
    today: date | None


def called(
    sources: Sequence[str],
    out: Place | None,
    spec: str,
    loaded: LoadedSpec,
    given: BatchChoices,
    *,
    ontology: dict[str, Any] | None,
    **setting: Any,
) -> BatchResult:
    """Run the batch; raises what `mapper.batch.run.run_batch` raises, and SourceError for a folder or ontology that is none."""
    if ontology is not None and (problems := ontology_problems(ontology)):
        raise SourceError(f"the given ontology cannot be used: {problems[0].path} {problems[0].text}")
    chosen: dict[str, Any] = dict(given)
    lists = chosen.pop("lists", ())
    if (media_dir := chosen.get("media_dir")) is not None:
        if not Path(media_dir).is_dir():
            raise SourceError(f"{media_dir} is no folder of media")
        chosen["media_dir"] = str(media_dir)
    chosen["include_jobs"] = tuple(chosen.get("include_jobs", Choices.__dataclass_fields__["include_jobs"].default))
    chosen["group_size"] = chosen.get("group_size") or 0
    choices = Choices(**chosen, ontology=None if ontology is None else orjson.dumps(ontology).decode())
    return run_batch(sources, out, Setting(spec=spec, loaded=loaded, choices=choices, **setting), lists)
