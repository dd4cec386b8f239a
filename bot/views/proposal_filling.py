"""How filling in a proposal's form reads."""

from collections.abc import Sequence

from bot.coalition import checking
from bot.coalition.rulefiles import Part, RuleField, Rules
from bot.coalition.sessions import Session
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Code, Message, Spans, bullets, text
from bot.views.replies import done

Filled = Sequence[tuple[RuleField, str]]


def title(session: Session, rules: Rules, part: str) -> str:
    """`S5, form of 2015, part 2 of 3: Secondary contact`."""
    whole = f"{session.id}, form of {rules.year}"
    if not part.isdecimal() or len(rules.parts) == 1:
        return whole
    heading = rules.parts[int(part) - 1].title
    return f"{whole}, part {part} of {len(rules.parts)}{f': {heading}' if heading else ''}"


def label(field: RuleField, held: str) -> str:
    """The form's own label, with what it asks for and, where that is not kept to, what is there."""
    found = checking.measured(field, held) if held else None
    now = f"now {found[1].partition(',')[0]}" if found and found[0] == "failed" else ""
    asked = ", ".join(filter(None, ["required to submit" if field.required else "", field.limits, now, field.hint]))
    return f"{field.label} ({asked})" if asked else field.label


def overview(session: Session, rules: Rules, filled: Filled) -> Message:
    """A form of several parts: how far each is filled in."""
    held = dict(filled)
    rows = [_part(number, part, held) for number, part in enumerate(rules.parts, 1)]
    blocks: list[Block] = [text(session.title), bullets(rows, numbered=True), *_seats(session, filled)]
    numbers = [number for number, _ in enumerate(rules.parts, 1) if _asks(rules, number)]
    after = [Button(f"Fill in part {number}", _line(session, rules, number)) for number in numbers]
    return Message(f"{session.id}, form of {rules.year}: {_counted(filled)}", (*blocks, Buttons((*after, _check(session, rules)))))


def _part(number: int, part: Part, held: dict[RuleField, str]) -> Spans:
    return (Bold(part.title or f"Part {number}"), f": {_counted([(field, held[field]) for field in part.fields])}")


def _counted(filled: Filled) -> str:
    return f"{sum(bool(held) for _, held in filled)} of {len(filled)} filled in"


def _asks(rules: Rules, number: int) -> bool:
    """Whether a part has anything to type; role slots are filled elsewhere."""
    return any(not field.roles for field in rules.parts[number - 1].fields)


def _seats(session: Session, filled: Filled) -> list[Block]:
    """The fields that role slots fill, and where they are filled."""
    rows: list[Spans] = [(Bold(field.label), f": {'; '.join(held.splitlines()) or 'nobody yet'}") for field, held in filled if field.roles]
    return [text("Role slots fill these: ", Code(f"slot add {session.id}")), bullets(rows)] if rows else []


def filled_in(session: Session, rules: Rules, filled: Filled, changed: Sequence[RuleField], beside: Sequence[str]) -> Message:
    """What was filled in and what is told `beside` it, what of it goes beyond a limit, and what comes next."""
    held = dict(filled)
    blocks: list[Block] = [*done(f"Kept: {', '.join(f'“{field.label}”' for field in changed)}. {' '.join(beside)}".rstrip())]
    if beyond := _beyond(changed, held):
        blocks += [text("Kept as a draft, and not as the form wants it:"), bullets(beyond)]
    blocks += _seats(session, [(field, text) for field, text in filled if not text])
    following = _next(rules, changed)
    after = [Button(f"Part {following}", _line(session, rules, following))] if following else []
    after += [_check(session, rules), Button(f"Show {session.id}", f"session {session.id}")]
    private = any(not field.keeps for field in changed)
    return Message(f"{session.id}, form of {rules.year}: {_counted(filled)}", (*blocks, Buttons(tuple(after))), private=private)


def _beyond(changed: Sequence[RuleField], held: dict[RuleField, str]) -> list[Spans]:
    """Which of the fields are longer or shorter than the form takes."""
    measured = [(field, checking.measured(field, held[field])) for field in changed if held[field]]
    return [(Bold(field.label), f": {found[1]}") for field, found in measured if found and found[0] == "failed"]


def _next(rules: Rules, changed: Sequence[RuleField]) -> int:
    """The part that follows on the one that was filled in; 0 after the last."""
    last = max((rules.part_of(field.key) for field in changed), default=0)
    return next((number for number in range(last + 1, len(rules.parts) + 1) if _asks(rules, number)), 0)


def _line(session: Session, rules: Rules, part: int) -> str:
    return compose("proposal fill", session.id, options=[("rules", rules.year), ("part", str(part))])


def _check(session: Session, rules: Rules) -> Button:
    return Button("Check it", compose("proposal check", session.id, options=[("rules", rules.year)]))
