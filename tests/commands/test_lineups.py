"""The line-up of a session as people ask for it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.coalition.ids import CycleId, MemberId
from bot.coalition.members import AccountLink, Expertise, Member
from bot.coalition.organisations import PublishedName
from bot.coalition.signposts import SignPost
from bot.coalition.store import Stamp
from bot.message import plain
from bot.shell import demo
from bot.testing import OPERATOR, FakeClock, Rig
from storage.opening import open_store

START = 'session change {} --start "{}" --minutes 60m'


@pytest.fixture
def session(rig: Rig) -> Rig:
    """S1 is a draft of the chair's; Cleo (M3, `console:cleo`) is listed by group only and owns the published name N1."""
    rig.say('proposal new "Safer apps" --description "What app stores can do"')
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        cleo = Member(name="Cleo Example", group="Technical Community", region="African Group", visibility="group", zone="UTC")
        records.add(AccountLink(id="console:cleo", member=MemberId(records.add(cleo).id)))
        records.add(PublishedName(name="C. Published", member=MemberId("M3"), claim="confirmed"))
    return rig


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The sample record; only read from."""
    path: Path = tmp_path_factory.mktemp("lineups") / "sample.db"
    store = open_store(f"sqlite:///{path}")
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    demo.load(store, now)
    rig = Rig(store, FakeClock(now))
    yield rig
    rig.close()
    store.close()


def test_what_a_text_claims_counts_for_nothing(session: Rig) -> None:
    """IGF 2018 WS #239: three speakers of one group and region, and a text that claims several continents."""
    session.say('session change S1 --description "Speakers from academia and civil society, of Africa, Asia and Latin America"')
    for name in ("One", "Two", "Three"):
        session.say(f'slot add S1 speaker --label "Speaker {name}" --affiliation "University of {name}" --group government --region weog')
    seen = session.say("line-up S1")
    assert "■■■ 3 of 3: Government" in seen
    assert "nobody: Civil Society," in seen
    assert "all who declared one are of one stakeholder group: Government" in seen
    assert "all who declared one are of one regional group: Western European and Others Group" in seen


def test_the_sample_has_two_of_one_affiliation_and_a_seat_without_a_name(sample: Rig) -> None:
    seen = sample.say("lineup S2", sender="member")
    assert "8 seats, 7 with a person, 1 without." in seen
    assert "2 under one affiliation, GSMA: S2.r3 Susie Hendrie; S2.r4 Natasha Jackson" in seen
    assert "S2.r6 panellist has no name yet: VGT representative" in seen
    assert "rapporteur yet" in seen


def test_one_person_is_one_seat_whatever_the_roles_and_spellings(session: Rig) -> None:
    session.say('name add "B. Published"')
    session.say("name claim N2", sender="member")
    session.say("name confirm N2")
    for role, person in (("panellist", "M2"), ("moderator", "M2"), ("rapporteur", "N2")):
        session.say(f"slot add S1 {role} {person}")
    assert "1 seat, 1 with a person." in session.say("line-up S1")


def test_a_member_listed_by_group_is_not_given_away_by_what_is_counted(session: Rig) -> None:
    session.say('slot add S1 panellist M3 --affiliation "Cleo Foundation"')
    session.say('slot add S1 panellist N1 --affiliation "Cleo Foundation"')
    seen = session.say("line-up S1", sender="member")
    assert "2 seats, 2 with a person." in seen
    assert "Cleo" not in seen.replace("C. Published", "")
    assert "■□ 1 of 2: Technical Community" in seen
    assert "1 seat, 1 with a person." in session.say("line-up S1")


def test_whoever_is_in_two_places_at_once_is_named_with_the_other(session: Rig) -> None:
    """Berlin's clocks go back on 31 October 2027 at 03:00: 02:30 UTC is 03:30 there, and 05:30 in Nairobi."""
    session.say('proposal new "Other apps" --description "What else"')
    session.say(START.format("S1", "2027-10-31 03:30 Europe/Berlin"))
    session.say("slot add S1 speaker M2")
    session.say("slot add S2 moderator M2")
    session.say(START.format("S2", "2027-10-31 06:30 Africa/Nairobi"))
    assert "is at the same time" not in session.say("line-up S1"), "one begins as the other ends"
    session.say(START.format("S2", "2027-10-31 04:30 Africa/Nairobi"))
    assert "is at the same time" not in session.say("line-up S1"), "one ends as the other begins"
    session.say(START.format("S2", "2027-10-31 05:31 Africa/Nairobi"))
    assert "S1.r1 Ben Example is at the same time in S2 Other apps, Sun 31 Oct 2027 03:31 Europe/Berlin" in session.say("line-up S1")
    session.say("slot withdraw S2.r1")
    with session.store.transaction(Stamp(OPERATOR, None, session.clock(), "test")) as records:
        post = SignPost(
            cycle=CycleId("2027"), title="Their panel", start=datetime(2027, 10, 31, 2, 0, tzinfo=UTC), representative=MemberId("M2")
        )
        records.add(post)
    assert "S1.r1 Ben Example is at the same time in G1 Their panel" in session.say("line-up S1")


