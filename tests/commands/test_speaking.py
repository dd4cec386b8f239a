"""What speakers are told of an agenda, and what they answer."""

from datetime import timedelta

import pytest

from bot.coalition.gathering import LONGEST, PAUSE
from bot.message import plain
from bot.testing import Rig


@pytest.fixture
def agenda(rig: Rig) -> Rig:
    """S1 at 10:00 in Berlin: A1 is the chair's, A2 Ben's, who is still to confirm, with somebody who has no account."""
    for line in (
        'proposal new "Safer apps" --description Talks --minutes 30m',
        'session change S1 --start "2027-05-12 10:00" --zone Europe/Berlin',
        "agenda add S1 Opening 5m --who M1",
        'agenda add S1 Toolkits 10m --who "M2 (TBC), Alice Example"',
    ):
        assert rig.ask(line).ok
    return rig


@pytest.fixture
def scheduled(agenda: Rig) -> Rig:
    """Both items are scheduled, and Ben has been told."""
    agenda.say("agenda schedule S1 --all")
    agenda.pass_time(PAUSE)
    return agenda


def _letters(rig: Rig) -> list[str]:
    """What Ben gets when nothing more is changed."""
    return [plain(sent.message) for _, sent in rig.pass_time(PAUSE) if sent.place.room == "member"]


def test_a_speaker_is_told_when_scheduled_and_not_before(agenda: Rig) -> None:
    agenda.say("agenda change A2 --minutes 8m")
    assert agenda.deliver() == []
    assert "I cannot write to Alice Example (A2): please tell them yourself." in agenda.say("agenda schedule S1 --all")
    (letter,) = _letters(agenda)
    assert letter.startswith(
        "S1 Safer apps: you are on its agenda\n"
        "Begins: Wed 12 May 2027 10:00 Europe/Berlin (Wed 12 May 2027 11:00 Africa/Nairobi)\n"
        "- 10:05 (11:05) A2 Toolkits, 8 min\nPlease say whether that suits you.\nConfirm: `agenda confirm A2`\n"
    )


def test_confirming_takes_tbc_away_and_holds_for_that_time_and_length_only(scheduled: Rig) -> None:
    assert "To be confirmed: Ben Example (A2)" in scheduled.say("agenda S1")
    assert "You have confirmed: S1 Safer apps" in scheduled.say("agenda confirm A2", sender="member")
    assert "To be confirmed" not in scheduled.say("agenda S1")
    assert "1 of 3 confirmed\n- A1 Ana Example: has not answered\n- A2 Ben Example: confirmed\n" in scheduled.say("agenda confirmed S1")
    scheduled.say("agenda move A2 --position 1")
    (letter,) = _letters(scheduled)
    assert "your part has changed" in letter
    assert "- 10:00 (11:00) A2 Toolkits, 10 min; was 10:05 (11:05)\nPlease say" in letter
    assert "A2 Ben Example: confirmed another time or length, Wed 12 May 2027 10:05 Europe/Berlin" in scheduled.say("agenda confirmed S1")
    scheduled.say("undo")
    (back,) = _letters(scheduled)
    assert "- 10:05 (11:05) A2 Toolkits, 10 min; was 10:00 (11:00); you have confirmed it\nWhole agenda" in back
    scheduled.say("agenda change A2 --minutes 12m")
    assert "A2 Ben Example: confirmed another time or length" in scheduled.say("agenda confirmed S1")
    assert "`agenda confirm A2`" in scheduled.say("agenda S1", sender="member")
    scheduled.say("agenda done A2")
    assert "`agenda confirm A2`" not in scheduled.say("agenda S1", sender="member")


