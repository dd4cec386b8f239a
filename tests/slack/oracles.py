"""Three readers of what goes to Slack: `slack_sdk.models` read strictly, `slackblocks`, and what neither of them looks at.

Each finding is a sentence; a payload in order has none.
"""

import json
import logging
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import slackblocks
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slackblocks import _limits as limits

Json = Mapping[str, Any]

MESSAGE_JSON = 15_500
"""The largest message that is known to have been taken (slackapi/bolt-js issue 2867)."""
MESSAGE_TEXT = 4_000
TABLE_TEXT = 10_000
VIEW_BYTES = 250_000
IDENTIFIER = limits.BLOCK_ID_MAX_LENGTH

_RICH = {
    "text": {"type", "text", "style"},
    "link": {"type", "url", "text", "style"},
    "user": {"type", "user_id", "style"},
    "date": {"type", "timestamp", "format", "fallback", "url", "style"},
    "broadcast": {"type", "range", "style"},
}


def of_message(text: str, blocks: Sequence[Json]) -> list[str]:
    """What is wrong with a message of `chat.postMessage`."""
    return [*_strictly(Block.parse, blocks), *_slackblocks(blocks), *_message(text, blocks)]


def of_view(view: Json) -> list[str]:
    """What is wrong with a view of `views.open`, `views.update` or `views.publish`."""
    return [*_strictly(lambda found: View(**found), [view]), *_slackblocks(view["blocks"], view), *_view(view)]


def _strictly(parse: Callable[[Any], Any], given: Sequence[Json]) -> list[str]:
    """What the library says of a payload, warnings included."""
    told: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("slack_sdk")
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for found in given:
                _round(parse, found)
    except Exception as error:
        told.append(f"slack_sdk: {type(error).__name__}: {error}")
    finally:
        logger.removeHandler(handler)
    return told


def _round(parse: Callable[[Any], Any], found: Json) -> None:
    """Raises ValueError for what is not the same once it was read."""
    back = json.loads(json.dumps(parse(dict(found)).to_dict()))
    if back != found:
        raise ValueError(f"reads as {json.dumps(back)[:300]}")


def _slackblocks(blocks: Sequence[Json], view: Json | None = None) -> list[str]:
    try:
        built = [_built(block) for block in blocks]
        if view is None:
            slackblocks.Message(channel="C1", blocks=built)
        elif view["type"] == "home":
            slackblocks.HomeTabView(blocks=built)
        else:
            slackblocks.ModalView(
                title=_text(view["title"]),
                blocks=built,
                close=_text(view["close"]),
                submit=_text(view["submit"]) if "submit" in view else None,
                private_metadata=view["private_metadata"],
                callback_id=view["callback_id"],
            )
    except Exception as error:
        return [f"slackblocks: {type(error).__name__}: {error}"]
    return []


def _built(block: Json) -> Any:
    """A block as `slackblocks` has it, which reads few kinds by itself."""
    kind = block["type"]
    if kind == "rich_text":
        return slackblocks.RichTextBlock([_rich(element) for element in block["elements"]])
    if kind == "table":
        return slackblocks.TableBlock([[_cell(cell) for cell in row] for row in block["rows"]])
    if kind == "actions":
        return slackblocks.ActionsBlock([_element(element) for element in block["elements"]])
    if kind == "input":
        hint = _text(block["hint"]) if "hint" in block else None
        return slackblocks.InputBlock(_text(block["label"]), _element(block["element"]), block_id=block["block_id"], hint=hint)
    return slackblocks.Block.from_dict(dict(block))


def _text(found: Json) -> Any:
    return slackblocks.Text.from_dict(dict(found))


def _rich(element: Json) -> Any:
    if element["type"] == "rich_text_list":
        sections: Any = [_rich(item) for item in element["elements"]]
        return slackblocks.RichTextList(element["style"], sections, offset=element.get("offset"))
    return slackblocks.RichTextSection([_span(span) for span in element["elements"]])


def _span(span: Json) -> Any:
    """A date and a broadcast, which `slackblocks` does not have, stand as text."""
    match span["type"]:
        case "link":
            return slackblocks.RichTextLink(span["url"], span.get("text"))
        case "user":
            return slackblocks.RichTextUser(span["user_id"])
    return slackblocks.RichText(span.get("text", "…"))


def _cell(cell: Json) -> Any:
    return slackblocks.RawText(cell["text"]) if cell["type"] == "raw_text" else _rich(cell["elements"][0])


def _element(found: Json) -> Any:
    given = {name: value for name, value in found.items() if name != "type"}
    match found["type"]:
        case "button":
            return slackblocks.Button(**{**given, "text": _text(found["text"])})
        case "plain_text_input":
            return slackblocks.PlainTextInput(**given)
        case "datepicker":
            return slackblocks.DatePicker(**given)
        case "timepicker":
            return slackblocks.TimePicker(**given)
        case "static_select":
            return slackblocks.StaticSelectMenu(**_options(given))
        case "multi_static_select":
            return slackblocks.StaticMultiSelectMenu(**{"options": None, **_options(given)})
    raise ValueError(f"no element is a {found['type']}")


def _options(given: dict[str, Any]) -> dict[str, Any]:
    read = dict(given)
    for name in ("options", "initial_options"):
        if name in given:
            read[name] = [slackblocks.Option.from_dict(option) for option in given[name]]
    if "initial_option" in given:
        read["initial_option"] = slackblocks.Option.from_dict(given["initial_option"])
    if "option_groups" in given:
        read["option_groups"] = [slackblocks.OptionGroup.from_dict(group) for group in given["option_groups"]]
    return read


