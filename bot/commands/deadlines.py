"""Asking for deadlines."""

from contextlib import suppress
from dataclasses import replace

from bot.coalition import cycles, days, deadlines, reminding, zones
from bot.coalition.deadlines import KINDS, Deadline
from bot.coalition.ids import CycleId, MemberId
from bot.coalition.members import Member
from bot.coalition.when import Written, read_instant
from bot.commands.common import CYCLE, MEMBER, PAGE, YEAR_TOPIC, clearable, edits, given
from bot.errors import Ambiguous, Refused, WrongValue
from bot.fields import DEADLINE, FLAG, TEXT, TITLE, Field, Reading, identity, one_of
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router
from bot.views import deadlines as views
from bot.views.lists import ROWS, offset

router = Router(YEAR_TOPIC)


def _titled_when(text: str, name: str, reading: Reading) -> tuple[str, Written]:
    """The instant at the end of the words, and the words before it: a title that was typed without quotes goes on there.

    What looks like a part of the date is a slip in it, and no word of the title.
    """
    words = text.split()
    for start in range(len(words) + 1):
        lead = " ".join(words[:start])
        try:
            return lead, DEADLINE.parse(" ".join(words[start:]), name, reading)
        except Ambiguous as question:
            raise Ambiguous(name, question.reason, [(said, f"{lead} {choice}".strip()) for said, choice in question.choices]) from None
        except WrongValue:
            if start + 1 >= len(words) or days.is_part(words[start]):
                raise
    raise AssertionError("the last attempt returns or raises")


def _new_when(text: str, name: str, reading: Reading) -> str:
    """A date that is read once the zone of the date before is known; here it is only checked."""
    with suppress(Ambiguous):
        DEADLINE.parse(text, name, reading)
    return text


KIND = Field(
    "kind", "What kind of deadline it is", one_of(*KINDS, aliases=[("proposals", "workshop proposals")]), required=False, option=True,
    choices=KINDS,
)  # fmt: skip
WHICH = Field("deadline", "Which deadline", identity("D"))
WHEN = Field("when", "Day, time and zone", DEADLINE, rest=True, example="2027-03-16 23:59 AoE")
NEW_WHEN = replace(WHEN, kind=replace(DEADLINE, parse=_new_when))
SOURCE = Field("source", "Where it is announced", required=False, option=True)


@router.command(
    "deadlines", "The deadlines of a cycle, the next one first", CYCLE,
    Field("all", "Those that have passed too", FLAG, required=False, option=True, default=False), PAGE,
    examples=["deadlines", "deadlines 2016", "deadlines --all"],
)  # fmt: skip
def listing(ctx: Context, cycle: str, all: bool, page: int) -> Message:
    year = cycles.named(ctx.records, cycle)
    every = deadlines.of_cycle(ctx.records, year.id, ctx.now)
    whole = all or year.state == "past"
    found = every if whole else [deadline for deadline in every if deadlines.ahead(deadline, ctx.now)]
    rows = found[offset(page) : offset(page) + ROWS]
    line = compose("deadlines", *([cycle] if cycle else []), options=[("all", "")] if all else [])
    hidden = len(every) - len(found)
    return views.listing(year, rows, _people(ctx, *rows), ctx.author, ctx.now, total=len(found), hidden=hidden, page=page, line=line)


def _people(ctx: Context, *found: Deadline) -> dict[str, Member]:
    return ctx.records.many(Member, {member for deadline in found for member in (deadline.owner, deadline.backup) if member})


@router.command("deadline", "One deadline with every date it had", WHICH, shows=["D"], examples=["deadline D1"])
def show(ctx: Context, deadline: str) -> Message:
    return _shown(ctx, ctx.records.get(Deadline, deadline))


def _shown(ctx: Context, deadline: Deadline, said: str = "") -> Message:
    return views.one(deadline, _people(ctx, deadline), ctx.author, ctx.now, said)


