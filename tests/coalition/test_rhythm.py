"""The monthly prompt: for whom, about what, and how often."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import plugins
from bot.coalition.ids import MemberId, OccurrenceId, ReminderId, SubjectId
from bot.coalition.members import Member
from bot.coalition.reminders import Occurrence, OccurrenceState, Reminder, ReminderKind
from bot.coalition.rhythm import within_budget
from bot.coalition.sessions import Session
from bot.coalition.stale import Prompt
from bot.coalition.store import Records, Stamp
from bot.coalition.timing import Timing
from bot.coalition.watchers import WATCHERS
from bot.coalition.watching import Subject
from bot.message import Buttons, Message, lines, plain
from bot.request import Account
from bot.testing import HOSTILE, Rig
from bot.views.nudges import words
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMP = Stamp(Account("console", "chair"), None, NOW, "test")


def _rule(records: Records, kind: ReminderKind) -> ReminderId:
    rule = Reminder(kind=kind, timing=Timing("UTC", "2026-01-01T09:00", rrule="FREQ=MONTHLY"), made=NOW)
    return ReminderId(records.add(rule).id)


def _prompted(
    records: Records, rule: ReminderId, member: Member, days: float, state: OccurrenceState = "posted", snoozed: str = ""
) -> Occurrence:
    at = NOW - timedelta(days=days)
    key = f"{rule}-{member.id}-{days}-{state}-{snoozed}"
    found = Occurrence(
        reminder=rule, key=key, due=at, at=at, member=MemberId(member.id), state=state, snoozed=OccurrenceId(snoozed) if snoozed else None
    )
    return records.add(found)


def test_a_budget_counts_the_light_prompts_of_the_last_thirty_days(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        ana, ben, cy = (records.add(Member(name=name)) for name in ("Ana", "Ben", "Cy"))
        rhythm, update, deadline = _rule(records, "rhythm"), _rule(records, "update"), _rule(records, "deadline")
        for rule in (rhythm, update):
            _prompted(records, rule, ana, 3)
            _prompted(records, rule, ben, 31)
        for days in range(1, 5):
            _prompted(records, deadline, cy, days)
        _prompted(records, rhythm, cy, 1)
        _prompted(records, update, cy, 2, "missed")
        assert within_budget(records, [ana, ben, cy], NOW) == [ben, cy]


@pytest.mark.parametrize(("budget", "before", "left"), [(0, 0, False), (1, 0, True), (1, 1, False), (3, 2, True), (None, 2, False)])
def test_a_member_says_how_many_light_prompts_they_take(store: SqlStore, budget: int | None, before: int, left: bool) -> None:
    with store.transaction(STAMP) as records:
        ana = records.add(Member(name="Ana", budget=budget))
        rule = _rule(records, "rhythm")
        for days in range(before):
            _prompted(records, rule, ana, days + 1)
        assert within_budget(records, [ana], NOW) == ([ana] if left else [])


def test_what_a_member_snoozed_does_not_count_twice(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        ana = records.add(Member(name="Ana"))
        first = _prompted(records, _rule(records, "rhythm"), ana, 3)
        _prompted(records, first.reminder, ana, 2, snoozed=first.id)
        assert within_budget(records, [ana], NOW) == [ana]


def test_of_two_prompts_posted_at_once_a_budget_of_one_lets_one_through(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        ana = records.add(Member(name="Ana", budget=1))
        both = [_prompted(records, rule, ana, 0) for rule in (_rule(records, "rhythm"), _rule(records, "update"))]
        assert [bool(within_budget(records, [ana], NOW, one)) for one in both] == [True, False]


class Monthly:
    """The monthly rule over a rig's coalition, as the timekeeper asks it."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        with rig.store.transaction(self._stamp) as records:
            self.rule = records.get(Reminder, _rule(records, "rhythm"))

    @property
    def _stamp(self) -> Stamp:
        return Stamp(Account("console", "chair"), None, self._rig.clock(), "test")

    def recipients(self) -> Sequence[object]:
        with self._rig.store.transaction() as records:
            return WATCHERS["rhythm"].recipients(records, self.rule, Subject(), 0, self._rig.clock())

    def prompt(self, member: str) -> Prompt | None:
        """What a member is asked this month; kept as posted."""
        with self._rig.store.transaction(self._stamp) as records:
            at = self._rig.clock()
            occurrence = Occurrence(reminder=ReminderId(self.rule.id), key=f"{at}/{member}", due=at, at=at, member=MemberId(member))
            found = WATCHERS["rhythm"].nudge(records, self.rule, occurrence, at)
            if found:
                records.add(replace(occurrence, topic=found.topic))
            assert found is None or isinstance(found, Prompt)
            return found

    def topic(self, member: str) -> str:
        found = self.prompt(member)
        return found.topic if found else ""

    def words(self, prompt: Prompt) -> str:
        said = words(prompt, self.rule, "UTC", self._rig.clock())
        message = Message(said.title, (*said.blocks, Buttons(said.buttons)))
        for line in lines(message):
            assert plugins.router().resolve(line), line
        return plain(message)


