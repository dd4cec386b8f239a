"""What platforms say of accounts: kept with the account, and the member's own as long as nobody wrote something else."""

import asyncio
from datetime import timedelta

import pytest

from bot.coalition.members import AccountLink, Member
from bot.message import Form, plain
from bot.request import Account, Place, Profile, Request
from bot.testing import Rig

_HOUR = timedelta(hours=1)
BEN = Account("console", "member")
CY = Account("slack", "U9")


def _observe(rig: Rig, account: Account, profile: Profile) -> None:
    asyncio.run(rig.desk.observe(account, profile))


def _say(rig: Rig, line: str, sender: Account, profile: Profile | None) -> str:
    reply = asyncio.run(rig.desk.answer(Request(line, sender, Place(sender.platform, sender.user_id, private=True), profile=profile)))
    assert reply is not None
    return plain(reply)


def _kept(rig: Rig, account: Account) -> tuple[Member, AccountLink]:
    with rig.store.transaction() as records:
        link = records.get(AccountLink, str(account))
        return records.get(Member, link.member), link


def test_what_a_platform_says_is_kept_with_the_account(rig_on_both: Rig) -> None:
    _observe(rig_on_both, BEN, Profile("Ben at work", "Asia/Tokyo"))
    member, link = _kept(rig_on_both, BEN)
    assert (link.name, link.zone, link.gone) == ("Ben at work", "Asia/Tokyo", False)
    assert (member.name, member.zone) == ("Ben Example", "Africa/Nairobi")


def test_who_joined_with_the_platforms_name_and_zone_follows_them(rig: Rig) -> None:
    form = asyncio.run(rig.desk.answer(_request("join", Profile("Cy Example", "Asia/Tokyo"))))
    assert isinstance(form, Form)
    values = {question.name: question.value for question in form.questions if question.value}
    assert values == {"name": "Cy Example", "zone": "Asia/Tokyo"}
    asyncio.run(rig.desk.answer(_request("join", Profile("Cy Example", "Asia/Tokyo"), values)))
    _observe(rig, CY, Profile("Cyrus Example", "Asia/Seoul"))
    member, _ = _kept(rig, CY)
    assert (member.name, member.zone) == ("Cyrus Example", "Asia/Seoul")


def _request(line: str, profile: Profile, values: dict[str, str] | None = None) -> Request:
    return Request(line, CY, Place("slack", CY.user_id, private=True), values or {}, profile=profile)


def test_joining_in_one_line_takes_the_zone_that_the_line_does_not_say(rig: Rig) -> None:
    _say(rig, "join Cy", CY, Profile("Cy Example", "Asia/Tokyo"))
    assert _kept(rig, CY)[0].zone == "Asia/Tokyo"
    _say(rig, "join Dora --zone Europe/Rome", Account("slack", "U8"), Profile("Dora", "Asia/Tokyo"))
    assert _kept(rig, Account("slack", "U8"))[0].zone == "Europe/Rome"


def test_what_a_member_wrote_by_hand_is_not_overridden(rig: Rig) -> None:
    said = Profile("Cy Example", "Asia/Tokyo")
    asyncio.run(rig.desk.answer(_request("join", said, {"name": "Cy Example"})))
    _say(rig, "me change --zone Europe/Rome", CY, said)
    _observe(rig, CY, Profile("Cy Other", "Asia/Seoul"))
    member, _ = _kept(rig, CY)
    assert (member.name, member.zone) == ("Cy Other", "Europe/Rome")


def test_an_answered_request_brings_what_is_new(rig: Rig) -> None:
    _say(rig, "join Cy", CY, Profile("Cy Example", "Asia/Tokyo"))
    assert "Asia/Seoul" in _say(rig, "me", CY, Profile("Cy Example", "Asia/Seoul"))
    assert _kept(rig, CY)[1].zone == "Asia/Seoul"


def test_what_a_platform_says_is_no_change_of_anybodys_to_undo_and_no_sign_of_life(rig: Rig) -> None:
    rig.say("project add Directory", sender="member")
    _observe(rig, BEN, Profile("Ben", "Africa/Nairobi"))
    assert "Taken back: project nominate (P1)" in rig.say("undo", sender="member")


