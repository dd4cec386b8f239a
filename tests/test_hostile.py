"""Hostile input in every field of every route: refused, or kept and shown inert; never a bug's reply, never in a log."""

import asyncio
import logging
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import inspect, text

from bot import plugins
from bot.errors import Refused
from bot.fields import Field, Reading
from bot.message import Code, Form, Message, Reply, lines, plain, walk
from bot.request import Account, Place, Request
from bot.router import Route
from bot.testing import FakeClock, Rig, populated
from storage.opening import open_store
from storage.store import SqlStore

ROUTER = plugins.router()
ROUTES = list(ROUTER)
NONCE = "zq7vtkx"
HOSTILE = {
    "unseen": "a\x00b \x07\x08\x1b[31mred\x1b[0m\x7f\x9b \x0b\u2028\u2029 \u202eevil\u202c \u2066x\u2069 \u200fy \u061cz \ud83d \udc00 \ue000\uffff\U000e0041",  # noqa: E501
    "pings and markup": "<!channel> <@U1> @room @everyone <b>b</b> *x* _y_ ~z~ `q` [a](https://bad.example) </script><script>alert(1)</script>",  # noqa: E501
    "code": "'; DROP TABLE members; -- %s %d {0} {name} ${x} %(z)s ? :x =1+1 \\ \" ' “ „ «",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1e9\U0001f1ea " + "e" + "\u0301" * 200,
    "options": "--title --x=y -- - —who",
    "an id": "S5",
}
LONG = {"one word": "x" * 100_000, "many words": "word " * 20_000, "many lines": "\n" * 50_000 + "x\n" * 25_000, "quotes": "\"'“" * 33_000}
BLANK = "\u3000\u200b\ufeff\u00a0\x00\u2060"
HIDDEN = {"Cc", "Cf", "Cs"}
SEEN = set("\n\t\u200c\u200d")
"""What a text may hold of the hidden categories: line ends, and the joiners that scripts and emoji need."""


def _example(rig: Rig, field: Field) -> str:
    if field.kind.letters:
        return {"M": "M2"}.get(field.kind.letters[0], field.kind.example)
    with rig.store.transaction() as records:
        choices = field.options(records)
    return choices[0] if choices else field.shown_example or "Something"


def _attacks(rig: Rig, route: Route, hostile: str) -> Iterator[dict[str, str]]:
    """The text in each field alone, and in all at once; good values in the other required fields."""
    names = [field.name for field in route.fields if field.label]
    required = {field.name: _example(rig, field) for field in route.fields if field.required}
    yield from ({**required, name: hostile} for name in names)
    yield required | dict.fromkeys(names, hostile)


def _check(reply: Reply | None, hostile: str) -> None:
    """No bug's reply; nothing hidden shown; the text stands nowhere but in literal text and in lines that can be typed."""
    assert isinstance(reply, Message | Form)
    shown = plain(reply)
    assert "Something went wrong" not in shown
    assert not {char for char in shown if unicodedata.category(char) in HIDDEN} - SEEN
    shown.encode("utf-8")
    if isinstance(reply, Message):
        assert all(ROUTER.resolve(line) for line in lines(reply))
        assert not [span for span in walk(reply) if isinstance(span, Code) and hostile in span.line]


def _texts_in(store: SqlStore) -> str:
    with store.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
    return "\n".join(value for row in rows for value in row if isinstance(value, str))


def _follow_the_examples(rig: Rig) -> None:
    for route in ROUTES:
        for line in route.examples if route.writes else ():
            _check(rig.ask(line), NONCE)


@pytest.fixture
def busy(rig_after: Callable[..., Rig]) -> Rig:
    """A bot with records of most kinds, made by the examples in the help."""
    return rig_after(_follow_the_examples)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_field_of_any_route_takes_harm(busy: Rig, caplog: pytest.LogCaptureFixture, name: str) -> None:
    hostile = f"{NONCE} {HOSTILE[name]}"
    for route in ROUTES:
        for values in _attacks(busy, route, hostile):
            _check(busy.ask(route.words, values=values), hostile)
    for line in ["projects", "members", "sessions", "deadlines", "coalition", "P1", "S1", "M1", "history P1", "me", "undo"]:
        _check(busy.ask(line), hostile)
    kept = _texts_in(busy.store)  # type: ignore[arg-type]
    assert NONCE in kept
    assert not {char for char in kept if unicodedata.category(char) in HIDDEN} - SEEN
    assert NONCE not in caplog.text


@pytest.mark.parametrize("name", LONG)
def test_a_text_of_100_kb_is_refused_by_every_field(busy: Rig, name: str) -> None:
    place = Place("console", "chair", private=True)
    for route in ROUTES:
        names = [field.name for field in route.fields if field.label]
        form = asyncio.run(busy.desk.check(Request(route.words, Account("console", "chair"), place, dict.fromkeys(names, LONG[name]))))
        assert [question.name for question in form.questions if not question.error] == []


def test_blanks_and_unseen_characters_alone_are_no_value(busy: Rig) -> None:
    for route in ROUTES:
        required = [field for field in route.fields if field.required]
        with busy.store.transaction() as records:
            for field in required:
                with pytest.raises(Refused):
                    field.read(BLANK, Reading(busy.clock(), "UTC", records))


LINES = [
    "{0}", "search {0}", "experts {0}", "project {0}", "projects {0}", "help {0}", "history {0}", "{0} add", "project add x --{0}",
    "project change P1 --title {0}", 'project add "{0}"', "M1 {0}", "/coalition {0}", "cycle {0}",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_line_takes_harm(busy: Rig, caplog: pytest.LogCaptureFixture, name: str) -> None:
    hostile = f"{NONCE} {HOSTILE[name]}"
    for line in LINES:
        _check(busy.ask(line.replace("{0}", hostile)), hostile)
        _check(busy.ask(line.replace("{0}", hostile), values={hostile: hostile}), hostile)
    assert NONCE not in caplog.text


@pytest.mark.parametrize("name", LONG)
def test_a_line_of_100_kb_is_refused(rig: Rig, caplog: pytest.LogCaptureFixture, name: str) -> None:
    for line in (LONG[name], f"search {LONG[name]}", f'project add "{LONG[name]}"'):
        assert "can be read" in rig.say(line)
    assert not caplog.records


@pytest.mark.parametrize("name", ["unseen", "code"])
def test_both_databases_take_hostile_texts(rig_on_both: Rig, name: str) -> None:
    hostile = f"{NONCE} {HOSTILE[name]}"
    for words in ["project add", "organisation add", "member add", "proposal new"]:
        route = ROUTER.route(words)
        for values in _attacks(rig_on_both, route, hostile) if route else ():
            _check(rig_on_both.ask(words, values=values), hostile)
    for line in LINES:
        _check(rig_on_both.ask(line.replace("{0}", hostile)), hostile)


def test_not_even_the_log_of_statements_holds_what_people_wrote(
    sqlite_url: str, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sqlalchemy.engine")
    store = open_store(sqlite_url)
    rig = populated(store, clock)
    rig.say(f"project add {NONCE}")
    rig.close()
    store.close()
    assert "INSERT INTO projects" in caplog.text
    assert NONCE not in caplog.text