def test_changes_that_were_not_sent_yet_are_one_letter_and_what_was_taken_back_is_none(scheduled: Rig) -> None:
    scheduled.say("agenda change A2 --minutes 15m --title Kits")
    scheduled.say('session change S1 --start "2027-05-13 14:00" --room "Room 3"')
    scheduled.say("agenda buffer S1 5m --position 1")
    (letter,) = _letters(scheduled)
    assert "Begins: Thu 13 May 2027 14:00 Europe/Berlin (Thu 13 May 2027 15:00 Africa/Nairobi), was Wed 12 May 2027 10:00" in letter
    assert "Room: Room 3\n- 14:10 (15:10) A2 Kits, 15 min; was 10:05 (11:05), 10 min, “Toolkits”\n" in letter
    scheduled.say("agenda change A2 --minutes 5m")
    scheduled.say("undo")
    assert _letters(scheduled) == []


def test_what_does_not_concern_a_speaker_is_not_told_to_them(scheduled: Rig) -> None:
    for line in ("agenda add S1 Closing 5m", "agenda change A2 --points Why", "session change S1 --gain Much"):
        scheduled.say(line)
    assert _letters(scheduled) == []
    scheduled.say("agenda change A1 --who M2")
    assert "- 10:00 (11:00) A1 Opening, 5 min; new\n- 10:05 (11:05) A2 Toolkits, 10 min\nPlease" in _letters(scheduled)[0]


def test_an_item_that_is_removed_carried_over_or_of_a_session_that_is_off_is_told(scheduled: Rig) -> None:
    scheduled.say("agenda remove A2")
    (gone,) = _letters(scheduled)
    assert "you are not on its agenda any more" in gone
    assert "- A2 Toolkits is off; it was at 10:05 (11:05)" in gone
    scheduled.say("undo")
    assert "you are on its agenda" in _letters(scheduled)[0]
    scheduled.say("agenda carry A2")
    assert "A2 Toolkits is off" in _letters(scheduled)[0]
    scheduled.say("undo")
    scheduled.pass_time(PAUSE)
    scheduled.say("proposal withdraw S1 --reason Funding")
    assert "S1 Safer apps: it is withdrawn" in _letters(scheduled)[0]


def test_room_and_join_link_are_told_and_shown_to_members_alone(scheduled: Rig) -> None:
    scheduled.say("session join S1 https://meet.example/x")
    (letter,) = _letters(scheduled)
    assert "where you find it has changed" in letter
    assert "Join: https://meet.example/x" in letter
    for line in ("S1", "agenda S1"):
        assert "https://meet.example/x" in scheduled.say(line, sender="member")
        assert "meet.example" not in scheduled.say(line, sender="guest") + scheduled.say(line, sender="member", room="lobby")
    assert not scheduled.ask("session join S1 https://meet.example/y", sender="member").ok
    scheduled.say("session join S1 none")
    assert "Join" not in scheduled.say("S1")


def test_who_cannot_says_why_to_the_editors(scheduled: Rig) -> None:
    assert "Only whoever speaks in A1 can answer for it." in scheduled.say("agenda confirm A1", sender="member")
    assert "you cannot speak in A2" in scheduled.say('agenda decline A2 "I land at noon"', sender="member")
    (letter,) = scheduled.deliver()
    assert letter.place.room == "chair"
    assert plain(letter.message).startswith("Ben Example cannot speak in A2 Toolkits (S1 Safer apps)\n“I land at noon”\n")
    assert "A2 Ben Example: cannot (“I land at noon”)" in scheduled.say("agenda confirmed S1")
    assert "I land at noon" not in scheduled.say("agenda confirmed S1", sender="member") + scheduled.say("history A2", sender="guest")
    assert "I land at noon" not in scheduled.say("agenda confirmed S1", room="lobby") + scheduled.say("history A2")
    assert "has confirmed" not in scheduled.say("agenda confirm A2", sender="member").replace("You have confirmed", "")


def test_who_cannot_is_named_on_the_agenda_and_asked_again_only_for_another_time(scheduled: Rig) -> None:
    scheduled.say("agenda decline A2", sender="member")
    scheduled.deliver()
    page = scheduled.say("agenda S1")
    assert ("To be confirmed" in page, "Cannot: Ben Example (A2)" in page) == (False, True)
    assert "Cannot" not in scheduled.say("agenda S1", sender="guest")
    assert "agenda confirm A2" not in scheduled.say("agenda S1", sender="member")
    scheduled.say('session change S1 --room "Room 3"')
    assert _letters(scheduled) == []
    scheduled.say("agenda change A1 --minutes 10m")
    assert "Please say whether that suits you." in _letters(scheduled)[0]


