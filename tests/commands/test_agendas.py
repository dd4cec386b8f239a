"""Agendas as people ask for them."""

import pytest

from bot.testing import Rig

TOOLKIT = (
    'agenda add S1 "Chair\'s Welcome and Background on the Toolkits" 5m --who "Lara Pace"',
    'agenda add S1 "ICMEC developments - CW Countries" 5m --who "Sandra Marchenko (ICMEC)"',
    'agenda add S1 "John Carr" 5m --who "John Carr (eNasco, CHIS)"',
    'agenda add S1 "IWF International and Practical Implementation" 5m --who "Fred Langford (IWF)"',
    'agenda add S1 "Caribbean Perspectives" 5m --who "Tracy Hackshaw"',
    'agenda add S1 "African Perspectives" 5m --who "Alice Munyua (TBC)"',
    'agenda add S1 "Panel Discussion" 55m --part 2 --moderator "Lara Pace" --who "Sandra Marchenko (ICMEC), John Carr (eNasco, CHIS), '
    'Fred Langford (IWF), Tracy Hackshaw, Alice Munyua (TBC)" --points "How can we expedite the take up of toolkits?; Other questions"',
    'agenda add S1 "Closing" 10m --part 3 --who "Lara Pace"',
    'agenda part S1 1 "Welcome and Introductions"',
)


@pytest.fixture
def session(rig: Rig) -> Rig:
    """S1 is a draft of the chair's, whose start is unknown."""
    rig.say('proposal new "Online child protection toolkits" --description Example')
    return rig


@pytest.fixture
def toolkit(session: Rig) -> Rig:
    """S1 has the agenda of the 2012 workshop on toolkits."""
    for line in TOOLKIT:
        assert session.ask(line).ok
    return session


def test_the_toolkit_workshop_is_five_minutes_over_its_slot(toolkit: Rig) -> None:
    reply = toolkit.say("agenda S1 --slot 90")
    assert "95 of 90 minutes: 5 over" in reply
    assert "Part 1: Welcome and Introductions (30 min)" in reply
    assert "Part 2 (55 min)" in reply
    assert "Part 3 (10 min)" in reply


def test_what_could_give_is_named_and_one_button_makes_it_fit(toolkit: Rig) -> None:
    toolkit.say("session change S1 --minutes 90m")
    toolkit.say("agenda buffer S1 3m")
    reply = toolkit.say("agenda S1")
    assert "98 of 90 minutes, 3 of them buffer: 8 over" in reply
    assert "What could give: A9 Buffer (3 min), A7 Panel Discussion (55 min)." in reply
    assert "Drop the buffer A9: `agenda remove A9`" in reply
    assert "Shorten A7 to 50 min: `agenda change A7 --minutes 50m`" in toolkit.say("agenda remove A9")
    toolkit.say("agenda change A7 --minutes 45m")
    assert "- 1:25 free at the end (5 min)\n90 of" not in toolkit.say("agenda S1")
    assert "- 1:25 free at the end (5 min)\n85 of 90 minutes: 5 left" in toolkit.say("agenda S1")


def test_items_are_put_in_the_order_that_is_said_each_in_its_part(toolkit: Rig) -> None:
    toolkit.say("agenda order S1 A3, A1 A8 A2")
    assert _order(toolkit) == ["A3", "A1", "A2", "A4", "A5", "A6", "A7", "A8"]
    toolkit.say('proposal new "Another" --description Example')
    toolkit.say("agenda add S2 Talk 5m")
    for line in ("agenda order S1 A9", "agenda order S1", "agenda order S1 A77", "agenda order S1 A1 what"):
        assert "A3" not in toolkit.say(line)
    assert not toolkit.ask("agenda order S1 A1", sender="member").ok


def test_several_items_are_scheduled_at_once(toolkit: Rig) -> None:
    assert "Now scheduled: A1, A3." in toolkit.say("agenda schedule A1 A3")
    assert "agenda schedule S1 --all" in toolkit.say("agenda schedule S1")
    assert "Now scheduled: A2, A4, A5, A6, A7, A8." in toolkit.say("agenda schedule S1 --all")
    assert "A1 is scheduled, so “schedule” does not fit." in toolkit.say("agenda schedule A1")


