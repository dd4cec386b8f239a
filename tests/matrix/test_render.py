"""Messages on Matrix: everything is there in both forms, and every page is an event that is taken, encrypted or changed later."""

import json
import re
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings

from bot.adapters.matrix import render
from bot.adapters.matrix.render import LINES, Page
from bot.lines import unprefixed
from bot.message import (
    Bullets,
    Buttons,
    Code,
    Everyone,
    Mention,
    Message,
    Text,
    bullets,
    buttons,
    facts,
    inert,
    text,
    walk,
)
from bot.message import Button as Pressed
from bot.request import Account
from bot.testing import HOSTILE, SAMPLER, leaves
from tests import strategies
from tests.drawn import STRANGER, reworded, squashed
from tests.matrix.reading import Reader, kept, written

quick = settings(max_examples=25, suppress_health_check=list(HealthCheck))
EVENT = 65_536
"""Bytes that a homeserver takes (client-server API, size limits)."""
ENCRYPTED = 4 / 3
"""By how much base64 is longer than what is encrypted."""
HEAD = 2_000
"""Bytes of an event around its content, signatures and keys included."""


def of_bodies(pages: Sequence[Page]) -> str:
    bodies = [page.body.split("\n") for page in pages]
    return "\n".join(line for body in unmarked(bodies) for line in body).replace("\u2060", "").replace("`", "")


def of_html(pages: Sequence[Page]) -> str:
    """What is read, and the addresses behind the links."""
    blocks = [re.findall(r"<(?:p|ul|ol).*?</(?:p|ul|ol)>", page.html) for page in pages]
    found = [Reader("".join(block)) for block in unmarked(blocks)]
    return "\n".join([*(reader.said for reader in found), *(str(link["href"]) for reader in found for link in reader.all("a"))])


def unmarked(parts: Sequence[list[str]]) -> list[list[str]]:
    """The lines or blocks of pages, without the marks that tell which page it is."""
    return [*([parts[0][:-1]] if len(parts) > 1 else parts), *(part[1:] for part in parts[1:])]


def sent(content: object) -> int:
    """Bytes of an event with this content, once it is encrypted."""
    return int(len(json.dumps(content)) * ENCRYPTED) + HEAD


@quick
@given(strategies.messages)
def test_every_page_of_every_message_is_taken(message: Message) -> None:
    for page in render.pages(message, "!c "):
        content = render.content(page, "m.text", render.answering("$" + "r" * 43, "$" + "e" * 43))
        assert len(json.dumps(content)) < 30_000
        assert sent(render.editing(content, "$" + "e" * 43)) < EVENT
        assert 0 < len(page.body) <= 10_000
        assert kept(page.html) == written(page.html)


@quick
@given(strategies.messages)
def test_every_leaf_of_every_message_is_in_the_body_and_in_the_html(message: Message) -> None:
    pages = render.pages(message)
    wanted = {*leaves(message)} - reworded(message)
    for shown in (squashed(of_bodies(pages)), squashed(of_html(pages))):
        assert [leaf for leaf in wanted if squashed(leaf.replace("`", "")) not in shown.replace("`", "")] == []


@quick
@given(strategies.messages)
def test_only_nodes_tell_somebody(message: Message) -> None:
    nodes = list(walk(message))
    pages = render.pages(message)
    users = {node.account.user_id for node in nodes if isinstance(node, Mention) and node.account.platform == "matrix"}
    assert {user for page in pages for user in page.users} <= users
    assert any(page.everyone for page in pages) == any(isinstance(node, Everyone) for node in nodes)
    assert all(page.everyone or "@room" not in page.body for page in pages)


@quick
@given(strategies.messages)
def test_every_button_has_its_number_on_the_page_where_it_is_drawn(message: Message) -> None:
    lines = [node.line for node in walk(message) if isinstance(node, Pressed)]
    found = {number: line for page in render.pages(message) for number, line in enumerate(page.lines, 1) if line}
    assert found == {number: line for number, line in enumerate(lines, 1) if len(json.dumps(line)) - 2 <= render.LINE}


