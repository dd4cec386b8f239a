"""What a message or a view may be: the limits and shapes of docs.slack.dev/reference/block-kit, and what Slack checks across blocks.

A check yields a sentence for everything that is wrong; `path` says where.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
Fields = Mapping[str, Check]
NONE: Fields = MappingProxyType({})

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 40_000
MESSAGE_BLOCK_TEXT = 13_000
"""All text of a message's blocks; more fails with `msg_blocks_too_long`."""
TABLE_TEXT = 10_000
MARKDOWN_TEXT = 12_000
VIEW_BYTES = 250_000
METADATA_BYTES = 8_000


def text(most: int, least: int = 1) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path}: must be a string, is {type(value).__name__}"
        elif not least <= len(value) <= most:
            yield f"{path}: has {len(value)} characters, {least} to {most} are allowed"

    return check


def kind(*types: type) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            yield f"{path}: must be {' or '.join(one.__name__ for one in types)}, is {type(value).__name__}"

    return check


def between(least: int, most: int) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{path}: must be a whole number from {least} to {most}"

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{path}: {value!r} is none of {', '.join(allowed)}"

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path}: must be a list"
            return
        if not least <= len(value) <= most:
            yield f"{path}: has {len(value)} items, {least} to {most} are allowed"
        for number, item in enumerate(value):
            yield from each(item, f"{path}/{number}")

    return check


def shape(required: Fields, optional: Fields = NONE) -> Check:
    """An object with these fields and no other."""
    known = {**required, **optional}

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: must be an object"
            return
        yield from (f"{path}: {name} is missing" for name in required if name not in value)
        for name, given in value.items():
            yield from known[name](given, f"{path}/{name}") if name in known else (f"{path}: unknown field {name}",)

    return check


def by_type(shapes: Mapping[str, Check]) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        found = value.get("type") if isinstance(value, dict) else None
        if isinstance(found, str) and found in shapes:
            rest = {name: given for name, given in value.items() if name != "type"}
            yield from shapes[found](rest, f"{path}({found})")
        else:
            yield f"{path}: type {found!r} is none of {', '.join(shapes)}"

    return check


flag = kind(bool)
identifier = text(255)


def plain(most: int) -> Check:
    return by_type({"plain_text": shape({"text": text(most)}, {"emoji": flag})})


def any_text(most: int) -> Check:
    mrkdwn = shape({"text": text(most)}, {"verbatim": flag})
    return by_type({"plain_text": shape({"text": text(most)}, {"emoji": flag}), "mrkdwn": mrkdwn})


def option(label: Check) -> Check:
    return shape({"text": label, "value": text(150)}, {"description": label, "url": text(3_000)})


CONFIRM = shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)}, {"style": one_of("primary", "danger")}
)
ACTION: Fields = {"action_id": identifier}
ASKED: Fields = {**ACTION, "confirm": CONFIRM, "focus_on_load": flag, "placeholder": plain(150)}
TICKED: Fields = {**ACTION, "confirm": CONFIRM, "focus_on_load": flag}
PLAIN_OPTION, MARKED_OPTION = option(plain(75)), option(any_text(75))
GROUPS = items(shape({"label": plain(75), "options": items(PLAIN_OPTION, 100)}), 100)
DISPATCH = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})
MANY: Fields = {"max_selected_items": between(1, 1_000)}
_choice: Fields = {**ASKED, "options": items(PLAIN_OPTION, 100), "option_groups": GROUPS}
_user = text(30)

