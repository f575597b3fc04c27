"""Two hundred hostile specs and more: made anew by this script, always the same; those made by hand stand in ``made/``.

``python tests/hostile/corpus.py FOLDER`` writes them for a person to look at.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MADE = Path(__file__).parent / "made"
MIB = 1 << 20

Case = tuple[str, bytes]
"""A name and the bytes of the file."""

HEAD = """apiVersion: mapping/v1
kind: MappingSpec
metadata: {name: hostile, version: 1.0.0}
policy:
  unmatched: {severity: error}
  undeclared_label: {do: keep, severity: warning}
  undeclared_attribute: {do: keep, severity: warning}
  unmapped_attribute: {severity: error}
  unlisted_value: {do: drop, severity: warning}
  number_spelling: {do: drop, severity: warning}
  invalid_geometry: {severity: error}
  repaired_geometry: {severity: warning}
  outside_image: {do: clip, severity: warning}
  fields:
    occluded: {keep: false, reason: r}
    z_order: {keep: false, reason: r}
    group_id: {keep: false, reason: r}
    source: {keep: false, reason: r}
    track_id: {keep: true}
"""
RULES = "rules:\n  - {id: rest, match: {}, drop: {reason: not needed}}\n"
WRONG = "surplus: 1\n"
"""A key that no spec has: where the hostile part alone would pass, there is still something to find."""


def all_cases() -> list[Case]:
    """Every case, generated or made by hand, by name."""
    families = (aliases, depths, scalars, duplicates, encodings, templates, globs, numbers, many, types, references, twins, by_hand)
    cases = [case for family in families for case in family()]
    assert len({name for name, _ in cases}) == len(cases)
    return sorted(cases)


def text(name: str, *parts: str) -> Case:
    """A case from text; half surrogates stay as they are."""
    return name, "".join(parts).encode("utf-8", "surrogatepass")


def ruled(name: str, rule: str) -> Case:
    """A case of one rule, in YAML's flow style, in an otherwise valid spec."""
    return text(name, HEAD, f"rules:\n  - {rule}\n")


def aliases() -> Iterator[Case]:
    """Anchors and aliases that explode, or lead back to themselves."""
    for width in (2, 9, 20):
        for depth in (3, 9, 30):
            lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
            yield text(f"alias-bomb-{width}-{depth}", "\n".join(lines))
    yield text("alias-cycle", "a: &a [*a]\n")
    yield text("alias-cycle-of-two", "a: &a {b: &b [*a]}\nc: *b\n")
    yield text("alias-as-key", HEAD, "rules: [{? *x : 1}]\n")
    yield text("alias-unknown", HEAD, "rules: *nowhere\n")
    yield text("merge-bomb", "a: &a {x: 1}\n", *(f"b{n}:\n  <<: [*a, *a, *a]\n" for n in range(1000)))
    yield text("anchors-only", HEAD, "rules:\n", *(f"  - &r{n} {{id: r{n}, match: {{}}, drop: {{reason: r}}}}\n" for n in range(500)))


def depths() -> Iterator[Case]:
    """Nesting that crashes parsers which recurse."""
    for count in (33, 1_000, 100_000, 1_000_000):
        yield text(f"deep-brackets-{count}", "[" * count)
        yield text(f"deep-closed-brackets-{count}", "[" * count, "]" * count)
        yield text(f"deep-braces-{count}", '{"a":' * count)
        yield text(f"deep-dashes-{count}", "- " * count)
        yield text(f"deep-questions-{count}", "? " * count)
    for count in (40, 1_000):
        yield text(f"deep-indentation-{count}", *(f"{' ' * n}a:\n" for n in range(count)))
        condition = '{"all": [' * count + "{}" + "]}" * count
        yield ruled(f"deep-conditions-{count}", f"{{id: a, match: {condition}, drop: {{reason: r}}}}")
    yield ruled("deep-in-a-key", "{" + "{" * 5000)


