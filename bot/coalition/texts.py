"""What may stand in a text that we keep."""

import re
import unicodedata
from collections.abc import Mapping

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def keepable(char: str) -> bool:
    """Whether a character may be kept: no control characters, no direction overrides, no halves of a character."""
    return char in "\n\t\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cs", "Cf"}


def clean(text: str) -> str:
    """Text as we keep it: composed (NFC), only characters that may be kept, without outer blanks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in text if keepable(char)).strip()


def shortened(text: str, length: int) -> str:
    """At most `length` characters, with an ellipsis where there were more."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def named(text: str, names: Mapping[str, str]) -> str:
    """A text in which accounts (`slack:U1`) stand as the names that people know, where `names` has one: `@Ana Example`."""
    if not names:
        return text
    mentioned = re.compile(rf"(?<![\w:])(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return mentioned.sub(lambda found: f"@{names[found[0]]}", text)


def storable(text: str) -> str:
    """Text that every database takes: zero characters and halves of characters are shown as missing ones."""
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)
