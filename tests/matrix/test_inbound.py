"""What people write in a room becomes a line, as they typed it, and is told apart by whether it was said to the bot."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot import plugins
from bot.adapters.matrix import inbound
from bot.adapters.matrix.inbound import Bot, Relation, Spoken
from tests.matrix.people import said

BOT = Bot("@coalition:example.org", "Coalition bot", "!coalition")
BEN = "@ben:example.org"
PILL = '<a href="https://matrix.to/#/@ben:example.org">Ben</a>'
OURS = '<a href="https://matrix.to/#/@coalition:example.org">Coalition bot</a>'
ROUTER = plugins.router()


def spoken(body: str, html: str = "", bot: Bot = BOT, more: Mapping[str, Any] | None = None) -> Spoken:
    content = {**said(body), **({"format": "org.matrix.custom.html", "formatted_body": html} if html else {}), **(more or {})}
    found = inbound.spoken(content, bot)
    assert found is not None
    return found


@pytest.mark.parametrize("text", ["!coalition projects", "!c projects", "!C  projects", "  !Coalition projects", "`!c projects`"])
def test_a_prefix_speaks_to_the_bot(text: str) -> None:
    found = spoken(text)
    assert found.called
    assert ROUTER.resolve(found.line).route.words == "projects"


@pytest.mark.parametrize(
    "text", ["!coalitionx projects", "!cprojects", "projects", "what does !c projects do?", "!dc projects", "! c projects"]
)
def test_what_begins_with_no_prefix_does_not(text: str) -> None:
    assert spoken(text) == Spoken(text)


@pytest.mark.parametrize("text", ["!dc projects", "!DC projects", "!c projects", "!coalition projects"])
def test_a_prefix_of_the_deployments_own_is_one_that_no_answer_begins_with(text: str) -> None:
    found = spoken(text, bot=Bot(BOT.user, BOT.name, "!dc"))
    assert found.called
    assert ROUTER.clear(found.line)
    assert ROUTER.resolve(found.line).route.words == "projects"


def test_a_prefix_alone_asks_for_help() -> None:
    assert spoken("!dc", bot=Bot(BOT.user, BOT.name, "!dc")) == Spoken("!c ", called=True)


@pytest.mark.parametrize(
    "text",
    [
        "@coalition:example.org projects",
        "@coalition:example.org: projects",
        "@coalition: projects",
        "@coalition projects",
        "Coalition bot: projects",
        "coalition BOT, projects",
        "@Coalition bot: projects",
        "Coalition bot: Coalition bot: projects",
        "coalition: projects",
        "https://matrix.to/#/@coalition:example.org projects",
        "[Coalition bot](https://matrix.to/#/@coalition:example.org): projects",
        "matrix:u/coalition:example.org projects",
    ],
)
def test_its_name_at_the_beginning_speaks_to_the_bot(text: str) -> None:
    assert spoken(text) == Spoken("projects", called=True)


@pytest.mark.parametrize("text", ["Coalition bot projects", "Coalition bot: projects", "Coalition bot, projects"])
def test_a_mention_at_the_beginning_speaks_to_the_bot(text: str) -> None:
    html = text.replace("Coalition bot", OURS)
    assert spoken(text, html) == Spoken("projects", called=True)
    assert spoken(text, more={"m.mentions": {"user_ids": [BOT.user]}}) == Spoken("projects", called=True)


@pytest.mark.parametrize(
    "text",
    [
        "Coalition bot is down again",
        "Coalition, thank you all",
        "coalition projects are late",
        "@coalition:other.org projects",
        "@coalitions: projects",
        "the Coalition bot: projects",
    ],
)
def test_a_name_that_may_be_talk_does_not(text: str) -> None:
    found = spoken(text)
    assert (found.line, found.called, found.named) == (text, False, False)


@pytest.mark.parametrize("html", [f"Hey {OURS} projects 2016", f"projects 2016 {OURS}"])
def test_a_mention_further_on_may_be_talk_about_the_bot(html: str) -> None:
    assert spoken(html.replace(OURS, "Coalition bot"), html) == Spoken("projects 2016", named=True)


@pytest.mark.parametrize(
    ("body", "html", "meant"),
    [
        ("member Ben", f"member {PILL}", f"member matrix:{BEN}"),
        ("member @Ben", f"member {PILL.replace('Ben', '@Ben')}", f"member matrix:{BEN}"),
        ("member Ben", f"member {PILL.replace('@ben:example', '%40ben%3Aexample')}", f"member matrix:{BEN}"),
        ("member Ben", f"member {PILL.replace('#/@ben', '#/@ben').replace('org', 'org?via=x')}", f"member matrix:{BEN}"),
        ("member Ben", 'member <a href="matrix:u/ben:example.org?action=chat">Ben</a>', f"member matrix:{BEN}"),
        ("member [Ben](https://matrix.to/#/@ben:example.org)", f"member {PILL}", f"member matrix:{BEN}"),
        (f"member {BEN}", f"member {PILL.replace('>Ben<', f'>{BEN}<')}", f"member matrix:{BEN}"),
        ("ask Ben about Ben", f"ask Ben about {PILL}", f"ask Ben about matrix:{BEN}"),
        ("Ben and Ben", f"{PILL} and {PILL}", f"matrix:{BEN} and matrix:{BEN}"),
        ("R&D Ben", f"<b>R&amp;D</b> {PILL}", f"R&D matrix:{BEN}"),
        ("see https://matrix.to/#/!room:example.org/$event", "", "see https://matrix.to/#/!room:example.org/$event"),
        ("see Room", '<a href="https://matrix.to/#/!room:example.org">Room</a>', "see Room"),
        ("member Ben", "member <b>Ben</b>", "member Ben"),
    ],
)
def test_a_mention_of_a_person_is_their_account(body: str, html: str, meant: str) -> None:
    assert spoken(f"!c {body}", f"!c {html}" if html else "").line == f"!c {meant}"


def test_who_is_mentioned_goes_by_the_name_that_is_shown() -> None:
    assert spoken("!c share Ben knows", f"!c share {PILL} knows").names == {f"matrix:{BEN}": "Ben"}
    assert spoken(f"!c member {BEN}", f"!c member {PILL.replace('>Ben<', f'>{BEN}<')}").names == {}


def test_only_so_many_names_go_with_a_request() -> None:
    people = [f'<a href="https://matrix.to/#/@p{n}:example.org">Person {n}</a>' for n in range(50)]
    found = spoken("!c share " + " ".join(f"Person {n}" for n in range(50)), "!c share " + " ".join(people))
    assert found.line.count("matrix:@p") == 50
    assert len(found.names) == inbound.MENTIONS


QUOTED = "> <@coalition:example.org> Deadlines\n> !c projects\n\n"


def test_the_quotation_before_a_reply_is_not_what_was_said() -> None:
    found = inbound.spoken({**said(f"{QUOTED}snooze 2h", reply="$a")}, BOT)
    assert found == Spoken("snooze 2h")
    html = f"<mx-reply><blockquote>{PILL}: Ben</blockquote></mx-reply>thank Ben"
    assert inbound.spoken({**said(f"{QUOTED}thank Ben", reply="$a"), "formatted_body": html}, BOT) == Spoken("thank Ben")


def test_a_quotation_that_is_no_reply_is_what_was_said() -> None:
    assert spoken(f"{QUOTED}snooze 2h").line == f"{QUOTED}snooze 2h"


@pytest.mark.parametrize(
    "text", ["project add “Hotlines” —summary x", "share two\nlines", "share @room <b>bold</b> &amp;", "share \u202eabc"]
)
def test_a_line_is_what_the_person_typed(text: str) -> None:
    assert spoken(f"!c {text}").line == f"!c {text}"


def test_what_cannot_be_kept_is_shown_as_missing() -> None:
    assert spoken("!c share a\0b\ud800").line == "!c share a\ufffdb\ufffd"


@pytest.mark.parametrize("kind", ["m.notice", "m.emote", "m.image", "m.file", "m.location", "org.example", "", 7])
def test_nothing_but_a_text_is_read(kind: Any) -> None:
    assert inbound.spoken({**said("!c projects"), "msgtype": kind}, BOT) is None


def test_an_edit_is_no_new_text() -> None:
    assert inbound.spoken({**said("* !c projects"), "m.new_content": said("!c projects")}, BOT) is None


def test_a_command_that_a_client_put_together_is_a_line_with_its_arguments() -> None:
    command = {"command": "projects", "arguments": {"cycle": 2016, "state": "in review", "all": True, "not me": "x", "gone": None}}
    ours = {"m.mentions": {"user_ids": [BOT.user]}, inbound.COMMAND: command}
    assert spoken("/projects 2016", more=ours) == Spoken('!c projects --cycle 2016 --state "in review" --all', called=True)
    assert spoken("/projects", more={inbound.COMMAND: {"command": "projects"}}) == Spoken("/projects")


@pytest.mark.parametrize(
    ("relation", "read"),
    [
        ({"rel_type": "m.thread", "event_id": "$root", "is_falling_back": True, "m.in_reply_to": {"event_id": "$last"}},
         Relation(thread="$root", free=False)),
        ({"rel_type": "m.thread", "event_id": "$root", "m.in_reply_to": {"event_id": "$last"}},
         Relation(thread="$root", reply="$last", free=False)),
        ({"m.in_reply_to": {"event_id": "$last"}}, Relation(reply="$last")),
        ({"rel_type": "m.replace", "event_id": "$old"}, Relation(edits="$old", free=False)),
        ({"rel_type": "m.annotation", "event_id": "$card", "key": "✅"}, Relation(reacts="$card", key="✅", free=False)),
        ({"rel_type": "m.thread", "event_id": "$own"}, Relation(free=False)),
        ({"m.in_reply_to": {"event_id": "$own"}}, Relation()),
        ({"rel_type": "m.thread", "event_id": "../../whoami"}, Relation(free=False)),
        ({"rel_type": 7, "event_id": []}, Relation(free=False)),
        ("$root", Relation()),
    ],
)  # fmt: skip
def test_how_an_event_refers_to_others(relation: object, read: Relation) -> None:
    assert inbound.relation({"m.relates_to": relation}, "$own") == read