def scalars() -> Iterator[Case]:
    """Texts, keys, comments and lines of megabytes."""
    big = "x" * (3 * MIB)
    yield text("huge-file", "#" * (4 * MIB + 1))
    yield text("huge-file-of-one-line-breaks", "\n" * (4 * MIB + 1))
    yield text("huge-plain", HEAD, "rules: ", big)
    yield text("huge-quoted", HEAD, f'rules: "{big}"\n')
    yield text("huge-block", HEAD, "rules: |\n", *(f"  {big[:1000]}\n" for _ in range(3000)))
    yield text("huge-key", HEAD, RULES, f"{big}: 1\n")
    yield text("huge-quoted-key", HEAD, RULES, f'"{big}": 1\n')
    yield text("huge-comment", HEAD, f"# {big}\n", RULES, WRONG)
    yield text("huge-blank", HEAD, " " * (3 * MIB), "\n", RULES, WRONG)
    yield text("huge-line-breaks", "\n" * (3 * MIB), HEAD, RULES, WRONG)
    yield text("huge-carriage-returns", "\r" * (3 * MIB), HEAD, RULES, WRONG)
    yield text("huge-unclosed-quote", HEAD, f'rules: "{big}')
    yield text("huge-tag", HEAD, f"rules: !{big[:MIB]} x\n")
    yield text("huge-anchor", HEAD, f"rules: &{big[:MIB]} x\n")
    yield text("huge-escapes", HEAD, 'rules: "' + "\\U0001F600" * 300_000 + '"\n')
    yield ruled("huge-id", f"{{id: {big}, match: {{}}, drop: {{}}}}")
    yield ruled("huge-label", f"{{id: a, match: {{lable: {big}}}, drop: {{reason: r}}}}")
    yield ruled("huge-color", f'{{id: a, match: {{}}, emit: [{{object: {{name: n, color: "{big}", geometry: {{kind: same}}}}}}]}}')
    yield ruled("huge-kind", f"{{id: a, match: {{}}, emit: [{{object: {{name: n, geometry: {{kind: {big}}}}}}}]}}")
    yield ruled("huge-template", f'{{id: a, match: {{}}, emit: [{{object: {{name: "{{{{ {big} }}}}", geometry: {{kind: same}}}}}}]}}')
    yield text("huge-version", f"apiVersion: {big}\n")
    yield text("huge-engine", HEAD, 'requires: {engine: ">=', "9" * 100_000, '"}\n', RULES)
    yield text("huge-directive", f"%{big}\n---\n", HEAD, RULES)
    yield text("many-directives", *("%YAML 1.1\n" for _ in range(100_000)), "---\n", HEAD, RULES)


def duplicates() -> Iterator[Case]:
    """Keys that occur again: at every level, and by the thousand."""
    yield text("duplicate-top", HEAD, RULES, RULES)
    yield text("duplicate-head", HEAD, HEAD, RULES)
    yield ruled("duplicate-in-rule", "{id: a, id: b, match: {}, drop: {reason: r}}")
    yield ruled("duplicate-in-match", "{id: a, match: {label: a, label: b}, drop: {reason: r}}")
    yield text("duplicate-by-spelling", HEAD, RULES, "lookups: {a: {rows: {x: y, \"x\": z, 'x': w}, otherwise: {value: null}}}\n")
    yield text("duplicate-by-escape", HEAD, RULES, 'lookups: {a: {rows: {x: y, "\\x78": z}, otherwise: {value: null}}}\n')
    yield text("duplicate-thousands", HEAD, RULES, *("surplus: 1\n" for _ in range(40_000)))
    yield text("duplicate-json", '{"a": 1, "a": 2}')


