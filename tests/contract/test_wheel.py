"""The wheel: what is built is what was tested, and it works where no checkout is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest

from mapper.resources import shipped_packs
from mapper.version import __version__
from tests.support.checkout import ROOT, STREET, files

pytestmark = pytest.mark.slow


class Installed(NamedTuple):
    """The wheel, and the environment that it is installed in."""

    wheel: Path
    scripts: Path

    def run(self, program: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of that environment, which knows nothing of the checkout."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MAPPER_"))}
        command = [str(self.scripts / program), *map(str, arguments)]
        return subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=kept)


def pip(*arguments: object) -> None:
    """Run pip without the network."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel and install it into a fresh environment that borrows the dependencies of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", ROOT, "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder / "dist")
    (wheel,) = (folder / "dist").glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    paths = sysconfig.get_paths("venv", {"base": str(folder / "venv"), "platbase": str(folder / "venv")})
    python = Path(paths["scripts"]) / "python"
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    Path(paths["purelib"], "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return Installed(wheel, Path(paths["scripts"]))


def test_it_holds_the_product_and_nothing_else(installed: Installed) -> None:
    """Packs, schemas and the typing mark travel; tests, docs and caches do not."""
    names = ZipFile(installed.wheel).namelist()
    expected = [f"mapper/_data/rules/{name}/{name}.yaml" for name in shipped_packs()]
    expected += [f"mapper/_data/schemas/{path.name}" for path in (ROOT / "schemas").glob("*.json")]
    expected += ["mapper/py.typed", f"cvat_encord_mapper-{__version__}.dist-info/entry_points.txt"]
    assert set(expected) <= set(names)
    assert any(name.startswith("mapper/_data/schemas/") for name in names)
    assert {name.partition("/")[0] for name in names} == {"mapper", f"cvat_encord_mapper-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_it_converts_from_anywhere(installed: Installed, tmp_path: Path) -> None:
    """`mapper convert` and `mapper verify` work in another folder, with the packs and schemas that travelled."""
    converted = installed.run("mapper", "convert", STREET, "-o", "out", cwd=tmp_path)
    assert converted.returncode == 0, converted.stderr
    verified = installed.run("mapper", "verify", "out", cwd=tmp_path)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert sorted(files(tmp_path / "out")) == ["bundle.json", "findings.jsonl", "label_rows.jsonl", "ledger.json", "ontology.json"]


def test_it_is_the_installed_one_that_runs(installed: Installed, tmp_path: Path) -> None:
    """The tests above really ran the wheel: package and packs lie in the fresh environment."""
    code = "import mapper, mapper.resources as r; print(mapper.__file__); print(*r.shipped_packs().values(), sep='\\n')"
    shown = installed.run("python", "-c", code, cwd=tmp_path).stdout.split()
    assert len(shown) == 1 + len(shipped_packs())
    assert all(Path(path).is_relative_to(installed.scripts.parent) for path in shown)


def test_every_pack_is_valid_there(installed: Installed, tmp_path: Path) -> None:
    """The shipped packs are found by name and pass their own check."""
    done = installed.run("mapper", "validate", *shipped_packs(), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert installed.run("mapper", "--version", cwd=tmp_path).stdout.strip() == f"mapper {__version__}"
