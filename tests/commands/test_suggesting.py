"""Suggestions for an agenda: nobody learns of one by any way, until all are published together."""

import asyncio
import json

from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.store import Stamp
from bot.coalition.suggestions import Suggestion
from bot.message import File, Message, plain
from bot.request import Account, Place, Request
from bot.testing import OPERATOR, Rig

ROUTES = (
    "agenda S1", "agenda S1.g1", "agenda suggestions S1", "agenda suggestions S1.g1", "agenda confirmed S1", "agenda arising S1", "agendas",
    "S1", "S1.g1", "session S1", "sessions --all", "slots S1", "history S1", "history S1.g1", "history M2", "history M3", "search Zebra",
    "search suggestion", "me", "members", "member M2", "tasks", "activities", "agenda unsuggest S1.g1", "undo", "home", "more",
)  # fmt: skip


def _joined(rig: Rig) -> Rig:
    """With a session, and a third member who sets up nothing."""
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup", undoable=False)) as records:
        cleo = records.add(Member(name="Cleo Example", zone="UTC"))
        records.add(AccountLink(id="console:cleo", member=MemberId(cleo.id)))
    rig.say('proposal new "Safer apps" --description Talks --minutes 60m')
    return rig


def _everything(rig: Rig, sender: str) -> str:
    """All that somebody can read, alone and in a room, with the copy of their data."""
    said = "".join(rig.say(route, sender=sender) + rig.say(route, sender=sender, room="lobby") for route in ROUTES)
    copy = rig.ask("me export", sender=sender)
    assert isinstance(copy, Message)
    return said + "".join(block.data.decode() for block in copy.blocks if isinstance(block, File))


def test_a_form_does_not_tell_another_member_whether_a_suggestion_is_there(rig: Rig) -> None:
    _joined(rig).say('agenda suggest S1 "Zebra crossings" 10m', sender="member")
    place = Place("console", "cleo", private=True)

    def said(identity: str) -> str:
        asked = Request("agenda unsuggest", Account("console", "cleo"), place, {"suggestion": identity})
        return asyncio.run(rig.desk.check(asked)).questions[0].error

    assert said("S1.g1") == said("S1.g2")
    assert said("S1.x") != ""


def test_another_member_never_learns_of_a_suggestion_by_any_route(rig_on_both: Rig) -> None:
    rig = _joined(rig_on_both)
    before = _everything(rig, "cleo")
    reply = rig.ask('agenda suggest S1 "Zebra crossings" 10m --who M3 --points "Why zebras?"', sender="member", room="lobby")
    assert isinstance(reply, Message)
    assert reply.private
    after = _everything(rig, "cleo")
    assert after.replace("Zebra", "") == before.replace("Zebra", "")
    assert after.count("Zebra") == before.count("Zebra")
    assert "There is no suggestion S1.g1." in rig.say("history S1.g1", sender="cleo")
    assert "There is no suggestion S1.g1." in rig.say("agenda unsuggest S1.g1", sender="cleo")
    assert not any("Zebra" in plain(sent.message) for sent in rig.deliver())


def test_its_author_and_whoever_sets_up_the_agenda_see_it_alone(rig: Rig) -> None:
    _joined(rig).say('agenda suggest S1 "Zebra crossings" 10m', sender="member")
    assert "- S1.g1 Zebra crossings (10 min, part 1)" in rig.say("agenda suggestions S1", sender="member")
    assert "Suggested by Ben Example" in rig.say("agenda suggestions S1")
    assert "Suggestions (1)" in rig.say("agenda S1")
    assert "Suggestions" not in rig.say("agenda S1", room="lobby")
    for sender in ("chair", "member"):
        listed = rig.ask("agenda suggestions S1", sender=sender, room="lobby")
        assert isinstance(listed, Message)
        assert listed.private
    rig.say("session change S1 --editor M1,M3")
    assert "Suggested by Ben Example" in rig.say("agenda suggestions S1", sender="cleo")
    assert "Zebra" in json.dumps(rig.say("S1.g1", sender="cleo"))


def test_all_are_published_together_in_one_step_that_can_be_taken_back(rig: Rig) -> None:
    _joined(rig).say('agenda suggest S1 "Zebra crossings" 10m', sender="member")
    rig.say('agenda suggest S1 "Yaks" 5m --anonymous', sender="cleo")
    assert "Only an editor of S1 or a chair may change it." in rig.say("agenda publish S1", sender="member")
    published = rig.say("agenda publish S1")
    assert "Published: A1, A2." in published
    assert "Agree to all 2: `agenda agree S1 --all`" in published
    assert "Suggested by: Ben Example" in rig.say("A1", sender="cleo")
    assert "Suggested by" not in rig.say("A2")
    assert "Cleo" not in rig.say("history A2") + rig.say("history S1")
    assert "Nothing waits here." in rig.say("agenda suggestions S1")
    assert "S1.g1" in rig.say("undo")
    assert "- S1.g2 Yaks (5 min, part 1)" in rig.say("agenda suggestions S1")
    assert "A1" not in rig.say("agenda S1")
    rig.say("undo")
    assert "- A2 Yaks (5 min)" in rig.say("agenda S1", sender="member")


def test_what_nobody_published_is_taken_back_by_its_author_or_goes_with_them(rig_on_both: Rig) -> None:
    rig = _joined(rig_on_both)
    rig.say('agenda suggest S1 "Zebra crossings" 10m', sender="member")
    assert "S1.g1 is taken back" in rig.say("agenda unsuggest S1.g1", sender="member")
    rig.say("undo", sender="member")
    rig.say('agenda suggest S1 "Yaks"', sender="member")
    rig.say("me forget --yes", sender="member")
    assert "Nothing waits here." in rig.say("agenda suggestions S1")
    with rig.store.transaction() as records:
        assert not records.count(Suggestion)
        assert all(change.old is None and change.new is None for change in records.trail.history("S1.g1", limit=9) if change.personal)
        assert not records.trail.before("S1.g2", 0)["title"]


def test_what_cannot_be_suggested_published_or_agreed_is_refused(rig: Rig) -> None:
    _joined(rig)
    for line in ("agenda suggest S9 Yaks", "agenda suggest S1 Yaks soon", "agenda publish S1", "agenda agree S1 --all", "agenda agree S1"):
        assert not rig.ask(line).ok