def test_an_unknown_start_counts_from_zero_and_an_unknown_slot_has_no_rest(toolkit: Rig) -> None:
    reply = toolkit.say("agenda S1")
    begins = [line.split()[1] for line in reply.splitlines() if line.startswith("- ")]
    assert begins == ["0:00", "0:05", "0:10", "0:15", "0:20", "0:25", "0:30", "1:25"]
    assert "\n95 minutes; the slot is not known. To count against one: `agenda S1 --slot 90`\n" in reply


def test_a_known_day_stands_above_an_unknown_time(toolkit: Rig) -> None:
    toolkit.say("session change S1 --day 2012-11-07")
    assert "Wed 7 Nov 2012. The time it begins is not known, so times count from 0:00." in toolkit.say("agenda S1")


def test_a_speaker_to_be_confirmed_in_two_parts_is_named_once(toolkit: Rig) -> None:
    assert "To be confirmed: Alice Munyua (A6, A7)" in toolkit.say("agenda S1")


def test_moderator_speakers_and_points_stand_with_their_item(toolkit: Rig) -> None:
    reply = toolkit.say("A7")
    assert "Who: Sandra Marchenko (ICMEC), John Carr (eNasco, CHIS), Fred Langford (IWF), Tracy Hackshaw, Alice Munyua (TBC)" in reply
    assert "Moderator: Lara Pace" in reply
    assert "Points: How can we expedite the take up of toolkits?\n  Other questions" in reply


def test_the_slot_is_the_sessions_own_when_it_is_known(toolkit: Rig) -> None:
    toolkit.say("session change S1 --minutes 100m")
    assert "95 of 100 minutes: 5 left" in toolkit.say("agenda S1")
    assert "95 of 100 minutes: 5 left (8 items)" in toolkit.say("S1")
    assert "95 of 95 minutes: exactly full" in toolkit.say("agenda S1 --slot 95")


def test_times_are_on_the_sessions_clock_and_the_askers(toolkit: Rig) -> None:
    toolkit.say('session change S1 --start "2027-05-12 10:00" --zone Europe/Berlin')
    reply = toolkit.say("agenda S1", sender="member")
    assert "Begins Wed 12 May 2027 10:00 Europe/Berlin (Wed 12 May 2027 11:00 Africa/Nairobi)." in reply
    assert "- 11:25 (12:25) A8 Closing" in reply
    assert "- 11:25 A8 Closing" in toolkit.say("agenda S1")


def test_a_change_of_the_clocks_during_a_session_is_counted(toolkit: Rig) -> None:
    toolkit.say('session change S1 --start "2027-03-28 01:00" --zone Europe/Berlin')
    assert "- 03:25 (04:25) A8 Closing" in toolkit.say("agenda S1", sender="member")
    toolkit.say("agenda change A7 --minutes 10m")
    assert "- 01:40 (03:40) A8 Closing" in toolkit.say("agenda S1", sender="member")


def test_midnight_shows_the_weekday(toolkit: Rig) -> None:
    toolkit.say('session change S1 --start "2027-05-12 23:00" --zone Europe/Berlin')
    assert "- Thu 00:25 A8 Closing" in toolkit.say("agenda S1")


def test_items_of_open_length_are_counted_and_said(toolkit: Rig) -> None:
    toolkit.say('agenda add S1 "Questions from the floor" --part 2')
    reply = toolkit.say("agenda S1 --slot 90")
    assert "95 of 90 minutes: 5 over; 1 item of open length not counted" in reply
    assert "- not before 1:25 A8 Closing" in reply


def test_a_length_becomes_open_and_a_moderator_is_taken_off(toolkit: Rig) -> None:
    toolkit.say("agenda change A7 --minutes unknown --moderator nobody")
    assert "Length: open length" in toolkit.say("A7")
    assert "Moderator" not in toolkit.say("A7")


def test_a_suggestion_takes_no_time_before_it_is_agreed(session: Rig) -> None:
    session.say('agenda suggest S1 "Hotlines" 10m', sender="member")
    session.say("agenda publish S1")
    assert "Suggested, not counted\n- A1 Hotlines (10 min)" in session.say("agenda S1")
    assert not session.ask("agenda agree A1", sender="member").ok
    session.say("agenda agree A1")
    assert "- 0:00 A1 Hotlines (10 min, pre-agreed)\n10 minutes;" in session.say("agenda S1")


def test_a_member_changes_and_removes_their_own_suggestion_only_until_it_is_agreed(session: Rig) -> None:
    session.say('agenda suggest S1 "Hotlines" 10m', sender="member")
    session.say("agenda publish S1")
    assert session.ask("agenda change A1 --minutes 15m", sender="member").ok
    session.say("agenda agree A1")
    assert not session.ask("agenda change A1 --minutes 20m", sender="member").ok
    assert not session.ask("agenda remove A1", sender="member").ok
    assert "Length: 15 min" in session.say("A1")


