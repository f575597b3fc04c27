"""The second step of a batch with one ontology: a bundle that was converted by itself is put onto the ontology of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import orjson

from mapper.batch.digests import bundle_digest
from mapper.batch.leftovers import sweep
from mapper.batch.traces import trace_of
from mapper.encord.writers.exchange import Exchange, exchange_ontology
from mapper.encord.writers.stored import fetched, upload
from mapper.errors import OutputError
from mapper.places.opening import target_of
from mapper.places.remote import RemotePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """A bundle at ``out`` that shall have the ontology with this JSON text; ``fresh``: it has that of its own conversion."""

    out: str
    ontology: bytes
    fresh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of it: new digests, or why the bundle is as it was; with a ``trace`` if that is a bug of ours.

    ``again``: it has the ontology of an earlier batch, from which this one cannot be reached without loss; it must be converted anew.
    """

    digests: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    trace: str = ""
    again: bool = False


def settle_one(settling: Settling) -> Settled:
    """Carry it out; never raises for a full disk, and the bundle is whole before and afterwards."""
    try:
        out = target_of(settling.out)
        if isinstance(out, Path):
            sweep(out)
        after = orjson.loads(settling.ontology)
        exchange = Exchange(orjson.loads((out / "ontology.json").read_bytes()), after)
        if not (settling.fresh or exchange.exact):
            return Settled(again=True)
        if isinstance(out, RemotePlace):
            with fetched(out) as folder:
                exchange_ontology(folder, after, exchange)
                upload(folder, out, replace=True)
            return Settled(digests=bundle_digest(out))
        assert isinstance(out, Path)  # noqa: S101 - there are two kinds of places
        exchange_ontology(out, after, exchange)
        return Settled(digests=bundle_digest(out))
    except (OutputError, OSError) as error:
        return Settled(problem=str(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - as in `convert_one`: told by the row and by exit code 3, without stopping the others
        return Settled(problem=f"{type(error).__name__}: {error}", trace=trace_of(error))
