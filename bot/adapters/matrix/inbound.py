"""What people write in a room, read into a line. Pure, and total: a content of whatever shape that says nothing to us is nothing.

`body` is what is read; the HTML beside it only tells which names in it are mentions of people. A mention becomes the account as a line
writes it (`matrix:@ben:example.org`). Smart quotes and dashes are left to the grammar of lines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import unquote

from bot import lines
from bot.adapters.matrix.ways import PLATFORM
from bot.coalition.texts import storable
from bot.message import one_line
from bot.views import interviews

Content = Mapping[str, Any]

ESCAPE = f"{interviews.ESCAPE} "
"""The prefix of a line that was pressed, or typed with a prefix of the deployment's own: it is no answer to a form's question."""
MENTIONS = 10
"""How many people's names go with a request."""
LONGEST_NAME = 100
COMMAND = "org.matrix.msc4391.command"
"""A command as a client that knows the bot's commands sends it: https://github.com/matrix-org/matrix-spec-proposals/pull/4391."""

_EVENT = re.compile(r"\$[!-~]{1,254}")
_ROOM = re.compile(r"![!-~]{1,254}")
_USER = re.compile(r"@[^\s:\x00-\x1f\ud800-\udfff]*:[0-9A-Za-z.:\[\]-]+")
_LINK = re.compile(r"(?:https?://(?:www\.)?matrix\.to/#/|matrix:(?:u|user)/)", re.IGNORECASE)
_ANCHOR = re.compile(r"""<a\s[^<>]{0,300}?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>([^<>]*)</a\s*>""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_NAME = re.compile(r"[a-z][a-z_-]{0,40}")
_TYPED_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\(<?([^\s()<>]{1,600})>?\)")
_BARE_LINK = re.compile(
    r"(?<![\w(<])(?:https?://(?:www\.)?matrix\.to/#/(?:@|%40)|matrix:(?:u|user)/)[^\s<>()\[\]\"']{1,600}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Bot:
    """What the bot is called in rooms: its user id, its display name, and the prefix of a line."""

    user: str
    name: str = ""
    prefix: str = "!coalition"


@dataclass(frozen=True, slots=True)
class Relation:
    """How an event refers to others; every field is an event id, "" where there is none.

    `thread` is the root of its thread, `reply` what it expressly answers, `edits` what it takes the place of, `reacts` what it reacts to,
    with `key` (a text). `free`: a thread may begin with it, as it is of no other (spec.matrix.org, threading).
    """

    thread: str = ""
    reply: str = ""
    edits: str = ""
    reacts: str = ""
    key: str = ""
    free: bool = True


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said. `called`: to the bot, by a prefix or by its name at the beginning; `named`: its name is further on.

    `names` are the names of the people whom it mentions, by account.
    """

    line: str = field(repr=False)
    called: bool = False
    named: bool = False
    names: Mapping[str, str] = field(default_factory=dict, repr=False)


def event_id(value: object) -> str:
    """An event id; "" for anything else."""
    return _read(_EVENT, value)


def room_id(value: object) -> str:
    return _read(_ROOM, value)


def user_id(value: object) -> str:
    return _read(_USER, value)


def relation(content: Content, own: str = "") -> Relation:
    """How the content of the event `own` refers to others; to itself it does not."""
    found = part(content, "m.relates_to")
    kind, target = text(found, "rel_type"), event_id(found.get("event_id"))
    if target == own:
        target = ""
    fallback = kind == "m.thread" and found.get("is_falling_back") is True
    reply = "" if fallback else event_id(part(found, "m.in_reply_to").get("event_id"))
    return Relation(
        thread=target if kind == "m.thread" else "",
        reply="" if reply == own else reply,
        edits=target if kind == "m.replace" else "",
        reacts=target if kind == "m.annotation" else "",
        key=text(found, "key"),
        free="rel_type" not in found,
    )


def spoken(content: Content, bot: Bot) -> Spoken | None:
    """What a person wrote; None for notices, pictures and whatever else is no text. An edit is no new text."""
    if text(content, "msgtype") != "m.text" or "m.new_content" in content:
        return None
    if command := _command(content, bot):
        return Spoken(command, called=True)
    body = text(content, "body")
    replying = "m.in_reply_to" in part(content, "m.relates_to")
    body, names = _with_accounts(_unquoted(body) if replying else body, text(content, "formatted_body"))
    names.pop(account(bot.user), None)
    return _addressed(_bare(storable(body).strip()), bot, bot.user in mentioned(content), names)


def mentioned(content: Content) -> frozenset[str]:
    """Whom a message is meant to tell: https://spec.matrix.org/v1.18/client-server-api/#user-and-room-mentions."""
    users = part(content, "m.mentions").get("user_ids")
    return frozenset(user for user in users if isinstance(user, str)) if isinstance(users, list) else frozenset()


def person(link: str) -> str:
    """The user id that a link to a person names, in either of Matrix's forms; "" for any other."""
    found = _LINK.match(link)
    if not found:
        return ""
    name = unquote(re.split(r"[?#]", link[found.end() :], maxsplit=1)[0]).strip("/")
    return user_id(f"@{name}" if found[0][:7].casefold() == "matrix:" else name)


def account(user: str) -> str:
    """A person as a line writes them."""
    return f"{PLATFORM}:{user}"


def _command(content: Content, bot: Bot) -> str:
    """The line of a command with its arguments by name; "" where there is none for this bot."""
    found = part(content, COMMAND)
    words = storable(text(found, "command")).strip()
    if not words or bot.user not in mentioned(content):
        return ""
    given = [
        (name, _argument(value)) for name, value in part(found, "arguments").items() if isinstance(name, str) and _NAME.fullmatch(name)
    ]
    return lines.compose(f"{ESCAPE}{words}", options=[(name, value) for name, value in given if value is not None])


def _argument(value: object) -> str | None:
    """An argument as an option's value, "" for one that is only switched on; None for what a line cannot say."""
    if value is True:
        return ""
    return storable(str(value)) if isinstance(value, str | int) and value not in (False, "") else None


def _addressed(line: str, bot: Bot, meant: bool, names: Mapping[str, str]) -> Spoken:
    """To whom a line was said. Who begins with the bot's name, or with a prefix, speaks to it; its name further on, as a mention that
    tells it, may as well be talk about it."""
    if begun := _opening(bot, meant).match(line):
        return Spoken(_prefixed(line[begun.end() :].strip(), bot), called=True, names=names)
    rewritten = _prefixed(line, bot)
    if lines.prefixed(rewritten):
        return Spoken(rewritten, called=True, names=names)
    if found := _sure(bot).search(line):
        return Spoken(line[found.end() :].strip() or line[: found.start()].strip(), named=True, names=names)
    return Spoken(line, names=names)


def _prefixed(line: str, bot: Bot) -> str:
    """The line with a prefix that the grammar of lines knows, where it has the deployment's own."""
    own, rest = line[: len(bot.prefix)], line[len(bot.prefix) :]
    ours = bool(own) and own.casefold() == bot.prefix.casefold() and (not rest or rest[0].isspace())
    return f"{ESCAPE}{rest.strip()}" if ours and not lines.prefixed(line) else line


@cache
def _sure(bot: Bot) -> re.Pattern[str]:
    """The bot's user id, as a word of its own, with what sets it off from the rest."""
    identity = re.escape(bot.user)
    return re.compile(rf"(?<!\S)(?:{re.escape(account(bot.user))}|{identity})(?=[\s,]|:(?:\s|$)|$)[\s,:]*")


@cache
def _opening(bot: Bot, meant: bool) -> re.Pattern[str]:
    """What a line begins with that is said to the bot. A name that is none of an id needs a colon or a comma, unless the message is meant
    to tell the bot (`meant`): people also begin by its name when they talk about it."""
    local = re.escape(bot.user[1:].partition(":")[0])
    name = re.escape(bot.name.strip())
    after = r"(?:[:,]|(?=\s|$))" if meant else "[:,]"
    ways = [_sure(bot).pattern, *([rf"@?{name}\s*{after}[\s,:]*"] if name else [])]
    ways += [rf"@{local}(?=[\s,]|:(?:\s|$)|$)[\s,:]*", rf"{local}:(?=\s|$)\s*"] if local else []
    return re.compile(rf"\s*(?:{'|'.join(ways)})+", re.IGNORECASE)


def _unquoted(body: str) -> str:
    """Without the quotation that clients put before a reply until spec v1.13: lines that begin with `>`, and a blank one."""
    if not body.startswith(("> <", "> * <")):
        return body
    rows = body.split("\n")
    first = next((number for number, row in enumerate(rows) if not row.startswith(">")), len(rows))
    return "\n".join(rows[first:]).lstrip("\n")


def _bare(line: str) -> str:
    """A line without the backticks that it was copied with."""
    return line[1:-1].strip() if len(line) > 2 and line[0] == line[-1] == "`" and "`" not in line[1:-1] else line


def _with_accounts(body: str, html: str) -> tuple[str, dict[str, str]]:
    """The body with an account in the place of each mention of a person, and their names."""
    names: dict[str, str] = {}

    def linked(found: re.Match[str]) -> str:
        user = person(found[2])
        return _named(names, user, found[1]) if user else found[0]

    body = _TYPED_LINK.sub(linked, body)
    body = _BARE_LINK.sub(lambda found: account(person(found[0])) if person(found[0]) else found[0], body)
    written: list[str] = []
    at = 0
    for label, user, before in _pills(html):
        begin = _nth(body, label, at, before) if account(user) not in body else -1
        if begin >= 0:
            written += [body[at:begin], _named(names, user, label)]
            at = begin + len(label)
    return "".join((*written, body[at:])), names


def _named(names: dict[str, str], user: str, label: str) -> str:
    """The account of a person, whose name is kept."""
    name = one_line(storable(label)).removeprefix("@")[:LONGEST_NAME]
    if name and len(names) < MENTIONS and name != user.removeprefix("@"):
        names.setdefault(account(user), name)
    return account(user)


def _pills(html: str) -> Iterator[tuple[str, str, int]]:
    """Each mention of a person: what is shown of it, whom it means, and how often the same stands as mere text since the one before."""
    html = html.rpartition("</mx-reply>")[2]
    at = 0
    for found in _ANCHOR.finditer(html):
        user, label = person(unescape(found[1] or found[2] or "")), unescape(found[3]).strip()
        if user and label:
            yield label, user, unescape(_TAG.sub("", html[at : found.start()])).count(label)
            at = found.end()


def _nth(body: str, label: str, start: int, before: int) -> int:
    """Where a label stands in the body after `before` others; -1 where it does not."""
    found = body.find(label, start)
    while found >= 0 and before > 0:
        found, before = body.find(label, found + len(label)), before - 1
    return found


def part(content: object, name: str) -> Content:
    """A part of a content; empty where it is none."""
    found = content.get(name) if isinstance(content, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text(content: object, name: str) -> str:
    """A text of a content; "" where it is none."""
    found = content.get(name) if isinstance(content, Mapping) else None
    return found if isinstance(found, str) else ""


def texts(content: object, name: str) -> Sequence[str]:
    """A list of texts of a content; empty where it is none."""
    found = content.get(name) if isinstance(content, Mapping) else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _read(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 255 and pattern.fullmatch(value) else ""
