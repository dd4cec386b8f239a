"""Words as the search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coalition import spelling


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("e-NACSO", "enacso"),
        ("eNACSO", "enacso"),
        ("don’t", "dont"),  # noqa: RUF001
        ("João", "joao"),
        ("Lillestrøm", "lillestrom"),
        ("\uff37\uff45\uff30\uff32\uff2f\uff34\uff25\uff23\uff34", "weprotect"),
        ("Straße", "strasse"),
        ("C++", "c"),
        ("العَرَبِيَّة", "العربية"),
    ],
)
def test_a_word_loses_case_accents_and_joints(written: str, spelled: str) -> None:
    assert [word.spelled for word in spelling.words(written)] == [spelled]


def test_a_joined_word_is_also_found_by_its_parts() -> None:
    assert spelling.words("child-rights")[0].stems == ("childright", "child", "right")


def test_a_script_without_blanks_counts_by_pairs_of_letters() -> None:
    assert spelling.words("儿童保护")[0].parts == ("儿童", "童保", "保护")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("enasco", "enacso"),
        ("pendergast", "prendergast"),
        ("pendergast", "prendergrast"),
        ("prendergast", "prendergrast"),
        ("kroll", "croll"),
        ("weprotct", "weprotect"),
        ("shildren", "children"),
    ],
)
def test_spellings_that_records_really_show_are_near_each_other(one: str, other: str) -> None:
    assert spelling.near(one, [other]) == [other]
    assert spelling.near(other, [one]) == [one]
    assert spelling.sound(other) in spelling.sounds_near(one)


@pytest.mark.parametrize(("one", "other"), [("lara", "clara"), ("2012", "2013"), ("igf", "itu"), ("bose", "rose"), ("iwf", "iwg")])
def test_other_words_are_not_near(one: str, other: str) -> None:
    assert spelling.near(one, [other]) == []


def test_words_that_say_nothing_are_dropped_unless_they_are_all_there_is() -> None:
    assert [word.spelled for word in spelling.asked("the hotlines of Brazil")] == ["hotlines", "brazil"]
    assert [word.spelled for word in spelling.asked("and or")] == ["and", "or"]


@given(st.text())
def test_words_are_letters_and_digits_and_stay_as_they_are(text: str) -> None:
    for word in spelling.words(text):
        for piece in (word.spelled, *word.parts, *word.stems):
            assert piece.isalnum()
            assert len(piece) <= spelling.MAX_WORD
        assert spelling.fold(word.spelled) == word.spelled