@router.command(
    "deadline add", "Add a deadline to a cycle", Field("title", "What is due", example="Workshop proposals"),
    replace(WHEN, kind=replace(DEADLINE, parse=_titled_when)), replace(CYCLE, option=True), KIND, SOURCE,
    Field("owner", "Who looks after it", MEMBER, required=False, option=True),
    Field("backup", "Who does when the owner cannot", MEMBER, required=False, option=True), who="chair", writes=True,
    examples=['deadline add "Workshop proposals" 2027-03-16 23:59 AoE --kind "workshop proposals" --owner M1'],
)  # fmt: skip
def add(
    ctx: Context, title: str, when: tuple[str, Written], cycle: str, kind: str | None, source: str | None,
    owner: MemberId | None, backup: MemberId | None,
) -> Message:  # fmt: skip
    more, written = when
    year = cycles.named(ctx.records, cycle)
    whole = TEXT.parse(f"{title} {more}", "title", ctx.reading)
    deadline = Deadline(cycle=CycleId(year.id), kind=kind or "other", title=whole, owner=owner, backup=backup, source=source or "")
    return _shown(ctx, deadlines.add(ctx.records, year, deadline, written, ctx.now), views.dated("Added", written))


@router.command(
    "deadline change", "Change what is written about a deadline, except its date", WHICH,
    Field("title", "What is due", TITLE, required=False, option=True), KIND, SOURCE,
    Field("owner", "Who looks after it", clearable(MEMBER), required=False, option=True),
    Field("backup", "Who does when the owner cannot", clearable(MEMBER), required=False, option=True), who="chair", writes=True,
    edits=edits(), examples=["deadline change D1 --owner M1", "deadline change D1 --backup none"],
)  # fmt: skip
def change(ctx: Context, deadline: str, **values: object) -> Message:
    found = ctx.records.change(ctx.records.get(Deadline, deadline), **given(values, "deadline change", deadline))
    deadlines.check_people(found)
    return _shown(ctx, found, "Changed.")


def _read_anew(ctx: Context, before: Deadline, text: str | None) -> Written:
    """A new date; one that names no zone is meant in the zone of the date before. Raises Refused where a form left the date as it is."""
    if not text:
        raise Refused(f"The date of {before.id} was left as it is, so nothing is to be noted.", lines=[before.id])
    return read_instant(text, "when", ctx.now, ctx.zone, deadline=True, meant=before.zone)


def _in_force(ctx: Context, deadline: Deadline, newest: int | None) -> dict[str, str]:
    """The date in force as a form begins with it; where the next one is announced is another matter."""
    when = deadline.at and f"{deadline.at.astimezone(zones.tz(deadline.zone)):%Y-%m-%d %H:%M} {deadline.zone}"
    return {"when": when or "", "source": ""}


@router.command(
    "deadline extend", "Give a deadline a later date; what was announced before stays", WHICH, NEW_WHEN, SOURCE, who="chair", writes=True,
    edits=edits(others=_in_force), examples=["deadline extend D1 2027-03-23 23:59 AoE --source https://www.intgovforum.org/"],
)  # fmt: skip
def extend(ctx: Context, deadline: str, when: str | None, source: str | None) -> Message:
    before = ctx.records.get(Deadline, deadline)
    written = _read_anew(ctx, before, when)
    return _shown(ctx, deadlines.extend(ctx.records, before, written, source or "", ctx.now), views.dated("Extended", written))


@router.command(
    "deadline correct", "Put right a date that was noted wrongly", WHICH, NEW_WHEN, SOURCE, who="chair", writes=True,
    edits=edits(others=_in_force), examples=["deadline correct D1 2027-03-15 23:59 AoE"],
)  # fmt: skip
def correct(ctx: Context, deadline: str, when: str | None, source: str | None) -> Message:
    before = ctx.records.get(Deadline, deadline)
    written = _read_anew(ctx, before, when)
    return _shown(ctx, deadlines.correct(ctx.records, before, written, source, ctx.now), views.dated("Corrected", written))


@router.command("deadline done", "Mark what is due as done", WHICH, who="member", writes=True, examples=["deadline done D1"])
def done(ctx: Context, deadline: str) -> Message:
    found = deadlines.finish(ctx.records, ctx.records.get(Deadline, deadline), ctx.author, ctx.now)
    return _shown(ctx, found, "Done.")


@router.command("deadline reopen", "Mark it as not done after all", WHICH, who="member", writes=True, examples=["deadline reopen D1"])
def reopen(ctx: Context, deadline: str) -> Message:
    found = deadlines.reopen(ctx.records, ctx.records.get(Deadline, deadline), ctx.author)
    return _shown(ctx, found, "Open again.")


@router.command(
    "deadline remove", "Take away a deadline that was added by mistake", WHICH, who="chair", writes=True, examples=["deadline remove D1"]
)
def remove(ctx: Context, deadline: str) -> Message:
    found = ctx.records.get(Deadline, deadline)
    reminding.let_go(ctx.records, found.id)
    ctx.records.remove(found)
    return views.removed(found)
