"""Whether an answer fits its attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.connect import records
from mapper.connect.ontology_index import CHOICES
from mapper.connect.records import form_problems, is_number, listed, record, text
from mapper.encord.nodes import name_of
from mapper.findings.verify_answers import BadAnswer
from mapper.findings.verify_rows import ForeignConstant, MalformedRecord, UnknownFeature

if TYPE_CHECKING:
    from mapper.connect.ontology_index import AttributeItem
    from mapper.connect.records import Record
    from mapper.findings.base import Issue


def answer_issues(found: Record, attribute: AttributeItem) -> list[Issue]:
    """What is wrong with the value of an answer, and with the names that it repeats."""
    issues = _constants(f"answer to {attribute.title!r}", found, attribute.title, name_of(attribute.title))
    answers = found.get("answers")
    if attribute.type in CHOICES:
        problem = _choice_problem(attribute, answers)
        issues += [issue for option in listed(answers) for issue in _option(option, attribute)]
    else:
        problem = _scalar_problem(attribute, answers)
    return [*issues, BadAnswer(attribute=attribute.title, problem=problem)] if problem else issues


def _scalar_problem(attribute: AttributeItem, answers: Any) -> str:
    if attribute.type == "text":
        return "" if type(answers) is str else f"{answers!r} is no text"
    return "" if is_number(answers) else f"{answers!r} is no finite number"


def _choice_problem(attribute: AttributeItem, answers: Any) -> str:
    if type(answers) is not list:
        return f"{answers!r} is no list of options"
    if attribute.type == "radio" and len(answers) != 1:
        return f"{len(answers)} options, a radio attribute takes exactly one"
    hashes = [text(record(option).get("featureHash")) for option in answers]
    return "" if len(set(hashes)) == len(hashes) else "an option is ticked twice"


def is_empty_choice(answers: Any) -> bool:
    """Whether an answer says that nothing is ticked."""
    return type(answers) is list and not answers


def _option(entry: Any, attribute: AttributeItem) -> list[Issue]:
    found = record(entry)
    what = f"option of {attribute.title!r}"
    issues: list[Issue] = [MalformedRecord(what=what, problem=problem) for problem in form_problems(entry, records.OPTION)]
    identity = text(found.get("featureHash"))
    option = attribute.options.get(identity)
    if option is None:
        return [*issues, UnknownFeature(what="option", hash=identity, there=f" of {attribute.title!r}")]
    return issues + _constants(what, found, option.title, option.value)


def _constants(what: str, found: Record, name: str, value: str) -> list[Issue]:
    return [
        ForeignConstant(what=what, key=key, written=str(found.get(key)), wanted=wanted)
        for key, wanted in (("name", name), ("value", value))
        if found.get(key) != wanted
    ]