def test_the_sampler_reads_well_without_html() -> None:
    (page,) = render.pages(SAMPLER, "!c ")
    assert page.body.splitlines() == [
        "Every kind of block",
        "Plain, bold, `!c project P1`, the IGF <https://www.intgovforum.org/>, Ana Example, Wed 31 Mar 2027 23:59 UTC",
        "State: active",
        "Leads: Ben Example",
        "- first point",
        "- second point",
        "1. step one",
        "2. step two",
        "- Item: Opening; Minutes: 10",
        "- Item: Questions; Minutes: 25",
        "Picture: flow.png. A chart of the week",
        "File: minutes.txt (18 bytes)",
        "1. Show it – `!c project P1`",  # noqa: RUF001
        '2. Give an update – `!c project update P1 "Half done"`',  # noqa: RUF001
        render.HINT,
    ]
    assert page.lines == ("project P1", 'project update P1 "Half done"')


def test_blocks_are_paragraphs_and_lists() -> None:
    message = Message("Projects", (facts([("State", "a & b"), ("Lead", "Ana")]), bullets(["one\ntwo"]), bullets(["first"], numbered=True)))
    (page,) = render.pages(message)
    assert page.html == (
        "<p><strong>Projects</strong></p><p><strong>State</strong>: a &amp; b<br><strong>Lead</strong>: Ana</p>"
        "<ul><li>one<br>two</li></ul><ol><li>first</li></ol>"
    )
    assert page.body == "Projects\nState: a & b\nLead: Ana\n- one\n  two\n1. first"


def test_buttons_are_numbered_through_and_told_how_to_press_once() -> None:
    (page,) = render.pages(
        Message("", (buttons(("Done", "done R9"), ("Later", "snooze R9 1h")), text("or"), buttons(("Help", "help")))), "!c "
    )
    assert page.lines == ("done R9", "snooze R9 1h", "help")
    assert page.html == (
        "<ol><li><strong>Done</strong> – <code>!c done R9</code></li>"  # noqa: RUF001
        "<li><strong>Later</strong> – <code>!c snooze R9 1h</code></li></ol><p>or</p>"  # noqa: RUF001
        f'<ol start="3"><li><strong>Help</strong> – <code>!c help</code></li></ol><p>{render.HINT}</p>'  # noqa: RUF001
    )
    assert render.HINT not in render.pages(Message("", (text(Code("help")),)))[0].body


def test_a_line_to_type_has_the_prefix_in_a_room_alone() -> None:
    message = Message("", (text(Code("help"), " or ", Code("projects")), buttons(("Help", "help"))))
    assert [span.count("!c ") for page in render.pages(message, "!c ") for span in (page.body, page.html)] == [3, 3]
    assert "!c" not in str(render.pages(message))
    assert unprefixed("!c help") == "help"


def test_two_lists_beside_each_other_are_two() -> None:
    (page,) = render.pages(Message("", (bullets(["a"], numbered=True), bullets(["b"], numbered=True))))
    assert page.html == "<ol><li>a</li></ol><ol><li>b</li></ol>"


def test_a_long_message_is_split_into_marked_pages_and_never_cut() -> None:
    words = " ".join(f"word{number}" for number in range(6_000))
    pages = render.pages(Message("Long", (text(words),)))
    assert len(pages) > 1
    for found in (of_bodies(pages), of_html(pages)):
        assert " ".join(word for word in found.split() if word.startswith("word")) == words
    assert [page.body.splitlines()[0] for page in pages[1:]] == [f"Long ({number}/{len(pages)})" for number in range(2, len(pages) + 1)]
    assert pages[0].body.endswith(f"(1/{len(pages)})")


def test_numbers_and_lines_go_on_where_a_list_was_split() -> None:
    message = Message("Steps", (Buttons(tuple(Pressed(f"step {number} " + "x" * 100, f"project P{number}") for number in range(1, 300))),))
    pages = render.pages(message)
    assert len(pages) > 1
    begun = 1
    for page in pages:
        reader = Reader(page.html)
        assert reader.all("ol") == [{} if begun == 1 else {"start": str(begun)}]
        drawn = len(reader.all("li"))
        assert page.lines == ("",) * (begun - 1) + tuple(f"project P{number}" for number in range(begun, begun + drawn))
        begun += drawn