def test_who_is_in_more_sessions_than_the_rules_allow_is_named_and_in_as_many_is_not(session: Rig) -> None:
    session.say("proposal rules S1 2018")
    session.say("slot add S1 speaker M2")
    for number in (2, 3, 4):
        assert "at most 3 may be" not in session.say("line-up S1")
        session.say(f'proposal new "Apps {number}" --description "What else"')
        session.say(f"slot add S{number} speaker M2")
    assert "Ben Example is in 4 sessions, at most 3 may be: S1; S2; S3; S4" in session.say("line-up S1")


def test_who_does_not_come_any_more_has_no_seat_and_is_named(session: Rig) -> None:
    session.say("slot add S1 speaker M2")
    session.say("slot withdraw S1.r1", sender="member")
    seen = session.say("line-up S1")
    assert "Nobody has a seat yet" in seen
    assert "S1.r1 speaker: Ben Example withdrew" in seen


def _member(rig: Rig, name: str, **fields: Any) -> str:
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        found = records.add(Member(name=f"{name} Example", **fields))
        records.add(AccountLink(id=f"console:{name.casefold()}", member=MemberId(found.id)))
        return found.id


def test_a_gap_names_who_could_fill_it_and_why(session: Rig) -> None:
    """In May it is half past one in the afternoon in India and eight in the evening in Auckland when it is ten in Berlin."""
    known = (Expertise("app stores", "wrote the safer apps checklist"),)
    india = _member(session, "Dev", zone="Asia/Kolkata", expertise=known, languages=("English",), onsite=True)
    late = _member(session, "Eru", zone="Pacific/Auckland", expertise=known, languages=("English",))
    _member(session, "Fay", zone="Asia/Kolkata", expertise=known, away_until=date(2028, 1, 1))
    _member(session, "Gil", zone="Asia/Kolkata", expertise=known, budget=0)
    session.say(START.format("S1", "2027-05-12 10:00 Europe/Berlin"))
    whole = session.say("line-up S1")
    assert whole.count(f"- {india} Dev Example") == 1, "several gaps that the same members could fill are one list"
    assert "nobody is moderator, online moderator or rapporteur" in whole
    found = session.say("line-up S1 --gap moderator")
    assert (
        f"1. {india} Dev Example: knows app stores (wrote the safer apps checklist); 13:30 there; speaks English; comes in person" in found
    )
    assert "Fay" not in found
    assert "Gil" not in found
    assert f"{late} Eru Example: knows app stores (wrote the safer apps checklist); 20:00 there; speaks English" in found
    assert f"Invite Dev Example (moderator): `invite S1 moderator {india}`" in found
    session.say(START.format("S1", "2027-05-12 13:00 Europe/Berlin"))
    assert "23:00 there, outside waking hours" in session.say("line-up S1 --gap moderator")
    session.say(START.format("S1", "2027-05-12 10:00 Europe/Berlin"))
    assert session.say(f"invite S1 moderator {india}").startswith("Dev Example is asked to be moderator in S1")
    session.deliver()
    session.say("slot no S1.r1", sender="dev")
    (told,) = session.deliver()
    assert f"Who could instead:\n- {late} Eru Example" in plain(told.message)


def test_who_sits_elsewhere_at_that_hour_is_not_proposed(session: Rig) -> None:
    session.say('proposal new "Other apps" --description "What else"')
    for identity in ("S1", "S2"):
        session.say(START.format(identity, "2027-05-12 10:00 Europe/Berlin"))
    assert "M2 Ben Example" in session.say("line-up S1 --gap rapporteur")
    session.say("slot add S2 speaker M2")
    assert "M2 Ben Example" not in session.say("line-up S1 --gap rapporteur")


def test_of_a_member_listed_by_group_only_tags_are_told(session: Rig) -> None:
    with session.store.transaction(Stamp(OPERATOR, None, session.clock(), "test")) as records:
        records.change(records.get(Member, "M3"), expertise=(Expertise("apps", "worked at Cleocorp"),), languages=("English",))
    session.say(START.format("S1", "2027-05-12 10:00 Europe/Berlin"))
    told = session.say("line-up S1 --gap rapporteur", sender="member") + session.say("line-up S1", sender="member")
    assert "M3 a member (Technical Community, African Group): knows apps\n" in told
    assert "Cleo" not in told


@pytest.mark.parametrize("gap", ["singer", "S9.r1"])
def test_a_gap_that_is_none_is_refused(session: Rig, gap: str) -> None:
    assert not session.ask(f"line-up S1 --gap {gap}").ok
