"""Spellings that are proposed, merged and told apart, as people ask for it."""

import json

from bot.coalition.agendas import Item, Who
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, MemberId, NameId, OrganisationId, PersonId, SessionId
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.programmes import Programme
from bot.coalition.reports import Report
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Stamp
from bot.testing import OPERATOR, Rig
from storage import exporting
from storage.store import SqlStore

JIM = PersonId("N1")
PENDERGAST = PersonId("N2")


def _fill(rig: Rig) -> None:
    """Two spellings of a moderator and of his company, named wherever a record can name them."""
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup", undoable=False)) as records:
        records.add(Cycle(id="2012", state="past"))
        records.add(Organisation(name="e-NACSO", source="seed 2", country="Belgium"))
        records.add(Organisation(name="eNACSO", aliases=("eNasco",), source="seed 1", site="https://www.enacso.eu"))
        both = (OrganisationId("O1"), OrganisationId("O2"))
        records.add(PublishedName(name="Jim Prendergast", organisations=both[:1], source="seed 1"))
        records.add(PublishedName(name="Jim Pendergast", organisations=both[1:], source="seed 2", different=(NameId("N1"),)))
        records.add(PublishedName(name="Jim Prendergrast", source="seed 2"))
        year, session = CycleId("2012"), SessionId("S1")
        records.add(Session(cycle=year, title="Coalition meeting", state="held", organisers=both, editors=(JIM, PENDERGAST)))
        records.add(
            RoleSlot(session=session, role="online moderator", person=JIM, label="Jim Prendergast", state="suggested", note="asked")
        )
        records.add(RoleSlot(session=session, role="online moderator", person=PENDERGAST, label="Jim Pendergast", state="attended"))
        records.add(RoleSlot(session=session, role="speaker", person=PENDERGAST, label="Jim Pendergast", state="attended"))
        speakers = (Who("Jim Prendergast", person=JIM), Who("Jim Pendergast", person=PENDERGAST), Who("Somebody"))
        records.add(Item(session=session, title="Opening", who=speakers, moderator=Who("Jim Pendergast", person=PENDERGAST)))
        records.add(Report(session=session, template="igf-2012", reporter=PENDERGAST))
        records.add(Programme(organisation=both[1], area="5 Capacity", name="Training"))
        records.change(records.get(type(records.any("M2")), "M2"), organisations=both[1:])


def _records(store: SqlStore) -> list[str]:
    """The export without its trail and counters."""
    lines: list[bytes] = []
    exporting.export(store, lines.append)
    return [line.decode() for line in lines if "record" in json.loads(line)]


def test_a_merge_moves_every_reference_and_undo_brings_all_of_it_back(rig_on_both: Rig, store: SqlStore) -> None:
    rig = rig_on_both
    _fill(rig)
    before = _records(store)
    assert "S1.r2" in rig.say("aliases N1 N2")
    said = rig.say("aliases merge N2 N1")
    assert said.startswith("N1 Jim Prendergast is also written Jim Pendergast.")
    assert "Moved: A1; S1; S1.r2; S1.r3; S1.t1." in said
    with store.transaction() as records:
        assert records.referrers("N2") == []
        slots = {slot.role: slot for slot in records.all(RoleSlot, session="S1")}
        assert [*slots] == ["online moderator", "speaker"]
        assert (slots["online moderator"].state, slots["online moderator"].note) == ("attended", "asked")
        item = records.get(Item, "A1")
        assert [who.name for who in item.who] == ["Jim Prendergast", "Somebody"]
        assert records.get(Session, "S1").editors == (JIM,)
        name = records.get(PublishedName, "N1")
        assert (name.organisations, name.source, name.different) == (("O1", "O2"), "seed 1; seed 2", ())
    rig.say("undo")
    assert _records(store) == before
    rig.say("aliases merge O1 O2")
    with store.transaction() as records:
        body = records.get(Organisation, "O2")
        assert (body.aliases, body.country, body.site) == (("eNasco", "e-NACSO"), "Belgium", "https://www.enacso.eu")
        assert records.get(Session, "S1").organisers == ("O2",)
        assert records.get(PublishedName, "N1").organisations == ("O2",)
    assert "W1 Training" in rig.say("O2")
    rig.say("undo")
    assert _records(store) == before


def test_a_claim_is_kept_and_those_of_two_members_are_not_mixed(rig: Rig) -> None:
    _fill(rig)
    rig.say("name claim N2", sender="member")
    rig.say("name confirm N2")
    rig.say("name claim N3")
    refused = rig.say("aliases merge N3 N2")
    assert "claimed by two different members" in refused
    assert "`name unclaim N3`" in refused
    assert "claimed by two different members" in rig.say("aliases N2 N3")
    rig.say("aliases merge N2 N1")
    with rig.store.transaction() as records:
        name = records.get(PublishedName, "N1")
        assert (name.member, name.claim) == (MemberId("M2"), "confirmed")


def test_proposals_are_listed_with_reasons_and_a_dismissed_one_is_not_proposed_again(rig: Rig) -> None:
    _fill(rig)
    said = rig.say("aliases", sender="member")
    assert "O1 e-NACSO and O2 eNACSO: spelt the same" in said
    assert "N2 Jim Pendergast and N3 Jim Prendergrast: spelt nearly alike: Pendergast / Prendergrast" in said
    assert "N1 Jim Prendergast and N2 " not in said  # The record says that they are different.
    assert "aliases merge" not in rig.say("aliases N2 N3", sender="member")
    assert "They are different: `aliases dismiss N2 N3`" in rig.say("aliases N2 N3")
    assert "N3 Jim Prendergrast and N2 Jim Pendergast are different" in rig.say("aliases dismiss N3 N2")
    assert "N2 Jim" not in rig.say("aliases N3")
    assert "different already" in rig.say("aliases dismiss N2 N3")
    rig.say("undo")
    assert "N2 Jim" in rig.say("aliases N3")


def test_what_speaks_for_and_against_a_merge_is_weighed(rig: Rig) -> None:
    _fill(rig)
    rig.say("name change N3 --organisations O1")
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup", undoable=False)) as records:
        records.add(RoleSlot(session=SessionId("S1"), role="speaker", person=PersonId("N3")))
    said = rig.say("aliases N2 N3")
    assert "For it: spelt nearly alike: Pendergast / Prendergrast; both with eNACSO." in said
    assert "Against it: named in the same session, S1." in said


def test_only_a_chair_merges_and_only_what_is_alike_in_kind(rig: Rig) -> None:
    _fill(rig)
    assert not rig.ask("aliases merge N2 N1", sender="member").ok
    assert "cannot be one" in rig.say("aliases merge N2 O1")
    assert "itself already" in rig.say("aliases merge N2 N2")
    assert "There is no name N9" in rig.say("aliases merge N9 N1")
    rig.say("aliases dismiss N1 N3")
    assert "No two spellings" in rig.say("aliases N1")
