"""Asking for members: who they are, who joins, whose account is whose."""

from collections.abc import Mapping
from typing import Any

from bot.coalition import groups, linking, membership, organisations
from bot.coalition.members import AccountLink, Member
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.store import Records
from bot.commands import common
from bot.commands.common import PAGE, PEOPLE_TOPIC, edits, given, option, present
from bot.commands.profile import ACCOUNT, GROUPS, NAME, OLD_ACCOUNT, ORGANISATIONS, PROFILE
from bot.errors import NotAllowed
from bot.fields import TEXT, TITLE, Field, many
from bot.lines import compose
from bot.message import Message
from bot.request import Account
from bot.router import Call, Context, Router
from bot.views import members as views
from bot.views.lists import ROWS, offset

router = Router(PEOPLE_TOPIC)

MEMBER = Field("member", "Which member", common.MEMBER)


@router.command("members", "The members, by stakeholder group and region", *GROUPS, PAGE, examples=["members", "members --region africa"])
def listing(ctx: Context, group: str | None, region: str | None, page: int) -> Message:
    wanted = {name: value for name, value in (("group", group), ("region", region)) if value}
    if not ctx.author.roles:
        return views.totals(
            _totals(ctx.records, "group", groups.STAKEHOLDERS), _totals(ctx.records, "region", groups.REGIONS), _active(ctx)
        )
    rows = ctx.records.all(Member, state="active", **wanted, order=["visibility", "name"], limit=ROWS, offset=offset(page))
    total = ctx.records.count(Member, state="active", **wanted)
    return views.listing(rows, ctx.author, total=total, page=page, line=compose("members", options=wanted.items()))


def _totals(records: Records, field: str, labels: Mapping[str, object]) -> dict[str, int]:
    return {label: records.count(Member, state="active", **{field: label}) for label in labels}


def _active(ctx: Context) -> int:
    return ctx.records.count(Member, state="active")


@router.command("joins", "The newest members, and who waits for a chair's answer", PAGE, who="chair", examples=["joins"])
def joins(ctx: Context, page: int) -> Message:
    states = ("active", "asked")
    rows = ctx.records.all(Member, state=states, order=["-state", "-joined"], limit=ROWS, offset=offset(page))
    return views.joins(rows, total=ctx.records.count(Member, state=states), page=page)


@router.command("member", "One member", MEMBER, who="member", shows=["M"], examples=["member M1"])
def show(ctx: Context, member: str) -> Message:
    return shown(ctx, membership.known(ctx.records, member))


def shown(ctx: Context, member: Member, said: str = "", *, undo: bool = True) -> Message:
    """A member as the asker may see one."""
    return views.one(
        member,
        organisations=list(ctx.records.many(Organisation, member.organisations).values()),
        names=ctx.records.referring(PublishedName, "member", member.id),
        accounts=ctx.records.all(AccountLink, member=member.id),
        heard=ctx.records.trail.last_change(member.id),
        now=ctx.now,
        reader=ctx.author,
        said=said,
        undo=undo,
    )


@router.command(
    "member add", "Put somebody into the directory", NAME, *PROFILE, ORGANISATIONS,
    who="chair", writes=True, alone=True, examples=['member add "Ana Example" --group "civil society" --region africa'],
)  # fmt: skip
def add(ctx: Context, **values: Any) -> Message:
    added = ctx.records.add(Member(**present(values), joined=ctx.today))
    twin = membership.namesake(ctx.records, added)
    return shown(ctx, added, f"Added. {twin.id} has the same name: if both are one person, take this back." if twin else "Added.")


@router.command(
    "member change", "Change what is written about a member", MEMBER, option("name", "Name", TITLE), *PROFILE, ORGANISATIONS,
    who="member", writes=True, edits=edits(), alone=True, examples=["member change M1 --country Kenya"],
)  # fmt: skip
def change(ctx: Context, member: str, **values: object) -> Message:
    found = membership.known(ctx.records, member)
    if not ctx.author.chairs and ctx.author.id != found.id:
        raise NotAllowed(f"Only {member} or a chair may change that.", lines=["me change"])
    return shown(ctx, ctx.records.change(found, **given(values, "member change", member)), "Changed.")


