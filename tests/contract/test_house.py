"""The house rules that a linter does not know: sizes, docstrings, public names, and nothing private in the files."""

from __future__ import annotations

import ast
import re
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import pytest

import mapper
from tests.support.checkout import ROOT, modules, own_files

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_MODULE = 300
MEDIAN_MODULE = 140
LONGEST_FUNCTION = 50
USUAL_FUNCTION = 30
SENTENCE = 10
FOLDERS = ("mapper", "docs", "benchmarks", "examples")

PRIVATE = {
    "a path of one machine": re.compile(r"(?<![\w.:/])/(?:work|tmp|root|home|Users)/[\w.]"),
    "a path beside the checkout": re.compile(r"\.\./shared\b"),
    "a package index": re.compile(r"--(?:extra-)?index-url|https?://[^/\s]*(?:pypi|pythonhosted|artifactory|nexus)[^/\s]*", re.IGNORECASE),
    "key material": re.compile(r"-----BEGIN [A-Z ]*KEY-----|\b(?:ghp|gho|xox[bp]|AKIA)[-_A-Za-z0-9]{16,}"),
    "an e-mail address": re.compile(r"\b[\w.+-]+@(?!example\.|[\w-]+\.example\b)[\w-]+\.(?:com|org|net|io|dev)\b"),
}


class Function(NamedTuple):
    """A function and the lines from its ``def`` to its end."""

    place: str
    lines: int


def functions() -> list[Function]:
    """Every function and method of the product."""
    return [
        Function(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for path in modules("mapper")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def lines(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("folder", FOLDERS)
def test_modules_are_short(folder: str) -> None:
    """A module has at most 300 lines, so that one sitting is enough to read it."""
    long = {str(path.relative_to(ROOT)): lines(path) for path in modules(folder) if lines(path) > LONGEST_MODULE}
    assert not long


def test_the_median_module_is_shorter_still() -> None:
    """Half of the modules have at most 140 lines."""
    assert median(lines(path) for path in modules("mapper")) <= MEDIAN_MODULE


def test_functions_are_short() -> None:
    """A function has at most 50 lines, and nine in ten have at most 30."""
    found = functions()
    assert not [function for function in found if function.lines > LONGEST_FUNCTION]
    assert sum(function.lines <= USUAL_FUNCTION for function in found) >= 0.9 * len(found)


@pytest.mark.parametrize("folder", [*FOLDERS, "tests"])
def test_every_module_says_what_it_is_for(folder: str) -> None:
    """Each module opens with a docstring of at least a sentence."""
    said = {path: ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "" for path in modules(folder)}
    assert not [str(path.relative_to(ROOT)) for path, text in said.items() if len(text) < SENTENCE]


def test_every_test_states_its_requirement() -> None:
    """Each test function has a docstring that says what must hold."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("tests")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not silent


def test_public_names() -> None:
    """``mapper.__all__`` is sorted, each name in it can be had, and a name that is not in it is an AttributeError."""
    assert list(mapper.__all__) == sorted(mapper.__all__)
    assert all(getattr(mapper, name) is not None for name in mapper.__all__)
    with pytest.raises(AttributeError, match="no attribute 'upload_everything'"):
        _ = mapper.upload_everything


def test_the_package_is_typed() -> None:
    """Users' type checkers see our annotations."""
    assert (ROOT / "mapper" / "py.typed").is_file()


@pytest.mark.parametrize("what", PRIVATE)
def test_nothing_private_is_in_the_files(what: str) -> None:
    """No file names a machine, a private package index, a person's address or a key."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in own_files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if PRIVATE[what].search(line)
    ]
    assert not found


def test_the_patterns_find_what_they_are_for() -> None:
    """Each pattern of private things matches an example of it, and not what merely looks like it."""
    slash = "/"
    assert PRIVATE["a path of one machine"].search(f"see {slash}home{slash}me/x")
    assert not PRIVATE["a path of one machine"].search("images/home/me.png and https://x.example/home/a")
    assert PRIVATE["an e-mail address"].search("a" + "@b.org")
    assert not PRIVATE["an e-mail address"].search("someone@example.com")
    assert PRIVATE["a package index"].search("--index" + "-url x")