def test_an_editor_confirms_for_somebody_who_told_them_elsewhere(scheduled: Rig) -> None:
    assert not scheduled.ask("agenda confirm A2 --speaker M1", sender="member").ok
    assert "Nobody called “Carol” speaks in A2." in scheduled.say("agenda confirm A2 --speaker Carol")
    said = scheduled.say('agenda confirm A2 --speaker "ben example"')
    assert "ben example has confirmed A2. To take it back" in said
    assert "- A2 Ben Example: confirmed\n" in said
    assert "To be confirmed" not in scheduled.say("agenda S1")
    scheduled.say('agenda change A2 --who "M2, Alice Example (TBC)"')
    assert scheduled.ask('agenda confirm A2 --speaker "Alice Example"').ok
    assert "To be confirmed" not in scheduled.say("agenda S1")


def test_nobody_is_told_of_a_session_that_is_over(scheduled: Rig) -> None:
    scheduled.clock.move(timedelta(days=200))
    scheduled.say("agenda change A2 --minutes 15m")
    assert _letters(scheduled) == []


def test_two_speakers_of_one_item_confirm_without_standing_in_each_others_way(rig_on_both: Rig) -> None:
    rig_on_both.say('proposal new "Safer apps" --description Talks')
    rig_on_both.say('agenda add S1 Panel 30m --who "M1 (TBC), M2 (TBC)" --moderator "M2 (TBC)"')
    rig_on_both.say("agenda schedule A1")
    rig_on_both.say("agenda confirm A1")
    assert "To be confirmed: Ben Example (A1)" in rig_on_both.say("agenda S1")
    rig_on_both.say("agenda confirm A1", sender="member")
    assert "To be confirmed" not in rig_on_both.say("agenda S1")
    assert "2 of 3 confirmed" not in rig_on_both.say("agenda confirmed S1")
    rig_on_both.say("undo", sender="member")
    assert "To be confirmed: Ben Example (A1)" in rig_on_both.say("agenda S1")


def test_whoever_has_spoken_is_not_told_that_they_are_off_the_agenda(scheduled: Rig) -> None:
    assert scheduled.ask("agenda run S1 --early").ok
    scheduled.deliver()
    scheduled.say("agenda next S1")
    scheduled.say("agenda end S1 --rest carry")
    assert [letter for letter in _letters(scheduled) if "agenda any more" in letter or "your part has changed" in letter] == []


def test_what_is_changed_one_by_one_is_one_letter_some_minutes_after_the_last_change(agenda: Rig) -> None:
    began = agenda.clock.at
    agenda.say("agenda schedule S1 --all")
    arrived = []
    for minutes in (11, 12, 13, 14, 15, 16):
        arrived += agenda.pass_time(timedelta(minutes=4))
        agenda.say(f"agenda change A2 --minutes {minutes}m")
    arrived += agenda.pass_time(timedelta(minutes=10))
    found = [(at - began, plain(sent.message)) for at, sent in arrived if sent.place.room == "member"]
    assert [at for at, _ in found] == [LONGEST, timedelta(minutes=24) + PAUSE]
    assert ("A2 Toolkits, 14 min" in found[0][1], "A2 Toolkits, 16 min; was 14 min" in found[1][1]) == (True, True)


def test_an_editor_has_the_news_sent_at_once_and_what_is_near_does_not_wait(agenda: Rig) -> None:
    assert "Tell it now: `agenda tell S1`" in agenda.say("agenda schedule S1 --all")
    assert agenda.deliver() == []
    assert not agenda.ask("agenda tell S1", sender="member").ok
    assert "1 message goes out now." in agenda.say("agenda tell S1")
    assert [sent.place.room for sent in agenda.deliver()] == ["member"]
    assert "No news of the agenda of S1 waits" in agenda.say("agenda tell S1")
    agenda.say('session change S1 --start "2026-11-22 10:00"')
    assert "was Wed 12 May 2027 10:00" in plain(agenda.deliver()[0].message)
    assert "agenda tell" not in agenda.say("agenda change A2 --minutes 20m")


