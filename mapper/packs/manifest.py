"""``pack.yaml``: what a pack is called, what it exports, what it needs, and where its tests are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, Field, ValidationError

from mapper.findings.base import Issue, Location
from mapper.findings.packs.content import NoPack, NoSuchSpec, PackFile
from mapper.spec.documents import errors
from mapper.spec.located import load_located
from mapper.spec.model import SEMVER, Identifier, Requires
from mapper.spec.node import Node
from mapper.spec.place import findings_from
from mapper.spec.version import check_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.spec.located import Located, Pointer

MANIFEST = "pack.yaml"
Found = tuple[Issue, Location | None]
Document = TypeVar("Document", bound=BaseModel)
PackPath = Annotated[str, Field(pattern=r"^[^./\\~$][^\\:]*\.(yaml|yml|json)$", max_length=200)]


class Pack(Node):
    """A folder of specs that is shared under a name and a version."""

    apiVersion: Literal["mapping/v1"] = Field(description="Version of the spec language.")  # noqa: N815 - the users' key
    kind: Literal["Pack"] = Field(description="Kind of document.")
    name: Identifier = Field(description="Name of the pack.", examples=["acme-traffic"])
    version: str = Field(pattern=SEMVER, description="Version of the pack (SemVer).", examples=["1.2.0"])
    description: str = Field(min_length=1, description="What the pack is for.", examples=["Street scenes for the detector team"])
    license: str = Field(min_length=1, description="Under which licence it is shared: an SPDX expression.", examples=["Apache-2.0"])
    owners: list[str] = Field(default=[], description="Who to ask.", examples=[["cv-platform"]])
    requires: Requires | None = Field(None, description="What the pack needs.")
    specs: dict[Identifier, PackPath] = Field(
        min_length=1, description="The specs that others may extend: from name to file.", examples=[{"traffic": "traffic.yaml"}]
    )
    tests: dict[Identifier, list[PackPath]] = Field(
        default={},
        description="Files with tests (kind MappingTests) that do not lie beside their spec: from the name of an exported spec to files.",
        examples=[{"traffic": ["tests/lorries.yaml"]}],
    )


class Manifest(NamedTuple):
    """A pack's manifest (None if it is not valid), what was found in it, and its text (None if there is none)."""

    pack: Pack | None
    found: list[Found]
    located: Located | None


def read_manifest(files: Mapping[str, bytes], place: str) -> Manifest:
    """The manifest among the files of a pack; ``place`` is the name of the pack's folder or archive."""
    if MANIFEST not in files:
        return Manifest(None, [(NoPack(place, f"it has no {MANIFEST}"), None)], None)
    pack, found, located = read_document(files[MANIFEST], f"{place}/{MANIFEST}", Pack)
    if pack is not None:
        named: list[tuple[Pointer, str]] = [(("specs", key), name) for key, name in pack.specs.items()]
        named += [(("tests", key, index), name) for key, names in pack.tests.items() for index, name in enumerate(names)]
        missing = [(pointer, name) for pointer, name in named if name not in files]
        found += [(PackFile(name, "there is no such file in the pack"), located.place(pointer)) for pointer, name in missing]
        exports = f"the pack exports {', '.join(sorted(pack.specs))}"
        found += [(NoSuchSpec(f"tests.{key}", exports), located.key_place(("tests", key))) for key in pack.tests if key not in pack.specs]
    return Manifest(None if errors(found) else pack, found, located)


def read_document(data: bytes, file: str, model: type[Document]) -> tuple[Document | None, list[Found], Located]:
    """A document of one of the pack's models, what was found in it, and its text."""
    located = load_located(data, file)
    found: list[Found] = list(located.findings)
    if not located.valid:
        return None, found, located
    if not isinstance(located.value, dict):
        return None, [*found, (NoPack(file, "it holds no mapping"), located.place(()))], located
    if wrong := check_version(located):
        return None, [*found, *wrong], located
    try:
        return model.model_validate_json(json.dumps(located.value)), found, located
    except ValidationError as error:
        return None, [*found, *findings_from(error, located, model)], located