def _message(text: str, blocks: Sequence[Json]) -> Iterator[str]:
    if not text.strip() or len(text) > MESSAGE_TEXT:
        yield f"text has {len(text)} characters"
    if not 1 <= len(blocks) <= limits.MESSAGE_BLOCKS_MAX_ITEMS:
        yield f"{len(blocks)} blocks"
    if (size := len(json.dumps(blocks, ensure_ascii=False))) > MESSAGE_JSON:
        yield f"{size} characters of JSON"
    if sum(block["type"] == "table" for block in blocks) > 1:
        yield "two tables"
    if any(block["type"] == "input" for block in blocks):
        yield "an input in a message"
    yield from _blocks(blocks)


def _view(view: Json) -> Iterator[str]:
    blocks = view["blocks"]
    if not 1 <= len(blocks) <= limits.VIEW_BLOCKS_MAX_ITEMS:
        yield f"{len(blocks)} blocks"
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        yield "too large"
    if any(block["type"] == "table" for block in blocks):
        yield "a table in a view"
    if any(block["type"] == "input" for block in blocks) and "submit" not in view:
        yield "an input without submit"
    for name, most in (
        ("title", limits.VIEW_TITLE_MAX_LENGTH),
        ("submit", limits.VIEW_SUBMIT_MAX_LENGTH),
        ("close", limits.VIEW_CLOSE_MAX_LENGTH),
    ):
        if name in view and not 1 <= len(view[name]["text"]) <= most:
            yield f"{name}: {view[name]['text']!r}"
    yield from _blocks(blocks)


def _blocks(blocks: Sequence[Json]) -> Iterator[str]:
    yield from _repeated("block_id", [block["block_id"] for block in blocks if "block_id" in block])
    yield from _repeated("action_id", [each["action_id"] for block in blocks if block["type"] == "actions" for each in block["elements"]])
    for block in blocks:
        if block["type"] == "table":
            yield from _table(block)
        for found in objects(block):
            yield from _object(found)


def _repeated(name: str, found: Sequence[str]) -> Iterator[str]:
    yield from (f"{name} {value!r} {count} times" for value, count in Counter(found).items() if count > 1)


def objects(found: Any) -> Iterator[Json]:
    """Every object within a block, itself included."""
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from objects(each)


def _object(found: Json) -> Iterator[str]:
    for name in ("block_id", "action_id"):
        if name in found and not 1 <= len(found[name]) <= IDENTIFIER:
            yield f"{name} of {len(found[name])} characters"
    if "text" in found and isinstance(found["text"], str) and not found["text"]:
        yield f"an empty text: {found}"
    kind = found.get("type")
    if kind in _RICH and set(found) - _RICH[kind]:
        yield f"unknown in {kind}: {set(found) - _RICH[kind]}"
    if kind == "rich_text_section" and (not found["elements"] or any(each["type"] not in _RICH for each in found["elements"])):
        yield f"no section: {found}"
    if (kind == "plain_text_input" and len(found.get("initial_value", "")) > found["max_length"]) or found.get("max_length", 0) > 3_000:
        yield "more initial text than the input takes"
    if "value" in found and kind is None:
        yield from _option(found)


def _option(option: Json) -> Iterator[str]:
    for name, most in (("text", limits.OPTION_TEXT_MAX_LENGTH), ("description", limits.OPTION_DESCRIPTION_MAX_LENGTH)):
        if name in option and not 1 <= len(option[name]["text"]) <= most:
            yield f"{name} of an option: {option[name]['text']!r}"
    if not 1 <= len(option["value"]) <= limits.OPTION_VALUE_MAX_LENGTH:
        yield f"value of an option: {option['value']!r}"


def _table(table: Json) -> Iterator[str]:
    widths = {len(row) for row in table["rows"]}
    if (
        not 1 <= len(table["rows"]) <= limits.TABLE_ROWS_MAX_ITEMS
        or len(widths) != 1
        or not 1 <= max(widths) <= limits.TABLE_COLUMNS_MAX_ITEMS
    ):
        yield f"a table of {len(table['rows'])} rows with {widths} cells"
    if sum(len(found["text"]) for found in objects(table) if isinstance(found.get("text"), str)) > TABLE_TEXT:
        yield "too much text in a table"
    if set(table) - {"type", "block_id", "rows", "column_settings"}:
        yield f"unknown in a table: {set(table)}"


def read(blocks: Sequence[Json]) -> str:
    """What a person reads in blocks, and what is behind it: the address of a link, the line of a button, the value of an input."""
    return "\n".join(" ".join(_read(block)) for block in blocks)


def _read(found: Any) -> Iterator[str]:
    match found:
        case {"type": "rich_text_section", "elements": spans}:
            yield "".join(" ".join(_read(span)) for span in spans)
        case {"type": "user", "user_id": user}:
            yield f"<@{user}>"
        case {"type": "broadcast", "range": whom}:
            yield f"<!{whom}>"
        case {"type": "date", "fallback": said}:
            yield said
        case dict():
            for name in ("label", "text", "description", "url", "value", "initial_value", "initial_date", "initial_time", "hint"):
                if name in found:
                    yield from [found[name]] if isinstance(found[name], str) else _read(found[name])
            for name in ("element", "elements", "options", "option_groups", "rows"):
                if name in found:
                    yield from _read(found[name])
        case list():
            for each in found:
                yield from _read(each)