def test_news_of_an_agenda_and_tasks_wait_for_the_end_of_quiet_hours_unless_they_are_urgent(agenda: Rig) -> None:
    assert agenda.ask("me change --quiet 14:00-18:00", sender="member").ok  # It is 15:00 in Nairobi.
    agenda.say("agenda schedule S1 --all")
    agenda.say("task add Write --owner M2")
    agenda.say("task add Call --owner M2 --due tomorrow")
    assert [plain(sent.message).split("\n")[0] for sent in agenda.deliver()] == ["T2 is yours: Call"]
    assert "0 messages go out now; 1 waits for the end of quiet hours" in agenda.say("agenda tell S1")
    arrived = agenda.pass_time(timedelta(hours=4))
    assert {f"{at:%H:%M}" for at, _ in arrived} == {"15:00"}
    assert [plain(sent.message).split("\n")[0] for _, sent in arrived] == ["S1 Safer apps: you are on its agenda", "T1 is yours: Write"]


def test_who_is_away_beyond_a_session_is_told_a_day_before_it(agenda: Rig) -> None:
    assert agenda.ask('session change S1 --start "2026-11-30 10:00"').ok
    assert agenda.ask("away until 2026-12-20", sender="member").ok
    agenda.say("agenda schedule S1 --all")
    said = agenda.say("task add Write --owner M2 --due 2026-12-03")
    assert "They are away, so they are told at Wed 2 Dec 2026 01:00 Europe/Berlin." in said
    arrived = [(f"{at:%d %H:%M}", plain(sent.message).split("\n")[0]) for at, sent in agenda.pass_time(timedelta(days=30))]
    assert [(at, text) for at, text in arrived if "agenda" in text or "yours" in text] == [
        ("29 09:00", "S1 Safer apps: you are on its agenda"),
        ("02 00:00", "T1 is yours: Write"),
    ]


def test_what_was_told_urgently_is_not_told_again_when_the_quiet_hours_end(agenda: Rig) -> None:
    assert agenda.ask("me change --quiet 14:00-18:00", sender="member").ok  # It is 15:00 in Nairobi.
    agenda.say("agenda schedule S1 --all")
    agenda.say('session change S1 --start "2026-11-22 10:00"')
    assert [plain(sent.message).split("\n")[0] for sent in agenda.deliver()] == ["S1 Safer apps: you are on its agenda"]
    assert agenda.pass_time(timedelta(hours=3)) == []


def test_a_task_that_changed_hands_while_its_news_was_held_is_one_letter(agenda: Rig) -> None:
    assert agenda.ask("me change --quiet 14:00-18:00", sender="member").ok
    agenda.say("task add Write --owner M2")
    assert "told at" not in agenda.say("task assign T1 M1")
    assert "Passed on. They have quiet hours, so they are told at Sat 21 Nov 2026 16:00 Europe/Berlin." in agenda.say("task assign T1 M2")
    assert "last until Sat 21 Nov 2026 15:00 UTC" in agenda.say("status")
    assert "Held back: 2, the last until" in agenda.say("outbox")
    assert [plain(sent.message).split("\n")[0] for _, sent in agenda.pass_time(timedelta(hours=4))] == ["T1 is yours: Write"]


def test_news_that_is_held_does_not_go_to_an_account_that_was_unlinked_meanwhile(agenda: Rig) -> None:
    agenda.say("agenda schedule S1 --all")
    assert agenda.ask("member unlink M2 console:member").ok
    assert agenda.pass_time(PAUSE) == []
    assert "the account is not theirs any more" in agenda.say("outbox")


def test_what_is_changed_while_a_session_runs_early_waits_for_nothing(scheduled: Rig) -> None:
    assert scheduled.ask("agenda run S1 --early").ok
    scheduled.deliver()
    scheduled.say("agenda change A2 --minutes 20m")
    assert [sent.place.room for sent in scheduled.deliver()] == ["member"]