@pytest.fixture
def monthly(rig: Rig) -> Monthly:
    return Monthly(rig)


def test_nothing_stale_is_no_letter(rig: Rig, monthly: Monthly) -> None:
    assert monthly.prompt("M2") is None


def test_members_without_an_account_or_away_are_left_in_peace(rig: Rig, monthly: Monthly) -> None:
    rig.say('member add "Cy"')
    assert monthly.recipients() == ["M1", "M2"]
    rig.say("away until 2026-12-01", sender="member")
    assert monthly.recipients() == ["M1"]
    rig.clock.move(timedelta(days=10))
    assert monthly.recipients() == ["M1", "M2"]


def test_a_lead_is_asked_about_a_project_that_was_silent_for_a_month(rig: Rig, monthly: Monthly) -> None:
    rig.say("project add Directory --lead M2")
    rig.say("project choose P1")
    rig.say("project start P1")
    assert monthly.topic("M2") == ""
    rig.clock.move(timedelta(days=31))
    found = monthly.prompt("M2")
    assert found
    assert found.topic == "update P1"
    said = monthly.words(found)
    assert said.startswith("How is P1 Directory doing?")
    assert "Give update: `project update P1`" in said
    assert "No light prompts at all: `me change --budget 0`" in said


def test_who_has_acted_meanwhile_is_asked_something_else_or_nothing(rig: Rig, monthly: Monthly) -> None:
    rig.say("project add Directory --lead M2")
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.clock.move(timedelta(days=31))
    with rig.store.transaction() as records:
        waiting = Occurrence(reminder=ReminderId(monthly.rule.id), key="x", due=rig.clock(), member=MemberId("M2"))
        assert WATCHERS["rhythm"].nudge(records, monthly.rule, waiting, rig.clock())
    rig.say("project update P1 Translations are in", sender="member")
    assert monthly.topic("M2") == "lesson P1"
    rig.say("share Translators want a word list first --lesson", sender="member")
    assert monthly.prompt("M2") is None


def test_the_same_is_not_asked_two_months_running_while_there_is_something_else(rig: Rig, monthly: Monthly) -> None:
    for title in ("Directory", "Checklist"):
        rig.say(f"project add {title} --lead M2")
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.say("project choose P2")
    rig.say("project start P2")
    asked = []
    for _ in range(3):
        rig.clock.move(timedelta(days=31))
        asked.append(monthly.topic("M2"))
    assert asked == ["update P1", "update P2", "update P1"]
    rig.say("project pause P2")
    rig.clock.move(timedelta(days=31))
    assert monthly.topic("M2") == "update P1"


def test_a_snoozed_prompt_asks_the_same_again(rig: Rig, monthly: Monthly) -> None:
    for title in ("Directory", "Checklist"):
        rig.say(f"project add {title} --lead M2")
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.say("project choose P2")
    rig.say("project start P2")
    rig.clock.move(timedelta(days=31))
    assert monthly.topic("M2") == "update P1"
    with rig.store.transaction() as records:
        first = records.all(Occurrence, member="M2")[0]
        again = replace(first, id="", key="again", snoozed=OccurrenceId(first.id))
        found = WATCHERS["rhythm"].nudge(records, monthly.rule, again, rig.clock())
    assert found
    assert found.topic == "update P1"


def test_what_another_reminder_was_about_lately_is_not_asked_again(rig: Rig, monthly: Monthly) -> None:
    rig.say("project add Directory --lead M2")
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.clock.move(timedelta(days=31))
    with rig.store.transaction(Stamp(Account("console", "chair"), None, rig.clock(), "test")) as records:
        at = rig.clock() - timedelta(days=2)
        key, about = "weekly", SubjectId("P1")
        records.add(Occurrence(reminder=_rule(records, "update"), key=key, due=at, at=at, member=MemberId("M2"), about=about))
    assert monthly.topic("M2") == ""


def test_a_budget_that_is_used_up_is_no_letter(rig: Rig, monthly: Monthly) -> None:
    rig.say("project add Directory --lead M2")
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.clock.move(timedelta(days=31))
    rig.say("me change --budget 0", sender="member")
    assert monthly.prompt("M2") is None
    rig.say("me change --budget 1", sender="member")
    assert monthly.topic("M2") == "update P1"
    rig.clock.move(timedelta(days=5))
    assert monthly.prompt("M2") is None


def test_an_editor_is_asked_for_what_a_proposal_lacks(rig: Rig, monthly: Monthly) -> None:
    rig.say("proposal new Hotlines --description Words", sender="member")
    found = monthly.prompt("M2")
    assert found
    assert (found.topic, found.lacks[-1]) == ("session S1", "rapporteur")
    assert "Name a rapporteur: `slot add S1 rapporteur`" in monthly.words(found)
    rig.say("slot add S1 rapporteur M1", sender="member")
    rig.clock.move(timedelta(days=31))
    again = monthly.prompt("M2")
    assert again is None or "rapporteur" not in again.lacks


