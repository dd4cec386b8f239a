"""The directory: what members, chairs and strangers see, and who may change it."""

import asyncio

import pytest

from bot import plugins
from bot.coalition.members import Member
from bot.deployment import Deployment
from bot.desk import Desk
from bot.message import Message, lines, plain
from bot.request import Account, Place, Request
from bot.testing import Rig


@pytest.fixture
def group_only(rig: Rig) -> Rig:
    """Ben, M2, is listed by group only."""
    rig.say(
        'me change --visibility group --group ngo --region africa --country Kenya --expertise "hotlines: runs the Example one"',
        sender="member",
    )
    return rig


def test_strangers_see_how_many_members_there_are_and_no_name(rig: Rig) -> None:
    reply = rig.say("members", sender="stranger")
    assert "Members: 2" in reply
    assert "Civil Society: 1" in reply
    assert "Example" not in reply
    assert "Only a member may use" in rig.say("M2", sender="stranger")


def test_strangers_see_no_name_of_a_member_in_a_project(rig: Rig) -> None:
    rig.say("project add Directory", sender="member")
    assert "Ben" not in rig.say("P1", sender="stranger")
    assert "Ben Example" in rig.say("P1", sender="chair")


def test_members_are_listed_by_group_and_region(rig: Rig) -> None:
    rig.say('member add "Cy Example" --group government --region grulac --expertise takedown')
    assert "M3 Cy Example (Government, Latin American and Caribbean Group; takedown)" in rig.say("members --region grulac")
    assert "Cy Example" not in rig.say("members --group civil")


def test_the_same_word_is_a_group_and_a_region(rig: Rig) -> None:
    reply = rig.say('member add "Dora Example" --group igo --region "Intergovernmental Organisation"')
    assert "Group: Intergovernmental Organizations\nRegion: Intergovernmental Organization\n" in reply


def test_a_member_listed_by_group_only_is_not_named_to_other_members(group_only: Rig) -> None:
    group_only.say('member add "Cy Example"')
    group_only.say("member link M3 console:cy")
    for line in ("members", "M2", "history M2"):
        reply = group_only.say(line, sender="cy")
        assert "Ben" not in reply
        assert "Kenya" not in reply
        assert "console:member" not in reply
    assert "M2 a member (Civil Society, African Group)\nGroup: Civil Society" in group_only.say("M2", sender="cy")
    assert "Expertise: hotlines\n" in group_only.say("M2", sender="cy")


def test_chairs_and_the_member_see_everything_of_one_listed_by_group_only(group_only: Rig) -> None:
    for sender in ("chair", "member"):
        reply = group_only.ask("M2", sender=sender)
        assert isinstance(reply, Message)
        assert reply.private
        assert "Accounts: console:member" in plain(reply)


def test_a_chairs_answer_in_a_room_names_nobody_who_is_listed_by_group_only(group_only: Rig) -> None:
    room = Place("console", "room")
    reply = asyncio.run(group_only.desk.answer(Request("members", Account("console", "chair"), room)))
    assert reply is not None
    assert "Ana Example" in plain(reply)
    assert "Ben" not in plain(reply)


def test_an_account_is_linked_and_acts_as_its_member(rig: Rig) -> None:
    rig.say("member link M2 console:phone")
    assert "You are M2 Ben Example" in rig.say("me", sender="phone")
    rig.say("member unlink M2 console:phone")
    assert "belongs to no member" in rig.say("me", sender="phone")


def test_an_account_is_linked_to_one_member_only(rig: Rig) -> None:
    assert "linked to M2 already" in rig.say("member link M1 console:member")


@pytest.mark.parametrize("account", ["slack", ":U1", "slack:", "slack:U 1", "https//x"])
def test_what_is_no_account_is_not_linked(rig: Rig, account: str) -> None:
    assert not rig.ask("member link", values={"member": "M2", "account": account}).ok


def test_nobody_unlinks_the_account_they_are_using(rig: Rig) -> None:
    assert "the account you are using" in rig.say("member unlink M1 console:chair")


def test_a_link_is_not_undone_by_undo(rig: Rig) -> None:
    rig.say("member link M2 console:phone")
    assert "cannot be undone" in rig.say("undo")


def test_chairs_make_chairs_and_end_the_office(rig: Rig) -> None:
    assert "Office: chair" in rig.say("member chair M2")
    assert "Now a chair" not in rig.say("member chair M2")
    rig.say("member unchair M1", sender="member")
    assert "Only a chair" in rig.say("member chair M1")


