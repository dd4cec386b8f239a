"""Spans on Matrix: what people wrote stays what it is, and only nodes are links, pills and pings."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from bot.adapters.matrix import html
from bot.adapters.matrix.html import atoms, joined
from bot.message import Bold, Code, Everyone, Link, Mention, Moment, RoomName, Span, Spans, inert, plain_span, plain_spans
from bot.request import Account, Place
from bot.testing import HOSTILE
from tests import strategies
from tests.matrix.reading import Reader, kept, written

quick = settings(max_examples=50, suppress_health_check=list(HealthCheck))


def markup(*spans: Span) -> str:
    return "".join(atom.html for atom in atoms(spans))


def body(*spans: Span) -> str:
    return joined(atoms(spans))


@quick
@given(strategies.spans)
def test_a_client_that_keeps_to_the_specification_keeps_all_of_it(spans: Spans) -> None:
    found = markup(*spans)
    assert kept(found) == written(found)


@quick
@given(strategies.texts)
def test_a_text_is_drawn_as_it_is_and_makes_no_tag(text: str) -> None:
    for span in (text, Bold(text), Code(text)):
        reader = Reader(markup(span))
        assert {tag for tag, _ in reader.tags} <= {"br", "strong", "code"}
        assert "".join(reader.said.split()) == "".join(inert(text).split())


@quick
@given(strategies.spans)
def test_the_body_is_the_plain_meaning(spans: Spans) -> None:
    told = any(isinstance(span, Everyone) for span in spans)
    named = [span if not isinstance(span, Mention | RoomName) or span.name else "" for span in spans]
    found = body(*(span for span in named if not isinstance(span, Everyone)))
    wanted = plain_spans(tuple(span for span in named if not isinstance(span, Everyone)))
    assert told == any(atom.everyone for atom in atoms(spans))
    assert _squashed(found) == _squashed(wanted)


def _squashed(value: str) -> str:
    return "".join(value.replace("\u2060", "").replace("`", "").split())


def test_what_a_stranger_wrote_is_drawn_as_it_is_and_tells_nobody() -> None:
    assert Reader(markup(HOSTILE)).said == inert(HOSTILE)
    assert body(HOSTILE).replace("\u2060", "") == inert(HOSTILE)
    assert "@room" not in body(HOSTILE)


@pytest.mark.parametrize("spans", [("@ROOM",), ("@", Bold("room")), (Bold("@Room"), "s"), ("a@room.", Code("say @room"))])
def test_no_text_tells_everybody(spans: Spans) -> None:
    assert "@room" not in body(*spans).casefold().replace("@rooms", "")
    assert not any(atom.everyone for atom in atoms(spans))


def test_everyone_is_told_by_a_node_alone() -> None:
    (atom,) = atoms((Everyone(),))
    assert (atom.body, atom.html, atom.everyone) == ("@room", "@room", True)
    assert body("To ", Everyone(), " here.") == "To @room here."


def test_an_account_on_matrix_is_a_pill_and_another_one_a_name() -> None:
    ana = Mention(Account("matrix", "@ana:example.org"), "Ana <Example>")
    (atom,) = atoms((ana,))
    assert atom.html == '<a href="https://matrix.to/#/@ana:example.org">Ana &lt;Example&gt;</a>'
    assert (atom.body, atom.user) == ("Ana <Example>", "@ana:example.org")
    for account in (Account("slack", "@ana:example.org"), Account("matrix", "ana"), Account("matrix", "@a\nb:x.org")):
        (atom,) = atoms((Mention(account, "Ana"),))
        assert (atom.html, atom.user) == ("Ana", "")


def test_an_old_user_id_is_written_so_that_a_link_takes_it() -> None:
    (atom,) = atoms((Mention(Account("matrix", '@a/"<#?:x.org:8448'), "Ana"),))
    assert Reader(atom.html).all("a") == [{"href": "https://matrix.to/#/@a%2F%22%3C%23%3F:x.org:8448"}]


def test_a_room_on_matrix_is_a_pill_and_another_one_a_name() -> None:
    assert markup(RoomName(Place("matrix", "!Od1v"), "Work")) == '<a href="https://matrix.to/#/!Od1v">Work</a>'
    assert markup(RoomName(Place("slack", "C1"), "Work")) == "Work"
    assert body(RoomName(Place("matrix", "!Od1v"), "Work")) == "Work"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.org", "https://", "https://x.org/ a", "https://x\u202e.org"]
)
def test_what_is_no_address_is_no_link(url: str) -> None:
    assert "<a" not in markup(Link(url, "Click"))
    assert inert(url) in Reader(markup(Link(url, "Click"))).said


@pytest.mark.parametrize("url", ["https://x.org/?a=1&b=\"'", "http://x.org", "mailto:a@x.org", "https://bücher.example/é"])
def test_an_address_is_a_link(url: str) -> None:
    assert Reader(markup(Link(url, "Click"))).all("a") == [{"href": url}]
    assert body(Link(url, "Click")) == f"Click <{url}>"


def test_an_instant_is_said_as_everywhere() -> None:
    moment = Moment(datetime(2027, 3, 31, 23, 59, tzinfo=UTC), "UTC", "Africa/Nairobi")
    assert markup(moment) == body(moment) == plain_span(moment)


def test_a_heavy_text_comes_in_pieces_that_are_one() -> None:
    words = " ".join(f"wörd{number}" for number in range(3_000))
    found = list(atoms((words, Bold(words))))
    assert "".join(atom.body for atom in found) == words + words
    assert max(map(html.heavy, found)) <= html.PART
    assert {atom.html.startswith("<strong>") for atom in found} == {True, False}