def test_a_speaker_is_asked_to_confirm(rig: Rig, monthly: Monthly) -> None:
    rig.say("proposal new Hotlines --description Words")
    rig.say("slot add S1 panellist M2")
    assert monthly.topic("M2") == ""
    with rig.store.transaction(Stamp(Account("console", "chair"), None, rig.clock(), "test")) as records:
        records.change(records.get(Session, "S1"), state="submitted")
    found = monthly.prompt("M2")
    assert found
    assert found.topic == "slot S1.r1"
    assert "Yes: `slot yes S1.r1`" in monthly.words(found)
    rig.say("slot confirm S1.r1", sender="member")
    rig.clock.move(timedelta(days=31))
    assert monthly.topic("M2") == ""


def test_the_quiet_are_asked_for_what_nobody_knows(rig: Rig, monthly: Monthly) -> None:
    rig.say("project add Directory --lead M1 --tags 'age verification, Hotline'")
    rig.say("project choose P1")
    rig.say("project start P1")
    found = monthly.prompt("M2")
    assert found
    assert found.lacks == ("age verification",)
    assert "Do you know about age verification?" in monthly.words(found)
    rig.clock.move(timedelta(days=31))
    rig.say("share I am here", sender="member")
    assert monthly.topic("M2") == ""
    rig.say('me change --expertise "verification of age"', sender="chair")
    rig.clock.move(timedelta(days=100))
    assert monthly.topic("M2") == ""


def test_a_member_whose_expertise_is_unknown_is_asked_for_it(rig: Rig, monthly: Monthly) -> None:
    found = monthly.prompt("M1")
    assert found
    assert found.topic == "profile"
    assert "Say what you know: `me change`" in monthly.words(found)


def test_a_newcomer_is_shown_the_projects(rig: Rig, monthly: Monthly) -> None:
    rig.say("join Cy --expertise hotlines", sender="new")
    rig.say("member admit M3")
    found = monthly.prompt("M3")
    assert found
    assert found.topic == "welcome"
    assert "Projects: `projects`" in monthly.words(found)
    rig.clock.move(timedelta(days=61))
    assert monthly.prompt("M3") is None


def test_chairs_alone_are_warned_of_a_silent_list(rig: Rig, monthly: Monthly) -> None:
    rig.say("coalition change --mailing_list list@example.org")
    rig.say("digest posted")
    rig.say("me change --expertise hotlines")
    assert monthly.topic("M1") == ""
    rig.clock.move(timedelta(days=61))
    found = monthly.prompt("M1")
    assert found
    assert "Its last post was 2 months ago." in monthly.words(found)
    assert monthly.topic("M2") == ""


def test_after_a_session_its_people_are_asked_what_they_learnt(rig: Rig, monthly: Monthly) -> None:
    rig.say("proposal new Hotlines --description Words")
    rig.say("slot add S1 panellist M2")
    with rig.store.transaction(Stamp(Account("console", "chair"), None, rig.clock(), "test")) as records:
        records.change(records.get(Session, "S1"), state="held", start=rig.clock() - timedelta(days=5))
    found = monthly.prompt("M2")
    assert found
    assert found.topic == "lesson S1"
    assert "Anything to share from S1 Hotlines?" in monthly.words(found)


def test_a_proposal_of_an_igf_that_has_met_is_asked_about_no_more(rig: Rig, monthly: Monthly) -> None:
    rig.say("proposal new Hotlines --description Words")
    rig.say("cycle change 2027 --start 2027-03-01 --end 2027-03-04")
    assert monthly.topic("M1") == "session S1"
    rig.clock.move(timedelta(days=400))
    assert not monthly.topic("M1").startswith("session")


def test_a_prompt_about_hostile_words_is_inert(rig: Rig, monthly: Monthly) -> None:
    rig.ask("project add", values={"title": f"{HOSTILE} {{about}}", "lead": "M2"})
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.clock.move(timedelta(days=31))
    found = monthly.prompt("M2")
    assert found
    assert "<!channel>" in monthly.words(found)
    assert "{about}" in monthly.words(found)


def test_a_prompt_is_chosen_alike_on_both_engines(rig_on_both: Rig) -> None:
    monthly = Monthly(rig_on_both)
    rig_on_both.say("project add Directory --lead M2 --tags mediation")
    rig_on_both.say("project choose P1")
    rig_on_both.say("project start P1")
    rig_on_both.clock.move(timedelta(days=31))
    assert [monthly.topic("M2"), monthly.topic("M1")] == ["update P1", "gap mediation"]


def test_a_question_about_oneself_is_not_repeated(rig: Rig, monthly: Monthly) -> None:
    assert monthly.topic("M1") == "profile"
    for _ in range(3):
        rig.clock.move(timedelta(days=31))
        assert monthly.topic("M1") == ""
