"""Which spellings are proposed to be one, and which never are."""

from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coalition import aliases, blocking, spelling
from bot.coalition.ids import NameId, OrganisationId
from bot.coalition.organisations import Organisation, PublishedName
from bot.message.plain_text import plain
from bot.testing import Rig
from bot.views import aliases as views


def _reason(one: str, two: str) -> str:
    """Why two names of people may be one, as far as their spelling goes; "" for no reason."""
    first, second = (blocking.Spelled(PublishedName(id=f"N{number}", name=name), name) for number, name in ((1, one), (2, two)))
    found = aliases._person(first, second)
    return found.reasons[0] if found else ""


def _bodies(*names: str) -> dict[tuple[str, str], str]:
    """The reasons of the proposals for organisations of these names, by the pair of names."""
    found = [Organisation(id=f"O{number}", name=name) for number, name in enumerate(names, 1)]
    called = {body.id: body.name for body in found}
    return {(called[each.one], called[each.two]): each.reasons[0] for each in aliases.organisations(found).proposals}


@pytest.mark.parametrize(
    ("one", "two", "reason"),
    [
        ("Jim Prendergast", "Jim Prendergrast", "spelt nearly alike: Prendergast / Prendergrast"),
        ("Jim Prendergrast", "Jim Pendergast", "spelt nearly alike: Prendergrast / Pendergast"),
        ("Jim Prendergast", "Jim Pendergast", "spelt nearly alike: Prendergast / Pendergast"),
        ("Jutta Kroll", "Jutta Croll", "spelt nearly alike: Kroll / Croll"),
        ("Jacqueline Beauchere", "Jaqueline Beauchère", "spelt nearly alike: Jacqueline / Jaqueline"),
        ("Colonel Freddy Bautista", "Freddy Bautista", "spelt the same: Colonel Freddy Bautista / Freddy Bautista"),
        ("JeoungHee Kim", "Kim Jeounghee", "spelt the same: JeoungHee Kim / Kim Jeounghee"),
        ("John Carr", "J. Carr", "one has the initial only: John Carr / J. Carr"),
        ("Janice", "Janice Richardson", "Janice is a part of Janice Richardson"),
        ("山田 太郎", "山田 太郎", "spelt the same"),
    ],
)
def test_spellings_of_one_person_are_proposed_with_the_reason(one: str, two: str, reason: str) -> None:
    assert reason.startswith(_reason(one, two))
    assert _reason(one, two)
    assert bool(_reason(two, one))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Jutta Kroll", "Anna Kroll"),
        ("Susie Hendrie", "Susie Hargreaves"),
        ("Maria Lopez", "Mario Lopez"),
        ("Paul Novak", "Paula Novak"),
        ("Lara Pace", "Clara Pace"),
        ("Yanis Lee", "JeoungHee Kim"),
        ("Wei Li", "Wei Lu"),
        ("John Carr", "Jane Carr"),
        ("Anna Kowalski", "A Nowak"),
        ("Ernie Allen", "Ernie Ellison"),
        ("Janice", "Jane"),
    ],
)
def test_family_members_and_people_of_one_first_name_are_never_proposed(one: str, two: str) -> None:
    assert not _reason(one, two)
    assert not _reason(two, one)


def test_the_bodies_of_the_record_are_proposed_with_the_reason() -> None:
    found = _bodies(
        "eNACSO", "e-NACSO", "eNasco", "Virtual Global Force", "Virtual global Taskforce", "VGT", "Safernet", "SaferNet Brasil",
        "International Centre for Missing and Exploited children", "ICMEC", "NCMEC", "GSMA", "ICANN", "IWF",
    )  # fmt: skip
    assert found == {
        ("eNACSO", "e-NACSO"): "spelt the same",
        ("eNACSO", "eNasco"): "spelt nearly alike: eNACSO / eNasco",
        ("e-NACSO", "eNasco"): "spelt nearly alike: e-NACSO / eNasco",
        ("Virtual Global Force", "Virtual global Taskforce"): "spelt nearly alike: Virtual Global Force / Virtual global Taskforce",
        ("Virtual global Taskforce", "VGT"): "VGT is the acronym of Virtual global Taskforce",
        ("Safernet", "SaferNet Brasil"): "Safernet is a part of SaferNet Brasil",
        ("International Centre for Missing and Exploited children", "ICMEC"):
            "ICMEC is the acronym of International Centre for Missing and Exploited children",
    }  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        ("ICMEC", "NCMEC"),
        ("National Centre for Missing Children", "International Centre for Missing Children"),
        ("Ministry of Justice", "Ministry of Health"),
        ("Austrian Hotline Association", "Australian Hotline Association"),
        ("UN", "UN Global Partnership to End Violence Against Children"),
        ("Global Kids Online", "Global Kids Network"),
        ("Child Focus", "Child Helpline International"),
        ("Dynamic Coalition on Child Online Safety", "Technology Coalition"),
        ("Section 12", "Section 21"),
    ],
)
def test_different_bodies_are_never_proposed(names: tuple[str, ...]) -> None:
    assert not _bodies(*names)


def test_a_pair_that_a_chair_called_different_is_not_compared() -> None:
    one, two = Organisation(id="O1", name="Insafe", different=(OrganisationId("O2"),)), Organisation(id="O2", name="INSAFE")
    assert aliases.organisations([one, two]) == aliases.organisations([two, one]) == blocking.Found(())
    names = PublishedName(id="N1", name="Ana Li", different=(NameId("N2"),)), PublishedName(id="N2", name="Ana Li")
    assert blocking.different(*names)
    assert blocking.different(*reversed(names))


def test_a_word_in_very_many_names_brings_no_pairs_to_compare() -> None:
    crowd = [Organisation(id=f"O{number}", name=f"Hotline Section{number:04} Lisbon") for number in range(1, 500)]
    blocks = [[blocking.Spelled(body, body.name) for body in crowd]]
    assert not aliases.organisations(crowd).proposals
    assert len(blocks[0]) > aliases.CROWD


def test_of_very_many_spelled_alike_some_are_left_out_which_is_said_but_one_of_them_is_compared_with_all(rig: Rig) -> None:
    maria = (f"Maria {'a'.join(letters)}" for letters in islice(product("bcdfglmnprst", repeat=4), 2_000))
    names = [PublishedName(id=f"N{number}", name=name) for number, name in enumerate(("Ana Kroll", "Ana Croll", *maria), 1)]
    with rig.store.transaction() as records:
        found, alone = aliases.people(records, names, ()), aliases.people(records, names, (), "N1")
    assert found.partial
    assert ("N1", "N2") in {(each.one, each.two) for each in found.proposals}
    assert (len(alone.proposals), alone.partial) == (1, False)
    known = {name.id: name for name in names}
    assert "not all were compared" in plain(views.listing(found.proposals[:10], known, found, page=1))


@given(st.text(st.characters(codec=None), min_size=1), st.text(st.characters(codec=None), min_size=1))
def test_any_two_names_can_be_compared_and_either_order_says_the_same(one: str, two: str) -> None:
    if [*map(spelling.words, (one, two))].count([]) == 0:
        assert bool(_reason(one, two)) == bool(_reason(two, one))