BUTTON = shape(
    {"text": plain(75)},
    {
        **ACTION,
        "url": text(3_000),
        "value": text(2_000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": text(75),
    },
)
CHOOSERS: dict[str, Check] = {
    "static_select": shape({}, {**_choice, "initial_option": PLAIN_OPTION}),
    "multi_static_select": shape({}, {**_choice, **MANY, "initial_options": items(PLAIN_OPTION, 100)}),
    "users_select": shape({}, {**ASKED, "initial_user": _user}),
    "multi_users_select": shape({}, {**ASKED, **MANY, "initial_users": items(_user, 100)}),
    "channels_select": shape({}, {**ASKED, "initial_channel": _user, "response_url_enabled": flag}),
    "conversations_select": shape(
        {}, {**ASKED, "initial_conversation": _user, "default_to_current_conversation": flag, "filter": kind(dict)}
    ),
    "datepicker": shape({}, {**ASKED, "initial_date": text(10, 10)}),
    "timepicker": shape({}, {**ASKED, "initial_time": text(5, 5), "timezone": text(60)}),
    "datetimepicker": shape({}, {**TICKED, "initial_date_time": between(1_000_000_000, 9_999_999_999)}),
    "checkboxes": shape({"options": items(MARKED_OPTION, 10)}, {**TICKED, "initial_options": items(MARKED_OPTION, 10)}),
    "radio_buttons": shape({"options": items(MARKED_OPTION, 10)}, {**TICKED, "initial_option": MARKED_OPTION}),
}
_written: Fields = {**ACTION, "focus_on_load": flag, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
WRITERS: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {
            **_written,
            "multiline": flag,
            "initial_value": text(3_000, 0),
            "min_length": between(0, 3_000),
            "max_length": between(1, 3_000),
        },
    ),
    "email_text_input": shape({}, {**_written, "initial_value": text(3_000, 0)}),
    "url_text_input": shape({}, {**_written, "initial_value": text(3_000, 0)}),
    "number_input": shape(
        {"is_decimal_allowed": flag}, {**_written, "initial_value": text(40), "min_value": text(40), "max_value": text(40)}
    ),
}
IMAGE: Fields = {"image_url": text(3_000), "slack_file": shape({}, {"id": text(30), "url": text(3_000)})}
IMAGE_ELEMENT = shape({"alt_text": text(2_000)}, IMAGE)
OVERFLOW = shape({"options": items(PLAIN_OPTION, 5)}, {**ACTION, "confirm": CONFIRM})
PRESSED: dict[str, Check] = {"button": BUTTON, "overflow": OVERFLOW}

STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
SPAN = by_type(
    {
        "text": shape({"text": text(12_000)}, {"style": STYLE}),
        "link": shape({"url": text(3_000)}, {"text": text(12_000), "style": STYLE, "unsafe": flag}),
        "user": shape({"user_id": _user}, {"style": STYLE}),
        "channel": shape({"channel_id": _user}, {"style": STYLE}),
        "usergroup": shape({"usergroup_id": _user}, {"style": STYLE}),
        "emoji": shape({"name": text(100)}, {"unicode": text(60), "style": STYLE}),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, {"style": STYLE}),
        "date": shape({"timestamp": kind(int), "format": text(200)}, {"url": text(3_000), "fallback": text(500), "style": STYLE}),
        "color": shape({"value": text(30)}),
    }
)
_spans = items(SPAN, 1_000)
SECTION_OF_TEXT = shape({"elements": _spans})
RICH = by_type(
    {
        "rich_text_section": SECTION_OF_TEXT,
        "rich_text_list": shape(
            {"style": one_of("bullet", "ordered"), "elements": items(by_type({"rich_text_section": SECTION_OF_TEXT}), 1_000)},
            {"indent": between(0, 8), "offset": between(0, 10_000), "border": between(0, 1)},
        ),
        "rich_text_preformatted": shape({"elements": _spans}, {"border": between(0, 1), "language": text(40)}),
        "rich_text_quote": shape({"elements": _spans}, {"border": between(0, 1)}),
    }
)
RICH_TEXT: Fields = {"elements": items(RICH, 1_000)}
CELL = by_type({"raw_text": shape({"text": text(3_000)}), "rich_text": shape(RICH_TEXT, {"block_id": identifier})})
COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def block(required: Fields, optional: Fields = NONE) -> Check:
    return shape(required, {**optional, "block_id": identifier})


