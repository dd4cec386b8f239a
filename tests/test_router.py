"""From a line to a route: whatever is typed is understood or refused, and whatever the bot shows can be typed."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import plugins
from bot.errors import Refused
from bot.message import Message, Reply, lines, plain
from bot.router import Call, Context, Route, Router
from bot.testing import Rig

whole = cache(plugins.router)
ROUTES = list(whole())
TRICKY = st.text(st.sampled_from("ab P3\"'“”«»\\-—=\n`.,"), max_size=16)
VALUES = st.text(max_size=30) | TRICKY | st.sampled_from(["P3", "--x", "update", "coalition", "no", ""])
WORDS = st.sampled_from([word for route in ROUTES for word in (route.words, *(f"--{field.name}" for field in route.fields))])


@given(st.lists(WORDS | VALUES, max_size=6), st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=2))
def test_no_line_raises_anything_but_a_refusal(parts: list[str], values: dict[str, str]) -> None:
    with suppress(Refused):
        assert whole().resolve(" ".join(parts), values).route in ROUTES


@st.composite
def calls(draw: st.DrawFn) -> Call:
    route = draw(st.sampled_from([route for route in ROUTES if route.arrange is None]))
    return Call(route, {field.name: draw(_value(route, field.name)) for field in route.fields if draw(st.booleans())})


def _value(route: Route, name: str) -> st.SearchStrategy[str]:
    """Any text; for an id, one of its kind: the word after a route that wants an id may be another route's verb."""
    field = route.field(name)
    return st.sampled_from([field.kind.example]) if field and field.kind.letters else VALUES


@given(calls())
def test_the_line_of_a_call_gives_that_call_again(call: Call) -> None:
    again = whole().resolve(call.line())
    assert (again.route.words, again.texts) == (call.route.words, call.texts)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.words)
def test_every_example_in_the_help_can_be_typed(route: Route) -> None:
    assert route.examples
    for line in route.examples:
        assert whole().resolve(line).route.words == route.words or line[0].isupper()


