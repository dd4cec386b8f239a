"""Messages as Slack draws them."""

from dataclasses import dataclass
from typing import Any

from bot.message import File, Message, Picture, plain


@dataclass(frozen=True, slots=True)
class Page:
    """One Slack message within every limit. `text` is what notifications and screen readers say; never empty."""

    text: str
    blocks: list[dict[str, Any]]


def pages(message: Message, *, share: bool = False) -> list[Page]:
    """A message as Slack messages. `share`: with a button that shows it to everybody, where `message.again` says how."""
    said = plain(message) or " "
    return [Page(said[:3000], [{"type": "section", "text": {"type": "plain_text", "text": said[:3000]}}])]


def files(message: Message) -> list[Picture | File]:
    """What is uploaded beside the pages."""
    return [block for block in message.blocks if isinstance(block, Picture | File)]
