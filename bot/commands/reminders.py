"""Asking for reminders: setting, listing, changing and ending them."""

import re
from collections.abc import Sequence
from typing import Any

from bot.coalition import everyone as everybody
from bot.coalition import ids, recurring, reminding
from bot.coalition.members import Member
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.reminding import HERE, ME, Listed
from bot.coalition.timing import MINUTES_OF_DAY, Timing
from bot.commands import answers
from bot.commands.common import PAGE, REMINDER_TOPIC, clearable, given, named_member, option
from bot.errors import Refused, Unreadable, WrongValue
from bot.fields import FLAG, TEXT, TITLE, Field, Kind, Reading, identity, one_of
from bot.lines import Token, compose
from bot.message import Button, Message
from bot.router import Call, Context, Edits, Router
from bot.views import reminders as views
from bot.views import timings
from bot.views.lists import ROWS, offset

router = Router(REMINDER_TOPIC)
router.include(answers.router)

CAME = 5
"""The last times a rule came, which its page shows."""
_LEADS = re.compile(r"(?:the )?leads? (?:of )?(P\d+)\b", re.IGNORECASE)
_WINDOW = re.compile(r"(\d{1,4}) ?(m|min|h|d|w|minute|hour|day|week)s?", re.IGNORECASE)
_BEFORE_TEXT = {"to", "that", "about"}
_UNITS = {"m": 1, "h": 60, "d": MINUTES_OF_DAY, "w": 7 * MINUTES_OF_DAY}


def _to(text: str, name: str, reading: Reading) -> str:
    """`me`, `here`, the leads of a project (its id), or a member (an id)."""
    words = text.strip()
    if words.casefold() in {"me", "myself"}:
        return ME
    if words.casefold() in {"here", "us", "this room"}:
        return HERE
    if words.casefold() in {"leads", "lead"}:
        raise WrongValue(name, "names no project whose leads they are", "leads P3", lines=["projects"])
    led = _LEADS.fullmatch(words)
    found = ids.canonical(led[1] if led else words)
    if led or (found and ids.letter(found) == "P"):
        return str(identity("P").parse(led[1] if led else words, name, reading))
    return named_member(words, name, reading, "me, here, or M4")


def _timing(text: str, name: str, reading: Reading) -> Timing:
    return recurring.read_timing(text, name, reading.now, reading.zone, reading.records)


def _window(text: str, name: str, _: Reading) -> int:
    """Minutes: `3d`, `12 hours`."""
    match = _WINDOW.fullmatch(text.strip())
    if match is None:
        raise WrongValue(name, f"is not a length of time I can read: “{text[:20]}”", "3d")
    minutes = int(match[1]) * _UNITS[match[2][0].casefold()]
    if minutes > 366 * MINUTES_OF_DAY:
        raise WrongValue(name, "is longer than a year", "3d")
    return minutes


TO = Kind(_to, "me")
TIMING = Kind(_timing, "tomorrow 9:00")
WINDOW = option("window", "How late it may still come (3d)", clearable(Kind(_window, "3d", write=lambda minutes: f"{minutes}m")))
CONFIRMED = Field("confirmed", "", TEXT, required=False, option=True, default="")
"""What the preview of a reminder to everybody is confirmed with; see `bot.coalition.everyone`."""
RULE = Field("reminder", "Which reminder", identity("R"))
OF = one_of("mine", "here", "all", "missed")


def _arranged(words: Sequence[Token], reading: Reading) -> dict[str, str]:
    """Who comes first; what and when follow in either order, quoted or not. A form asks for what is not found."""
    to, rest = _addressed(words)
    try:
        text, when = recurring.apart([(word.text, word.quoted) for word in rest], "when", reading.now, reading.zone, reading.records)
    except WrongValue:
        text, when = _as_quoted(rest) or _one_of_both(" ".join(word.text for word in rest), reading)
    return {name: value for name, value in (("to", to), ("text", text), ("when", when)) if value}


def _as_quoted(words: Sequence[Token]) -> tuple[str, str] | None:
    """The text that stands in quotes, and the other words, which must then be a time, be it one that cannot be read."""
    text = next((word for word in words if word.quoted and word.text.strip()), None)
    others = [word.text for word in words if word is not text]
    return (text.text, " ".join(others)) if text and others and others[0].casefold() not in _BEFORE_TEXT else None


def _one_of_both(words: str, reading: Reading) -> tuple[str, str]:
    """The text and the time in words that are one of them; what counts from a record can do without a text."""
    try:
        timing = _timing(words, "when", reading)
    except Unreadable:
        return words, ""
    except WrongValue:
        return "", words
    return reminding.titled(reading.records, timing.anchor) if timing.anchor else "", words


