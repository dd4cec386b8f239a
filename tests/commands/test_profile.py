"""The texts of a profile: whatever is typed is read or refused, and what was read is read the same again."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coalition.store import Records
from bot.commands.profile import ACCOUNT, EMAIL, EXPERTISE, MAX_TAG, QUIET
from bot.errors import WrongValue
from bot.fields import Kind, Reading
from bot.views.members import expertise

READING = Reading(datetime(2026, 11, 21, tzinfo=UTC), "UTC", cast(Records, None))


@given(st.text())
def test_expertise_is_read_the_same_again_as_it_is_shown(text: str) -> None:
    try:
        found = EXPERTISE.parse(text, "expertise", READING)
    except WrongValue:
        return
    assert EXPERTISE.parse(expertise(found), "expertise", READING) == found


@given(st.sampled_from([EXPERTISE, QUIET, EMAIL, ACCOUNT]), st.text())
def test_any_text_is_read_or_refused(kind: Kind, text: str) -> None:
    with suppress(WrongValue):
        kind.parse(text, "field", READING)


def test_a_tag_is_short() -> None:
    with pytest.raises(WrongValue, match="61 characters"):
        EXPERTISE.parse("x" * (MAX_TAG + 1), "expertise", READING)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-07:00", "22:00-07:00"),
        ("22-7", "22:00-07:00"),
        ("22.30 – 6", "22:30-06:00"),  # noqa: RUF001
        ("off", ""),
        ("from 10pm to 7am", "22:00-07:00"),
        ("midnight to 6:30", "00:00-06:30"),
        ("22h until 7h", "22:00-07:00"),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(text: str, hours: Any) -> None:
    assert QUIET.parse(text, "quiet", READING) == hours
