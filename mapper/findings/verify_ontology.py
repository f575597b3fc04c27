"""Issues of a bundle's ontology that Encord's SDK accepts in silence: ENC530 to ENC537; ``verify.ISSUES`` includes them."""

from __future__ import annotations

from mapper.findings.base import Issue


class RepeatedFeatureHash(Issue):
    """A feature hash that stands more than once in the ontology.

    Why it matters: labels refer to items by hash alone, and the SDK takes the first match anywhere in the tree.
    Example: an object and an attribute of another object share the hash `a1b2c3d4`.
    What to do: give every item of the ontology a hash of its own.
    """

    code = "ENC530"
    name = "repeated-feature-hash"
    template = "the feature hash {hash!r} stands {count} times, at {paths}"
    hint = "every item of an ontology needs a hash of its own"

    hash: str
    count: int
    paths: str


class MisplacedId(Issue):
    """An id of the ontology that is not unique, or not below its parent's.

    Why it matters: ids tell the place of an item (`3.1.2` is below `3.1`), and nothing else checks it.
    Example: an attribute `7.1` of the object `3`.
    What to do: number objects and classifications from 1, attributes and options below their parents.
    """

    code = "ENC531"
    name = "misplaced-id"
    template = "{path}: the id {id!r} {problem}"
    hint = "ids follow the path: object 3, attribute 3.1, option 3.1.2"

    path: str
    id: str
    problem: str


class AttributeForm(Issue):
    """An attribute that cannot be answered or shown as it is described.

    Why it matters: a choice without options has no answer, and attributes below a checklist option vanish.
    Example: a radio attribute with an empty `options` list.
    What to do: give choices their options; nest attributes below radio options only.
    """

    code = "ENC532"
    name = "attribute-form"
    template = "{path}: {problem}"
    hint = "radio and checklist need options, text and numeric have none; only radio options nest"

    path: str
    problem: str


class MisplacedDynamic(Issue):
    """A dynamic attribute that is nested, or belongs to a classification.

    Why it matters: Encord's SDK refuses every answer to it.
    Example: an attribute below a radio option with `dynamic: true`.
    What to do: make it static, or move it to the top level of its object.
    """

    code = "ENC533"
    name = "misplaced-dynamic"
    template = "{path}: dynamic, but {where}"
    hint = "only attributes at the top level of an object may be dynamic"

    path: str
    where: str


class ClassificationRoot(Issue):
    """A classification that does not have exactly one attribute.

    Why it matters: Encord shows and answers the first one only, and refuses a classification without any.
    Example: a classification with the attributes Weather and Time of day.
    What to do: make two classifications of it, or nest the second attribute below an option.
    """

    code = "ENC534"
    name = "classification-root"
    template = "{path}: {count} root attributes instead of one"
    hint = "one classification for each root attribute"

    path: str
    count: int


class SkeletonTemplate(Issue):
    """A skeleton object and its template do not belong together.

    Why it matters: Encord's editor finds the template by the object's feature hash, and keeps templates by name.
    Example: two templates called `person`: the second replaces the first in silence.
    What to do: one template for each skeleton object, with its hash and a name of its own.
    """

    code = "ENC535"
    name = "skeleton-template"
    template = "skeleton {skeleton!r}: {problem}"
    hint = "one template for each skeleton object, with the object's hash and a unique name"

    skeleton: str
    problem: str


class BadColor(Issue):
    """A colour that is no `#RRGGBB`.

    Why it matters: the SDK takes any text, the editor then shows the object in no or a wrong colour.
    Example: `color: red`.
    What to do: write the colour as `#` and six hexadecimal digits.
    """

    code = "ENC536"
    name = "ontology-color"
    template = "{path}: the colour {color!r} is no #RRGGBB"
    hint = "write # and six hexadecimal digits"

    path: str
    color: str


class DeepNesting(Issue):
    """Attributes nested deeper than Encord documents.

    Why it matters: Encord allows seven levels; what lies below may not be shown or kept.
    Example: eight radio attributes, each below an option of the one before.
    What to do: flatten the attribute.
    """

    code = "ENC537"
    name = "deep-nesting"
    template = "{path}: nested {depth} levels deep, Encord allows {limit}"
    hint = "flatten the attribute"

    path: str
    depth: int
    limit: int


ISSUES: tuple[type[Issue], ...] = (
    RepeatedFeatureHash, MisplacedId, AttributeForm, MisplacedDynamic, ClassificationRoot, SkeletonTemplate, BadColor, DeepNesting,
)  # fmt: skip
