"""Dates of an export as Encord writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.encord.dates import EPOCH, encord_date
from tests.support.builders import CREATED, box, export, image
from tests.support.running import run

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-01-02 03:04:05.678901+00:00", "Fri, 02 Jan 2026 03:04:05 UTC"),
        ("2026-01-02T03:04:05Z", "Fri, 02 Jan 2026 03:04:05 UTC"),
        ("2026-01-02 03:04:05", "Fri, 02 Jan 2026 03:04:05 UTC"),
        ("2026-01-02 01:04:05+03:00", "Thu, 01 Jan 2026 22:04:05 UTC"),
        (" 2024-02-29 ", "Thu, 29 Feb 2024 00:00:00 UTC"),
        ("0900-01-02 00:00:00", "Sat, 02 Jan 0900 00:00:00 UTC"),
        ("", None),
        ("yesterday", None),
        ("2026-13-01", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
    ],
)
def test_dates(text: str, written: str | None) -> None:
    """Any ISO date becomes Encord's form in UTC and whole seconds; what is none, or leaves the calendar, is none."""
    assert encord_date(text) == written


@given(st.datetimes(timezones=st.timezones()) | st.datetimes())
def test_every_date_can_be_written(moment: datetime) -> None:
    """No date of any zone raises; what is written is itself a whole date."""
    found = encord_date(moment.isoformat())
    assert found is None or (len(found), found[-4:]) == (29, " UTC")


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    """Whatever stands where a date should, it is a date or it is none."""
    encord_date(text)


def test_rows_carry_the_dates_of_their_export(tmp_path: Path) -> None:
    """Rows and objects are dated by the task, never by the clock; without dates by 1970, and that is said."""
    dated = run(tmp_path, export(image(0, box("car", (1, 2, 30, 40)))))
    bare = run(tmp_path, export(image(0, box("car", (1, 2, 30, 40))), meta=False))
    ((shape, _),) = dated.objects()
    assert dated.rows[0]["created_at"] == shape["createdAt"] == encord_date(CREATED)
    assert dated.rows[0]["last_edited_at"] == shape["lastEditedAt"] == "Tue, 03 Feb 2026 04:05:06 UTC"
    assert bare.rows[0]["created_at"] == EPOCH
    assert bare.codes["ENC504"] == 1