def _addressed(words: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """To whom, which is oneself where the words begin with what to say, and the other words."""
    if not words or words[0].text.casefold() in _BEFORE_TEXT or (words[0].quoted and len(words) < 3):
        return ME, words
    led = None if words[0].quoted else _LEADS.match(" ".join(word.text for word in words[:4]))
    size = len(led[0].split()) if led else 1
    return " ".join(word.text for word in words[:size]), words[size:]


@router.command(
    "remind", "Set a reminder: for yourself, a member, a room or the leads of a project",
    Field("to", "Who: me, here, a member, or the leads of a project", TO),
    Field("text", "What to remind of", TITLE, example="call Ana"),
    Field("when", "When: a time, every Monday at 10:00, 30 days before the IGF", TIMING), WINDOW,
    Field("everyone", "In a room, tell everybody there; chairs may, and are asked once more", FLAG, False, True, default=False), CONFIRMED,
    who="member", writes=True, arrange=_arranged,
    examples=['remind me "call Ana" tomorrow 9:00', 'remind here "Send your lines" every month on the first monday at 10:00',
              "remind me 3 days before D1"],
)  # fmt: skip
def remind(ctx: Context, to: str, text: str, when: Timing, window: int | None, everyone: bool, confirmed: str) -> Message:
    new = Reminder(text=text, timing=when, maker=ctx.author.id, window=window, everyone=everyone, made=ctx.now)
    new = reminding.addressed(ctx.records, new, to, ctx.author, ctx.place)
    if everyone:
        everybody.check_may(new, ctx.author)
        if not everybody.confirmed(confirmed, new, ctx.author, ctx.now):
            return _preview(ctx, new)
        if twin := everybody.twin(ctx.records, new, ctx.now):
            return _shown(ctx, twin)
    added = reminding.add(ctx.records, new, ctx.now)
    return _shown(ctx, added, f"{added.id} is set.")


def _preview(ctx: Context, new: Reminder) -> Message:
    """What a reminder to everybody would be, and the line that confirms it."""
    reminding.check_comes(ctx.records, new, ctx.now)
    until = ctx.now + everybody.HOLDS
    late = [("window", f"{new.window}m")] if new.window is not None else []
    line = compose("remind", HERE, new.text, timings.said(new.timing, ctx.now), options=late)
    sure = compose(line, options=[("everyone", ""), ("confirmed", everybody.proof(new, ctx.author, until))])
    return views.preview(new, reminding.coming(ctx.records, new, ctx.now), ctx.author, ctx.now, until=until, sure=sure, quietly=line)


def _shown(ctx: Context, reminder: Reminder, said: str = "") -> Message:
    led = reminding.led_by(ctx.records, ctx.author)
    reminding.check_may_see(reminder, ctx.author, led)
    came = ctx.records.all(Occurrence, reminder=reminder.id, order=["-due", "-at"], limit=CAME)
    letters = {letter.about: letter for letter in ctx.records.outbox.about([each.id for each in came])}
    known = reminding.people(ctx.records, [reminder]) | ctx.records.many(Member, {each.member for each in came if each.member})
    return views.one(
        reminder, known, reminding.coming(ctx.records, reminder, ctx.now), [(each, letters.get(each.id)) for each in came], ctx.author,
        ctx.now, readable=reminding.reads(reminder, ctx.author, led), moves=_moves(ctx, reminder, led),
        waits=reminding.waits(ctx.records, reminder, ctx.now), said=said,
    )  # fmt: skip


def _moves(ctx: Context, reminder: Reminder, led: frozenset[str]) -> list[Button]:
    """What the asker may do with a rule."""
    found = []
    if reminder.kind == "note" and reminder.state != "cancelled" and reminding.may_change(reminder, ctx.author):
        found.append(Button("Change it", f"reminder change {reminder.id}"))
    if reminder.state == "on" and reminding.may_end(reminder, ctx.author, led):
        found.append(Button("Cancel it", f"cancel {reminder.id}"))
    return found


@router.command(
    "reminders", "Reminders to come: yours, those of this room, or all; “reminders missed” for what could not come",
    Field("of", "mine, here, all or missed", OF, required=False, default="mine"), PAGE,
    who="member", examples=["reminders", "reminders here", "reminders missed"],
)  # fmt: skip
def listing(ctx: Context, of: str, page: int) -> Message:
    if of == "missed":
        return _missed(ctx, page)
    if of == "all" and ctx.author.chairs:
        rules = ctx.records.all(Reminder, state="on", order=["-made"], limit=ROWS, offset=offset(page))
        return _page(ctx, reminding.listed(ctx.records, rules, [], ctx.now), "all", page, ctx.records.count(Reminder, state="on"))
    if of == "here" and not ctx.place.private:
        return _cut(ctx, reminding.here(ctx.records, ctx.place, ctx.now), "here", page)
    if of == "all":
        return _cut(ctx, reminding.shared(ctx.records, ctx.now), "all", page)
    return _cut(ctx, reminding.mine(ctx.records, ctx.author, ctx.now), "mine", page)


def _cut(ctx: Context, rows: Sequence[Listed], of: str, page: int) -> Message:
    return _page(ctx, rows[offset(page) : offset(page) + ROWS], of, page, len(rows))


def _page(ctx: Context, rows: Sequence[Listed], of: str, page: int, total: int) -> Message:
    rules = [row.reminder for row in rows]
    titles = {"mine": "Your reminders", "here": "Reminders of this room", "all": "All reminders"}
    return views.listing(
        rows, reminding.people(ctx.records, rules), _readable(ctx, rules), ctx.author, ctx.now,
        title=titles[of], total=total, page=page, line=f"reminders {of}", private=of != "here",
    )  # fmt: skip


def _readable(ctx: Context, rules: Sequence[Reminder]) -> frozenset[str]:
    led = reminding.led_by(ctx.records, ctx.author)
    return frozenset(rule.id for rule in rules if reminding.reads(rule, ctx.author, led))


def _missed(ctx: Context, page: int) -> Message:
    """Chairs see all that was missed, members what was meant for them."""
    wanted = {"state": "missed"} if ctx.author.chairs else {"state": "missed", "member": ctx.author.id or ""}
    found = ctx.records.all(Occurrence, order=["-due"], limit=ROWS, offset=offset(page), **wanted)
    rules = ctx.records.many(Reminder, {each.reminder for each in found})
    return views.missed(
        [(each, rules[each.reminder]) for each in found], reminding.people(ctx.records, rules.values()), _readable(ctx, [*rules.values()]),
        ctx.author, total=ctx.records.count(Occurrence, **wanted), page=page,
    )  # fmt: skip


@router.command(
    "reminder", "One reminder: its rule, when it comes next, and what became of the last ones",
    Field("reminder", "Which reminder", identity("R", "R.")), who="member", shows=["R", "R."], examples=["reminder R1"],
)  # fmt: skip
def show(ctx: Context, reminder: str) -> Message:
    if ids.letter(reminder) == "R.":
        return answers.shown(ctx, ctx.records.get(Occurrence, reminder))
    return _shown(ctx, ctx.records.get(Reminder, reminder))


def _readable_rule(ctx: Context, call: Call) -> Reminder | None:
    """The rule that a line names, where its words may be shown to who asks."""
    found = ctx.records.find(Reminder, call.texts.get("reminder", "").strip().upper())
    return found if found and reminding.reads(found, ctx.author, reminding.led_by(ctx.records, ctx.author)) else None


def _when(_: Context, reminder: Reminder, newest: int | None = None) -> dict[str, str]:
    """A rule's timing in words; those of a rule whose record is gone say nothing that can be read."""
    timing = reminder.timing
    return {"when": "" if timing.relative and not timing.anchor else timings.said(timing, reminder.made)}


@router.command(
    "reminder change", "Change what a reminder says, when it comes, or how late it may", RULE,
    option("text", "What to remind of", TITLE), option("when", "When, as in “remind”", TIMING), WINDOW,
    who="member", writes=True, edits=Edits(_readable_rule, {}, _when),
    examples=['reminder change R1 --when "every friday at 9:00"'],
    may=reminding.check_may_change,
)  # fmt: skip
def change(ctx: Context, reminder: str, when: Timing | None, **values: Any) -> Message:
    found = ctx.records.get(Reminder, reminder)
    reminding.check_may_change(found, ctx.author)
    changes = given({"timing": when, **values}, "reminder change", reminder)
    return _shown(ctx, reminding.change(ctx.records, found, ctx.now, **changes), "Changed.")


@router.command(
    "cancel", "End a reminder; its text stays on record",
    Field("reminder", "Which reminder", identity("R", "R."), required=False, default=""),
    who="member", writes=True, examples=["cancel R1"],
)  # fmt: skip
def cancel(ctx: Context, reminder: str) -> Message:
    if not reminder:
        raise Refused("Nothing is being asked, so there is nothing to cancel. A reminder is ended by its id.", lines=["reminders"])
    if ids.letter(reminder) == Occurrence.letter:
        rule = reminder.partition(".")[0]
        raise Refused(f"{reminder} is one time that {rule} came. It is done, or the whole of {rule} is ended.",
                      lines=[f"done {reminder}", f"cancel {rule}"])  # fmt: skip
    ended = reminding.end(ctx.records, ctx.records.get(Reminder, reminder), ctx.author)
    return _shown(ctx, ended, f"{reminder} is ended.")
