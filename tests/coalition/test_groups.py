"""Groups and regions in the words that people use."""

from datetime import UTC, datetime

import pytest

from bot.commands.common import GROUP, REGION
from bot.errors import WrongValue
from bot.fields import Reading
from storage.store import SqlStore


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("africa", "African Group"),
        ("Eastern Europe Group", "Eastern European Group"),
        ("GRULAC", "Latin American and Caribbean Group (GRULAC)"),
        ("asia pacific", "Asia-Pacific Group"),
        ("IGO", "Intergovernmental Organization"),
    ],
)
def test_a_region_is_understood_in_other_words(written: str, region: str, reading: Reading) -> None:
    assert REGION.parse(written, "region", reading) == region


@pytest.mark.parametrize(("written", "group"), [("ngo", "Civil Society"), ("igo", "Intergovernmental Organizations")])
def test_a_stakeholder_group_is_understood_in_other_words(written: str, group: str, reading: Reading) -> None:
    assert GROUP.parse(written, "group", reading) == group


def test_a_region_nobody_declares_is_refused_with_the_list(reading: Reading) -> None:
    with pytest.raises(WrongValue, match="African Group"):
        REGION.parse("Atlantis", "region", reading)


@pytest.fixture
def reading(store: SqlStore) -> Reading:
    with store.transaction() as records:
        return Reading(datetime(2026, 11, 21, tzinfo=UTC), "UTC", records)
