"""Asking which spellings mean one and the same, and saying so."""

from typing import cast

from bot.coalition import aliases, merging
from bot.coalition.organisations import Organisation, PublishedName
from bot.commands.common import BODIES_TOPIC, PAGE
from bot.errors import Refused
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context, Router
from bot.views import aliases as views
from bot.views.lists import ROWS, offset

router = Router(BODIES_TOPIC)

Named = Organisation | PublishedName
GONE = Field("gone", "What becomes another spelling", identity("N", "O"))
KEPT = Field("kept", "Of which one", identity("N", "O"))


@router.command(
    "aliases", "Names and organisations that may be one, with the reasons; of one of them, or two beside each other",
    Field("one", "Only with this name or organisation", identity("N", "O"), required=False, default=""),
    Field("two", "The other one of two", identity("N", "O"), required=False, default=""), PAGE,
    examples=["aliases", "aliases N3", "aliases N12 N7"],
)  # fmt: skip
def listing(ctx: Context, one: str, two: str, page: int) -> Message:
    if two:
        return _pair(ctx, one, two)
    found = aliases.proposals(ctx.records, _named(ctx, one).id if one else "")
    rows = found.proposals[offset(page) : offset(page) + ROWS]
    concerned = {identity for row in rows for identity in (row.one, row.two)}
    known: dict[str, Named] = {**ctx.records.many(PublishedName, concerned), **ctx.records.many(Organisation, concerned)}
    return views.listing(rows, known, found, page=page, of=one)


def _named(ctx: Context, identity: str) -> Named:
    return cast(Named, ctx.records.any(identity))


def _pair(ctx: Context, one: str, two: str) -> Message:
    first, second = _named(ctx, one), _named(ctx, two)
    proposals = aliases.proposals(ctx.records, first.id).proposals
    proposal = next((each for each in proposals if {each.one, each.two} == {first.id, second.id}), None)
    moves = {each.id: merging.pointing_at(ctx.records, each.id) for each in (first, second)}
    return views.pair(first, second, proposal, moves, _refusal(first, second), ctx.author)


def _refusal(one: Named, two: Named) -> str:
    try:
        merging.check(one, two)
    except Refused as refusal:
        return refusal.reason
    return ""


@router.command(
    "aliases merge", "Make one name or organisation another spelling of the other, which keeps all that named either", GONE, KEPT,
    who="chair", writes=True, examples=["aliases merge N12 N7"],
)  # fmt: skip
def merge(ctx: Context, gone: str, kept: str) -> Message:
    one, two = _named(ctx, gone), _named(ctx, kept)
    merging.check(one, two)
    if isinstance(one, Organisation):
        whole, moved = merging.merge(ctx.records, one, ctx.records.get(Organisation, kept))
        return views.merged(one, whole, moved)
    name, moved = merging.merge(ctx.records, one, ctx.records.get(PublishedName, kept))
    return views.merged(one, name, moved)


@router.command(
    "aliases dismiss", "Say that two names or organisations are different, so that they are not proposed again",
    Field("one", "Which one", identity("N", "O")), Field("two", "Is not which", identity("N", "O")),
    who="chair", writes=True, examples=["aliases dismiss N3 N7"],
)  # fmt: skip
def dismiss(ctx: Context, one: str, two: str) -> Message:
    first, second = _named(ctx, one), _named(ctx, two)
    merging.dismiss(ctx.records, first, second)
    return views.dismissed(first, second)
