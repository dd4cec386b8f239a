"""The plan of a cycle: which reminders the bot sends by itself."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.coalition import cycles, ids, plan_entries, plans
from bot.coalition.cycles import Cycle
from bot.coalition.members import Member
from bot.coalition.plan_entries import ENTRIES
from bot.coalition.plans import Coming, Lack, Planned
from bot.coalition.recurring import read_timing
from bot.commands.common import CYCLE, PAGE
from bot.errors import Refused, WrongValue
from bot.fields import NUMBER, Field, one_of
from bot.lines import compose
from bot.message import Message
from bot.router import Call, Context, Router
from bot.views import plan as views
from bot.views.lists import ROWS, offset

router = Router("reminders, and when the bot may write to you")

NAMES = tuple(entry.name for entry in ENTRIES)
ALIASES = [("proposal", "proposals"), ("report", "reports")]
"""Words that two entries begin with."""
ENTRY = Field("entry", "Which entry", one_of(*NAMES, aliases=ALIASES), choices=NAMES)
IN_CYCLE = replace(CYCLE, option=True)
_SMALL = {"and", "day", "days", "before", "after", "without", "an", "update"}


@router.command(
    "plan", "What the bot reminds of in a cycle: whom, how long before, when next, and what is lacking", CYCLE, PAGE,
    who="member", examples=["plan", "plan 2027"],
)  # fmt: skip
def show(ctx: Context, cycle: str, page: int) -> Message:
    return _shown(ctx, cycles.named(ctx.records, cycle), page)


def _shown(ctx: Context, year: Cycle, page: int = 1, said: str = "") -> Message:
    plan = plans.of_cycle(ctx.records, year, ctx.now)
    coming = plans.coming(ctx.records, plan, ctx.now)
    rows = [_row(ctx, planned, coming) for planned in plan[offset(page) : offset(page) + ROWS]]
    lacks = _lacks(ctx, year, plan) if page == 1 else {}
    return views.one(year, rows, lacks, ctx.author, ctx.now, on=any(each.on for each in plan), total=len(plan), page=page, said=said)


def _row(ctx: Context, planned: Planned, coming: list[Coming]) -> views.Row:
    following = next((each.at for each in coming if each.planned is planned), None)
    concerns = len(plans.subjects(ctx.records, planned, ctx.now))
    return views.Row(planned, concerns, following)


def _lacks(ctx: Context, year: Cycle, plan: Sequence[Planned]) -> views.Lacks:
    """What entries lack, for the chairs, who can help it."""
    found: dict[Lack, list[str]] = {}
    for planned in plan:
        if planned.chosen and ctx.author.chairs:
            for lack in plans.lacking(ctx.records, planned, year, ctx.now):
                found.setdefault(lack, []).append(planned.entry.name)
    return found


@router.command(
    "plan dates", "What the plan of a cycle will send, when, about what and to whom", CYCLE, PAGE,
    who="member", examples=["plan dates", "plan dates 2027"],
)  # fmt: skip
def dates(ctx: Context, cycle: str, page: int) -> Message:
    return _dates(ctx, cycles.named(ctx.records, cycle), page)


def _dates(ctx: Context, year: Cycle, page: int = 1, said: str = "") -> Message:
    """The turns to come; after a change, what keeps some of them away as well."""
    plan = plans.of_cycle(ctx.records, year, ctx.now)
    coming = plans.coming(ctx.records, plan, ctx.now)
    rows = [(each, _title(ctx, each), plans.told(ctx.records, each)) for each in coming[offset(page) : offset(page) + ROWS]]
    members = ctx.records.many(Member, {to for _, _, told in rows for to in told if isinstance(to, str)})
    lacks = _lacks(ctx, year, plan) if said else {}
    return views.dates(year, rows, members, lacks, ctx.author, on=any(each.on for each in plan), total=len(coming), page=page, said=said)


def _title(ctx: Context, each: Coming) -> str:
    """The record that a turn is about, in words: `D1 Workshop proposals`."""
    about = each.subject.about
    if about is None or ids.is_year(about):
        return ""
    return f"{about} {getattr(ctx.records.any(about), 'title', '')}".strip()


@router.command(
    "plan on", "Switch the plan of a cycle on; only what comes from now on is sent", CYCLE, who="chair", writes=True,
    examples=["plan on", "plan on 2027"],
)  # fmt: skip
def on(ctx: Context, cycle: str) -> Message:
    year = cycles.named(ctx.records, cycle)
    switched = plans.switch_on(ctx.records, year, ctx.now)
    return _dates(ctx, year, said=views.switched("on", switched))


@router.command(
    "plan off", "Switch the plan of a cycle off; nothing of it is sent until it is on again", CYCLE, who="chair", writes=True,
    examples=["plan off"],
)  # fmt: skip
def off(ctx: Context, cycle: str) -> Message:
    year = cycles.named(ctx.records, cycle)
    switched = plans.switch_off(ctx.records, year, ctx.now)
    return _shown(ctx, year, said=views.switched("off", switched))


def _as_it_is(ctx: Context, call: Call) -> dict[str, str]:
    """The entry that a line names, in words that are read as it is."""
    name = call.texts.get(ENTRY.name, "")
    if not name or ENTRY.name in call.problems(ctx.reading):
        return {}
    planned = plans.named(ctx.records, cycles.named(ctx.records, call.texts.get(IN_CYCLE.name, "")), ENTRY.read(name, ctx.reading), ctx.now)
    due = {"due": str(planned.reminder.days)} if planned.entry.kind == "report" else {}
    return {"what": views.setting(planned, ctx.now), **due}


@router.command(
    "plan set", "Change an entry of the plan: on, off, how many days before, or when it repeats", ENTRY,
    Field("what", "on, off, days before, or when", rest=True, example="14 7 3 1"), IN_CYCLE,
    Field("due", "For rapporteurs: how many days after the IGF a report is due", NUMBER, required=False, option=True, example="14"),
    who="chair", writes=True, begin=_as_it_is,
    examples=[
        "plan set reports 14 7 1", "plan set updates 45", "plan set countdown off", "plan set rapporteurs 7 3 1 --due 21",
        "plan set digest last thursday of the month at 10",
    ],
)  # fmt: skip
def change(ctx: Context, entry: str, what: str, cycle: str, due: int | None) -> Message:
    year = cycles.named(ctx.records, cycle)
    if year.state == "past":
        raise Refused(f"{year.id} is over, so its plan stays as it is.", lines=[compose("plan", year.id)])
    planned = plans.named(ctx.records, year, entry, ctx.now)
    kept = _set(ctx, planned, year, what, due)
    row = _row(ctx, kept, plans.coming(ctx.records, [kept], ctx.now))
    return views.changed(year, row, _lacks(ctx, year, [kept]), ctx.author, ctx.now)


def _set(ctx: Context, planned: Planned, year: Cycle, what: str, due: int | None) -> Planned:
    """The entry as the words want it. Raises WrongValue."""
    word, numbers = what.strip().casefold(), _numbers(what.strip().casefold())
    if word in {"off", "no", "none", "never"}:
        return plans.drop(ctx.records, planned, year)
    fields: dict[str, object] = {} if due is None else {"days": _reports_due(planned, due)}
    if numbers and planned.entry.kind == "update":
        fields["days"] = plans.silence(numbers)
    elif numbers:
        fields["timing"] = plans.spaced(planned, numbers)
    elif word not in {"on", "yes"}:
        plans.check_repeats(planned)
        fields["timing"] = plans.repeating(read_timing(what, "what", ctx.now, plan_entries.zone(year), ctx.records))
    return plans.change(ctx.records, planned, year, ctx.now, **fields)


def _numbers(what: str) -> list[int]:
    """The days that words like `14 7 1`, `14/7/1` or `14, 7 and 1 days before` name; none for other words."""
    words = re.findall(r"[^\W\d_]+|\d+", what)
    plain = re.fullmatch(r"[\w\s,;/]+", what) and {word for word in words if not word.isdecimal()} <= _SMALL
    return [int(word) for word in words if word.isdecimal()] if plain else []


def _reports_due(planned: Planned, due: int) -> int:
    if planned.entry.kind != "report":
        raise WrongValue(
            "due", "belongs to the entry rapporteurs only", lines=[compose("plan set rapporteurs", "on", options=[("due", "14")])]
        )
    return plans.within(due, "due", "14")
