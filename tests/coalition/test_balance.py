"""The balance of a line-up."""

from hypothesis import given
from hypothesis import strategies as st

from bot.coalition import balance
from bot.coalition.groups import REGIONS, STAKEHOLDERS
from bot.coalition.members import Member
from bot.coalition.seats import Seat

GENDERS = ("", "", "woman", "Female", "man", "m", "non-binary", "Nonbinary ")


def _seat(group: str, region: str, gender: str, onsite: bool | None) -> Seat:
    return Seat("M1", (), Member(name="Ana Example", gender=gender), group, region, onsite)


seats = st.lists(
    st.builds(
        _seat, st.sampled_from(["", *STAKEHOLDERS, "Press"]), st.sampled_from(["", *REGIONS]), st.sampled_from(GENDERS),
        st.sampled_from([None, True, False]),
    ),
    max_size=14,
)  # fmt: skip


@given(seats)
def test_every_list_adds_up_to_the_seats(found: list[Seat]) -> None:
    whole = balance.of(found)
    assert {sum(count.seats for count in counts) for counts in (whole.groups, whole.regions, whole.presence)} == {len(found)}
    assert sum(count.seats for count in whole.genders) in ({len(found)} if whole.genders else {0})


@given(seats)
def test_no_gender_is_counted_that_fewer_than_three_declared(found: list[Seat]) -> None:
    declared = [count for count in balance.of(found).genders if count.declared]
    assert all(count.seats >= balance.FEWEST for count in declared)
    assert {count.label for count in declared} <= {"women", "men", "non-binary", "nonbinary"}


def test_a_gender_is_counted_in_the_words_that_people_use() -> None:
    assert balance.genders(["Woman", "f", "female", "man", ""]) == (
        balance.Count("women", 3),
        balance.Count(balance.OTHER, 2, declared=False),
    )
