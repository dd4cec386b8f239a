"""Asking for cycles: the IGF years."""

from bot import fields
from bot.coalition import cycles, deadlines
from bot.coalition.cycles import Cycle
from bot.coalition.projects import Project
from bot.coalition.sessions import Session
from bot.commands.common import PAGE, RULES, YEAR, YEAR_TOPIC, clearable, edits, given, known_years
from bot.fields import DAY, NUMBER, ZONE, Field, many
from bot.message import Message
from bot.router import Context, Router
from bot.views import cycles as views
from bot.views.lists import ROWS, offset

router = Router(YEAR_TOPIC)

WHICH = Field("year", "Which year", YEAR)
DETAILS = (
    Field("number", "Which IGF it is, counted from 2006", clearable(NUMBER), required=False, option=True),
    Field("title", "Its title or motto", required=False, option=True),
    Field("city", "City, or Online", required=False, option=True, example="Baku"),
    Field("country", "Country", required=False, option=True, example="Azerbaijan"),
    Field("day_zero", "Day of the pre-events", clearable(DAY), required=False, option=True),
    Field("start", "First day of the meeting, day zero not counted", clearable(DAY), required=False, option=True),
    Field("end", "Last day", clearable(DAY), required=False, option=True),
    Field("zone", "Time zone of the venue", clearable(ZONE, to=""), required=False, option=True),
    Field("themes", "Themes of the call, separated by semicolons", many(fields.TEXT, "Access; Safety", commas=False), False, True),
    Field("rules", "Rules that its proposals follow", clearable(RULES, to=""), required=False, option=True, choices=known_years),
    Field("source", "Where this is published", required=False, option=True),
)


@router.command("cycles", "Every IGF year, the newest first", PAGE, examples=["cycles"])
def listing(ctx: Context, page: int) -> Message:
    rows = ctx.records.all(Cycle, order=["-id"], limit=ROWS, offset=offset(page))
    return views.listing(rows, ctx.author, ctx.today, total=ctx.records.count(Cycle), page=page)


@router.command(
    "cycle", "One IGF year: place, days, themes and deadlines",
    Field("year", "Which year; the current one when left out", YEAR, required=False, default=""), examples=["cycle", "cycle 2016"],
)  # fmt: skip
def show(ctx: Context, year: str) -> Message:
    return _shown(ctx, cycles.named(ctx.records, year))


def _shown(ctx: Context, cycle: Cycle, said: str = "") -> Message:
    counts = (ctx.records.count(Project, cycle=cycle.id), ctx.records.count(Session, cycle=cycle.id))
    return views.one(cycle, deadlines.of_cycle(ctx.records, cycle.id, ctx.now), counts, ctx.author, ctx.now, ctx.today, said)


@router.command(
    "cycle add", "Add an IGF year", WHICH, *DETAILS, who="chair", writes=True,
    examples=["cycle add 2027", 'cycle add 2027 --city "Example City" --start "6 December 2027" --end "10 December 2027"'],
)  # fmt: skip
def add(ctx: Context, year: str, **values: object) -> Message:
    details = given(values, "cycle add", year, rules="rule_set") if any(value is not None for value in values.values()) else {}
    return _shown(ctx, cycles.add(ctx.records, Cycle(id=year, **details)), "Added.")


@router.command(
    "cycle change", "Change what is written about an IGF year", WHICH, *DETAILS, who="chair", writes=True,
    edits=edits({"rules": "rule_set"}), examples=["cycle change 2027 --start 2027-12-06", "cycle change 2027 --day-zero unknown"],
)  # fmt: skip
def change(ctx: Context, year: str, **values: object) -> Message:
    found = ctx.records.change(cycles.named(ctx.records, year), **given(values, "cycle change", year, rules="rule_set"))
    cycles.check(found)
    return _shown(ctx, found, "Changed.")


def _declare_move(verb: str, goal: str) -> None:
    @router.command(f"cycle {verb}", goal, WHICH, who="chair", writes=True, examples=[f"cycle {verb} 2027"])
    def moved(ctx: Context, year: str) -> Message:
        found = cycles.move(ctx.records, cycles.named(ctx.records, year), verb)
        left = "" if found.state == "current" else " No year is current any more; open the next one."
        return _shown(ctx, found, f"Now {found.state}.{left}")


_declare_move("open", "Make a planned year the current one; the former becomes past")
_declare_move("close", "Make the current year past")
_declare_move("reopen", "Make a past year the current one again")