def test_only_chairs_and_editors_put_items_on_the_agenda(session: Rig) -> None:
    said = session.say('agenda add S1 "Hotlines" 10m', sender="member")
    assert said.startswith("Only an editor of S1 or a chair puts items on its agenda. You can suggest one.")
    assert "`agenda suggest S1`" in said


def test_an_item_goes_from_agreed_to_scheduled_to_done_or_carried_over(session: Rig) -> None:
    session.say('agenda add S1 "Hotlines" 10m')
    assert "Now scheduled: A1." in session.say("agenda schedule A1")
    assert "Now done." in session.say("agenda done A1")
    assert "A1 is done, so “carry” does not fit. Possible now: reopen." in session.say("agenda carry A1")
    session.say("agenda reopen A1")
    session.say("agenda carry A1")
    assert "Carried over, not counted\n- A1 Hotlines (10 min)" in session.say("agenda S1")


def _order(rig: Rig) -> list[str]:
    return [word for line in rig.say("agenda S1").splitlines() if line.startswith("- ") for word in line.split()[2:3]]


def test_items_move_and_the_others_close_up(toolkit: Rig) -> None:
    toolkit.say("agenda move A6 --position 2")
    assert _order(toolkit) == ["A1", "A6", "A2", "A3", "A4", "A5", "A7", "A8"]
    toolkit.say("agenda move A1 --part 3 --position 1")
    assert _order(toolkit) == ["A6", "A2", "A3", "A4", "A5", "A7", "A1", "A8"]
    toolkit.say("agenda remove A3")
    assert _order(toolkit) == ["A6", "A2", "A4", "A5", "A7", "A1", "A8"]
    toolkit.say("undo")
    assert _order(toolkit) == ["A6", "A2", "A3", "A4", "A5", "A7", "A1", "A8"]


def test_an_item_is_added_at_a_place(toolkit: Rig) -> None:
    toolkit.say('agenda add S1 "Opening" 1m --position 1')
    assert _order(toolkit)[:2] == ["A9", "A1"]


def test_an_item_moves_by_the_words_that_people_type(toolkit: Rig) -> None:
    for where, order in (("up", "A2 A1 A3"), ("last", "A1 A3 A4"), ("first", "A2 A1 A3"), ("down", "A1 A2 A3"), ("3", "A1 A3 A2")):
        toolkit.say(f"agenda move A2 {where}")
        assert " ".join(_order(toolkit)[:3]) == order, where
    assert "A1 is first in part 1 already." in toolkit.say("agenda move A1 up")
    assert "is none of up, down, first, last" in toolkit.say("agenda move A1 sideways")


def test_all_of_a_session_is_agreed_and_scheduled_by_the_word_all(session: Rig) -> None:
    session.say("agenda add S1 Welcome 5m")
    session.say("agenda add S1 Panel 5m")
    assert "Say of which session all are meant" in session.say("agenda schedule all")
    assert "Now scheduled: A1, A2." in session.say("agenda schedule S1 all")


def test_an_item_that_nobody_says_where_to_move_stays(toolkit: Rig) -> None:
    assert "Say where to move A1" in toolkit.say("agenda move", values={"item": "A1"})


def test_the_id_of_an_item_finds_its_agenda(toolkit: Rig) -> None:
    assert toolkit.say("agenda A3") == toolkit.say("agenda S1")


def test_agendas_are_listed_with_their_totals(toolkit: Rig) -> None:
    toolkit.say('proposal new "Without an agenda" --description Example')
    assert "- S1 Online child protection toolkits (2027): 95 minutes" in toolkit.say("agendas 2027")
    assert "S2" not in toolkit.say("agendas")


@pytest.mark.parametrize(
    "line",
    [
        "agenda S9",
        'agenda add S1 "Talk" soon',
        'agenda add S1 "Talk" 5m --part 0',
        'agenda add S1 "Talk" 5m --who M77',
        'agenda add S1 "Talk" 5m --moderator "Ana, Ben"',
        "agenda change A1 --minutes long",
        "A99",
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_changed(toolkit: Rig, line: str) -> None:
    before = toolkit.say("agenda S1")
    assert not toolkit.ask(line).ok
    assert toolkit.say("agenda S1") == before
