"""What a person sees: blocks as text, without the markup, dates by their fallback."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_TAG = re.compile(r"<([^<>]*)>")
_WORD = r"(?<![\w*_~`])"
_STYLED = re.compile(rf"{_WORD}([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~`])")
_CODED = re.compile(r"```(.*?)```|`([^`\n]+)`", re.DOTALL)
_INVISIBLE = str.maketrans("", "", "\u200b\u2060\ufeff")
_BROADCAST = re.compile(r"<!(channel|here|everyone|subteam\^[A-Z0-9]+)(?:\|[^<>]*)?>")


def mrkdwn(text: str) -> str:
    """Text in Slack's own markup as it is drawn."""
    parts, last = [], 0
    for code in _CODED.finditer(text):
        parts += [_drawn(text[last : code.start()]), _unescaped(_TAG.sub(_tag, code[1] or code[2]))]
        last = code.end()
    return "".join([*parts, _drawn(text[last:])]).translate(_INVISIBLE)


def _drawn(text: str) -> str:
    pieces = _TAG.split(text)
    return "".join(_label(piece) if odd % 2 else _unescaped(_unstyled(piece)) for odd, piece in enumerate(pieces))


def _unstyled(text: str) -> str:
    while (plain := _STYLED.sub(r"\2", text)) != text:
        text = plain
    return text


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _tag(found: re.Match[str]) -> str:
    return _label(found[1])


def _label(inner: str) -> str:
    """What is drawn for `<inner>`."""
    target, bar, label = inner.partition("|")
    if target.startswith("!date^"):
        return _unescaped(label)
    if target[:1] in {"@", "#", "!"}:
        return (target[:1].replace("!", "@") if not label.startswith(("@", "#")) else "") + (label or target[1:])
    return _unescaped(f"{label} <{target}>" if bar and label != target else target)


def _spans(elements: Iterable[Mapping[str, Any]]) -> str:
    return "".join(map(_span, elements))


def _span(one: Mapping[str, Any]) -> str:
    match one["type"]:
        case "text":
            return str(one["text"]).translate(_INVISIBLE)
        case "link":
            return f"{one['text']} <{one['url']}>" if one.get("text", one["url"]) != one["url"] else str(one["url"])
        case "user":
            return f"@{one['user_id']}"
        case "channel":
            return f"#{one['channel_id']}"
        case "broadcast":
            return f"@{one['range']}"
        case "date":
            return str(one.get("fallback", one["timestamp"]))
        case "emoji":
            return f":{one['name']}:"
    return ""


def _rich(one: Mapping[str, Any]) -> str:
    if one["type"] == "rich_text_list":
        start = one.get("offset", 0)
        marks = (f"{start + n}." if one["style"] == "ordered" else "•" for n in range(1, len(one["elements"]) + 1))
        return "\n".join(f"{mark} {_spans(item['elements'])}" for mark, item in zip(marks, one["elements"], strict=True))
    return _spans(one["elements"])


def _text(one: Mapping[str, Any] | None) -> str:
    if not one:
        return ""
    return mrkdwn(one["text"]) if one["type"] == "mrkdwn" else str(one["text"]).translate(_INVISIBLE)


def _cell(one: Mapping[str, Any]) -> str:
    return _text(one) if one["type"] == "raw_text" else "\n".join(map(_rich, one["elements"]))


def _element(one: Mapping[str, Any]) -> str:
    match one["type"]:
        case "button":
            return f"[{_text(one['text'])}]" + (f" <{one['url']}>" if "url" in one else "")
        case "image":
            return str(one["alt_text"])
        case "mrkdwn" | "plain_text":
            return _text(one)
    return "\n".join([_text(one.get("placeholder")), _first_value(one), *(_text(choice["text"]) for choice in _choices(one))])


def _first_value(one: Mapping[str, Any]) -> str:
    """What stands in an element before anybody uses it."""
    names = ("initial_value", "initial_date", "initial_time", "initial_date_time", "initial_user")
    return "\n".join(str(one[name]) for name in names if name in one)


def _choices(one: Mapping[str, Any]) -> list[Any]:
    return [*one.get("options", ()), *(each for group in one.get("option_groups", ()) for each in group["options"])]


def seen_block(one: Mapping[str, Any]) -> str:
    """One block as a person reads it."""
    match one["type"]:
        case "section":
            beside = [_element(one["accessory"])] if "accessory" in one else []
            return "\n".join([_text(one.get("text")), *map(_text, one.get("fields", ())), *beside])
        case "header":
            return _text(one["text"])
        case "context" | "actions":
            return "\n".join(map(_element, one["elements"]))
        case "rich_text":
            return "\n".join(map(_rich, one["elements"]))
        case "table":
            return "\n".join("  ".join(map(_cell, row)) for row in one["rows"])
        case "markdown":
            return str(one["text"]).translate(_INVISIBLE)
        case "image":
            return "\n".join([_text(one.get("title")), one["alt_text"]])
        case "input":
            return "\n".join([_text(one["label"]), _text(one.get("hint")), _element(one["element"])])
    return ""


def seen_message(text: str, blocks: Sequence[Mapping[str, Any]], files: Sequence[str] = ()) -> str:
    """A message: its blocks, or its text where it has none, and the titles of its files."""
    return "\n".join(filter(None, [*(map(seen_block, blocks) if blocks else [mrkdwn(text)]), *files]))


def seen_view(body: Mapping[str, Any], errors: Mapping[str, str] = {}) -> str:
    """A modal or an App Home; what is wrong with a field stands below it."""
    lines = [_text(body.get("title"))]
    for one in body["blocks"]:
        lines += [seen_block(one), errors.get(one.get("block_id", ""), "")]
    return "\n".join(filter(None, [*lines, _text(body.get("submit"))]))


def pings(text: str, blocks: Sequence[Any]) -> Iterator[str]:
    """Whom a message notifies without naming their account: `channel`, `here`, `everyone` or a group."""
    yield from _BROADCAST.findall(text)
    yield from _pings(blocks)


def _pings(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _pings(one)
    elif isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "markdown"}:
            yield from _BROADCAST.findall(part["text"])
        elif part.get("type") in {"broadcast", "usergroup"}:
            yield str(part.get("range", part.get("usergroup_id")))
        else:
            yield from (ping for value in part.values() for ping in _pings(value))
