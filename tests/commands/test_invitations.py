"""Inviting somebody to a role, as both sides meet it."""

from datetime import timedelta

import pytest

from bot.message import Message, plain
from bot.testing import Rig
from tests.arrivals import arrivals, joined, switch_on


@pytest.fixture
def session(rig: Rig) -> Rig:
    return prepared(rig)


@pytest.fixture
def session_on_both(rig_on_both: Rig) -> Rig:
    return prepared(rig_on_both)


def prepared(rig: Rig) -> Rig:
    """S1 is a draft that cleo edits, with a time; Ben is to be its moderator."""
    rig.say("cycle change 2027 --start 2027-12-06 --end 2027-12-10")
    joined(rig, "cleo")
    rig.say('proposal new "Safer apps" --description "What app stores can do" --organiser-note "Us"', sender="cleo")
    rig.say('session change S1 --start "2027-12-07 10:00 Europe/Berlin" --minutes 60m', sender="cleo")
    rig.say("slot add S1 moderator M2", sender="cleo")
    return rig


def letters(rig: Rig) -> dict[str, str]:
    """What arrives now, by whom it is for."""
    return {sent.place.room: plain(sent.message) for sent in rig.deliver()}


def test_an_invitation_says_what_is_asked_and_is_answered_by_a_button(session_on_both: Rig) -> None:
    session = session_on_both
    said = session.say('invite S1.r1 --words "You did it so well last year"', sender="cleo")
    assert said.startswith("Ben Example is asked to be moderator in S1 Safer apps.")
    assert "State: contacted" in session.say("S1.r1")
    letter = letters(session)["member"]
    assert letter.startswith("[action needed] Cleo Example asks you to be moderator in S1 Safer apps")
    for part in (
        "“You did it so well last year”", "Tue 7 Dec 2027 10:00 Europe/Berlin (Tue 7 Dec 2027 12:00 Africa/Nairobi)",
        "moderator: you lead the discussion and keep the time", "Please answer by Sat 5 Dec 2026",
        "Yes: `slot yes S1.r1`", "No: `slot no S1.r1`", "Maybe: `slot maybe S1.r1`",
    ):  # fmt: skip
        assert part in letter
    assert "You are asked to be" in session.say("slots --mine", sender="member")
    assert "Yes to S1.r1: `slot yes S1.r1`" in session.say("me", sender="member")
    assert "State: provisionally confirmed" in session.say("slot yes S1.r1", sender="member")
    told = letters(session)
    assert list(told) == ["cleo"]
    assert "S1.r1 moderator: Ben Example says yes, now provisionally confirmed" in told["cleo"]
    assert "You are asked to be" not in session.say("me", sender="member")


def test_who_agreed_is_asked_to_confirm_once_the_session_is_accepted(session: Rig) -> None:
    session.say("slot yes S1.r1", sender="member")
    session.say("proposal submit S1", sender="cleo")
    session.deliver()
    assert "1 of those who agreed to come is asked to confirm." in session.say("proposal accept S1")
    assert letters(session)["member"].startswith("[action needed] S1 Safer apps is accepted: please confirm that you are its moderator")
    assert "State: confirmed" in session.say("S1.r1 yes", sender="member")


def test_a_no_tells_the_editors_why_and_nobody_else(session: Rig) -> None:
    session.say("invite S1.r1", sender="cleo")
    session.deliver()
    assert "State: withdrew" in session.say("slot no S1.r1 I travel that week", sender="member")
    told = letters(session)
    assert list(told) == ["cleo"]
    assert "S1.r1 moderator: Ben Example says no: “I travel that week”, now withdrew" in told["cleo"]
    assert "Who else for S1.r1: `line-up S1 --gap S1.r1`" in told["cleo"]
    joined(session, "dora")
    assert "I travel" not in session.say("S1.r1", sender="dora") + session.say("history S1", sender="dora")
    assert "S1.r2 is noted" not in session.say("invite S1.r1 M4", sender="cleo")
    assert "S1.r2 moderator: Dora Example" in session.say("slots S1", sender="cleo")


def test_several_answers_are_one_letter(session_on_both: Rig) -> None:
    session = session_on_both
    joined(session, "dora")
    session.say("slot add S1 rapporteur M4", sender="cleo")
    session.say("slot yes S1.r1", sender="member")
    session.say("slot maybe S1.r2", sender="dora")
    found = session.deliver()
    assert [sent.message.title for sent in found] == ["S1 Safer apps: 1 yes, 1 maybe"]