@router.command(
    "member refuse", "Refuse somebody who joined; they may ask again", MEMBER,
    Field("reason", "Why; they can read it", TEXT, required=False, rest=True, default=""),
    who="chair", writes=True, examples=['member refuse M9 --reason "Please join with your own name"'],
)  # fmt: skip
def refuse(ctx: Context, member: str, reason: str) -> Message:
    found = membership.move(ctx.records, membership.known(ctx.records, member), "refuse", refusal=reason)
    return shown(ctx, found, "Refused. They may ask again with “join”, and a chair answers.")


@router.command(
    "member admit", "Admit somebody who asked, was refused or had left", MEMBER, who="chair", writes=True, examples=["member admit M9"]
)
def admit(ctx: Context, member: str) -> Message:
    return shown(ctx, membership.move(ctx.records, membership.known(ctx.records, member), "admit"), "Admitted.")


@router.command("member deactivate", "Note that a member has left", MEMBER, who="chair", writes=True, examples=["member deactivate M9"])
def deactivate(ctx: Context, member: str) -> Message:
    return shown(ctx, membership.move(ctx.records, membership.known(ctx.records, member), "deactivate"), "No longer an active member.")


@router.command(
    "member chair", "Make a member a chair (not undone by undo)", MEMBER,
    who="chair or operator", writes=True, undoable=False, examples=["member chair M4"],
)  # fmt: skip
def chair(ctx: Context, member: str) -> Message:
    return shown(ctx, membership.appoint(ctx.records, membership.known(ctx.records, member)), "Now a chair.", undo=False)


@router.command(
    "member unchair", "End a chair's office (not undone by undo)", MEMBER,
    who="chair or operator", writes=True, undoable=False, examples=["member unchair M4"],
)  # fmt: skip
def unchair(ctx: Context, member: str) -> Message:
    found = membership.dismiss(ctx.records, membership.known(ctx.records, member), ctx.deployment.chairs)
    return shown(ctx, found, "No longer a chair.", undo=False)


@router.command(
    "member link", "Say that an account on a platform is a member's (not undone by undo)", MEMBER, Field("account", "The account", ACCOUNT),
    who="chair or operator", writes=True, undoable=False, examples=["member link M4 slack:U123"],
)  # fmt: skip
def link(ctx: Context, member: str, account: Account) -> Message:
    found = membership.known(ctx.records, member)
    linked = membership.link(ctx.records, found, account)
    linking.tell(ctx.records, linked, ctx.author)
    return shown(ctx, found, f"{linked.id} is now an account of {member}.", undo=False)


@router.command(
    "member unlink", "Take an account away from a member (not undone by undo)", MEMBER, Field("account", "The account", OLD_ACCOUNT),
    who="chair or operator", writes=True, undoable=False, examples=["member unlink M4 slack:U123"],
)  # fmt: skip
def unlink(ctx: Context, member: str, account: Account) -> Message:
    found = membership.known(ctx.records, member)
    membership.unlink(ctx.records, found, account, ctx.author)
    return shown(ctx, found, f"{account} is no longer an account of {member}.", undo=False)


def _introduced(ctx: Context, _: Call) -> Mapping[str, str]:
    """What the platform says of who joins."""
    return {"name": ctx.author.profile.name, "zone": ctx.author.profile.zone}


@router.command(
    "join", "Become a member. People under 18 take part through an adult organisation: nothing about minors is kept",
    NAME, *PROFILE, option("organisations", "Your organisations, if any", many(TEXT, "ECPAT International")),
    writes=True, undoable=False, may=lambda _, author: membership.check_may_join(author), begin=_introduced,
    examples=['join "Ana Example" --group "civil society" --region africa'],
)  # fmt: skip
def join(ctx: Context, **values: Any) -> Message:
    known = {"zone": ctx.author.profile.zone, **present(values)}
    if "organisations" in known:
        known["organisations"] = organisations.named_by_newcomer(ctx.records, known["organisations"])
    return views.joined(membership.join(ctx.records, ctx.author, known, ctx.today))
