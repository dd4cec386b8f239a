"""Forms as Slack's modals, and what was filled in as values.

A field's blocks are named after it: its input is the block `name`, an instant's time and zone are `name.time` and `name.zone`, and a text
that is longer than one input holds goes on in `name.2`, `name.3`, … The action_id of every input is `value`.

A day is asked for by a calendar: what is picked has one meaning and is quick on a phone, where `03/05` would have two. Words such as
“next Monday” are for a typed line. What was typed before and no calendar or list can show is kept, in an input for text.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.adapters.fallback import split
from bot.adapters.slack import render
from bot.adapters.slack.mrkdwn import Json
from bot.adapters.slack.render import note, plain
from bot.coalition.texts import shortened
from bot.errors import Refused
from bot.message import Form, Message, Question, facts, inert, one_line, text

FORM = "form"
"""The callback_id of every modal."""
VALUE = "value"
"""The action_id of every input."""

TITLE = 24
INPUT = 3_000
"""Characters that one input for text takes."""
NOTE = 2_000
"""Characters of a label, a hint or a note."""
GROUP = 100
"""Options that a select, or a group of its options, takes."""
CHOICES = 1_000
"""Options that are offered; many more would make the view larger than the 250 KB that Slack takes."""
OPTION_TEXT, OPTION_VALUE = 75, 150
METADATA = 3_000
VIEW = 250_000

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]((?:[01]\d|2[0-3]):[0-5]\d))?(?: +(\S.*))?", re.ASCII)
_FURTHER = re.compile(r"\d+[plwc]", re.ASCII)
_GAPS = {"p": "\n\n", "l": "\n", "w": " ", "c": ""}
"""What stands before a further part of a text, by the last letter of its block_id: so a text that nobody touched comes back as it was."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was asked for, kept in its view: the line that it answers, and Slack's ids of the conversation and the thread."""

    line: str
    channel: str = ""
    direct: bool = False
    thread: str = ""
    shared: bool = False


def view(form: Form, origin: Origin) -> Json:
    """The form as a modal. Raises Refused for one that Slack cannot show, with the line that asks the same."""
    blocks = [*_heading(form), *(block for question in form.questions for block in _asked(question))]
    shown = _modal(origin, blocks, submit="Send", close="Cancel")
    if len(blocks) > render.VIEW_BLOCKS or len(shown["private_metadata"]) > METADATA or len(json.dumps(shown)) > VIEW:
        raise Refused("This is too long for a form on Slack. Write it in one line.", lines=[form.example] if form.example else ["help"])
    return shown


def saving(origin: Origin) -> Json:
    """What stands in the form's place until the answer is there."""
    return _modal(origin, render.view(Message("", (text("Saving … You may close this: the answer reaches you all the same."),))))


def told(message: Message, origin: Origin, *, typed: Mapping[str, str] = {}) -> Json:
    """The reply in the form's place; `typed` is what was written and not taken, by field, so that it can be copied."""
    kept = render.view(Message("", (text("What you wrote:"), facts(typed.items())))) if typed else []
    return _modal(origin, [*render.view(message, render.VIEW_BLOCKS - len(kept)), *kept])


def errors(form: Form) -> dict[str, str]:
    """What is wrong, by the block that it stands at."""
    return {question.name: shortened(question.error, NOTE) for question in form.questions if question.error}


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field; what was left empty is left out. Never raises, whatever was sent as a view."""
    texts = {block: typed for block, actions in _dict(_dict(_dict(view).get("state")).get("values")).items() if (typed := _typed(actions))}
    return {name: _composed(name, texts) for name in dict.fromkeys(block.partition(".")[0] for block in texts)}


def origin(view: Mapping[str, Any]) -> Origin | None:
    """Where the form of a view was asked for; None where the view is not ours."""
    try:
        found = Origin(**json.loads(_dict(view).get("private_metadata", "")))
    except (TypeError, ValueError, RecursionError):
        return None
    known = all(
        isinstance(value, type(default)) for value, default in zip(asdict(found).values(), asdict(Origin("")).values(), strict=True)
    )
    return found if known else None


def _modal(origin: Origin, blocks: list[Json], *, submit: str = "", close: str = "Close") -> Json:
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain(_title(origin.line)),
        "blocks": blocks,
        "private_metadata": json.dumps(asdict(origin), ensure_ascii=False, separators=(",", ":")),
        "close": plain(close),
        **({"submit": plain(submit)} if submit else {}),
    }


def _title(line: str) -> str:
    words = one_line(line.partition(" --")[0])
    return shortened(words[:1].upper() + words[1:], TITLE) or "…"


def _heading(form: Form) -> list[Json]:
    """The whole title, which a modal's own has no room for."""
    return render.view(Message("", (text(one_line(form.title)),))) if form.title else []


def _asked(question: Question) -> Iterator[Json]:
    """A question's inputs, and what is wrong with its value."""
    for number, (block, label, hint, element) in enumerate(_inputs(question)):
        yield {
            "type": "input",
            "block_id": block,
            "label": plain(shortened(label or question.name, NOTE)),
            "element": {**element, "action_id": VALUE},
            "optional": number > 0 or not question.required,
            **({"hint": plain(shortened(hint, NOTE))} if hint else {}),
        }
    if question.error:
        yield note(shortened(inert(question.error), NOTE))


_Input = tuple[str, str, str, Json]
"""(block_id, label, hint, element without its action_id)."""


