"""Messages on Slack: everything is there, everything is literal, and every page is within every limit."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.adapters.slack import home, render
from bot.adapters.slack.mrkdwn import escape, spans, unescape
from bot.message import (
    Bullets,
    Code,
    Everyone,
    Facts,
    Link,
    Mention,
    Message,
    Moment,
    RoomName,
    Text,
    bullets,
    buttons,
    facts,
    inert,
    text,
    walk,
)
from bot.message import Table as Grid
from bot.request import Account, Place
from bot.testing import HOSTILE, SAMPLER, leaves
from tests import strategies
from tests.drawn import STRANGER, reworded, squashed
from tests.slack import oracles

quick = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def kinds(message: Message) -> list[str]:
    return [block["type"] for page in render.pages(message) for block in page.blocks]


def elements(message: Message) -> list[dict[str, Any]]:
    sections = [found for page in render.pages(message) for block in page.blocks for found in oracles.objects(block)]
    return [dict(found) for found in sections if found.get("type") in {"text", "link", "user", "channel", "date", "broadcast"}]


def seen(message: Message) -> str:
    """What is read on all pages, without the marks between them."""
    return "\n".join(oracles.read([block for block in page.blocks if block["type"] != "context"]) for page in render.pages(message))


@quick
@given(strategies.messages)
def test_every_page_of_every_message_is_taken(message: Message) -> None:
    for page in render.pages(message, share=True):
        assert oracles.of_message(page.text, page.blocks) == []


@quick
@given(strategies.messages)
def test_every_leaf_of_every_message_is_there(message: Message) -> None:
    shown = squashed(seen(message))
    wanted = {*leaves(message)} - reworded(message) - tags(message)
    assert [leaf for leaf in wanted if squashed(leaf) not in shown] == []


def tags(message: Message) -> set[str]:
    """Names that Slack writes itself, from the account or the channel."""
    people = {inert(node.name) for node in walk(message) if isinstance(node, Mention) and node.account.platform == "slack"}
    return people | {inert(node.name) for node in walk(message) if isinstance(node, RoomName) and node.place.platform == "slack"}


@quick
@given(strategies.messages)
def test_app_home_takes_every_message(message: Message) -> None:
    assert oracles.of_view(home.view(message)) == []


def test_the_sampler_shows_every_leaf() -> None:
    assert [leaf for leaf in leaves(SAMPLER) if squashed(leaf) not in squashed(seen(SAMPLER))] == []


def test_what_a_stranger_stored_stays_what_it_is() -> None:
    found = elements(STRANGER)
    assert {element["type"] for element in found} == {"text"}
    assert [block["type"] for page in render.pages(STRANGER) for block in page.blocks if block["type"] == "section"] == []
    assert all("<" not in page.text for page in render.pages(STRANGER))
    assert inert(HOSTILE) in {element["text"] for element in found}


def test_a_mention_is_one_only_for_an_account_on_slack() -> None:
    (none,) = render.pages(Message("", (text(Mention(Account("slack", "U1><!channel"), "Eve")),)))
    assert none.text == "Eve"
    found = elements(Message("", (text(Mention(Account("slack", "U1"), "Ana"), " and ", Mention(Account("matrix", "@b:x"), "Ben")),)))
    assert found == [{"type": "user", "user_id": "U1"}, {"type": "text", "text": " and "}, {"type": "text", "text": "Ben"}]


def test_a_channel_is_called_what_slack_calls_it_today_and_a_room_elsewhere_by_its_name() -> None:
    there, elsewhere = Place("slack", "C1"), Place("matrix", "!a:x.example")
    said = Message("", (text(RoomName(there, "Work"), " and ", RoomName(elsewhere, "Arbeit")),))
    assert elements(said) == [
        {"type": "channel", "channel_id": "C1"},
        {"type": "text", "text": " and "},
        {"type": "text", "text": "Arbeit"},
    ]
    assert render.pages(said)[0].text == "<#C1> and Arbeit"


def test_everyone_is_told_by_a_node_alone() -> None:
    said = Message("Today", (text("@channel <!channel> @everyone "), text(Everyone())))
    assert [element for element in elements(said) if element["type"] == "broadcast"] == [{"type": "broadcast", "range": "channel"}]
    assert render.pages(said)[0].text == "Today\n@channel &lt;!channel&gt; @everyone \n<!channel>"


def test_an_instant_is_shown_as_written_and_in_the_readers_zone() -> None:
    moment = next(node for node in walk(SAMPLER) if isinstance(node, Moment))
    assert spans(("By ", moment)) == (
        "By Wed 31 Mar 2027 23:59 UTC (<!date^1806537540^{date_short_pretty} at {time} your time|Wed 31 Mar 2027 23:59 UTC>)"
    )


def test_what_is_no_address_is_no_link() -> None:
    found = elements(Message("", (text(Link("javascript:alert(1)", "Click")),)))
    assert found == [{"type": "text", "text": "Click javascript:alert(1)"}]


def test_a_short_name_stands_large_and_a_sentence_or_refusal_does_not() -> None:
    listed = Message("Projects of 2027", (text("none"),))
    assert kinds(listed)[0] == "header"
    assert kinds(replace(listed, title="There is none.")) == kinds(replace(listed, ok=False)) == ["rich_text", "rich_text"]
    assert kinds(replace(listed, title="x" * 61))[0] == "rich_text"


def test_one_table_is_drawn_and_a_further_one_is_listed() -> None:
    table = Grid(("Item", "Minutes"), ((("Opening",), ("10",)),))
    assert kinds(Message("Agenda", (table, table))) == ["header", "table", "rich_text"]
    assert "Item: Opening; Minutes: 10" in seen(Message("", (table, table)))


@pytest.mark.parametrize(("rows", "columns"), [(100, 2), (5, 21)])
def test_a_table_that_slack_does_not_take_is_listed(rows: int, columns: int) -> None:
    table = Grid(("c",) * columns, ((("x",),) * columns,) * rows)
    assert "table" not in kinds(Message("Agenda", (table,)))


def test_a_label_that_is_too_long_stands_whole_beside_its_button() -> None:
    label = "Say " + "very " * 20 + "much"
    blocks = render.pages(Message("", (buttons((label, "help")),)))[0].blocks
    assert [block["type"] for block in blocks] == ["rich_text", "actions"]
    assert label in oracles.read(blocks[:1])
    assert blocks[1]["elements"][0]["text"]["text"].endswith("…")


def test_a_line_that_no_button_holds_is_there_to_be_typed() -> None:
    line = f'search "{"x" * 2_000}"'
    message = Message("", (buttons(("Again", line)),))
    assert "actions" not in kinds(message)
    assert "".join(element["text"] for element in elements(message) if element.get("style") == {"code": True}) == line


def test_a_long_message_is_split_into_marked_pages_and_never_cut() -> None:
    words = " ".join(f"word{number}" for number in range(6_000))
    pages = render.pages(Message("Long", (text(words),)))
    marks = [element["text"] for page in pages for block in page.blocks if block["type"] == "context" for element in block["elements"]]
    assert marks == [f"{'' if number == 1 else 'Long '}({number}/{len(pages)})" for number in range(1, len(pages) + 1)]
    assert " ".join(seen(Message("", (text(words),))).split()) == words


def test_numbers_go_on_where_a_list_was_split() -> None:
    message = Message("Steps", (Bullets(tuple((f"step {number}",) for number in range(1, 900)), numbered=True),))
    found = [found for page in render.pages(message) for block in page.blocks for found in oracles.objects(block)]
    lists = [each for each in found if each.get("type") == "rich_text_list"]
    begins = [found.get("offset", 0) for found in lists]
    counts = [len(found["elements"]) for found in lists]
    assert len(lists) > 1
    assert begins == [sum(counts[:number]) for number in range(len(counts))]


def test_the_share_button_stands_only_where_the_answer_may_be_shared() -> None:
    message = Message("Projects", (buttons(("Show", "project P1")),), again="projects")

    def shared(given: Message) -> list[str]:
        blocks = [block for page in render.pages(given, share=True) for block in page.blocks if block["type"] == "actions"]
        return [button["value"] for block in blocks for button in block["elements"] if button["action_id"] == render.SHARE]

    assert shared(message) == ["projects"]
    assert [shared(replace(message, **change)) for change in ({"private": True}, {"ok": False}, {"again": ""})] == [[], [], []]
    assert render.SHARE not in str(render.pages(message))


def test_pictures_and_files_are_named_in_the_page_and_handed_over_beside_it() -> None:
    assert [found.name for found in render.files(SAMPLER)] == ["flow.png", "minutes.txt"]
    assert "File: minutes.txt (18 bytes)" in seen(SAMPLER)


def test_the_text_of_a_page_says_what_its_blocks_say() -> None:
    message = Message("Projects of 2027", (facts([("State", "a & b")]), bullets(["one", "two"], numbered=True), buttons(("Help", "help"))))
    assert render.pages(message)[0].text == "Projects of 2027\nState: a &amp; b\n1. one\n2. two\nHelp"


def test_a_text_that_is_shortened_ends_at_a_whole_piece() -> None:
    page = render.pages(Message("", (text("&" * 2_500),)))[0]
    assert page.text.endswith("&amp;…")
    assert set(page.text.split(";")) <= {"&amp", "…"}


def test_an_empty_message_still_says_something() -> None:
    page = render.pages(Message(""))[0]
    assert page.text
    assert oracles.of_message(page.text, page.blocks) == []


def test_a_view_that_is_full_says_where_the_rest_is() -> None:
    long = Message("Plan", tuple(Text((f"block {number}",)) for number in range(200)), again="plan 2027")
    shown = home.view(long)
    assert oracles.of_view(shown) == []
    assert oracles.read(shown["blocks"][-1:]).endswith("plan 2027")


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U1|ana> and <@U2>", "slack:U1 and slack:U2"),
        ("<#C1|general> <!channel> <!here|here> <!subteam^S1|@leads>", "#general @channel here @leads"),
        ("<http://x.org|x.org> <https://x.org/a?b=1&amp;c=2>", "x.org https://x.org/a?b=1&c=2"),
        ("<https://x.org|the report> <mailto:a@x.org|a@x.org>", "the report (https://x.org) a@x.org"),
        ("<!date^1^{date}|1 January>", "1 January"),
        ("1 < 2 > 0 <b>", "1 < 2 > 0 <b>"),
    ],
)
def test_what_slack_made_of_a_text_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert unescape(sent) == typed


def test_what_is_escaped_comes_back() -> None:
    assert unescape(escape(HOSTILE)) == HOSTILE


def test_each_button_has_its_own_action() -> None:
    many = buttons(*((f"Label {number}", "help") for number in range(60)))
    found = [found for page in render.pages(Message("", (many, many))) for block in page.blocks for found in oracles.objects(block)]
    ids = [each["action_id"] for each in found if "action_id" in each]
    assert len(ids) == len(set(ids)) == 120
    assert all(name.startswith(render.LINE) for name in ids)


def test_facts_and_code_keep_their_shape() -> None:
    found = elements(Message("", (Facts((("Next", ("type ", Code("project P1"))),)),)))
    assert found == [
        {"type": "text", "text": "Next", "style": {"bold": True}},
        {"type": "text", "text": ": "},
        {"type": "text", "text": "type "},
        {"type": "text", "text": "project P1", "style": {"code": True}},
    ]
