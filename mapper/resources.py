"""Where the shipped packs and schemas are: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder ``rules`` or ``schemas``; an editable install has no copy of them, so the checkout is the second place."""
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def shipped_packs() -> dict[str, Path]:
    """The spec file of each shipped pack, by name."""
    rules = data_folder("rules")
    return {folder.name: folder / f"{folder.name}.yaml" for folder in sorted(rules.iterdir()) if folder.is_dir()}


def shipped_schemas() -> dict[str, Path]:
    """The file of each JSON Schema, by name without its version: ``mapping-spec``, ``bundle``, …."""
    return {path.name.partition(".")[0]: path for path in sorted(data_folder("schemas").glob("*.json"))}