EVERYWHERE: dict[str, Check] = {
    "section": block(
        {},
        {
            "text": any_text(3_000),
            "fields": items(any_text(2_000), 10),
            "accessory": by_type({**PRESSED, **CHOOSERS, "image": IMAGE_ELEMENT}),
            "expand": flag,
        },
    ),
    "header": block({"text": plain(150)}),
    "divider": block({}),
    "context": block(
        {
            "elements": items(
                by_type(
                    {
                        "image": IMAGE_ELEMENT,
                        "plain_text": shape({"text": text(3_000)}, {"emoji": flag}),
                        "mrkdwn": shape({"text": text(3_000)}, {"verbatim": flag}),
                    }
                ),
                10,
            )
        }
    ),
    "actions": block({"elements": items(by_type({**PRESSED, **CHOOSERS}), 25)}),
    "image": block({"alt_text": text(2_000)}, {**IMAGE, "title": plain(2_000)}),
    "rich_text": block(RICH_TEXT),
    "input": block(
        {"label": plain(2_000), "element": by_type({**WRITERS, **CHOOSERS})},
        {"hint": plain(2_000), "optional": flag, "dispatch_action": flag},
    ),
}
MESSAGE = by_type(
    {
        **EVERYWHERE,
        "markdown": block({"text": text(MARKDOWN_TEXT)}),
        "table": block({"rows": items(items(CELL, 20), 100)}, {"column_settings": items(COLUMN, 20)}),
    }
)
_modal: Fields = {
    "callback_id": identifier,
    "private_metadata": text(3_000, 0),
    "external_id": identifier,
}
VIEW = by_type(
    {
        "modal": shape(
            {"title": plain(24), "blocks": items(by_type(EVERYWHERE), VIEW_BLOCKS, 0)},
            {**_modal, "submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag, "submit_disabled": flag},
        ),
        "home": shape({"blocks": items(by_type(EVERYWHERE), VIEW_BLOCKS, 0)}, _modal),
    }
)
METADATA = shape({"event_type": text(255), "event_payload": kind(dict)})


def of_blocks(blocks: Any) -> list[str]:
    """What is wrong with the blocks of a message."""
    wrong = list(items(MESSAGE, MESSAGE_BLOCKS, 0)(blocks, "blocks"))
    return wrong or [*across(blocks), *_of_text(blocks)]


def of_view(view: Any) -> list[str]:
    """What is wrong with a modal or an App Home."""
    wrong = list(VIEW(view, "view"))
    return wrong or [*across(view["blocks"]), *_unsubmittable(view)]


def _unsubmittable(view: Mapping[str, Any]) -> Iterator[str]:
    if view["type"] == "modal" and "submit" not in view and any(one["type"] == "input" for one in view["blocks"]):
        yield "view: submit is missing where there are input blocks"


def across(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong between blocks, or between the parts of one."""
    yield from (f"blocks: block_id {one!r} twice" for one in _twice(found["block_id"] for found in blocks if "block_id" in found))
    if sum(found.get("focus_on_load", False) for one in blocks for found in elements(one)) > 1:
        yield "blocks: focus_on_load twice"
    for number, one in enumerate(blocks):
        yield from (f"blocks/{number}: {wrong}" for wrong in _of_block(one))


def _of_block(one: dict[str, Any]) -> Iterator[str]:
    yield from (f"action_id {found!r} twice" for found in _twice(each["action_id"] for each in elements(one) if "action_id" in each))
    if one["type"] == "section" and not ("text" in one or "fields" in one):
        yield "a section without text and fields"
    for found in (one, *elements(one), *(one["elements"] if one["type"] == "context" else ())):
        if found["type"] == "image" and ("image_url" in found) == ("slack_file" in found):
            yield "an image needs either image_url or slack_file"
        yield from _of_options(found)


def _of_options(element: Mapping[str, Any]) -> Iterator[str]:
    found = options(element)
    yield from (f"option value {one!r} twice" for one in _twice(each["value"] for each in found))
    if element["type"] in {"static_select", "multi_static_select"} and ("options" in element) == ("option_groups" in element):
        yield f"{element['type']} needs either options or option_groups"
    chosen = [*element.get("initial_options", ()), *([element["initial_option"]] if "initial_option" in element else ())]
    yield from (f"initial option {one['value']!r} is none of the options" for one in chosen if one not in found)
    if element.get("min_length", 0) > element.get("max_length", 3_000):
        yield "min_length is more than max_length"


def _of_text(blocks: list[dict[str, Any]]) -> Iterator[str]:
    tables = [one for one in blocks if one["type"] == "table"]
    if len(tables) > 1:
        yield "blocks: only_one_table_allowed"
    if sum(map(len, chain.from_iterable(map(texts, tables)))) > TABLE_TEXT:
        yield f"blocks: the tables have more than {TABLE_TEXT} characters"
    if sum(len(one["text"]) for one in blocks if one["type"] == "markdown") > MARKDOWN_TEXT:
        yield f"blocks: the markdown blocks have more than {MARKDOWN_TEXT} characters"
    if sum(map(len, chain.from_iterable(map(texts, blocks)))) > MESSAGE_BLOCK_TEXT:
        yield "blocks: msg_blocks_too_long"


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def elements(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The interactive elements of a block, and the image beside a section."""
    found = one.get("elements", []) if one["type"] == "actions" else [one.get("accessory"), one.get("element")]
    return [each for each in found if each]


def options(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What can be chosen of an element, groups included."""
    return [*element.get("options", ()), *(one for group in element.get("option_groups", ()) for one in group["options"])]


def texts(part: Any) -> Iterator[str]:
    """Every text that Slack draws of a block."""
    if isinstance(part, list):
        yield from chain.from_iterable(map(texts, part))
    elif isinstance(part, dict):
        for name, value in part.items():
            if name == "text" and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                yield from texts(value)
