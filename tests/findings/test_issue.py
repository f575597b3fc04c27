"""An issue is a value: made of its fields, equal by them, unchangeable, and able to go to another process."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from mapper.findings import ISSUES
from mapper.findings.base import Issue
from mapper.findings.source.opening import SourceMissing, SourceUnreadable
from mapper.findings.spec import UnknownKey

PARAMETERS = [pytest.param(issue, id=issue.code) for issue in ISSUES]


def made(issue: type[Issue]) -> Issue:
    """An issue with a value of its own in each field."""
    return issue(*range(len(issue.fields)))


def test_fields_are_taken_in_order_or_by_name() -> None:
    """Values, names, and both together make the same issue; a default stands where nothing is given."""
    issue = UnknownKey("lable", "", "", "label")
    assert (issue.key, issue.suggestion, issue.elsewhere, issue.allowed) == ("lable", "", "", "label")
    assert issue == UnknownKey(allowed="label", key="lable") == UnknownKey("lable", allowed="label")
    assert list(UnknownKey(allowed="label", key="lable").evidence()) == ["key", "suggestion", "elsewhere", "allowed"]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        (("a.zip",), {}),
        (("a.zip", "denied", "twice"), {}),
        (("a.zip", "denied"), {"reason": "twice"}),
        (("a.zip",), {"path": "b.zip"}),
        (("a.zip",), {"raeson": "denied"}),
        ((), {"path": "a.zip", "reason": "denied", "line": 1}),
    ],
)
def test_what_does_not_fit_is_refused(values: tuple[str, ...], named: dict[str, Any]) -> None:
    """A field that is missing, unknown or given twice is a TypeError that names the issue and its fields."""
    with pytest.raises(TypeError, match=r"SourceUnreadable\(path, reason\): given were \d values, and by name \[.*\]"):
        SourceUnreadable(*values, **named)


def test_issues_are_equal_by_class_and_fields() -> None:
    """Equal issues have one hash; another value, or the same in another class, is another issue."""
    assert SourceMissing("a.zip") == SourceMissing("a.zip") != SourceMissing("b.zip")
    assert len({SourceMissing("a.zip"), SourceMissing("a.zip"), SourceMissing("b.zip")}) == len(["a.zip", "b.zip"])
    assert all(made(issue) != made(other) for issue in ISSUES for other in ISSUES if issue is not other)
    assert SourceMissing("a.zip") != "a.zip"


@pytest.mark.parametrize("issue", PARAMETERS)
def test_issues_travel(issue: type[Issue]) -> None:
    """What another process finds comes back as it was; so does a copy."""
    assert pickle.loads(pickle.dumps(made(issue))) == copy.copy(made(issue)) == copy.deepcopy(made(issue)) == made(issue)  # noqa: S301 - our own


def test_issues_do_not_change() -> None:
    """No field can be set, made or taken away."""
    issue = SourceMissing("a.zip")
    for name in ("path", "reason"):
        with pytest.raises(FrozenInstanceError):
            setattr(issue, name, "b.zip")
        with pytest.raises(FrozenInstanceError):
            delattr(issue, name)
    assert issue.path == "a.zip"


def test_issues_show_and_open_as_written() -> None:
    """In a failing test an issue reads as the call that makes it, and a pattern takes its fields."""
    assert repr(SourceUnreadable("a.zip", "denied")) == "SourceUnreadable(path='a.zip', reason='denied')"
    match SourceUnreadable("a.zip", "denied"):
        case SourceUnreadable(path, reason):
            assert (path, reason) == ("a.zip", "denied")


@pytest.mark.parametrize("issue", PARAMETERS)
def test_defaults_stand_last(issue: type[Issue]) -> None:
    """As in a dataclass: after a field that may be left out, none must be given."""
    optional = [name in vars(issue) for name in issue.fields]
    assert optional == sorted(optional)