def encodings() -> Iterator[Case]:
    """Bytes that are no UTF-8, and characters that parsers drop, fold or act on."""
    whole = HEAD + RULES
    for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"):
        yield f"encoding-{codec}", whole.encode(codec)
    yield "encoding-utf-7", whole.encode() + b"+ZeVnLIqe-: \xff\n"
    yield "encoding-latin-1", (whole + "x: \xe9\n").encode("latin-1")
    yield "encoding-ebcdic", whole.encode("cp500")
    bad = {
        "lone": b"\x80",
        "overlong": b"\xc0\xaf",
        "overlong-nul": b"\xc0\x80",
        "surrogate": b"\xed\xa0\x80",
        "beyond": b"\xf4\x90\x80\x80",
        "cut": b"\xf0\x9f\x98",
    }
    for name, data in bad.items():
        yield f"bytes-{name}-first", data + whole.encode()
        yield f"bytes-{name}-last", whole.encode() + data
        yield f"bytes-{name}-in-text", whole.replace("not needed", '"§"').encode().replace("§".encode(), data)
    for point in (0, 1, 7, 8, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF, 0xD800):
        yield text(f"character-{point:04X}", whole.replace("not needed", f'"a{chr(point)}b"'))
    for point in (0, 0xFFFE):
        yield text(f"character-{point:04X}-first", chr(point), whole)
        yield text(f"character-{point:04X}-key", whole, f"a{chr(point)}b: 1\n")
    yield text("byte-order-mark-twice", "\ufeff\ufeff", whole)
    yield "only-nul", b"\0" * 100_000
    yield "only-ff", b"\xff" * 100_000
    yield "random-bytes", bytes((n * n * 31 + n * 17) % 251 for n in range(200_000))
    yield "gzip", bytes.fromhex("1f8b0800000000000003") + b"\x00" * 100
    yield "zip", b"PK\x03\x04" + b"\x00" * 100
    yield "empty", b""
    yield "blank", b" \n\t\n"


ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ label.__class__ }}",
    "{{ label['__class__'] }}",
    "{{ label|attr('__class__') }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ self }}",
    "{{ config }}",
    "{{ request }}",
    "{{ ().__class__.__bases__ }}",
    "{{ namespace() }}",
    "{{ range(1000000000) }}",
    "{{ label.format(label) }}",
    "{{ '{0.__class__}'.format(label) }}",
    "{{ label * 1000000000 }}{{ nope }}",
    "{{ 'a' * 9999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 1 / 0 }}x{{ nope }}",
    "{{ [1] * 10 }}",
    "{{ {'a': 1} }}",
    "{{ label[::-1] }}",
    "{% for x in range(10) %}{{ x }}{% endfor %}",
    "{% import 'os' as os %}",
    "{% include '/etc/passwd' %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{# {{ x }}",
    "{{ label",
    "{{",
    "{{ }}",
    "{{ label }} }} {{ x",
    "{{ 'unclosed }}",
    "{{ label|upper|nope }}",
    "{{ label|map('upper') }}",
    "{{ label is callable }}",
    "{{ lambda x: x }}",
    "{{ x := 1 }}",
    "{{ import os }}",
    "{{ label; label }}",
    "{{ label if }}",
    "{{ not }}",
    '{{ "\\u0000" ~ nope }}',
    "{{ env.PATH }}",
    "{{ open('/etc/passwd') }}",
    "{{ label.upper() }}",
    "{{ image.__dict__ }}",
    "{{ attribute.name.__len__ }}",
    "{{ 0x7fffffffffffffff ** 2 }}",
)
"""Texts for a name; each holds something that an expression must not do, or is broken."""


def templates() -> Iterator[Case]:
    """Templates that want more than values, break off, or are of a size that a parser chokes on."""
    for number, template in enumerate(ESCAPES):
        name = json.dumps(template)
        yield ruled(
            f"template-{number:02}",
            f'{{"id": "a", "match": {{}}, "emit": [{{"object": {{"name": {name}, "geometry": {{"kind": "same"}}}}}}]}}',
        )
    sizes = {
        "brackets": "{{ " + "(" * 50_000 + "label" + ")" * 50_000 + " }}",
        "nots": "{{ " + "not " * 100_000 + "label }}",
        "minuses": "{{ " + "-" * 200_000 + "1 }}",
        "plus": "{{ " + "+".join(["nope"] * 100_000) + " }}",
        "tildes": "{{ " + "~".join(["label"] * 200_000) + " }}{{ x }}",
        "filters": "{{ label" + "|upper" * 100_000 + "|nope }}",
        "holes": "{{ nope }}" * 50_000,
        "dots": "{{ label" + ".a" * 200_000 + " }}",
        "indices": "{{ label" + "[0]" * 100_000 + " }}",
        "digits": "{{ " + "9" * 1_000_000 + " }}{{ x }}",
        "quotes": "{{ '" + "\\'" * 500_000 + " }}",
        "open": "{{ " * 200_000,
        "lists": "{{ " + "[" * 100_000 + " }}",
        "ifs": "{{ " + "1 if 1 else " * 50_000 + "nope }}",
    }
    for name, template in sizes.items():
        yield ruled(
            f"template-many-{name}",
            f"{{id: a, match: {{}}, emit: [{{object: {{name: {json.dumps(template)}, geometry: {{kind: same}}}}}}]}}",
        )


