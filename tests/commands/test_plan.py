"""The plan of a cycle as chairs see, change and switch it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import plugins
from bot.coalition.reminders import Reminder
from bot.message import Form, Message, lines
from bot.testing import Rig


def _date(rig: Rig) -> None:
    rig.say("cycle change 2027 --start 2027-12-06 --end 2027-12-10")
    rig.say("room bind announcements")
    rig.say('deadline add "Workshop proposals" 2027-03-16 23:59 AoE --kind "workshop proposals" --owner M2')
    rig.say("deadline add Registration 2027-11-01 23:59 UTC --kind registration")
    rig.say('project add "Hotline directory" --lead M2')
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.say('milestone add P1 "First draft" --due 2027-03-31')


@pytest.fixture
def dated(rig_after: Callable[..., Rig]) -> Rig:
    """A cycle with its days, a room, a call with an owner, one without, and a project under way."""
    return rig_after(_date)


def row(said: str, name: str) -> str:
    """The row of an entry in an answer."""
    return next(line for line in said.splitlines() if line.startswith(f"- {name}: "))


def kept(rig: Rig) -> int:
    """How many reminders are records."""
    with rig.store.transaction() as records:
        return records.count(Reminder)


def test_a_plan_is_proposed_from_the_cycles_real_dates(dated: Rig) -> None:
    said = dated.say("plan")
    assert said.startswith("Plan of 2027: off")
    assert "60, 30, 14, 7 and 1 days before its first day, to the room; next Thu 7 Oct 2027 09:00 Europe/Berlin" in row(said, "countdown")
    assert "42, 21, 7 and 2 days before each deadline, to owner, then backup, then chairs; 1 now; next Wed 3 Feb 2027" in row(
        said, "proposals"
    )
    assert "14, 7, 3 and 1 days before each deadline" in row(said, "reports")
    more = dated.say("more")
    assert "7 and 1 days before the day of each, to its leads; 1 now; next Wed 24 Mar 2027" in row(more, "milestones")
    assert "not in the plan" in row(more, "days")


def test_looking_at_a_plan_keeps_nothing(dated: Rig) -> None:
    dated.say("plan")
    dated.say("plan dates")
    assert kept(dated) == 0


def test_what_the_plan_lacks_is_said_with_the_line_that_helps(rig: Rig) -> None:
    said = rig.say("plan")
    assert "No room for countdown, issues, digest. In the room that it is to be: `room bind announcements`" in said
    assert "No first day of the IGF for countdown, speakers: `cycle change 2027`" in said
    assert "No last day of the IGF for rapporteurs: `cycle change 2027`" in said
    assert 'No date for proposals, drafts: `deadline add --kind "workshop proposals"`' in said


def test_a_plan_that_is_switched_on_says_what_keeps_it_from_its_work(rig: Rig) -> None:
    assert "No room for countdown, issues, digest." in rig.say("plan on")
    assert "Lacking" not in rig.say("plan dates")


def test_what_is_lacking_is_told_to_those_who_can_help_it(rig: Rig) -> None:
    assert "Lacking" not in rig.say("plan", sender="member")


def test_a_deadline_that_nobody_looks_after_is_named(dated: Rig) -> None:
    said = dated.say("plan")
    assert "Nobody who can be reached for D2 (deadlines): `deadline change D2`" in said
    assert "D1 (" not in said


def test_an_owner_without_an_account_cannot_be_reached(dated: Rig) -> None:
    dated.say("member unlink M2 console:member")
    assert "Nobody who can be reached for D1 (proposals)" in dated.say("plan")


def test_a_chair_switches_the_plan_on_and_sees_what_comes_when_and_to_whom(dated: Rig) -> None:
    said = dated.say("plan on")
    assert "15 reminders are on now: countdown, proposals" in said
    assert "days" not in said.split("on now: ")[1].splitlines()[0].split(", ")
    assert dated.say("plan").startswith("Plan of 2027: on")
    pages = said + dated.say("plan dates --page 2")
    assert "- Wed 3 Feb 2027 09:00 Europe/Berlin: proposals, D1 Workshop proposals, to M2 Ben Example" in pages


def test_the_ladder_shows_in_what_comes(dated: Rig) -> None:
    dated.say("plan set updates off")
    dated.say("plan set rhythm off")
    dated.say("plan set digest off")
    said = dated.say("plan dates")
    assert [line.rpartition(", to ")[2] for line in said.splitlines() if ": proposals, D1" in line] == [
        "M2 Ben Example", "M2 Ben Example", "M2 Ben Example", "M2 Ben Example; M1 Ana Example",
    ]  # fmt: skip
    assert [line.rpartition(", to ")[2] for line in said.splitlines() if ": deadlines, D2" in line] == ["M1 Ana Example"] * 2


def test_members_see_what_comes_and_no_names(dated: Rig) -> None:
    dated.say("plan set updates off")
    said = dated.say("plan dates", sender="member")
    assert "proposals, D1 Workshop proposals, to owner, then backup, then chairs" in said
    assert "Example" not in said.replace("Example City", "")
    assert "plan on" not in said


def test_only_what_comes_after_switching_on_is_sent(dated: Rig) -> None:
    dated.clock.move(timedelta(days=90))
    said = dated.say("plan on")
    assert "Wed 3 Feb 2027" not in said
    assert "Wed 24 Feb 2027 09:00 Europe/Berlin: proposals, D1" in said


def test_one_undo_takes_a_whole_plan_back(dated: Rig) -> None:
    dated.say("plan on")
    assert "Taken back: plan on" in dated.say("undo")
    assert dated.say("plan").startswith("Plan of 2027: off")
    assert kept(dated) == 0


def test_a_plan_that_is_on_is_not_switched_on_again(dated: Rig) -> None:
    dated.say("plan on")
    assert "The plan of 2027 is on already." in dated.say("plan on")


def test_switching_off_and_on_keeps_what_was_changed(dated: Rig) -> None:
    dated.say("plan on")
    dated.say("plan set reports 10 5")
    dated.say("plan set countdown off")
    assert "14 reminders are off now" in dated.say("plan off")
    said = dated.say("plan")
    assert said.startswith("Plan of 2027: off")
    assert "10 and 5 days before" in row(said, "reports")
    assert "not in the plan" in row(said, "countdown")
    assert "14 reminders are on now: proposals" in dated.say("plan on")
    assert "The plan of 2027 is off." in [dated.say("plan off"), dated.say("plan off")][1]


@pytest.mark.parametrize(
    ("line", "entry", "said"),
    [
        ("plan set reports 14 7 1", "reports", "14, 7 and 1 days before"),
        ("plan set report 14,7,1", "reports", "14, 7 and 1 days before"),
        ('plan set proposals "1, 30 and 7 days before"', "proposals", "30, 7 and 1 days before"),
        ("plan set milestones 3", "milestones", "3 days before"),
        ("plan set milestones 1/1/1 day", "milestones", "1 day before"),
        ("plan set update 45", "updates", "after 45 days, asked every Monday at 10:00 Europe/Berlin"),
        ("plan set digest last thursday of the month at 10", "digest", "the last Thursday of every month at 10:00 Europe/Berlin"),
        ('plan set digest "first monday of the month at 18:00"', "digest", "the first Monday of every month at 18:00 Europe/Berlin"),
        ("plan set updates every other monday at 9", "updates", "every other Monday at 09:00"),
        ("plan set days on", "days", "14 days before each"),
        ("plan set days 21", "days", "21 days before each"),
        ("plan set rapporteurs on --due 21", "rapporteurs", "21 days after the IGF"),
        ("plan set rapporteurs 5 --due 10", "rapporteurs", "5 days before each is due (where no deadline says so, 10 days"),
    ],
)
def test_a_chair_changes_an_entry(dated: Rig, line: str, entry: str, said: str) -> None:
    answer = dated.say(line)
    assert answer.startswith(f"{entry}: in the plan, which is off\nChanged. To take it back: `undo`")
    assert said in row(answer, entry)
    assert dated.say("plan").startswith("Plan of 2027: off")


@pytest.mark.parametrize(
    ("entry", "what", "due"),
    [
        ("days", "21", ""), ("reports", "14 7 3 1", ""), ("updates", "30", ""), ("rapporteurs", "7 3 1", "14"), ("tasks", "", ""),
        ("countdown", "off", ""), ("digest", "on the last Thursday of every month at 10:00 Europe/Berlin", ""),
    ],
)  # fmt: skip
def test_the_form_of_an_entry_begins_with_how_it_is_set_in_words_that_set_it_so(dated: Rig, entry: str, what: str, due: str) -> None:
    dated.say("plan set days 21")
    dated.say("plan set countdown off")
    form, before = dated.ask(f"plan set {entry}"), dated.say("plan")
    assert isinstance(form, Form)
    begun = {question.name: question.value for question in form.questions}
    assert (begun["what"], begun["due"]) == (what, due)
    assert not what or dated.say(form.line, values={name: text for name, text in begun.items() if text}).startswith(f"{entry}: ")
    assert dated.say("plan") == before


def test_a_changed_entry_of_a_plan_that_is_on_is_on_at_once(dated: Rig) -> None:
    dated.say("plan on")
    assert dated.say("plan set days on").startswith("days: on")
    assert dated.say("plan set countdown off").startswith("countdown: not in the plan")
    assert dated.say("plan set countdown on").startswith("countdown: on")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("plan set reports soon", "what: "),
        ("plan set reports 9000", "what: is 9,000 days; at most 400"),
        ("plan set reports 1 2 3 4 5 6 7 8 9", "what: names 9 reminders of one thing; it takes at most 8"),
        ("plan set reports -5", "what: "),
        ("plan set reports 1.5", "what: "),
        ("plan set updates 7 3", "what: is one number"),
        ("plan set updates 0", "what: is one number"),
        ("plan set digest tomorrow at 9", "what: comes once; say how often"),
        ("plan set digest every second", "what: "),
        ("plan set reports every monday", "what: counts down to a date"),
        ("plan set digest 7 3", "what: counts from no date"),
        ("plan set nonsense 3", "entry: is none of countdown, proposals"),
        ("plan set reports 7 --due 3", "due: belongs to the entry rapporteurs only"),
        ("plan set rapporteurs 7 --due 999", "due: is 999 days; at most 400"),
        ("plan set reports 7 --cycle 2031", "There is no cycle 2031"),
        ("plan 2031", "There is no cycle 2031"),
    ],
)
def test_a_wrong_value_is_refused_and_changes_nothing(dated: Rig, line: str, reason: str) -> None:
    before = dated.say("plan")
    assert reason in dated.say(line)
    assert dated.say("plan") == before


@pytest.mark.parametrize("line", ["plan on", "plan off", "plan set countdown off"])
def test_only_a_chair_changes_the_plan(dated: Rig, line: str) -> None:
    assert "Only a chair" in dated.say(line, sender="member")
    assert dated.say("plan").startswith("Plan of 2027: off")


def test_a_year_that_is_over_gets_no_plan(dated: Rig) -> None:
    dated.say("cycle close 2027")
    assert "2027 is over" in dated.say("plan on 2027")
    assert "2027 is over" in dated.say("plan set countdown off --cycle 2027")
    assert "Switch it on" not in dated.say("plan 2027")


def test_what_concerns_the_whole_coalition_is_in_one_plan_at_a_time(dated: Rig) -> None:
    dated.say("plan on")
    dated.say("cycle add 2028")
    dated.say("plan on 2028")
    assert "13 reminders are on" not in dated.say("plan 2027")
    assert "3 reminders are on now: rhythm, digest, tasks." in dated.say("plan on 2027")


def test_an_entry_that_was_cancelled_is_out_of_the_plan_until_a_chair_takes_it_in_again(dated: Rig) -> None:
    dated.say("plan on")
    dated.say("cancel R1")
    assert "not in the plan" in row(dated.say("plan"), "countdown")
    assert "The plan of 2027 is on already." in dated.say("plan on")
    assert dated.say("plan set countdown on").startswith("countdown: on")


def test_a_plan_without_a_date_says_so(rig: Rig) -> None:
    for name in ("updates", "rhythm", "digest"):
        rig.say(f"plan set {name} off")
    assert "Nothing comes: the plan has no date to count from yet." in rig.say("plan dates")


def test_every_line_a_plan_offers_is_understood(dated: Rig) -> None:
    router = plugins.router()
    for line in ("plan", "plan --page 2", "plan dates", "plan on", "plan set days on", "plan off"):
        reply = dated.ask(line)
        assert isinstance(reply, Message)
        for offered in lines(reply):
            assert offered.startswith(router.resolve(offered).route.words)
