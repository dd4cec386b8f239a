"""Inviting somebody to a role in a session, and answering an invitation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.coalition import candidates, cards, ids, invitations, lineups, persons, seats
from bot.coalition.ids import PersonId
from bot.coalition.invitations import ANSWERED
from bot.coalition.members import Member, reading
from bot.coalition.outbox import Letter
from bot.coalition.sessions import Session
from bot.coalition.slots import ROLES, RoleSlot, SlotAnswer, SlotRole
from bot.commands import slots
from bot.commands.common import PERSON, SESSION_TOPIC
from bot.errors import WrongValue
from bot.fields import FLAG, LONG, Field, Reading, identity
from bot.lines import Token
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import invitations as views
from bot.views import lineups as lineup_views

router = Router(SESSION_TOPIC)

OTHERS = 3
"""Members whom a letter names that could take a role which somebody refused."""


def _arranged(words: Sequence[Token], reading: Reading) -> Mapping[str, str]:
    """`S5.r4`, `S5.r4 M5`, `S5 panellist M5`, `S5 online moderator Ben Example`, `S5 M5 as panellist`."""
    slot, *rest = (word.text for word in words if word.quoted or word.text.casefold() != "as") if words else ("",)
    for size in (2, 1):
        if _is_role(" ".join(rest[:size]), reading):
            return _texts(slot, " ".join(rest[size:]), " ".join(rest[:size]))
        if _is_role(" ".join(rest[-size:]), reading):
            return _texts(slot, " ".join(rest[:-size]), " ".join(rest[-size:]))
    return _texts(slot, " ".join(rest), "")


def _is_role(text: str, reading: Reading) -> bool:
    try:
        slots.ROLE.parse(text, "role", reading)
    except WrongValue:
        return False
    return True


def _texts(slot: str, person: str, role: str) -> dict[str, str]:
    return {name: text for name, text in (("slot", slot), ("person", person), ("role", role)) if text}


@router.command(
    "invite", "Ask somebody to take a role in a session: they answer with a button, and you are told",
    Field("slot", "Which slot, or which session", identity("S.r", "S")),
    Field("person", "Who: a member or a published name; not needed for a slot that has somebody", PERSON, required=False),
    Field("role", "As what, where a session is named", slots.ROLE, required=False, choices=ROLES),
    Field("words", "A word of your own, for them alone", LONG, required=False, option=True, default=""),
    Field("again", "Ask once more", FLAG, required=False, option=True, default=False),
    who="member", writes=True, arrange=_arranged, alone=True, examples=["invite S5.r3", "invite S5.r4 M4", "invite S5 panellist M2"],
)  # fmt: skip
def invite(ctx: Context, slot: str, person: PersonId | None, role: SlotRole | None, words: str, again: bool) -> Message:
    found = _slot(ctx, slot, person, role)
    asked = invitations.invite(ctx.records, found, ctx.author, ctx.deployment.adapters, ctx.now, words=words, again=again)
    session = ctx.records.get(Session, asked.slot.session)
    return views.invited(asked, session, persons.known(ctx.records, [asked.slot.person]), ctx.author)


def _slot(ctx: Context, identity: str, person: PersonId | None, role: SlotRole | None) -> RoleSlot:
    """The slot that is named, with the person who is to have it; of a session, one that is made for them."""
    if ids.letter(identity) == RoleSlot.letter:
        slot = ctx.records.get(RoleSlot, identity)
        return invitations.fill(ctx.records, slot, person, ctx.author) if person else slot
    session = ctx.records.get(Session, identity)
    if person is None or role is None:
        raise WrongValue("slot", f"is a session; say whom you ask, and as what: invite {identity} panellist M4", f"{identity}.r1",
                         lines=[f"line-up {identity}", f"slots {identity}"])  # fmt: skip
    return invitations.seat(ctx.records, session, role, person, ctx.author)


def _declare_answer(said: SlotAnswer, help: str) -> None:
    @router.command(
        f"slot {said}", help, slots.SLOT, Field("note", "A line for the editors", LONG, required=False, rest=True, default=""),
        who="member", writes=True, examples=[f"slot {said} S5.r2"],
    )  # fmt: skip
    def answered(ctx: Context, slot: str, note: str) -> Message:
        found = invitations.answer(ctx.records, ctx.records.get(RoleSlot, slot), said, note, ctx.author)
        invitations.tell_editors(ctx.records, found, ctx.author, ctx.deployment.adapters)
        return slots.shown(ctx, found, views.thanks(found))


_declare_answer("yes", "Say that you take a role you were asked for")
_declare_answer("no", "Say that you cannot take a role, with a reason if you like")
_declare_answer("maybe", "Say that you do not know yet whether you can take a role")


@router.letter(ANSWERED)
def answered(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To the editors of a session what was answered; of several letters to one of them the last one says it all."""
    records = writing.records
    found = records.many(RoleSlot, {letter.about for letter in posted})
    readers = records.many(Member, {letter.member for letter in posted if letter.member})
    mails: dict[tuple[str, str], list[Letter]] = defaultdict(list)
    for letter in posted:
        if letter.about in found and found[letter.about].answer and letter.member in readers and not cards.stale(records, letter):
            mails[letter.member, found[letter.about].session].append(letter)
    return {
        letters[-1].key: _answered(writing, session, [found[about] for about in dict.fromkeys(letter.about for letter in letters)], reader)
        for (reader, session), letters in mails.items()
    }


def _answered(writing: Writing, identity: str, answers: Sequence[RoleSlot], reader: str) -> Message:
    """What was answered in one session, with who could take what somebody refused."""
    records, author = writing.records, reading(writing.records.get(Member, reader))
    session = records.get(Session, identity)
    refused = [slot for slot in answers if slot.answer == "no"]
    pool = candidates.pool(records, seats.of(records, session, author), writing.now) if refused else None
    gaps = {slot.id: lineups.of_slot(slot) for slot in refused}
    others = [each for gap in gaps.values() for each in candidates.fitting(records, pool, gap, author, OTHERS)] if pool else []
    rows = [lineup_views.candidate(each, author) for each in {each.member.id: each for each in others}.values()]
    return views.answered(session, answers, persons.known(records, [slot.person for slot in answers]), author, rows)
