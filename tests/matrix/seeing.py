"""What people see of a message of the bot, and whom it notifies."""

import re
from collections.abc import Mapping
from typing import Any

from tests.matrix.people import Seen
from tests.matrix.reading import Reader, kept, written

UNSEEN = "\u2060"
"""A word joiner, which keeps a word from being one that notifies."""
PILL = "https://matrix.to/#/"


def seen(message: Seen) -> str:
    """A message as a client shows it: its HTML where it is encrypted, else its body, so that both ways of reading are tried."""
    shown = as_html(message.content) if message.encrypted else message.text
    return shown.replace(UNSEEN, "")


def as_html(content: Mapping[str, Any]) -> str:
    """The HTML of a message with the addresses of its links, where it has one; nothing in it that the specification does not have."""
    html = content.get("formatted_body", "")
    assert kept(html) == written(html)
    reader = Reader(html)
    links = [link["href"] or "" for link in reader.all("a")]
    read = re.sub(r"\n+", "\n", reader.said).strip() or str(content["body"])
    return "\n".join([read, *(link for link in links if not link.startswith(PILL))])


def pings(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Whom a message notifies, as it says itself."""
    mentions = content["m.mentions"]
    return (*mentions.get("user_ids", ()), *(("@room",) if mentions.get("room") else ()))
