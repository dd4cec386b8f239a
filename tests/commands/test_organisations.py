"""Organisations, published names and programmes as people ask for them."""

import pytest

from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, PersonId, SessionId
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Stamp
from bot.testing import OPERATOR, Rig


@pytest.fixture
def hope(rig: Rig) -> Rig:
    """Hope Line, O1, with the member Ben; N1 is a published name."""
    rig.say('organisation add "Hope Line" --aliases "HopeLine, Hope-Line" --site www.example.org')
    rig.say("member change M2 --organisation O1")
    rig.say('name add "B. Example" --organisations hopeline --source "Session 7"')
    return rig


def test_an_organisation_shows_its_spellings_and_people(hope: Rig) -> None:
    reply = hope.say("O1", sender="member")
    assert "Also written: HopeLine, Hope-Line" in reply
    assert "Website: https://www.example.org" in reply
    assert "Members: M2 Ben Example" in reply
    assert "Published names: N1 B. Example" in reply


def test_strangers_do_not_see_an_organisations_members(hope: Rig) -> None:
    assert "Ben" not in hope.say("O1", sender="stranger")


def test_a_member_listed_by_group_only_is_not_shown_with_the_organisation(hope: Rig) -> None:
    hope.say("me change --visibility group", sender="member")
    hope.say("join Cy", sender="cy")
    assert "M2" not in hope.say("O1", sender="cy")


@pytest.mark.parametrize("spelling", ["Hope Line", "hopeline", "HOPE-LINE"])
def test_a_spelling_belongs_to_one_organisation(hope: Rig, spelling: str) -> None:
    assert f"O1 Hope Line goes by “{spelling}” already" in hope.say(f'organisation add "{spelling}"')
    hope.say("organisation add Other")
    assert not hope.ask(f'organisation change O2 --aliases "{spelling}"').ok


def test_an_organisation_is_changed_by_its_members_and_chairs(hope: Rig) -> None:
    hope.say("join Cy", sender="cy")
    assert not hope.ask("organisation change O1 --country Kenya", sender="cy").ok
    assert "Country: Kenya" in hope.say("organisation change O1 --country Kenya", sender="member")


def test_a_published_name_shows_in_which_roles_it_was_published(hope: Rig) -> None:
    with hope.store.transaction(Stamp(OPERATOR, None, hope.clock(), "test")) as records:
        session = records.add(Session(cycle=CycleId(records.all(Cycle)[0].id), title="Toolkits"))
        records.add(RoleSlot(session=SessionId(session.id), role="moderator", person=PersonId("N1"), label="Mr B. Example"))
    assert "S1 Toolkits (2027): moderator (Mr B. Example)" in hope.say("N1")


def test_a_member_claims_a_name_and_a_chair_confirms(hope: Rig) -> None:
    assert "Claim: claimed: M2 Ben Example" in hope.say("name claim N1", sender="member")
    assert not hope.ask("name confirm N1", sender="member").ok
    assert "Claim: confirmed: M2 Ben Example" in hope.say("name confirm N1")
    assert "Published as: N1 B. Example (confirmed)" in hope.say("me", sender="member")


def test_a_name_is_claimed_by_one_member(hope: Rig) -> None:
    hope.say("name claim N1", sender="member")
    assert "claimed by somebody else" in hope.say("name claim N1")
    hope.say("join Cy", sender="cy")
    assert not hope.ask("name unclaim N1", sender="cy").ok
    hope.say("name unclaim N1")
    assert hope.ask("name claim N1", sender="cy").ok


def test_a_name_nobody_claimed_is_not_confirmed(hope: Rig) -> None:
    assert "Nobody has claimed N1" in hope.say("name confirm N1")


def test_a_claim_does_not_name_a_member_who_is_listed_by_group_only(hope: Rig) -> None:
    hope.say("me change --visibility group", sender="member")
    hope.say("name claim N1", sender="member")
    hope.say("join Cy", sender="cy")
    assert "M2" not in hope.say("N1", sender="cy") + hope.say("history N1", sender="cy")
    assert "Claim: claimed: M2" in hope.say("N1", sender="chair")


def test_only_chairs_add_and_change_published_names(hope: Rig) -> None:
    assert not hope.ask("name add X", sender="member").ok
    assert not hope.ask("name change N1 --title X", sender="member").ok
    assert "N1 Ben Example" in hope.say('name change N1 --title "Ben Example" --aliases "B. Example"')


PROGRAMME = 'programme add "Global guidelines" --organisation "hope line" --area "5 Promote capacity building"'


def test_a_programme_belongs_to_an_organisation_and_an_area(hope: Rig) -> None:
    hope.say(PROGRAMME + ' --countries "Belize, Jamaica"', sender="member")
    assert "W1 Global guidelines (Hope Line; area 5; never checked)" in hope.say("programmes --area 5")
    assert "W1" in hope.say("programmes --area capacity --organisation O1")
    assert "W1" not in hope.say("programmes --area 2")
    assert "Countries: Belize, Jamaica" in hope.say("W1", sender="stranger")


def test_a_programme_is_kept_by_its_organisation_and_chairs(hope: Rig) -> None:
    hope.say("join Cy", sender="cy")
    assert not hope.ask(PROGRAMME, sender="cy").ok
    hope.say(PROGRAMME)
    for line in ("programme checked W1", "programme change W1 --summary Mine"):
        assert not hope.ask(line, sender="cy").ok
        assert hope.ask(line, sender="member").ok


def test_a_programme_is_not_given_to_an_organisation_one_does_not_belong_to(hope: Rig) -> None:
    hope.say(PROGRAMME)
    hope.say("organisation add Other")
    assert not hope.ask("programme change W1 --organisation O2", sender="member").ok
    assert "Organisation: O1 Hope Line" in hope.say("W1")


def test_checking_a_programme_notes_the_day(hope: Rig) -> None:
    hope.say(PROGRAMME)
    assert "Last checked: Sat 21 Nov 2026" in hope.say("programme checked W1", sender="member")
    assert "checked today" in hope.say("programmes")
