"""Asking for oneself: one's profile, a copy of one's data, and being forgotten."""

from dataclasses import replace
from typing import Any

import msgspec

from bot.coalition import invitations, own, zones
from bot.coalition.lessons import Lesson
from bot.coalition.members import Author, Member
from bot.coalition.organisations import Organisation
from bot.commands.common import NOTHING, PEOPLE_TOPIC, clearable, given, option
from bot.commands.profile import AWAY, HOURS, NAME, ORGANISATIONS, PROFILE, QUIET
from bot.errors import Refused
from bot.fields import FLAG, FUTURE_DAY, NUMBER, TEXT, TITLE, ZONE, Field, one_of
from bot.message import Message
from bot.router import Context, Edits, Router
from bot.views import own as views

router = Router(PEOPLE_TOPIC)


def _known(_: None, author: Author) -> Member:
    """The asker's own record. Raises Refused for an account without one."""
    if author.member is None:
        raise Refused(f"Nothing is kept about you: {author.account} belongs to no member.", lines=["join"])
    return author.member


def _profile(ctx: Context) -> Member:
    return _known(None, ctx.author)


@router.command("me", "What is known about you, what is yours, and what others see", examples=["me"])
def show(ctx: Context) -> Message:
    return _shown(ctx, _profile(ctx))


def _shown(ctx: Context, member: Member, said: str = "") -> Message:
    organisations = ctx.records.many(Organisation, member.organisations)
    asked = invitations.open_to(ctx.records, ctx.author)
    return views.me(member, list(organisations.values()), own.belongings(ctx.records, member), asked, ctx.author, said)


@router.command(
    "me change", "Change your own profile, and how you are listed", option("name", NAME.label, TITLE), *PROFILE, ORGANISATIONS,
    option("gender", "Gender, in your own words; used in totals only and never shown"),
    option("visibility", "Listed in full, or by group and region only", one_of("full", "group"), choices=("full", "group")),
    replace(option("away", "Away until this day", clearable(FUTURE_DAY)), asked=False),
    replace(option("back", "No longer away", FLAG), asked=False),
    replace(option("quiet", "Hours to leave you in peace, in your zone; “none” to end them", QUIET), asked=False),
    option("prefers", "The platform where the bot writes to you; “none” for the one you joined from", clearable(TEXT)),
    option("budget", "How many light prompts you take in 30 days; “none” for the usual number", clearable(NUMBER)),
    who="member", writes=True, may=_known, edits=Edits(lambda ctx, _: ctx.author.member, {"away": "away_until"}), alone=True,
    examples=["me change --zone Africa/Nairobi --quiet 22:00-07:00", "me change --visibility group", "me change --budget 2"],
)  # fmt: skip
def change(ctx: Context, **values: Any) -> Message:
    changes = given(values, "me change", "your profile", away="away_until")
    if changes.pop("back", False):
        changes["away_until"] = None
    if changes.get("prefers"):
        changes["prefers"] = own.platform(ctx.records, _profile(ctx), changes["prefers"])
    return _shown(ctx, ctx.records.change(_profile(ctx), **changes), "Changed.")


@router.command(
    "away", "Hear nothing that can wait until a day; “away off” when you are back",
    Field("until", "The day you are back, or “off”", AWAY, rest=True),
    who="member", writes=True, may=_known, examples=["away until 2027-01-10", "away off"],
)  # fmt: skip
def away(ctx: Context, until: Any) -> Message:
    day = None if until is NOTHING else until
    said = f"Away until {zones.day(day)}: what can wait comes then." if day else "Welcome back."
    return views.when_to_write(ctx.records.change(_profile(ctx), away_until=day), said)


@router.command(
    "quiet", "Hours in which the bot leaves you in peace; “quiet off” to end them",
    Field("hours", "From when to when in your zone, or “off”", HOURS, rest=True),
    who="member", writes=True, may=_known, examples=["quiet 22:00-07:00", "quiet off"],
)  # fmt: skip
def quiet(ctx: Context, hours: Any) -> Message:
    if hours is NOTHING:
        return views.when_to_write(ctx.records.change(_profile(ctx), quiet=""), "No quiet hours any more.")
    return views.when_to_write(ctx.records.change(_profile(ctx), quiet=hours), f"Quiet hours are {hours}, {ctx.zone}.")


@router.command(
    "timezone", "Your time zone, in which the bot reads and shows times", Field("zone", "Your time zone", ZONE, rest=True),
    who="member", writes=True, may=_known, also=["zone"], examples=["timezone Europe/Berlin"],
)  # fmt: skip
def timezone(ctx: Context, zone: str) -> Message:
    said = f"Your zone is {zone}; reminders that you made before keep the zone they were made in."
    return views.when_to_write(ctx.records.change(_profile(ctx), zone=zone), said)


@router.command("me export", "A copy of everything that is kept about you", examples=["me export"])
def export(ctx: Context) -> Message:
    records, trail = own.copy(ctx.records, _profile(ctx))
    whole = {
        "exported": ctx.now,
        "records": [{"word": record.word, **msgspec.to_builtins(record)} for record in records],
        "history": [
            {"at": change.at, "what": change.what, "field": change.field, "from": change.old, "to": change.new} for change in trail
        ],
    }
    return views.exported(msgspec.json.format(msgspec.json.encode(whole)), len(records), len(trail))


@router.command(
    "me forget", "Be forgotten: your personal data is erased (cannot be undone)",
    Field("yes", "Yes, forget me", FLAG, required=False, option=True, default=False),
    Field("shared", "And take away the lessons and activities that you shared", FLAG, required=False, option=True, default=False),
    writes=True, undoable=False, examples=["me forget"],
)  # fmt: skip
def forget(ctx: Context, yes: bool, shared: bool) -> Message:
    member = _profile(ctx)
    if not yes:
        return views.about_to_forget(member, ctx.records.count(Lesson, author=member.id))
    own.forget(ctx.records, member, ctx.deployment.chairs, shared=shared)
    return views.forgotten(member)