def test_the_trail_tells_that_a_profile_changed_and_no_value(rig: Rig) -> None:
    _say(rig, "join Cy", CY, Profile("Cy", "Asia/Tokyo"))
    _observe(rig, CY, Profile("Cyrus Example", "Asia/Seoul"))
    history = rig.say("history M3", sender="member")
    assert "slack:profiles, profile" in history
    assert "Seoul" not in history
    assert "-> Cyrus" not in history
    assert "U9" not in history


@pytest.mark.parametrize(
    "said", [Profile(), Profile(zone="Mars/Phobos"), Profile(zone="\x00"), Profile(zone="CET"), Profile(name=" \u202e ")]
)
def test_what_is_nothing_changes_nothing(rig: Rig, said: Profile) -> None:
    _say(rig, "join Cy", CY, Profile("Cy", "Asia/Tokyo"))
    before = _kept(rig, CY)
    _observe(rig, CY, said)
    assert _kept(rig, CY) == before


def test_nothing_is_kept_of_an_account_that_is_nobodys(rig: Rig) -> None:
    _observe(rig, Account("slack", "U1"), Profile("Somebody", "Asia/Tokyo"))
    with rig.store.transaction() as records:
        assert records.find(AccountLink, "slack:U1") is None


def test_times_are_in_the_zone_of_a_stranger(rig: Rig) -> None:
    rig.say('deadline add "Call for issues" "2026-12-01 12:00 UTC"')
    assert "21:00 Asia/Tokyo" in _say(rig, "D1", CY, Profile("Cy", "Asia/Tokyo"))
    assert "12:00 UTC" in _say(rig, "D1", CY, Profile("Cy", "No/Where"))


def test_an_outsider_is_a_stranger_whom_a_chair_lets_in(rig: Rig) -> None:
    guest = Profile("Cy Example", "Asia/Tokyo", outsider=True)
    refused = _say(rig, 'join "Cy Example"', CY, guest)
    assert "a chair has to let you in" in refused
    assert "member link M4 slack:U9" in refused
    assert "`join`" not in _say(rig, "M1", CY, guest)
    rig.say('member add "Cy Example"')
    rig.say("member link M3 slack:U9")
    assert "M1 Ana Example" in _say(rig, "M1", CY, guest)


def test_letters_go_to_another_account_where_one_is_closed(rig: Rig) -> None:
    rig.say("member link M2 console:phone")
    rig.deliver()
    rig.say('remind me "call" in 1 hour', sender="member")
    _observe(rig, BEN, Profile(gone=True))
    rig.clock.move(_HOUR)
    assert [sent.place.room for sent in rig.deliver()] == ["phone"]
    assert "Accounts: console:member (closed), console:phone" in rig.say("member M2")


def test_a_room_hears_that_somebody_whose_only_account_is_closed_cannot_be_reached(rig: Rig) -> None:
    rig.say("room bind announcements", room="hall")
    rig.say('remind me "call" in 1 hour', sender="member")
    _observe(rig, BEN, Profile(gone=True))
    rig.clock.move(_HOUR)
    (sent,) = rig.deliver()
    assert (sent.place.room, sent.place.private) == ("hall", False)
    assert "call" not in plain(sent.message)
    assert "cannot write to them in private" in plain(sent.message)


def test_nobody_new_is_promised_a_reminder_at_a_closed_account(rig: Rig) -> None:
    _observe(rig, BEN, Profile(gone=True))
    assert "has no account here" in rig.say('remind Ben "call" tomorrow 9:00')
    _observe(rig, BEN, Profile("Ben"))
    assert rig.ask('remind Ben "call" tomorrow 9:00').ok


def test_an_account_that_a_chair_links_later_is_known_by_what_its_platform_says(rig: Rig) -> None:
    _say(rig, "help", CY, Profile("Cy Example", "Asia/Tokyo"))
    rig.say("member link M2 slack:U9")
    _say(rig, "help", CY, Profile("Cy Example", "Asia/Tokyo"))
    assert _kept(rig, CY)[1].zone == "Asia/Tokyo"
