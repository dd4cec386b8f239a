"""One's own page: profile, copy, and being forgotten."""

import asyncio
import json

import pytest
from sqlalchemy import inspect, text

from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, PersonId, SessionId
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Stamp
from bot.message import File, Form, Message, plain
from bot.request import Account, Place, Request
from bot.testing import OPERATOR, Rig
from storage.store import SqlStore


def test_my_page_shows_what_is_mine_and_what_others_see(rig: Rig) -> None:
    rig.say("project add Directory", sender="member")
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        session = records.add(Session(cycle=CycleId(records.all(Cycle)[0].id), title="Toolkits"))
        records.add(RoleSlot(session=SessionId(session.id), role="speaker", person=PersonId("M2")))
    reply = rig.ask("me", sender="member")
    assert isinstance(reply, Message)
    assert reply.private
    text = rig.say("me", sender="member")
    assert "Projects: P1 Directory (nominated)" in text
    assert "Sessions: S1.r1 speaker in Toolkits (suggested)" in text
    assert "Others see: your name and profile" in text


def test_an_account_without_a_profile_is_told_so(rig: Rig) -> None:
    for line in ("me", "me change", "me export", "me forget --yes"):
        assert not rig.ask(line, sender="stranger").ok


def test_a_profile_is_changed_in_one_line(rig: Rig) -> None:
    reply = rig.say('me change --quiet "22 to 7" --onsite yes --languages "English, Kiswahili" --zone africa/nairobi', sender="member")
    assert "Quiet hours: 22:00-07:00 Africa/Nairobi" in reply
    assert "Comes in person: yes" in reply
    assert "Languages: English, Kiswahili" in reply
    assert "Quiet hours" not in rig.say("me change --quiet none", sender="member")


