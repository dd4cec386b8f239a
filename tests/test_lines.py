"""The grammar of a line: what phones really send is read, and what the bot writes reads back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.lines import Token, compose, named, option, prefixed, split, unprefixed

TEXTS = st.text(st.characters(codec=None), max_size=40)
TRICKY = st.text(st.sampled_from("ab \"'“”„«»‘’\\-–—=\n\t`<@#\u202e"), max_size=20)  # noqa: RUF001
VALUES = TEXTS | TRICKY


@given(VALUES)
@example("“ --a=“b")
def test_any_text_splits_without_an_error(line: str) -> None:
    for token in split(line):
        option(token)


@given(st.lists(VALUES, max_size=4), st.lists(VALUES, max_size=2))
def test_every_value_reads_back_as_it_was_written(values: list[str], options: list[str]) -> None:
    line = " ".join([compose("project add", *values), *(named("summary", value) for value in options)])
    tokens = split(line)[2:]
    assert [token.text for token in tokens[: len(values)]] == values
    assert [option(token) for token in tokens[len(values) :]] == [("summary", value) for value in options]


@given(VALUES)
def test_a_value_is_never_taken_for_an_option(value: str) -> None:
    assert option(split(compose("x", value))[1]) is None


@pytest.mark.parametrize(
    "typed",
    ['"Safer apps"', "“Safer apps”", "„Safer apps“", "„Safer apps”", "«Safer apps»", "»Safer apps«", "‘Safer apps’", "'Safer apps'"],  # noqa: RUF001
)
def test_the_quotes_of_many_keyboards_hold_a_text_together(typed: str) -> None:
    assert split(f"project add {typed}")[2] == Token("Safer apps", quoted=True)


@pytest.mark.parametrize("dashes", ["--", "—", "–", "――", "−−", "––"])  # noqa: RUF001
def test_the_dashes_of_many_keyboards_begin_an_option(dashes: str) -> None:
    assert option(split(f"{dashes}Health=risk")[0]) == ("health", "risk")


def test_an_apostrophe_is_a_letter() -> None:
    assert [token.text for token in split("it’s Ana's 'own' l’été")] == ["it’s", "Ana's", "own", "l’été"]  # noqa: RUF001


def test_a_quote_that_is_not_closed_runs_to_the_end() -> None:
    assert split('add "Safer apps for all')[1] == Token("Safer apps for all", quoted=True)


def test_a_quote_inside_a_word_does_not_end_it() -> None:
    assert split('"the 5"-list" x')[0].text == 'the 5"-list'


@pytest.mark.parametrize("prefix", ["/coalition", "!coalition", "!c", "/COALITION", "  !C"])
def test_a_prefix_is_dropped(prefix: str) -> None:
    assert prefixed(f"{prefix} projects")
    assert unprefixed(f"{prefix}  projects ") == "projects"


@pytest.mark.parametrize("line", ["!cprojects", "/coalitions", "c projects", "!"])
def test_what_only_looks_like_a_prefix_stays(line: str) -> None:
    assert not prefixed(line)
    assert unprefixed(line) == line