def _walked(rig: Rig, start: list[str]) -> Iterator[tuple[str, Reply]]:
    """Every reply that can be reached by typing what replies show, beginning with some lines."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting and len(seen) < 1_000:
        line = waiting.pop(0)
        if line not in seen:
            seen.add(line)
            reply = rig.ask(line)
            yield line, reply
            waiting += lines(reply) if isinstance(reply, Message) else []


def test_every_line_that_a_reply_shows_resolves_to_a_route(rig: Rig) -> None:
    router = whole()
    examples = [line for route in router for line in route.examples]
    pages = [f"help {route.words}" for route in router]
    for asked, reply in _walked(rig, ["project add Directory", *examples, *pages, "help", "nonsense", "P1 P2", "project ad"]):
        assert "Something went wrong" not in plain(reply), asked
        for line in lines(reply) if isinstance(reply, Message) else [reply.example]:
            assert router.resolve(line).route, f"{asked} shows {line}"


@pytest.mark.parametrize("line", ["project P3", "P3", "p3", "p03", "/coalition p3", "coalition P3", "!c project p3"])
def test_a_record_is_shown_however_its_id_is_written(line: str) -> None:
    assert whole().resolve(line).route.words == "project"


@pytest.mark.parametrize("line", ["project update P3 Half done", "project P3 update Half done", "P3 update Half done"])
def test_the_verb_may_come_after_the_id(line: str) -> None:
    call = whole().resolve(line)
    assert (call.route.words, call.texts) == ("project update", {"project": "P3", "line": "Half done"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("projets", "projects"),
        ("prject add X", "project nominate X"),
        ("project ad X", "project nominate X"),
        ("project P1 updat x", "project update P1 x"),
        ("projct P1", "project P1"),
        ("update P1 x", "project update"),
        ("choose P1", "project choose P1"),
        ("support project p1", "project support p1"),
        ("Ana Example", 'search "Ana Example"'),
    ],
)
def test_a_typo_gets_the_closest_line_with_the_rest_of_what_was_typed(typed: str, meant: str) -> None:
    with pytest.raises(Refused) as caught:
        whole().resolve(typed)
    assert caught.value.lines[0] == meant


@pytest.mark.parametrize(
    ("typed", "words", "texts"),
    [
        ("projects?", "projects", {}),
        ("Help!", "help", {}),
        ("P1.", "project", {"project": "P1"}),
        ("agenda s1?", "agenda", {"session": "s1?"}),
        ("2016?", "cycle", {"year": "2016"}),
        ("`projects 2016`", "projects", {"cycle": "2016"}),
        ("“projects”", "projects", {}),
        ("please show P1", "project", {"project": "P1"}),
        ("Show me the projects!", "projects", {}),
        ("list projects", "projects", {}),
        ("project show P1", "project", {"project": "P1"}),
        ("sessions list", "sessions", {"cycle": "list"}),
        ("session list", "sessions", {}),
        ("hello", "about", {}),
        ("who knows about hotlines?", "experts", {"topic": "hotlines?"}),
    ],
)
def test_the_manners_and_marks_of_a_sentence_are_understood(typed: str, words: str, texts: dict[str, str]) -> None:
    call = whole().resolve(typed)
    assert (call.route.words, call.texts) == (words, texts)


def test_politeness_inside_a_text_stays_there() -> None:
    assert whole().resolve("project add Show me the projects!").texts == {"title": "Show me the projects!"}


def test_an_id_with_the_end_of_a_sentence_is_an_id(rig: Rig) -> None:
    rig.say("project add Directory")
    assert rig.say("project P1?").startswith("P1 Directory")


def _small() -> Router:
    router = Router()
    for words in ("help", "coalition", "coalition change", "projects"):

        @router.command(words, "An example")
        def handler(ctx: Context) -> Message:
            return Message(ctx.place.room)

    return router


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("coalition", "coalition"),
        ("Coalition change", "coalition change"),
        ("coalition projects", "projects"),
        ("/coalition coalition change", "coalition change"),
        ("coalition coalition", "coalition"),
        ("/coalition", "help"),
        ("", "help"),
    ],
)
def test_the_word_coalition_is_a_prefix_only_before_another_word(line: str, words: str) -> None:
    assert _small().resolve(line).route.words == words


def test_a_mistyped_verb_of_the_coalition_gets_its_own_command() -> None:
    with pytest.raises(Refused) as caught:
        _small().resolve("coalition chnge")
    assert caught.value.lines == ("coalition change",)


def test_talk_is_not_taken_for_a_mistyped_word(rig: Rig) -> None:
    reply = rig.ask("I think we should do something about apps")
    assert isinstance(reply, Message)
    assert lines(reply) == ["help"]


@pytest.mark.parametrize(("line", "words"), [("session frobnicate", "session"), ('agenda add S1 "Toolkits" ten', "agenda add")])
def test_a_value_that_cannot_be_read_offers_help_on_the_word(rig: Rig, line: str, words: str) -> None:
    reply = rig.ask(line)
    assert isinstance(reply, Message)
    assert lines(reply) == [f"help {words}"]


@pytest.mark.parametrize("line", ["more", "coalition more", "!c MORE"])
def test_more_is_understood_with_and_without_a_prefix(rig: Rig, line: str) -> None:
    for number in range(12):
        rig.say(f"project add Directory {number}")
    rig.say("projects")
    assert "P12" in rig.say(line)


def test_a_second_quoted_text_is_not_joined_to_a_title(rig: Rig) -> None:
    said = rig.say('proposal new "Safer apps" "What stores can do"')
    assert "does not know what to do with “What stores can do”. Name what it is, with one of --description" in said
    assert "Safer apps" not in rig.say("proposals")
    assert rig.ask('search "safer apps" "stores"').ok


def test_words_after_an_option_are_not_quietly_joined_to_the_text_before_it(rig: Rig) -> None:
    reply = rig.ask("project nominate Directory --summary One list of hotlines --tags hotlines")
    assert isinstance(reply, Message)
    assert "I cannot tell how much of “One list of hotlines” belongs to --summary" in plain(reply)
    (meant, *_) = lines(reply)
    assert meant == 'project nominate Directory --summary "One list of hotlines" --tags hotlines'
    assert rig.say("projects 2027").count("Directory") == 0
    assert "P1 Directory is nominated" in rig.say(meant)


def test_quotes_amid_a_text_are_its_own(rig: Rig) -> None:
    rig.say("project nominate Directory --lead me")
    assert "P1 Directory" in rig.say("projects --mine")
    assert "All said “go on” then, and more" in rig.say("P1 on track All said “go on” then, and more") + rig.say("P1")
