"""Asking for role slots: who speaks, moderates or takes notes in a session."""

from dataclasses import replace
from typing import Any

from bot.coalition import invitations, persons, sessions, slots
from bot.coalition.ids import PersonId, SessionId
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot, SlotRole
from bot.commands.common import GROUP, PAGE, PERSON, REGION, SESSION_TOPIC, clearable, edits, given, present
from bot.fields import FLAG, LONG, Field, identity, one_of
from bot.message import Message
from bot.router import Context, Router
from bot.views import slots as views
from bot.views.lists import ROWS, offset

router = Router(SESSION_TOPIC)

SLOT = Field("slot", "Which slot", identity("S.r"))
ROLE = one_of(*slots.ROLES, aliases=[("organizer", "organiser"), ("panelist", "panellist"), ("remote moderator", "online moderator")])
WHO = Field("person", "Who: a member or a published name", PERSON, required=False, option=True)
_PRESENCE = one_of("onsite", "online", aliases=[("remote", "online")])
ATTENDS = replace(
    _PRESENCE,
    parse=lambda text, name, reading: _PRESENCE.parse(text, name, reading) == "onsite",
    write=lambda onsite: "onsite" if onsite else "online",
    choices=("onsite", "online"),
)
_RECORD_NAMES = {"attends": "onsite"}
DETAILS = (
    Field("label", "The seat in words, such as VGT representative", required=False, option=True),
    Field("affiliation", "Organisation as it is to be shown", required=False, option=True),
    Field("group", "Stakeholder group", clearable(GROUP, to=""), required=False, option=True),
    Field("region", "Regional group", clearable(REGION, to=""), required=False, option=True),
    Field("attends", "Onsite or online", clearable(ATTENDS), required=False, option=True),
    Field("note", "Note for the organisers", LONG, required=False, option=True),
    Field("source", "Where this is from", required=False, option=True),
)


@router.command(
    "slots", "Who has which role in a session; without a session, your own roles",
    Field("session", "Which session", identity("S"), required=False, default=""),
    Field("mine", "Your own roles, and the invitations that wait for your answer", FLAG, required=False, option=True, default=False),
    PAGE, examples=["slots S1", "slots --mine"],
)  # fmt: skip
def listing(ctx: Context, session: str, mine: bool, page: int) -> Message:
    found = ctx.records.get(Session, session) if session and not mine else None
    session = found.id if found else ""
    asked: dict[str, Any] = {"session": session} if session else {"person": persons.own(ctx.records, ctx.author)}
    rows = ctx.records.all(RoleSlot, limit=ROWS, offset=offset(page), **asked)
    people = persons.known(ctx.records, [slot.person for slot in rows])
    editable = found is not None and sessions.may_change(found, ctx.author)
    waiting = [] if session else invitations.open_to(ctx.records, ctx.author)
    return views.listing(found, rows, people, ctx.author, waiting, total=ctx.records.count(RoleSlot, **asked), page=page, editable=editable)


@router.command("slot", "One role slot of a session", SLOT, shows=["S.r"], examples=["slot S1.r1"])
def show(ctx: Context, slot: str) -> Message:
    return shown(ctx, ctx.records.get(RoleSlot, slot))


def shown(ctx: Context, slot: RoleSlot, said: str = "") -> Message:
    """One slot, after what was just done."""
    session = ctx.records.get(Session, slot.session)
    people = persons.known(ctx.records, [slot.person])
    verbs = slots.verbs(ctx.records, session, slot, ctx.author, ctx.now)
    return views.one(
        slot, session, people, ctx.author, verbs, said, asking=invitations.may_ask(ctx.records, session, slot, ctx.author, ctx.now)
    )


@router.command(
    "slot add", "Add a speaker, moderator, rapporteur … or an unnamed seat to a session", Field("session", "Which session", identity("S")),
    Field("role", "Role", ROLE, choices=slots.ROLES), replace(WHO, option=False), *DETAILS,
    who="member", writes=True, may=sessions.check_may_change,
    examples=['slot add S5 panellist --label "VGT representative"', "slot add S5 rapporteur M2"],
)  # fmt: skip
def add(ctx: Context, session: str, role: SlotRole, person: PersonId | None, **values: Any) -> Message:
    found = ctx.records.get(Session, session)
    slot = RoleSlot(session=SessionId(found.id), role=role, person=person, **_renamed(present(values)))
    added = slots.add(ctx.records, found, slot, ctx.author)
    return shown(ctx, added, f"Added {added.id}.")


@router.command(
    "slot change", "Change what is written about a role slot", SLOT, Field("role", "Role", ROLE, required=False, option=True),
    replace(WHO, kind=clearable(PERSON)), *DETAILS, who="member", writes=True, edits=edits(_RECORD_NAMES),
    examples=["slot change S5.r4 --person M4 --attends online"],
)  # fmt: skip
def change(ctx: Context, slot: str, **values: Any) -> Message:
    found = ctx.records.get(RoleSlot, slot)
    sessions.check_may_change(ctx.records.get(Session, found.session), ctx.author)
    fields = given(values, "slot change", slot, **_RECORD_NAMES)
    return shown(ctx, slots.change(ctx.records, found, ctx.author, **fields), "Changed.")


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    """The values under the record's names."""
    return {_RECORD_NAMES.get(name, name): value for name, value in values.items()}


@router.command(
    "slot remove", "Take a role slot away", SLOT, who="member", writes=True, examples=["slot remove S5.r4"],
)  # fmt: skip
def remove(ctx: Context, slot: str) -> Message:
    found = ctx.records.get(RoleSlot, slot)
    slots.remove(ctx.records, found, ctx.author)
    return views.removed(found)


_HELP = {
    "contact": "Note that somebody was asked to take a role",
    "provisional": "Note that somebody takes a role if the session is accepted",
    "confirm": "Confirm a role: your own, or somebody's who told you",
    "attend": "Note that somebody was there",
    "no-show": "Note that somebody did not come",
    "withdraw": "Note that somebody does not take a role after all",
    "reopen": "Take a role up again that was withdrawn or noted as over",
}


def _declare_move(verb: str) -> None:

    @router.command(f"slot {verb}", _HELP[verb], SLOT, who="member", writes=True, examples=[f"slot {verb} S5.r3"])
    def moved(ctx: Context, slot: str) -> Message:
        known = ctx.records.get(RoleSlot, slot)
        found = slots.move(ctx.records, known, verb, ctx.author, ctx.now)
        if verb == "withdraw" and slots.speaks(ctx.records, known, ctx.author):
            found = ctx.records.change(found, answer="no")
            invitations.tell_editors(ctx.records, found, ctx.author, ctx.deployment.adapters)
        return shown(ctx, found, f"Now {found.state}.")


for _verb in _HELP:
    _declare_move(_verb)
