"""Sign-posts: who goes, what lies at the same time, and what was brought back."""

from datetime import timedelta

from bot.message import plain
from bot.testing import Rig


def _put_up(rig: Rig) -> None:
    rig.say(
        'signpost add "Age assurance and privacy" --start "2027-05-12 10:00" --minutes 60m --organiser "Example University"',
        sender="member",
    )


def test_a_member_puts_one_up_goes_there_and_brings_something_back(rig_on_both: Rig) -> None:
    rig = rig_on_both
    _put_up(rig)
    shown = rig.say("signposts")
    assert "G1 Age assurance and privacy, Example University: Wed 12 May 2027 10:00 Europe/Berlin" in shown
    assert "For us: nobody yet" in shown
    assert "For the coalition: Ben Example" in rig.say("signpost represent G1", sender="member")
    assert "Only a member" in rig.say("signpost represent G1", sender="stranger")
    rig.say('member add "Cleo Example"')
    rig.say("member link M3 console:cleo")
    assert "Somebody represents the coalition at G1 already" in rig.say("signpost represent G1", sender="cleo")
    feedback = 'signpost feedback G1 "They want our list for their guide"'
    assert "G1 has not begun: Wed 12 May 2027 10:00 Europe/Berlin" in rig.say(feedback, sender="member")
    rig.clock.move(timedelta(days=180))
    rig.say(feedback, sender="member")
    assert "feedback is in" in rig.say("signposts")
    assert "G1" in rig.say("search guide list")
    rig.say("undo", sender="member")
    assert "feedback is in" not in rig.say("signposts")


def test_what_lies_at_the_same_time_is_said_and_who_would_be_in_two_places(rig: Rig) -> None:
    _put_up(rig)
    rig.say('call add "Our own call" 2027-05-12 10:30 Europe/Berlin')
    rig.say("slot add S1 moderator M2")
    assert "At the same time" in rig.say("signpost G1")
    assert "has a part in it" not in rig.say("signpost G1")
    assert "S1 Our own call, Wed 12 May 2027 10:30 Europe/Berlin" in rig.say("signpost represent G1 M2")
    assert "whoever goes there for us has a part in it" in rig.say("G1")
    rig.say("call move S1 2027-05-12 11:00 Europe/Berlin")
    assert "At the same time" not in rig.say("G1")


def test_only_who_put_it_up_who_goes_and_chairs_may_change_it(rig: Rig) -> None:
    rig.say('signpost add "Another one"')
    assert "Only who put G1 up" in rig.say("signpost change G1 --room 4", sender="member")
    rig.say("signpost represent G1", sender="member")
    assert "Where: 4" in rig.say("signpost change G1 --room 4", sender="member")
    assert "taken down" in rig.say("signpost remove G1")
    rig.say("undo")
    assert "Where: 4" in rig.say("G1")


def test_who_was_there_is_asked_for_feedback_until_it_is_given(rig: Rig) -> None:
    _put_up(rig)
    rig.say("signpost represent G1 M2")
    rig.say("plan on")
    rig.clock.move(timedelta(days=171))
    rig.deliver()
    asked = [plain(sent.message) for _, sent in rig.pass_time(timedelta(days=3)) if sent.place.room == "member"]
    assert sum("What do you bring back from G1" in text for text in asked) == 1
    rig.say('signpost feedback G1 "They want our list"', sender="member")
    later = [plain(sent.message) for _, sent in rig.pass_time(timedelta(days=9)) if sent.place.room == "member"]
    assert not any("G1" in text for text in later)