@pytest.mark.parametrize(
    ("field", "text", "label"),
    [
        ("quiet", "25:00-07:00", "Hours to leave you in peace, in your zone"),
        ("quiet", "late", "Hours to leave you in peace, in your zone"),
        ("email", "nobody", "E-mail address"), ("visibility", "secret", "Listed in full, or by group and region only"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_an_example(rig: Rig, field: str, text: str, label: str) -> None:
    reply = rig.say("me change", sender="member", values={field: text})
    assert reply.startswith(f"{label}: ")
    assert "Write, for example," in reply


def test_the_form_of_a_profile_leaves_out_what_has_a_word_of_its_own(rig: Rig) -> None:
    form = rig.ask("me change", sender="member")
    assert isinstance(form, Form)
    asked = {question.name for question in form.questions}
    assert ({"name", "expertise", "visibility", "prefers"} <= asked, asked & {"away", "back", "quiet"}) == (True, set())
    rig.say("quiet 22:00-07:00", sender="member")
    begun = {question.name: question.value for question in form.questions if question.value}
    assert "Quiet hours: 22:00" in rig.say(form.line, sender="member", values={**begun, "country": "Kenya"})


def test_away_ends_on_coming_back(rig: Rig) -> None:
    assert "Away until: Fri 1 Jan 2027" in rig.say("me change --away 2027-01-01", sender="member")
    assert "Away until" not in rig.say("me change --back", sender="member")
    assert not rig.ask("me change --away 2020-01-01", sender="member").ok


def test_gender_is_shown_to_nobody(rig: Rig) -> None:
    rig.say("me change --gender Zyx", sender="member")
    for sender in ("member", "chair"):
        assert "Zyx" not in rig.say("M2", sender=sender) + rig.say("me", sender=sender)
    assert "Zyx" not in rig.say("history M2", sender="chair")


def test_tags_are_written_one_way(rig: Rig) -> None:
    reply = rig.say('me change --expertise "#Hot  Lines: runs one; takedown, Training; HOT LINES"', sender="member")
    assert "Expertise: hot lines: runs one; takedown; training" in reply


def _copy(rig: Rig) -> dict[str, list[dict[str, object]]]:
    reply = rig.ask("me export", sender="member")
    assert isinstance(reply, Message)
    whole = next(block for block in reply.blocks if isinstance(block, File))
    found: dict[str, list[dict[str, object]]] = json.loads(whole.data)
    return found


def test_the_copy_holds_my_record_what_names_me_and_my_own_history(rig: Rig) -> None:
    rig.say("project add Directory", sender="member")
    rig.say("me change --country Kenya --gender Zyx", sender="member")
    copy = _copy(rig)
    assert [record["id"] for record in copy["records"]] == ["M2", "P1", "console:member"]
    assert copy["records"][0]["gender"] == "Zyx"
    assert {"Kenya", "Zyx"} <= {str(change["to"]) for change in copy["history"]}


def test_being_forgotten_is_explained_first(rig: Rig) -> None:
    assert "`me forget --yes`" in rig.say("me forget", sender="member")
    assert "You are M2 Ben Example" in rig.say("me", sender="member")


def everything(store: SqlStore) -> str:
    """Every row of every table, the search index included."""
    with store.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return "\n".join(str(tuple(row)) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"'))).casefold()


def test_nothing_of_a_forgotten_member_is_left_in_the_database(rig_on_both: Rig) -> None:
    rig = rig_on_both
    rig.say('member change M2 --email ben@example.org --aliases Benny --expertise "hotlines: Secretword"')
    rig.say("member link M2 slack:U777")
    rig.say("member unlink M2 slack:U777")
    rig.say("me change --country Ruritania", sender="member")
    rig.say('name add "Published Person"')
    rig.say("name claim N1", sender="member")
    rig.say("proposal new Talk --description Words")
    rig.say("slot add S1 speaker M2 --label Seatword --affiliation Affiliationword")
    rig.say("slot add S1 moderator M2 --label Formerword")
    rig.say("slot remove S1.r2")
    for number in range(11):
        rig.say(f"project add Directory{number}")
    asyncio.run(rig.desk.answer(Request("projects", Account("console", "member"), Place("console", "room"))))
    rig.say("me forget --yes", sender="member")
    left = everything(rig.store)  # type: ignore[arg-type]
    for word in (
        "Ben Example",
        "Benny",
        "ben@example.org",
        "Secretword",
        "Ruritania",
        "slack:U777",
        "console:member",
        "Nairobi",
        "Seatword",
        "Affiliationword",
        "Formerword",
    ):
        assert word.casefold() not in left
    assert "published person" in left


def test_a_slot_that_named_a_forgotten_member_comes_back_without_what_was_written_of_them(rig: Rig) -> None:
    rig.say("proposal new Talk --description Words")
    rig.say("slot add S1 speaker M2 --label Seatword")
    rig.say("slot remove S1.r1")
    rig.say("me forget --yes", sender="member")
    assert rig.say("undo").startswith("Taken back: slot remove")
    assert "a former member" in rig.say("S1.r1")


def test_a_forgotten_members_projects_and_published_names_stay(rig: Rig) -> None:
    rig.say("project add Directory", sender="member")
    rig.say('name add "B. Example"')
    rig.say("name claim N1", sender="member")
    rig.say("coalition change --representatives M2")
    rig.say("me forget --yes", sender="member")
    assert "Leads: a former member" in rig.say("P1")
    assert "Claim" not in rig.say("N1")
    assert "Representatives" not in rig.say("coalition")
    assert "asked to be forgotten" in rig.say("M2")
    assert "a former member, me forget" in rig.say("history M2")


def test_being_forgotten_cannot_be_undone_by_anybody(rig: Rig) -> None:
    rig.say("member change M2 --country Ruritania")
    rig.say("me forget --yes", sender="member")
    assert not rig.ask("undo", sender="member").ok
    assert not rig.ask("undo", sender="chair").ok
    assert "belongs to no member" in rig.say("me", sender="member")


def test_a_forgotten_person_joins_again_as_somebody_new(rig: Rig) -> None:
    rig.say("me forget --yes", sender="member")
    assert "you are M3" in rig.say("join Ben", sender="member")


def test_the_only_chair_makes_another_one_before_being_forgotten(rig: Rig) -> None:
    assert "M1 is the only chair" in rig.say("me forget --yes", sender="chair")
    rig.say("member chair M2")
    assert "You are forgotten" in rig.say("me forget --yes", sender="chair")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("away until 2027-01-10", "Away until: Sun 10 Jan 2027"),
        ("away 10 January", "Away until: Sun 10 Jan 2027"),
        ("quiet 22:00-07:00", "Quiet hours: 22:00-07:00 Africa/Nairobi"),
        ("quiet 22 to 7", "Quiet hours: 22:00-07:00 Africa/Nairobi"),
        ("timezone asia/tokyo", "Zone: Asia/Tokyo"),
        ("timezone america/new york", "Zone: America/New_York"),
        ("timezone Kampala", "Zone: Africa/Kampala"),
        ("me change --budget 2", "Light prompts: at most 2 in 30 days"),
        ("me change --prefers Console", "Letters go to: console"),
    ],
)
def test_when_and_where_the_bot_may_write_is_said_in_one_line_and_undone(rig: Rig, line: str, shown: str) -> None:
    before = rig.say("me", sender="member")
    assert shown in rig.say(line, sender="member")
    rig.say("undo", sender="member")
    assert rig.say("me", sender="member") == before


@pytest.mark.parametrize(
    "line",
    [
        "away until yesterday",
        "away soon",
        "quiet at night",
        "quiet 22-22",
        "timezone Berlin-ish",
        "timezone Indianapolis",
        "me change --prefers slack",
    ],
)
def test_a_time_or_platform_that_cannot_be_read_is_refused(rig: Rig, line: str) -> None:
    reply = rig.ask(line, sender="member")
    assert not reply.ok
    assert "Write, for example," in plain(reply)


def test_when_the_bot_may_write_is_said_and_not_the_whole_profile(rig: Rig) -> None:
    rig.say("quiet 22:00-07:00", sender="member")
    reply = rig.say("timezone asia/tokyo", sender="member")
    assert "Quiet hours: 22:00-07:00 Asia/Tokyo" in reply
    assert "Group:" not in reply
    assert "`away off`" in rig.say("away until 2027-01-10", sender="member")


def test_off_ends_quiet_hours_and_being_away(rig: Rig) -> None:
    before = rig.say("me", sender="member")
    for line in ("away until 2027-01-10", "quiet 22:00-07:00", "away off", "quiet off"):
        rig.say(line, sender="member")
    assert rig.say("me", sender="member") == before
