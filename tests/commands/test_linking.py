"""Joining the accounts of one person with a short code."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.coalition.codes import LASTS, TRIES
from bot.coalition.linking import LETTERS
from bot.coalition.members import AccountLink
from bot.errors import DeliveryError
from bot.message import Button, Message, plain, walk
from bot.request import Account, Place, Profile, Request
from bot.testing import Rig
from storage.store import SqlStore

PHONE = Account("slack", "U9")


def _code(rig: Rig, sender: str = "member") -> str:
    found = re.search(r"Your code is (\S+)", rig.say("link", sender=sender))
    assert found
    return found[1]


def _say(rig: Rig, line: str, sender: Account = PHONE) -> str:
    place = Place(sender.platform, sender.user_id, private=True)
    reply = asyncio.run(rig.desk.answer(Request(line, sender, place, profile=Profile("Ben", "Asia/Tokyo"))))
    assert isinstance(reply, Message)
    assert reply.private
    return plain(reply)


def test_a_code_makes_another_account_ones_own(rig_on_both: Rig) -> None:
    assert "This account is now yours: you are M2 Ben Example." in _say(rig_on_both, f"link {_code(rig_on_both)}")
    assert "You are M2 Ben Example" in _say(rig_on_both, "me")
    assert "Accounts: console:member, slack:U9" in rig_on_both.say("me", sender="member")
    with rig_on_both.store.transaction() as records:
        link = records.get(AccountLink, "slack:U9")
    assert (link.name, link.zone) == ("Ben", "Asia/Tokyo")


def test_a_code_is_for_the_askers_eyes_in_letters_that_nobody_mistakes(rig: Rig) -> None:
    reply = rig.ask("link", sender="member", room="hall")
    assert isinstance(reply, Message)
    assert reply.private
    code = reply.title.split()[-1]
    assert re.fullmatch(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}", code)
    assert not set("01ILOU") & set(LETTERS)


@pytest.mark.parametrize("written", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", ""), "“{}”".format])
def test_a_code_is_read_as_people_write_it(rig: Rig, written: object) -> None:
    assert callable(written)
    assert "now yours" in _say(rig, f"link {written(_code(rig))}")


def test_the_code_of_an_account_that_was_taken_away_is_over(rig: Rig) -> None:
    rig.say("member link M2 slack:U7")
    found = re.search(r"Your code is (\S+)", _say(rig, "link", Account("slack", "U7")))
    assert found
    rig.say("member unlink M2 slack:U7")
    assert "That code is over" in _say(rig, f"link {found[1]}")
    assert "You are M2" not in _say(rig, "me")


def test_a_code_is_used_once(rig: Rig) -> None:
    code = _code(rig)
    _say(rig, f"link {code}")
    assert "not a code I gave" in _say(rig, f"link {code}", Account("slack", "U8"))


def test_a_code_is_over_after_ten_minutes(rig: Rig) -> None:
    code = _code(rig)
    rig.clock.move(LASTS)
    assert "That code is over" in _say(rig, f"link {code}")
    assert "belongs to no member" in _say(rig, "me")


def test_a_new_code_ends_the_one_before(rig: Rig) -> None:
    first, second = _code(rig), _code(rig)
    assert "not a code I gave" in _say(rig, f"link {first}")
    assert "now yours" in _say(rig, f"link {second}")


def test_a_code_is_not_for_the_account_that_got_it_nor_for_one_that_is_ones_own(rig: Rig) -> None:
    code = _code(rig)
    assert "This is the account that was given the code" in rig.say(f"link {code}", sender="member")
    _say(rig, f"link {code}")
    assert "slack:U9 is yours already" in _say(rig, f"link {_code(rig)}")


def test_two_members_are_joined_by_a_chair_only(rig: Rig) -> None:
    refused = rig.say(f"link {_code(rig)}", sender="chair")
    assert "console:chair belongs to M1, and the code to another member" in refused
    assert "ask a chair" in refused


def test_an_account_without_a_member_gets_no_code(rig: Rig) -> None:
    assert "belongs to no member yet" in _say(rig, "link")


def test_wrong_codes_are_bounded_and_the_right_one_must_wait_then(rig_on_both: Rig) -> None:
    code = _code(rig_on_both)
    for _ in range(TRIES):
        assert "not a code I gave" in _say(rig_on_both, "link AAAA-AAAA")
    assert "wrong codes" in _say(rig_on_both, f"link {code}")
    rig_on_both.clock.move(timedelta(minutes=10))
    assert "now yours" in _say(rig_on_both, f"link {_code(rig_on_both)}")


def test_no_code_is_kept_as_it_is(rig_on_both: Rig, store: SqlStore) -> None:
    code = _code(rig_on_both).replace("-", "")
    with store.engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM codes")).all())
    assert "console:member" in rows
    assert code not in rows.replace("-", "")


def test_a_code_of_somebody_who_is_no_member_any_more_joins_nothing(rig: Rig) -> None:
    code = _code(rig)
    rig.say("member deactivate M2")
    assert "no active member" in _say(rig, f"link {code}")
    code = _code(rig, "chair")
    rig.say("member admit M2")
    rig.say("member chair M2")
    rig.say("me forget --yes")
    assert "not a code I gave" in _say(rig, f"link {code}")


def test_a_member_takes_an_account_of_their_own_away_but_not_the_one_in_use(rig: Rig) -> None:
    _say(rig, f"link {_code(rig)}")
    assert "the account you are using" in _say(rig, "unlink slack:U9")
    assert "slack:U9 is no longer yours" in rig.say("unlink slack:U9", sender="member")
    assert "belongs to no member" in _say(rig, "me")
    assert "not linked to M2" in rig.say("unlink console:chair", sender="member")


def test_joining_and_parting_are_in_the_trail_without_the_account(rig: Rig) -> None:
    _say(rig, f"link {_code(rig)}")
    rig.say("unlink slack:U9", sender="member")
    with rig.store.transaction() as records:
        whats = [change.what for change in records.trail.history("slack:U9", limit=10)]
    assert {"link", "unlink"} <= set(whats)
    assert "cannot be undone" in rig.say("undo", sender="member")


def test_the_other_accounts_are_told_that_a_further_one_acts_as_their_member(rig: Rig) -> None:
    rig.say("member link M2 slack:U2")
    rig.deliver()
    _say(rig, f"link {_code(rig)}")
    (told,) = rig.deliver()
    assert told.place == Place("console", "member", private=True)
    assert plain(told.message).startswith("slack:U9 (Ben) now acts as you.\nSince Sat 21 Nov 2026")
    assert _lines(told.message)["That is not me"] == "unlink slack:U9"
    with rig.store.transaction() as records:
        waiting = records.outbox.letters("waiting", limit=9)
    assert [(letter.place, letter.about) for letter in waiting] == [(Place("slack", "U2", private=True), "slack:U9")]
    rig.say(_lines(told.message)["That is not me"], sender="member")
    assert "belongs to no member" in _say(rig, "me")


def _lines(message: Message) -> dict[str, str]:
    return {node.label: node.line for node in walk(message) if isinstance(node, Button)}


def test_an_account_that_a_chair_joins_is_told_to_its_member_too(rig: Rig) -> None:
    rig.say("member link M2 slack:U9")
    (told,) = rig.deliver()
    assert told.place == Place("console", "member", private=True)
    assert plain(told.message).startswith("slack:U9 now acts as you.")


def test_who_joins_an_account_to_themselves_is_not_told_what_they_said(rig: Rig) -> None:
    rig.say("member link M1 slack:U9")
    assert rig.deliver() == []


def test_nothing_is_told_of_an_account_that_was_taken_away_meanwhile(rig: Rig) -> None:
    _say(rig, f"link {_code(rig)}")
    rig.say("unlink slack:U9", sender="member")
    assert rig.deliver() == []


def test_the_news_of_an_account_goes_nowhere_else_than_to_the_others(rig: Rig) -> None:
    rig.say("room bind announcements", room="hall")
    _say(rig, f"link {_code(rig)}")
    rig.platform.failures = [DeliveryError("no such user")]
    assert rig.deliver() == []
    assert "linked slack:U9 to a direct chat on console, parked" in rig.say("outbox")


def test_no_letter_keeps_the_account_of_somebody_who_was_forgotten(rig_on_both: Rig, store: SqlStore) -> None:
    _say(rig_on_both, f"link {_code(rig_on_both)}")
    rig_on_both.deliver()
    rig_on_both.say("me forget --yes", sender="member")
    with store.engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM letters")).all())
    assert "linked" in rows
    assert "U9" not in rows


def test_an_outsiders_account_is_joined_by_a_chair_only(rig: Rig) -> None:
    guest = Request(f"link {_code(rig)}", PHONE, Place("slack", "U9", private=True), profile=Profile("Ben", "Asia/Tokyo", outsider=True))
    refused = asyncio.run(rig.desk.answer(guest))
    assert isinstance(refused, Message)
    assert "member link M2 slack:U9" in plain(refused)
    assert "now an account of M2" in rig.say("member link M2 slack:U9")