def globs() -> Iterator[Case]:
    """Patterns on which naive matchers take for ever; each is decided against the label that the rule is tested with."""
    patterns = ("*a" * 5_000 + "b", "[" * 100_000, "[!" + "]" * 10_000, "?" * 100_000 + "*", "*" * 500_000, "[a-" * 10_000, "(a+)+$" * 1000)
    for number, pattern in enumerate(patterns):
        match = f"{{label: {{like: {json.dumps(pattern)}}}, surplus: 1}}"
        yield ruled(f"glob-{number}", f"{{id: a, match: {match}, drop: {{reason: r}}}}")
    rows = "".join(f"  - {{id: r{n}, match: {{label: {{like: '*{'a*' * 50}{n}'}}}}, drop: {{reason: r}}}}\n" for n in range(1500))
    yield text(
        "glob-against-values",
        HEAD,
        WRONG,
        f"rules:\n  - {{id: a, match: {{label: {json.dumps(['a' * 500])}}}, drop: {{reason: r}}}}\n",
        rows,
    )


NUMBERS = (
    "1e999",
    "-1e999",
    "9" * 5000,
    "0x7fffffffffffffffffff",
    ".inf",
    "-.inf",
    ".nan",
    "1_000",
    "007",
    "1e-99999",
    "--1",
    "0o17",
    "1:30:00",
)


def numbers() -> Iterator[Case]:
    """Numbers that overflow, are none, or are spelt as JSON does not know."""
    for number in NUMBERS:
        short = number[:20].replace(":", "-")
        yield ruled(f"number-match-{short}", f"{{id: a, match: {{width: {number}}}, drop: {{reason: r}}, surplus: 1}}")
        geometry = f"{{kind: polygon, points: {number}}}"
        yield ruled(f"number-points-{short}", f"{{id: a, match: {{}}, emit: [{{object: {{name: n, geometry: {geometry}}}}}]}}")
    for number in ("-1", "0", "1.5", "1e300"):
        geometry = f"{{kind: polygon, points: {number}, min_iou: 7}}"
        yield ruled(f"number-iou-{number}", f"{{id: a, match: {{}}, emit: [{{object: {{name: n, geometry: {geometry}}}}}]}}")


def many() -> Iterator[Case]:
    """More of everything than anybody writes."""
    yield text("many-entries", "a: [", "1," * 120_000, "]")
    yield text("many-keys", "{", *(f"k{n}: 1, " for n in range(60_000)), "}")
    yield text("many-unknown-keys", HEAD, RULES, *(f"unknown_key_number_{n}: 1\n" for n in range(40_000)))
    yield text(
        "many-unknown-keys-in-rule",
        HEAD,
        "rules:\n  - {id: a, match: {}, drop: {reason: r}, ",
        *(f"mach{n}: 1, " for n in range(20_000)),
        "}\n",
    )
    yield text("many-empty-rules", HEAD, "rules: [", "{}, " * 45_000, "]\n")
    yield text("many-numbers-as-rules", HEAD, "rules: [", "7, " * 90_000, "]\n")
    yield text("many-equal-rules", HEAD, "rules:\n", *("  - {id: a, match: {}, drop: {reason: r}}\n" for _ in range(12_000)))
    yield text(
        "many-unmatched-rules",
        HEAD,
        "rules:\n",
        *(f"  - {{id: r{n}, match: {{label: l{n % 50}}}, drop: {{reason: r}}}}\n" for n in range(10_000)),
    )
    yield text("many-unknown-lookups", HEAD, "rules:\n", *(_with_lookup(n) for n in range(2_500)))
    yield text(
        "many-unused-lookups",
        HEAD,
        RULES,
        "lookups:\n",
        *(f"  l{n}: {{rows: {{a: b}}, otherwise: {{value: null}}}}\n" for n in range(8_000)),
        WRONG,
    )
    yield text("many-wrong-kinds", HEAD, "rules:\n", *(_with_kind(n) for n in range(4_000)))
    yield text("many-bad-tests", HEAD, RULES, "tests:\n", *(f"  - {{name: t{n}, given: {{label: a}}, expect: []}}\n" for n in range(8_000)))
    yield text("many-lookalikes", HEAD, RULES, WRONG, "x: [", "yes, no, 007, " * 20_000, "]\n")
    yield text("many-parameters", HEAD, RULES, "parameters:\n", *(f"  p{n}: {{type: text, default: a}}\n" for n in range(15_000)), WRONG)
    yield text("many-colons", ":" * 500_000)
    yield text("many-commas", HEAD, "rules: [", "," * 100_000, "]\n")
    yield text("many-documents", "---\n" * 200_000)