def test_a_line_that_is_too_long_to_be_pressed_is_there_to_be_typed() -> None:
    line = f'search "{"x" * 2_000}"'
    (page,) = render.pages(Message("", (buttons(("Again", line), ("Help", "help")),)), "!c ")
    assert f"<code>!c {line}</code>" in page.html
    assert page.lines == ("", "help")


def test_what_a_stranger_stored_stays_what_it_is() -> None:
    (page,) = render.pages(STRANGER)
    assert {tag for tag, _ in Reader(page.html).tags} <= {"p", "br", "strong", "ul", "ol", "li", "code"}
    assert Reader(page.html).said.count(inert(HOSTILE)) == 6
    assert "@room" not in page.body
    assert not {"\x1b", "\u202e"} & set(page.body + page.html)


def test_an_empty_message_still_says_something() -> None:
    assert [page.body for page in render.pages(Message(" ", (Text(()), Text((" ",)))))] == ["–"]  # noqa: RUF001
    assert [page.body for page in render.pages(Message("List", (Bullets(((),)),)))] == ["List\n- –"]  # noqa: RUF001


def test_pictures_and_files_are_named_in_the_page_and_handed_over_beside_it() -> None:
    assert [found.name for found in render.files(SAMPLER)] == ["flow.png", "minutes.txt"]


def test_an_event_tells_whom_its_nodes_name_and_says_so_always() -> None:
    ana = Mention(Account("matrix", "@ana:x.org"), "Ana")

    def told(*spans: object) -> object:
        (page,) = render.pages(Message("", (Text(spans),)))  # type: ignore[arg-type]
        return render.content(page, "m.text", {})["m.mentions"]

    assert told("@ana:x.org, @room") == {}
    assert told(ana, ana) == {"user_ids": ["@ana:x.org"]}
    assert told(Everyone(), ana) == {"user_ids": ["@ana:x.org"], "room": True}


def test_content_is_what_the_specification_asks_for() -> None:
    (page,) = render.pages(Message("Hello", (buttons(("Help", "help")),)))
    content = render.content(page, "m.notice", render.answering("", "$asked"))
    assert content == {
        "msgtype": "m.notice",
        "body": page.body,
        "format": "org.matrix.custom.html",
        "formatted_body": page.html,
        "m.mentions": {},
        "coalition.lines": ["help"],
        "m.relates_to": {"m.in_reply_to": {"event_id": "$asked"}},
    }
    assert "m.relates_to" not in render.content(page, "m.notice", {})
    assert LINES not in render.content(render.pages(Message("Hello"))[0], "m.notice", {})


def test_an_answer_refers_to_what_was_asked_in_its_thread_or_outside() -> None:
    fallback = {"rel_type": "m.thread", "event_id": "$root", "is_falling_back": True}
    assert render.answering("$root", "$asked") == {**fallback, "m.in_reply_to": {"event_id": "$asked"}}
    assert render.answering("$root", "") == {**fallback, "m.in_reply_to": {"event_id": "$root"}}
    assert render.answering("", "") == {}


def test_an_edit_shows_the_whole_and_pings_nobody() -> None:
    (page,) = render.pages(Message("", (text(Mention(Account("matrix", "@ana:x.org"), "Ana")),)))
    edit = render.editing(render.content(page, "m.text", render.answering("$root", "")), "$old")
    assert edit["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$old"}
    assert (edit["body"], edit["m.mentions"]) == ("* Ana", {})
    assert edit["m.new_content"] == render.content(page, "m.text", {})


def test_while_a_question_waits_a_number_is_its_answer_and_presses_nothing() -> None:
    (page,) = render.pages(Message("Which year?", (buttons(("Years", "cycles")),), asks=True))
    assert page.lines == ()
    assert page.body == "Which year?\n- Years: `!c cycles`"