def _inputs(question: Question) -> Sequence[_Input]:
    """A question's inputs: a list or a calendar where it can show the value so far, else for text."""
    label = one_line(question.label)
    chosen = _chosen(question)
    if chosen is not None:
        return [(question.name, label, "", _select(question, chosen))]
    if question.shape == "day" and (not question.value or _is_day(question.value)):
        return [(question.name, label, "", _calendar(question.value))]
    if question.shape == "instant":
        found = _INSTANT.fullmatch(question.value.strip())
        if not question.value or (found and _is_day(found[1])):
            return _instant(question.name, label, *(found.groups("") if found else ("", "", "")))
    return _texts(question, label)


def _texts(question: Question, label: str) -> list[_Input]:
    """An input for text, and further ones for what it cannot hold of the value so far."""
    value = inert(question.value)
    first, *rest = split(value, INPUT)
    several = question.long or bool(rest) or "\n" in first
    further, end = [], len(first)
    for number, part in enumerate(rest, 2):
        begin = value.index(part, end)
        block = f"{question.name}.{number}{_gap(value[end:begin])}"
        further.append((block, f"{label}, continued", "", _input(part, several)))
        end = begin + len(part)
    return [(question.name, label, _hint(question), _input(first, several)), *further]


def _gap(blanks: str) -> str:
    """The letter of _GAPS for the blanks at a break."""
    lines = blanks.count("\n")
    return "p" if lines > 1 else "l" if lines else "w" if blanks else "c"


def _input(value: str, several_lines: bool) -> Json:
    found = {"type": "plain_text_input", "multiline": several_lines, "max_length": INPUT}
    return {**found, "initial_value": value} if value else found


def _hint(question: Question) -> str:
    if question.choices:
        return f"One of: {', '.join(question.choices)}"
    if question.example:
        return f"For example: {one_line(question.example)}"
    return "Separate several with semicolons." if question.many else ""


def _instant(name: str, label: str, day: str, time: str, zone: str) -> list[_Input]:
    clock = {"type": "timepicker", "initial_time": time} if time else {"type": "timepicker"}
    return [
        (name, label, "", _calendar(day)),
        (f"{name}.time", "Time", "Left empty: the end of the day.", clock),
        (f"{name}.zone", "Time zone", "For example: UTC, AoE or Europe/Berlin. Left empty: your own.", _input(zone, False)),
    ]


def _calendar(day: str) -> Json:
    return {"type": "datepicker", "initial_date": day} if day else {"type": "datepicker"}


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _chosen(question: Question) -> list[str] | None:
    """Which choices the value names; None where a list cannot show the choices, or the value."""
    known = {choice.casefold(): choice for choice in question.choices}
    if not 0 < len(question.choices) <= CHOICES or len(known) < len(question.choices) or not all(_offered(question, c) for c in known):
        return None
    value = inert(question.value)
    parts = re.split(r"[,;\n]", value) if question.many else [value]
    wanted = [part.strip().casefold() for part in parts if part.strip()]
    return [known[part] for part in dict.fromkeys(wanted)] if known.keys() >= set(wanted) else None


def _offered(question: Question, choice: str) -> bool:
    """Whether a choice comes back as it is: Slack takes a short value, and several are joined by semicolons."""
    return choice == choice.strip() != "" and len(choice) <= OPTION_VALUE and not (question.many and re.search(r"[,;\n]", choice))


def _select(question: Question, chosen: Sequence[str]) -> Json:
    options = [_option(choice) for choice in question.choices]
    groups = [options[start : start + GROUP] for start in range(0, len(options), GROUP)]
    offered: Json = {"options": options} if len(groups) == 1 else {"option_groups": [_group(group) for group in groups]}
    initial = [_option(choice) for choice in chosen]
    if question.many:
        return {"type": "multi_static_select", **offered, **({"initial_options": initial} if initial else {})}
    return {"type": "static_select", **offered, **({"initial_option": initial[0]} if initial else {})}


def _option(choice: str) -> Json:
    """A choice; one that is longer than its line goes on below it."""
    shown = inert(choice)
    below = {"description": plain(shown[OPTION_TEXT:])} if len(shown) > OPTION_TEXT else {}
    return {"text": plain(shown[:OPTION_TEXT] or "…"), "value": choice, **below}


def _group(options: Sequence[Json]) -> Json:
    first, last = (shortened(option["text"]["text"], OPTION_TEXT // 2 - 2) for option in (options[0], options[-1]))
    return {"label": plain(f"{first} – {last}"), "options": list(options)}  # noqa: RUF001


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _typed(actions: Any) -> str:
    """What one input holds as text; "" for nothing, or for nothing that we know."""
    found = _dict(_dict(actions).get(VALUE))
    several = found.get("selected_options")
    options = several if isinstance(several, list) else [found.get("selected_option")]
    picked = [_dict(option).get("value") for option in options]
    texts = [found.get("value"), found.get("selected_date"), found.get("selected_time"), *picked]
    joined = "; ".join(value for value in texts if isinstance(value, str))
    return joined if joined.strip() else ""


def _composed(name: str, texts: Mapping[str, str]) -> str:
    """One field's text, from all its inputs."""
    text = " ".join(texts[block] for block in (name, f"{name}.time", f"{name}.zone") if block in texts)
    further = [block for block in texts if block.startswith(f"{name}.") and _FURTHER.fullmatch(block[len(name) + 1 :])]
    for block in sorted(further, key=lambda block: (len(block), block)):
        text = f"{text}{_GAPS[block[-1]]}{texts[block]}" if text and texts[block] else text or texts[block]
    return text
