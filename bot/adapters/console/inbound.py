"""What a line of the console asks: a line as people type it, or a request in full as JSON."""

import msgspec

from bot.errors import ConfigError, Refused
from bot.request import Account, Place, Request

EXAMPLE = '{"line": "project add", "values": {"title": "Hotline directory"}, "as": "chair"}'


class Whole(msgspec.Struct, forbid_unknown_fields=True):
    """A request in full. `values` are texts by the name of the field, `key` an event's id: answered once."""

    line: str
    values: dict[str, str] = {}
    account: str = msgspec.field(name="as", default="")
    key: str = ""


def account(text: str) -> Account:
    """`chair` is `console:chair`; `slack:U1` stands as it is. Raises ConfigError."""
    found = Account.parse(text) if ":" in text else Account("console", text)
    if not found.platform.strip() or not found.user_id.strip() or not text.isprintable():
        raise ConfigError(f"as: “{text[:40]}” is not an account. Write a name, as in --as chair, or platform:user, as in --as slack:U1")
    return found


def read(line: bytes | str, sender: Account, place: Place) -> Request:
    """The request of one line; bytes are UTF-8. Raises Refused."""
    text = _decoded(line) if isinstance(line, bytes) else line
    text = text.removeprefix("\ufeff").rstrip("\r\n")
    request = _whole(text, sender, place) if text.lstrip().startswith("{") else Request(text, sender, place)
    if not request.line.strip():
        raise Refused("That line is blank. Ask something.", lines=["help"])
    return request


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise Refused(f"That line is not UTF-8 text (byte {error.start + 1}). Send it as UTF-8.", lines=["help"]) from None


def _whole(text: str, sender: Account, place: Place) -> Request:
    try:
        whole = msgspec.json.decode(text, type=Whole)
        sender = account(whole.account) if whole.account else sender
    except ConfigError as error:
        raise Refused(str(error)) from None
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise Refused(f"That line begins with {{ but is no request: {error}. Write, for example, {EXAMPLE}") from None
    return Request(whole.line, sender, place, whole.values, whole.key)
