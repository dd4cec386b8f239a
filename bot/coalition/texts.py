"""What may stand in a text that we keep."""

import unicodedata


def keepable(char: str) -> bool:
    """Whether a character may be kept: no control characters, no direction overrides, no halves of a character."""
    return char in "\n\t\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cs", "Cf"}


def clean(text: str) -> str:
    """Text as we keep it: composed (NFC), only characters that may be kept, without outer blanks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in text if keepable(char)).strip()