def _with_lookup(number: int) -> str:
    attribute = f"{{from: t, to: T, type: radio, lookup: lookup_{number}}}"
    made = f"{{object: {{name: n, geometry: {{kind: same}}, attributes: [{attribute}]}}}}"
    return f"  - {{id: r{number}, match: {{label: l{number}}}, emit: [{made}]}}\n"


def _with_kind(number: int) -> str:
    return f"  - {{id: r{number}, match: {{label: l{number}}}, emit: [{{object: {{name: n, geometry: {{kind: polygn{number}}}}}}}]}}\n"


OTHERS: tuple[Any, ...] = ({}, [], 7, True, None, "", "x", [[]], {"a": {"b": {}}}, -1.5, [None], {"": None})


def types() -> Iterator[Case]:
    """A value of another type at every third key of a spec that uses most of the language, its own keys included."""
    valid = json.loads((MADE / "whole.json").read_text("utf-8"))
    for number, path in enumerate(_paths(valid)):
        other = OTHERS[number // 3 % len(OTHERS)]
        if number % 3 and len(path) > 1:
            continue
        changed = json.loads(json.dumps(valid))
        here = changed
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = other
        yield f"type-{'-'.join(str(step) for step in path).replace('/', '_')}", json.dumps(changed).encode()


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))


def references() -> Iterator[Case]:
    """What names itself, another that names it, or what is not there."""
    yield text("reference-to-itself", HEAD, RULES, "parameters: {a: {type: text, default: {param: a}}}\n")
    yield text(
        "reference-in-a-circle", HEAD, RULES, "parameters: {a: {type: text, default: {param: b}}, b: {type: text, default: {param: a}}}\n"
    )
    yield text("reference-in-a-lookup", HEAD, RULES, 'lookups: {a: {rows: {x: "{{ lookup.a }}"}, otherwise: {value: null}}}\n')
    for number, name in enumerate(
        (
            "/etc/passwd",
            "../../../etc/passwd",
            "C:\\x",
            "\\\\host\\share",
            "a\x00b",
            ".",
            "",
            "file:///etc/passwd",
            "x" * 5000,
            "hostile.yaml/..",
        )
    ):
        yield text(f"reference-file-{number}", HEAD, RULES, f"target: {{ontology: {json.dumps(name)}}}\n")
        yield text(f"reference-labels-{number}", HEAD, RULES, f"source: {{labels: {json.dumps(name)}}}\n")
    yield text("reference-to-the-spec", HEAD, RULES, "target: {ontology: reference-to-the-spec.yaml}\n")


def twins() -> Iterator[Case]:
    """The same ideas in JSON, and JSON that is none."""
    valid = (MADE / "whole.json").read_text("utf-8")
    broken = {
        "nan": '{"a": NaN}',
        "infinity": '{"a": -Infinity}',
        "comment": '{"a": 1 /* x */}',
        "single": "{'a': 'b' 'c'}",
        "comma": "[1,,2]",
        "cut": valid[:-20],
        "surrogate": '{"a": "\\ud800"}',
        "surrogate-key": '{"\\udfff": 1}',
        "escape": '{"a": "\\q"}',
        "control": '{"a": "\u0007"}',
        "two": valid + valid,
        "numbers": '{"a": 1e400, "b": -1e400, "apiVersion": 7}',
        "digits": '{"a": ' + "1" * 100_000 + "}",
        "list": f"[{valid}]",
        "text": json.dumps(valid),
        "null": "null",
        "true": "true",
        "number": "7",
        "deep": '{"apiVersion":' * 20_000 + "1" + "}" * 20_000,
        "tabs": '{\n\t"a":\t1\n}',
    }
    for name, content in broken.items():
        yield text(f"json-{name}", content)


def by_hand() -> Iterator[Case]:
    """The files beside this script."""
    for path in sorted(MADE.glob("*.yaml")):
        yield f"made-{path.stem}", path.read_bytes()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for case, content in all_cases():
        (target / f"{case}.yaml").write_bytes(content)
