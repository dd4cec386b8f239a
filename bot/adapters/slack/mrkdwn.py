"""Spans in Slack's two languages: rich text, which is what people see, and mrkdwn, which is read out and shown in notifications.

Whatever is drawn is drawn as `rich_text` elements. Slack reads no markup in their `text`: a star, a backtick, `<!channel>` or `:x:` that
somebody typed stays what it is and can be copied. In mrkdwn only `& < >` can be escaped; for `*`, `_`, `~` and backticks it knows no
escape, and an invisible character between them would be copied along. So mrkdwn is left for the top-level `text` of a message, which
stands in for the blocks in notifications and for screen readers: nobody can be pinged by it, and a star may at worst make a word bold.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from bot.adapters.fallback import pieces
from bot.adapters.slack.ways import PLATFORM
from bot.coalition.zones import clock
from bot.message import Bold, Code, Everyone, Link, Mention, Moment, RoomName, Span, Spans, inert

MAX_URL = 3_000
"""Characters of an address that Slack takes in a link."""
MAX_TEXT = 2_000
"""Characters of one element, so that a page can be filled with whole ones."""

Json = dict[str, Any]

_CHANNEL = re.compile(rf"{PLATFORM}:[CG][A-Z0-9]+")
_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>|]+", re.IGNORECASE)
_USER = re.compile(r"[A-Z0-9]+", re.ASCII)
"""Slack's id of a person; a chair may have linked an account that is none."""
_YOURS = "{date_short_pretty} at {time} your time"
"""How each reader's own client shows an instant: https://docs.slack.dev/reference/block-kit/block-elements/date-element."""

_ANGLED = re.compile(r"<([@#!][^<>|\n]+|[a-z][a-z0-9+.-]*:[^<>|\n]+)(?:\|([^<>\n]*))?>", re.IGNORECASE)
"""What Slack makes of a mention, a channel, a broadcast, a date or an address; any other angle bracket arrives escaped."""


def escape(text: str) -> str:
    """Literal text in mrkdwn (https://docs.slack.dev/messaging/formatting-message-text#escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a person typed, from what Slack makes of it: `&amp;`, `<@U1|ana>`, `<#C1|general>`, `<!here>`, `<https://x.org|x.org>`.

    A mention of a person becomes the account as the bot writes it (`slack:U1`): a name that Slack gives with it may be several people's.
    """
    plain = _ANGLED.sub(lambda found: _typed(found[1], found[2] or ""), text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _typed(inner: str, label: str) -> str:
    sign, rest = inner[:1], inner[1:]
    if sign == "@":
        return f"{PLATFORM}:{rest}"
    if sign == "#":
        return f"#{label.removeprefix('#') or rest}"
    if sign == "!":
        return label or f"@{rest.partition('^')[0]}"
    address = inner.removeprefix("mailto:")
    if not label or label == address:
        return address
    return label if address.endswith(f"//{label}") else f"{label} ({inner})"


def elements(spans: Spans) -> list[Json]:
    """The elements of a rich text section. None is empty; there is none where there is nothing to see."""
    return [element for span in spans for element in _elements(span)]


def _elements(span: Span) -> Iterator[Json]:
    match span:
        case str():
            yield from literal(span)
        case Bold(text=text):
            yield from literal(text, bold=True)
        case Code(line=line):
            yield from literal(line, code=True)
        case Link():
            yield from _link(span)
        case Mention(account=account, name=name):
            known = account.platform == PLATFORM and _USER.fullmatch(account.user_id)
            yield from [{"type": "user", "user_id": account.user_id}] if known else literal(name)
        case RoomName(place=place, name=name):
            yield from [{"type": "channel", "channel_id": place.room}] if _CHANNEL.fullmatch(str(place)) else literal(name)
        case Moment():
            yield from _moment(span)
        case Everyone():
            yield {"type": "broadcast", "range": "channel"}


def literal(text: str, **style: bool) -> Iterator[Json]:
    """Text exactly as it is; a long one in several elements."""
    for part in pieces(inert(text), MAX_TEXT):
        yield {"type": "text", "text": part, **({"style": style} if style else {})}


def _link(link: Link) -> Iterator[Json]:
    """A link; what is no address that Slack takes is shown as text."""
    if not _WEB.fullmatch(link.url) or len(link.url) > MAX_URL or len(link.label) > MAX_TEXT:
        yield from literal(f"{link.label} {link.url}" if link.label else link.url)
    else:
        label = inert(link.label)
        yield {"type": "link", "url": link.url, **({"text": label} if label else {})}


def _moment(moment: Moment) -> Iterator[Json]:
    """The time as it was written, and as the clock of whoever reads it shows it."""
    yield from literal(clock(moment.at, moment.zone))
    since_1970 = int(moment.at.timestamp())
    if since_1970 > 0:
        yield from literal(" (")
        yield {"type": "date", "timestamp": since_1970, "format": _YOURS, "fallback": clock(moment.at.astimezone(UTC), "UTC")}
        yield from literal(")")


def spans(found: Spans) -> str:
    """Spans as mrkdwn."""
    return "".join(atoms(elements(found)))


def atoms(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Elements as mrkdwn, one piece each: a text, a mention, a link, a date."""
    for element in found:
        yield from _ATOMS[element["type"]](element)


def _text(element: Mapping[str, Any]) -> Iterator[str]:
    yield escape(element["text"])


def _address(element: Mapping[str, Any]) -> Iterator[str]:
    label = element.get("text", "").replace("|", "¦").replace("\n", " ")
    yield f"<{escape(element['url'])}|{escape(label)}>" if label else f"<{escape(element['url'])}>"


def _date(element: Mapping[str, Any]) -> Iterator[str]:
    yield f"<!date^{element['timestamp']}^{element['format']}|{element['fallback']}>"


_ATOMS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "text": _text,
    "link": _address,
    "user": lambda element: iter([f"<@{element['user_id']}>"]),
    "channel": lambda element: iter([f"<#{element['channel_id']}>"]),
    "date": _date,
    "broadcast": lambda element: iter([f"<!{element['range']}>"]),
}
