"""Compiles the attribute rules of one target into an answer plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.cvat.model import AttributeSpec
from mapper.engine.plan import ATTRIBUTE_FIELDS, AnswerPlan
from mapper.engine.slots import Placed, Slot, SlotCompiler
from mapper.engine.values import Reply
from mapper.findings.mapping_values import ScoreUndecided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.encord.nodes import ObjectNode, OptionNode
    from mapper.engine.context import Context
    from mapper.engine.scopes import Scope

MUTABLE_FIELDS = frozenset({"occluded", "z_order"})
"""Fields that CVAT stores with every keyframe."""

FIELD_SPECS = {
    name: AttributeSpec(name=name, input_type="text", mutable=name in MUTABLE_FIELDS, declared=False) for name in ATTRIBUTE_FIELDS
}


def build_plan(
    context: Context,
    owner: ObjectNode | OptionNode | None,
    rules: Sequence[Placed],
    scope: Scope,
    label: LabelSpec,
    rotation: str = "kept",
    used: frozenset[str] = frozenset(),
) -> AnswerPlan:
    """Compile the attribute rules of one target for one label; the ontology gets the attributes that are always declared.

    ``owner`` None is a classification below which nothing nests, ``used`` the attributes that its answer is made of.
    """
    if owner is None:
        rules = [placed for placed in rules if placed.rule.drop is not None]
    compiler = SlotCompiler(context, owner, rules, scope, label.name, used)
    policy = context.spec.policy.fields
    plan = AnswerPlan(context, compiler, label, rotation, automatic=frozenset(policy.source.automatic or ()))
    plan.confident = policy.score is not None and policy.score.confidence
    for spec in label.attributes:
        plan.attributes[spec.name] = compiler.attribute(spec)
    for element in label.elements if scope["shape"]["kind"] == "skeleton" else ():
        for spec in element.attributes:
            plan.elements[element.name, spec.name] = compiler.attribute(spec, element.name)
    for placed in rules:
        rule = placed.rule
        if rule.from_ is None:
            plan.valued.append(compiler.valued(placed))
        elif isinstance(rule.from_, str) and rule.when_absent != "skip" and rule.from_ not in plan.attributes:
            plan.attributes[rule.from_] = compiler.attribute(AttributeSpec(name=rule.from_, input_type="text", declared=False))
    for name in ATTRIBUTE_FIELDS:
        plan.fields[name] = _field_slot(compiler, context, name)
    plan.settle()
    return plan


def _field_slot(compiler: SlotCompiler, context: Context, name: str) -> Slot:
    policy = getattr(context.spec.policy.fields, name)
    place = context.place(("policy", "fields", name))
    slot = Slot("field", name, spec=place, scope=compiler.scope)
    if policy is None:
        undecided = ScoreUndecided()
        slot.fixed = Reply("refused", undecided.code, issues=((undecided, undecided.severity),))
        return slot
    if policy.as_ is None:
        slot.fixed = Reply("kept", "confidence") if policy.keep else Reply("dropped", policy.reason)
        return slot
    return compiler.target(slot, policy.as_, FIELD_SPECS[name])
