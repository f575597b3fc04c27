"""Measures the analysis of a large spec: ``python benchmarks/analysis.py [--rules N] [--labels N] [--attributes N] [--general N]``.

A seeded spec over a seeded label schema: each rule names one label, one or two of its attributes and some kinds of shape, the
last one takes the rest. ``--general N`` lets N of the rules name no label, so that they are asked of every label. Printed is
processor time in seconds, without start-up: loading, compiling for every label and kind, checking, and comparing with a copy in
which one rule in ten makes something else.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Any

from yaml import safe_load

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the code beside this file, installed or not

from mapper.cvat.labels_json import read_labels_json
from mapper.encord.ontology import Ontology
from mapper.engine.analysis.check import check_spec
from mapper.engine.analysis.difference import compare
from mapper.engine.calm import calm_collection
from mapper.engine.context import Context
from mapper.engine.program import Program, labels_by_name
from mapper.findings.collector import Collector
from mapper.geometry.kinds import KINDS
from mapper.spec.load import LoadedSpec, load_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.cvat.model import LabelSpec

STANDARD = Path(__file__).resolve().parents[1] / "rules" / "standard" / "standard.yaml"
VALUES = 5
SHAPES = [["rectangle"], ["polygon", "mask"], ["rectangle", "polygon", "polyline", "mask"]]
Json = dict[str, Any]


def schema(labels: int, attributes: int) -> list[Json]:
    """Labels of type any, each with attributes of five values."""
    values = [f"v{number}" for number in range(VALUES)]
    common = {"input_type": "select", "mutable": False, "default_value": values[0], "values": values}
    return [
        {"name": f"label{n}", "type": "any", "attributes": [{"name": f"a{at}"} | common for at in range(attributes)]} for n in range(labels)
    ]


def rules(count: int, labels: int, attributes: int, general: int, random: Random) -> list[Json]:
    """Rules of one or two attributes each, then one that takes the rest."""
    made = []
    for number in range(count - 1):
        asked = random.sample(range(attributes), min(attributes, random.choice((1, 2, 2))))
        match: Json = {"attributes": {f"a{at}": random.sample([f"v{n}" for n in range(VALUES)], random.choice((1, 2, 3))) for at in asked}}
        match |= {"shapes": random.choice(SHAPES)} if number >= general else {"shapes": random.choice(SHAPES), "occluded": number % 2 == 0}
        match |= {"label": f"label{number % labels}"} if number >= general else {}
        emit = [{"object": {"name": f"Object {number}", "geometry": {"kind": "same"}}}]
        made.append({"id": f"rule{number}", "match": match, "emit": emit})
    return [*made, {"id": "rest", "match": {}, "drop": {"reason": "not wanted"}}]


def spec(made: list[Json]) -> Json:
    """A spec of these rules with one attribute rule for all."""
    policy = safe_load(STANDARD.read_text("utf-8"))["policy"]
    answers = [{"from": {}, "to": "{{ attribute.name }}", "type": "radio"}]
    head_keys = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": "large", "version": "1.0.0"}}
    return {**head_keys, "policy": policy, "attributes": answers, "rules": made}


def timed(what: str, work: Callable[[], Any]) -> Any:
    """What the work gives; its time is printed."""
    started = process_time()
    result = work()
    print(f"{what:<24} {process_time() - started:6.2f} s")
    return result


def compiled(loaded: LoadedSpec, labels: Sequence[LabelSpec]) -> int:
    """Compile every label and kind as a conversion does when it meets them; how many ways there are."""
    program = Program(Context(loaded.spec, labels_by_name(tuple(labels)), Ontology(), Collector(), loaded.place))
    return sum(len(program.compiler.ways(label, kind)) for label in labels for kind in KINDS)


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in {"rules": 2000, "labels": 200, "attributes": 5, "general": 0}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    made = rules(options.rules, options.labels, options.attributes, options.general, Random(1))
    labels, _ = read_labels_json(schema(options.labels, options.attributes))
    print(f"{options.rules} rules ({options.general} of them for all labels), {options.labels} labels with {options.attributes} attributes")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "spec.json"
        path.write_text(json.dumps(spec(made), indent=1), "utf-8")
        loaded = timed("load and validate", lambda: load_spec(path))
        for rule in made[:-1:10]:
            rule["emit"][0]["object"]["name"] += " anew"
        path.write_text(json.dumps(spec(made), indent=1), "utf-8")
        changed = load_spec(path)
    with calm_collection():  # as commands do it
        ways = timed("compile all", lambda: compiled(loaded, labels))
        found = timed("check", lambda: check_spec(loaded, labels))
        differing = timed("diff", lambda: compare(loaded, changed, labels))
    print(f"{ways} ways, {found.counts.cells} cells, {len(found.notes)} findings, {len(differing.differences)} differences")


if __name__ == "__main__":
    main()
