"""Commands with URLs for paths: what they print, how they exit, and what they never print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mapper.places.retry import VARIABLE
from tests.support.checkout import ROOT
from tests.support.stores import Store, running_store

if TYPE_CHECKING:
    from collections.abc import Iterator

STREET = ROOT / "examples" / "street"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that holds the example."""
    monkeypatch.setenv(VARIABLE, "0")
    with running_store() as running:
        running.add(STREET, "bucket")
        yield running


def test_every_command_that_reads_takes_a_url(mapper: Any, store: Store) -> None:
    """Convert, inspect, explain and verify read from a store what they read from a folder."""
    local, remote = (mapper.here("inspect", place, "--output-format", "json") for place in ("examples/street", "s3://bucket/street"))
    assert (remote.code, remote.out) == (local.code, local.out)
    run = mapper.here("convert", "s3://bucket/street", "-o", "s3://out/street")
    assert run.code == 0
    assert "s3://bucket/street → s3://out/street" in run.out
    assert "mapper verify s3://out/street" in run.out
    verified = mapper.here("verify", "s3://out/street", "--no-sdk")
    assert verified.out.splitlines()[-1].startswith("All checks passed: s3://out/street")
    local, remote = (mapper.here("explain", place, "--limit", "3") for place in ("examples/street", "s3://bucket/street"))
    assert (remote.code, remote.out) == (local.code, local.out)
    assert store.below("out/street")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("convert", "sftp://host/task.zip", "--dry-run"), "SRC169"),
        (("inspect", "gs://bucket/task.zip"), "SRC170"),
        (("convert", "examples/street", "-o", "s3://key:hidden@bucket/out"), "SRC171"),
        (("verify", "s3://key:hidden@bucket/out"), "SRC171"),
        (("convert", "examples/street", "-o", "s3://denied/out"), "SRC172"),
        (("batch", "examples/street", "-o", "sftp://host/out"), "SRC169"),
    ],
)
def test_what_cannot_be_used(mapper: Any, store: Store, arguments: tuple[str, ...], code: str) -> None:
    """The code and the reason stand on stderr, the exit code is 2, and nothing secret is printed."""
    store.denied |= {f"denied/out/{name}" for name in ("ontology.json", "bundle.json")}
    run = mapper.here(*arguments)
    assert run.code == 2
    assert code in run.err
    assert "error: " in run.err
    assert "Traceback" not in run.err
    assert "hidden" not in run.out + run.err


def test_a_signature_is_not_printed(mapper: Any, store: Store) -> None:
    """A signed web address works, and what it is signed with is shown nowhere."""
    url = f"{store.web}/bucket/street/annotations.xml?X-Amz-Signature=hidden"
    run = mapper.apart("convert", url, "-o", "out/signed")
    assert (run.code, "hidden" in run.out + run.err) == (0, False)
    assert "hidden" not in (mapper.folder / "out" / "signed" / "bundle.json").read_text("utf-8")
    gone = mapper.apart("convert", url.replace("annotations", "nothing"), "-o", "out/gone", MAPPER_RETRY_WAITS="0")
    assert (gone.code, "SRC101" in gone.err, "hidden" in gone.out + gone.err) == (2, True, False)


def test_options_of_a_cluster(mapper: Any) -> None:
    """An address that is none, processes beside a cluster, and a scheduler that does not answer."""
    wrong = mapper.here("batch", "examples/street", "--dry-run", "--cluster", "host")
    assert (wrong.code, "is not the address of a Dask scheduler" in wrong.err) == (2, True)
    both = mapper.here("batch", "examples/street", "--dry-run", "--cluster", "tcp://127.0.0.1:1", "--jobs", "2")
    assert (both.code, "contradict" in both.err) == (2, True)
    gone = mapper.apart("batch", "examples/street", "--dry-run", "--cluster", "tcp://127.0.0.1:1", "--cluster-timeout", "0.2")
    assert (gone.code, "BAT981" in gone.err, "Traceback" in gone.err) == (2, True, False)
