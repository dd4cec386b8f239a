"""Asking what is about the same thing, and joining it in place of a duplicate."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.coalition import ids, joining, overlaps
from bot.coalition.members import Member
from bot.coalition.outbox import Letter
from bot.coalition.overlaps import Overlapping
from bot.coalition.programmes import Programme
from bot.coalition.sessions import Session
from bot.errors import Refused
from bot.fields import TEXT, Field, Kind, Reading, identity
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import overlaps as views

router = Router("finding anything, and who knows about it")

OWN = Field("mine", "Your new project, proposal or programme", identity("P", "S", "W"))
OTHER = Field("other", "What you would rather join", identity("P", "S", "W"))


def beside(ctx: Context, record: Overlapping, reply: Message) -> Message:
    """The answer to something new, with what is similar to it."""
    found = overlaps.like(ctx.records, record)
    return replace(reply, blocks=(*reply.blocks, *views.blocks(overlaps.people(ctx.records, found), found, record.id, ctx.author)))


def _about(text: str, name: str, reading: Reading) -> str:
    """An id of what can overlap, or any words."""
    found = ids.canonical(text) or ""
    return found if ids.letter(found) in ("P", "S", "W") else TEXT.parse(text, name, reading)


@router.command(
    "overlaps", "What is about the same thing, in all years: as a project, proposal or programme, or as some words",
    Field("about", "A project, proposal or programme, or words", Kind(_about, "P1"), rest=True),
    also=["overlap", "similar"], examples=["overlaps P1", 'overlaps "reporting hotlines in Africa"'],
)  # fmt: skip
def asked(ctx: Context, about: str) -> Message:
    if ids.letter(about) not in ("P", "S", "W"):
        found = overlaps.similar(ctx.records, about)
        return views.listing(overlaps.people(ctx.records, found), found, about, "", ctx.author, words=True)
    record = _overlapping(ctx, about)
    found = overlaps.like(ctx.records, record)
    own = about if joining.may_give_up(ctx.records, record, ctx.author) else ""
    return views.listing(overlaps.people(ctx.records, found), found, about, own, ctx.author)


def _overlapping(ctx: Context, identity: str) -> Overlapping:
    record = ctx.records.any(identity)
    if not isinstance(record, Overlapping):
        raise Refused(f"{identity} is no project, proposal or programme.", lines=["help overlaps"])
    return record


@router.command(
    "instead", "Join something similar in place of what you have just begun, which is taken back", OWN, OTHER,
    who="member", writes=True, examples=["instead P9 P3"],
)  # fmt: skip
def instead(ctx: Context, mine: str, other: str) -> Message:
    given, found = _overlapping(ctx, mine), _overlapping(ctx, other)
    if given.id == found.id:
        raise Refused(f"{given.id} cannot stand in place of itself.", lines=[f"overlaps {given.id}"])
    joining.check_may_give_up(ctx.records, given, ctx.author)
    taken = joining.join(ctx.records, found, ctx.author, given.id, ctx.deployment.adapters)
    joining.give_up(ctx.records, given, found.id)
    return views.joined(given.id, found.id, overlaps.title(found), taken=taken, programme=isinstance(given, Programme))


@router.letter(joining.ASKS)
def asks(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To those who can take somebody in; nothing once they are in, or have left."""
    found = {}
    for letter in posted:
        identity, given = joining.asked(letter)
        member = writing.records.find(Member, identity)
        record = writing.records.find(writing.records.kind(letter.about), letter.about)
        if member and member.state == "active" and isinstance(record, Overlapping) and not _in(member, record):
            found[letter.key] = views.asks(member, record.id, overlaps.title(record), given, _lines(member, record))
    return found


def _in(member: Member, record: Overlapping) -> bool:
    return isinstance(record, Session) and member.id in record.editors


def _lines(member: Member, record: Overlapping) -> list[tuple[str, str]]:
    show = (f"Show {record.id}", record.id)
    if not isinstance(record, Session):
        return [show]
    return [("Make them an editor", compose("proposal editor add", record.id, member.id)), show]
