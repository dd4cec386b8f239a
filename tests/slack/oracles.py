"""Readers of what goes to Slack: `slack_sdk.models` read strictly, `slackblocks`, the limits of the double, and what none of them knows.

Each finding is a sentence; a payload in order has none.
"""

import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import slackblocks
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack.double import limits

Json = Mapping[str, Any]

MESSAGE_JSON = 15_500
"""The largest message that is known to have been taken (slackapi/bolt-js issue 2867)."""
MESSAGE_TEXT = 4_000


def of_message(text: str, blocks: Sequence[Json]) -> list[str]:
    """What is wrong with a message of `chat.postMessage`."""
    return [*_strictly(Block.parse, blocks), *_slackblocks(blocks), *limits.of_blocks(blocks), *_message(text, blocks)]


def of_view(view: Json) -> list[str]:
    """What is wrong with a view of `views.open`, `views.update` or `views.publish`."""
    large = ["too large"] if len(json.dumps(view)) > limits.VIEW_BYTES else []
    return [*_strictly(lambda found: View(**found), [view]), *_slackblocks(view["blocks"], view), *limits.of_view(view), *large]


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
    if (size := len(json.dumps(blocks, ensure_ascii=False))) > MESSAGE_JSON:
        yield f"{size} characters of JSON"
    pressed = [found["action_id"] for found in objects(blocks) if "action_id" in found]
    if len(set(pressed)) < len(pressed):
        yield "an action_id twice"
    for found in objects(blocks):
        if found.get("type") == "table" and len({len(row) for row in found["rows"]}) != 1:
            yield "a table with rows of different lengths"


def objects(found: Any) -> Iterator[Json]:
    """Every object within a block, itself included."""
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from objects(each)


def read(blocks: Sequence[Json]) -> str:
    """What a person reads in blocks, and what is behind it: the address of a link, the line of a button, the value of an input."""
    return "\n".join(" ".join(_read(block)) for block in blocks)


def _read(found: Any) -> Iterator[str]:
    match found:
        case {"type": "rich_text_section", "elements": spans}:
            yield "".join(" ".join(_read(span)) for span in spans)
        case {"type": "user", "user_id": user}:
            yield f"<@{user}>"
        case {"type": "channel", "channel_id": channel}:
            yield f"<#{channel}>"
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