def test_the_plan_asks_those_who_have_not_answered_and_those_who_said_maybe(session_on_both: Rig) -> None:
    session = session_on_both
    joined(session, "dora")
    switch_on(session, "invitations")
    session.say("invite S1.r1", sender="cleo")
    session.say("invite S1 rapporteur M4", sender="cleo")
    session.deliver()
    session.say("slot maybe S1.r2", sender="dora")
    session.deliver()
    assert arrivals(session, 6) == [
        "2026-11-26 @dora: [action needed] Will you be rapporteur in S1 Safer apps?",
        "2026-11-26 @member: [action needed] Will you be moderator in S1 Safer apps?",
    ]
    session.say("slot yes S1.r1", sender="member")
    session.deliver()
    assert arrivals(session, 30) == [
        "2026-12-03 @cleo: S1.r2: no answer yet from Dora Example, who is asked to be rapporteur in S1 Safer apps",
        "2026-12-03 @dora: [action needed] Will you be rapporteur in S1 Safer apps?",
    ]


def test_an_invitation_waits_for_the_end_of_quiet_hours(session: Rig) -> None:
    session.say("quiet 14:00-18:00", sender="member")
    said = session.say("invite S1.r1", sender="cleo")
    assert "They have quiet hours, so my letter goes Sat 21 Nov 2026 15:00 UTC (Sat 21 Nov 2026 16:00 Europe/Berlin)." in said
    assert session.deliver() == []
    ((at, _),) = session.pass_time(timedelta(hours=4))
    assert f"{at:%H:%M}" == "15:00"


@pytest.mark.parametrize("quiet", ["off", "14:00-18:00"])
def test_an_invitation_that_has_not_gone_out_is_taken_back_with_undo(session: Rig, quiet: str) -> None:
    session.say(f"quiet {quiet}", sender="member")
    session.say("invite S1.r1", sender="cleo")
    assert session.say("undo", sender="cleo").startswith("Taken back: invite")
    assert session.pass_time(timedelta(hours=6)) == []
    assert "State: suggested" in session.say("S1.r1")


def test_who_was_asked_often_enough_is_asked_later(session: Rig) -> None:
    session.say("me change --budget 1", sender="member")
    session.say("invite S1.r1", sender="cleo")
    assert "S1.r1 was asked already" in session.say("invite S1.r1", sender="cleo")
    refused = session.say("invite S1.r1 --again", sender="cleo")
    assert "M2 was written to 1 times in 30 days, and can be asked from Mon 21 Dec 2026 on." in refused
    session.clock.move(timedelta(days=31))
    assert session.ask("invite S1.r1 --again", sender="cleo").ok


def test_somebody_whom_the_bot_cannot_write_to_is_asked_by_hand(session: Rig) -> None:
    session.say('name add "Eve Published"')
    reply = session.say("invite S1 panellist N1", sender="cleo")
    assert "S1.r2 is noted as contacted: please write to Eve Published yourself" in reply
    assert "Dear Eve Published,\n\nour coalition prepares “Safer apps”" in reply
    assert "State: contacted" in session.say("S1.r2")


def test_a_claimed_name_is_invited_by_its_member(session: Rig) -> None:
    session.say('name add "B. Published"')
    session.say("name claim N1", sender="member")
    session.say("name confirm N1")
    session.say("invite S1 speaker N1", sender="cleo")
    assert "asks you to be speaker" in letters(session)["member"]
    assert "State: provisionally confirmed" in session.say("slot yes S1.r2", sender="member")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("invite S1.r1 M1", "S1.r1 is for M2"), ("invite S1", "is a session; say whom you ask"), ("invite S1 singer M2", "neither an id"),
        ("invite S1.r9", "S1.r9"), ("slot yes S1.r1", "Only who has S1.r1 can answer"),
        ("invite S1 moderator Ben Example", "whom do you mean"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_what_to_do(session: Rig, line: str, said: str) -> None:
    reply = session.ask(line, sender="cleo")
    assert isinstance(reply, Message)
    assert not reply.ok
    assert said.casefold() in plain(reply).casefold()
    assert "State: suggested" in session.say("S1.r1")


def test_only_who_prepares_a_session_invites_to_it(session: Rig) -> None:
    assert "Only an editor of S1 or a chair" in session.say("invite S1.r1", sender="member")
    session.say('session change S1 --start "2026-11-20 10:00 Europe/Berlin"', sender="cleo")
    assert "The time of S1 has passed" in session.say("invite S1.r1", sender="cleo")
    session.say("proposal withdraw S1 nobody", sender="cleo")
    assert "S1 is withdrawn, so nobody can be invited to it." in session.say("invite S1.r1", sender="cleo")