def test_the_only_chair_stays_unless_the_configuration_names_one(rig: Rig) -> None:
    assert "M1 is the only chair" in rig.say("member unchair M1")
    desk = Desk(rig.store, plugins.router(), rig.clock, Deployment(chairs=frozenset({"console:boss"})))
    reply = asyncio.run(desk.answer(Request("member unchair M1", Account("console", "boss"), Place("console", "boss", private=True))))
    desk.close()
    assert reply is not None
    assert "No longer a chair." in plain(reply)


def test_a_chair_without_an_account_does_not_count(rig: Rig) -> None:
    rig.say('member add "Dora Example"')
    rig.say("member chair M3")
    assert "M1 is the only chair" in rig.say("member unchair M1")
    rig.say("member link M3 console:dora")
    assert "No longer a chair." in rig.say("member unchair M1")


def test_an_operator_makes_a_chair(rig: Rig) -> None:
    assert "Now a chair." in rig.say("member chair M2", sender="operator")
    assert "Only a chair or operator may use" in rig.say("member chair M1", sender="stranger")


def test_a_chair_is_neither_refused_nor_deactivated(rig: Rig) -> None:
    assert "M1 is a chair" in rig.say("member deactivate M1")


def test_a_deactivated_member_is_no_longer_listed_until_admitted(rig: Rig) -> None:
    rig.say("member deactivate M2")
    assert "Ben" not in rig.say("members")
    assert "Only a member may use" in rig.say("M1", sender="member")
    rig.say("member admit M2")
    assert "Ben" in rig.say("members")


def test_a_verb_that_does_not_fit_names_those_that_do(rig: Rig) -> None:
    assert "Possible now: refuse, deactivate" in rig.say("member admit M2")


def test_a_member_changes_no_other_member(rig: Rig) -> None:
    assert not rig.ask("member change M1 --country Kenya", sender="member").ok
    assert rig.ask("member change M2 --country Kenya", sender="member").ok


def test_an_unknown_organisation_is_refused_with_the_near_spelling(rig: Rig) -> None:
    rig.say('organisation add "Hope Line"')
    reply = rig.say('member change M2 --organisation "Hop Line"')
    assert "did you mean O1 Hope Line?" in reply
    assert '`organisation add "Hop Line"`' in reply
    assert "Organisations: O1 Hope Line" in rig.say('member change M2 --organisation "hope line"')


def test_a_chair_is_told_when_a_new_member_has_the_name_of_another(rig: Rig) -> None:
    assert "M2 has the same name" in rig.say('member add "Ben Example"')
    rig.say("undo")
    assert "Members: 2" in rig.say("members")


def test_a_change_of_a_member_is_undone(rig: Rig) -> None:
    rig.say("member change M2 --country Kenya")
    rig.say("undo")
    assert "Kenya" not in rig.say("M2")


def test_a_long_directory_is_paged(rig: Rig) -> None:
    with rig.store.transaction() as records:
        assert records.count(Member) == 2
    for number in range(10):
        rig.say(f'member add "Example {number}"')
    assert "1-10 of 12" in rig.say("members")
    assert "11-12 of 12" in rig.say("more")


def test_who_is_no_chair_any_more_can_neither_take_back_nor_redo_a_chairs_change(rig: Rig) -> None:
    rig.say("member chair M2")
    rig.say("cycle change 2027 --city Nairobi", sender="member")
    rig.say("undo", sender="member")
    rig.say("member unchair M2")
    assert "Only a chair may use “cycle change”" in rig.say("undo", sender="member")
    assert "Example City" in rig.say("cycle 2027")


@pytest.mark.parametrize(
    "line",
    ["member {}", "deadline add Call 2027-03-31 --owner {}", "project nominate Directory --lead {}", "member change {} --country Kenya"],
)
def test_a_members_name_proposes_the_line_with_the_id(rig: Rig, line: str) -> None:
    reply = rig.ask(line.format('"Ben Example"'))
    assert isinstance(reply, Message)
    assert lines(reply) == [line.format("M2")]
    assert rig.ask(line.format("M2")).ok


def test_a_part_of_a_members_name_proposes_the_id_too(rig: Rig) -> None:
    reply = rig.ask("project add Directory --lead ben")
    assert isinstance(reply, Message)
    assert lines(reply) == ["project nominate Directory --lead M2"]


def test_one_name_among_several_people_is_told_its_id(rig: Rig) -> None:
    said = rig.say('project add Directory --lead "M1, Ben Example"')
    assert "Write M2 in its place" in said
    assert "There is no project" in rig.say("P1")


def test_a_name_kept_private_is_not_found_by_it(rig: Rig) -> None:
    rig.say("me change --visibility group", sender="member")
    assert "is neither an id nor a name I know: “Ben Example”" in rig.say('project add Directory --lead "Ben Example"')
