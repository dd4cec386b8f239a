"""Spans in Matrix's two forms: the plain body, and the HTML that clients draw.

Only tags and attributes that the specification lets clients keep (spec.matrix.org, client-server API, m.room.message msgtypes): `a`, `br`,
`code`, `li`, `ol` with `start`, `p`, `strong`, `ul`. A user id in a text pings nobody: `m.mentions` alone decides (since v1.7). Where a
client or homeserver is older, `@room` in a body tells everybody, so an invisible character parts what somebody typed; what is drawn, and
copied, is the HTML, in which it stands as it was typed.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bot.adapters.fallback import pieces
from bot.adapters.matrix.ways import PLATFORM
from bot.message import Bold, Code, Everyone, Link, Mention, RoomName, Span, inert, plain_span

EVERYONE = "@room"
PART = 6_000
"""What one paragraph or item weighs at most, so that pages are filled well."""
PIECE = 500
"""Characters of the pieces of a text that is too heavy."""

_WEB = re.compile(r"(?:https?://[^\s<>/?#]+|mailto:)[^\s<>]*", re.IGNORECASE)
_USER = re.compile(r"@[!-9;-~]+:[\w.:\[\]-]+", re.ASCII)
"""A user id, old ones included; a chair may have linked an account that is none."""
_ROOM = re.compile(r"![!-~]+")
_TO_ALL = re.compile(rf"@(?={EVERYONE[1:]}\b)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a line in both forms. `user`: whom it mentions; `everyone`: it tells everybody in the room."""

    body: str
    html: str
    user: str = ""
    everyone: bool = False


def weight(text: str) -> int:
    """Bytes of a text in an event, counted as the library sends it: with everything beyond ASCII escaped."""
    return len(json.dumps(text)) - 2


def heavy(atom: Atom) -> int:
    """Bytes of both forms."""
    return weight(atom.body) + weight(atom.html)


def escape(text: str) -> str:
    """Literal text in HTML."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def atoms(spans: Iterable[Span]) -> Iterator[Atom]:
    """Spans in both forms; one that is too heavy comes in several."""
    for span in spans:
        drawn = _atom(span)
        if heavy(drawn) <= PART:
            yield drawn
        else:
            yield from map(_atom, _parts(span))


def joined(found: Iterable[Atom]) -> str:
    """The body of a line. Nothing in it tells everybody but the node that is meant to."""
    line = [*found]
    body = "".join(atom.body for atom in line)
    return body if any(atom.everyone for atom in line) else _TO_ALL.sub(f"@{_WORD_JOINER}", body)


def _parts(span: Span) -> Iterator[Span]:
    again: Callable[[str], Span] = type(span) if isinstance(span, Bold | Code) else str
    match span:
        case Bold(text=text) | Code(line=text):
            whole = inert(text)
        case _:
            whole = plain_span(span)
    return map(again, pieces(whole, PIECE))


def _atom(span: Span) -> Atom:
    plain = plain_span(span)
    match span:
        case Bold():
            return Atom(plain, f"<strong>{escape(plain)}</strong>" if plain else "")
        case Code(line=line):
            return Atom(plain, f"<code>{escape(inert(line))}</code>")
        case Link(url=url, label=label) if _WEB.fullmatch(url) and inert(url) == url:
            return Atom(plain, _anchor(url, label or url))
        case Mention(account=account, name=name) if account.platform == PLATFORM and _USER.fullmatch(account.user_id):
            return Atom(plain or account.user_id, _pill(account.user_id, name), user=account.user_id)
        case RoomName(place=place, name=name) if place.platform == PLATFORM and _ROOM.fullmatch(place.room):
            return Atom(plain or place.room, _pill(place.room, name))
        case Everyone():
            return Atom(EVERYONE, EVERYONE, everyone=True)
        case _:
            return Atom(plain, escape(plain))


def _pill(identifier: str, name: str) -> str:
    """A person or a room, which clients draw as they know it."""
    return _anchor(f"https://matrix.to/#/{quote(identifier, safe='@:!')}", name or identifier)


def _anchor(url: str, label: str) -> str:
    return f'<a href="{html.escape(url)}">{escape(inert(label))}</a>'
