"""Moving a proposal or session from state to state, and how it went so far."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.coalition import cards, ids, invitations, proposals, sessions
from bot.coalition.ids import SessionId
from bot.coalition.members import Member
from bot.coalition.outbox import Letter
from bot.coalition.sessions import Session
from bot.commands.common import SESSION_TOPIC, option
from bot.commands.session_page import PROPOSAL, shown
from bot.errors import Incomplete
from bot.fields import DEADLINE, LONG, YES_OR_NO, Field, identity
from bot.message import Message
from bot.router import Call, Context, Router, Who, Writing
from bot.views import proposal_states as views

router = Router(SESSION_TOPIC)

_BY = option("by", "Until when the IGF wants the answer", DEADLINE)
_REASON = Field("reason", "Why; “not said” where nobody knows", LONG, rest=True, example="nobody can travel")
_SAID: Mapping[str, tuple[Field, ...]] = {
    "pending": (Field("asked", "What the IGF asks for", LONG, rest=True, example="more detail on speakers"), _BY),
    "merge": (Field("asked", "With which one: S7, or in words", LONG, rest=True, example="workshop 88 of Example"), _BY),
    **dict.fromkeys(("withdraw", "cancel"), (_REASON,)),
    **dict.fromkeys(("fail", "reject"), (replace(_REASON, example="too much like workshop 88"),)),
}
_HELP: Mapping[str, str] = {
    "develop": "Work an idea out into a draft",
    "submit": "Note that a proposal is with the IGF; what every call asks for must be there",
    "screen": "Note that a proposal passed the IGF's screening",
    "fail": "Note that a proposal failed the IGF's screening, and why",
    "evaluate": "Note that the MAG evaluates a proposal",
    "pending": "Note what the IGF asks for before it decides on a proposal",
    "merge": "Note with which other proposal the IGF asks to merge one",
    "answer": "Note that what the IGF asked for is answered",
    "accept": "Note that the IGF accepted a proposal; who agreed to come is asked to confirm",
    "reject": "Note that the IGF rejected a proposal, and why",
    "appeal": "Note that a decision on a proposal is appealed against",
    "hold": "Note that a session was held",
    "file": "Note that the report of a session is filed",
    "cancel": "Note that an accepted session will not be held, and why",
    "withdraw": "Take a proposal or session back, and say why",
    "reopen": "Take up again what was decided, submitted or held",
}
_DECLARED_APART = {"schedule", "merged"}
_UNTOLD = {"develop", "schedule", "hold", "file"}
"""Steps of which the other organisers need no letter."""


def _declare_move(verb: str) -> None:
    who: Who = "chair" if verb in sessions.FOR_CHAIRS else "member"
    said = _SAID.get(verb, ())

    @router.command(
        f"proposal {verb}", _HELP[verb], PROPOSAL, *said, who=who, writes=True, also=[f"session {verb}"],
        examples=[f'proposal {verb} S5 "{said[0].example}"' if said else f"proposal {verb} S5"],
    )  # fmt: skip
    def moved(ctx: Context, proposal: str, **told: Any) -> Message:
        if verb == "merge":
            told["asked"] = _partner(ctx, told["asked"])
        found = proposals.move(ctx.records, ctx.records.get(Session, proposal), verb, ctx.author, ctx.now, **told)
        if verb not in _UNTOLD:
            proposals.tell(ctx.records, proposals.NEWS, [found], ctx.author, ctx.deployment.adapters)
        asked = invitations.ask_to_confirm(ctx.records, found, ctx.author, ctx.deployment.adapters, ctx.now) if verb == "accept" else 0
        confirming = f" {asked} of those who agreed to come {'is' if asked == 1 else 'are'} asked to confirm." if asked else ""
        return shown(ctx, found, f"Now {found.state}.{confirming}", brief=True)


for _verb in sessions.STATES.moves:
    if _verb not in _DECLARED_APART:
        _declare_move(_verb)


def _partner(ctx: Context, asked: str) -> str:
    """With whom to merge; a proposal of ours by its id and title."""
    identity = ids.canonical(asked.strip())
    ours = ctx.records.get(Session, identity) if identity and ids.letter(identity) == "S" else None
    return f"{ours.id} {ours.title}" if ours else asked


def _partners(ctx: Context, call: Call) -> Mapping[str, str]:
    """The proposal of ours with which merging was asked."""
    session = ctx.records.find(Session, ids.canonical(call.texts.get("proposal", "")) or "")
    partner = ids.canonical(session.asked.partition(" ")[0]) if session and session.state == "merge asked" else ""
    return {"into": partner} if partner and ids.letter(partner) == Session.letter else {}


@router.command(
    "proposal merged", "Note what a proposal was merged into", PROPOSAL,
    Field("reason", "What became of it, in words", LONG, required=False, rest=True, default="", example="workshop 88 of Example"),
    option("into", "The proposal of ours that goes on", identity("S")),
    option("line_up", "Does that take over its line-up", YES_OR_NO), option("editors", "Does that take over its editors", YES_OR_NO),
    who="member", writes=True, also=["session merged"], begin=_partners,
    examples=["proposal merged S5 --into S6 --line-up yes", "proposal merged S5 workshop 88 of Example"],
)  # fmt: skip
def merged(ctx: Context, proposal: str, reason: str, into: SessionId | None, line_up: bool | None, editors: bool | None) -> Message:
    session = ctx.records.get(Session, proposal)
    if into is None:
        if not reason:
            raise Incomplete(f"Say what {session.id} was merged into: a proposal of ours, or words.", lines=["help proposal merged"])
        found, told = proposals.move(ctx.records, session, "merged", ctx.author, ctx.now, reason=reason), []
    else:
        target = ctx.records.get(Session, into)
        found = proposals.merge_into(
            ctx.records, session, target, ctx.author, ctx.now, reason=reason, line_up=bool(line_up), editors=bool(editors)
        )
        told = [ctx.records.get(Session, into)]
    proposals.tell(ctx.records, proposals.NEWS, [found, *told], ctx.author, ctx.deployment.adapters)
    return shown(ctx, found, "Now merged.", brief=True)


@router.command(
    "proposal states", "How a proposal went from state to state, and what can follow", PROPOSAL, also=["session states"],
    examples=["proposal states S1"],
)  # fmt: skip
def states(ctx: Context, proposal: str) -> Message:
    session = ctx.records.get(Session, proposal)
    steps = proposals.steps(ctx.records, session)
    members = ctx.records.many(Member, {step.change.member for step in steps if step.change.member})
    return views.history(session, steps, members, ctx.author, ctx.now)


@router.letter(proposals.NEWS)
def news(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To the organisers, what became of their proposal; of several letters to one place the last one says it."""
    records = writing.records
    last = [letter for letter in posted if not cards.stale(records, letter)]
    found = records.many(Session, {letter.about for letter in last})
    readers = records.many(Member, {letter.member for letter in last if letter.member})
    return {
        letter.key: views.news(
            found[letter.about],
            records.all(Session, merged_into=letter.about),
            proposals.concerning(records, found[letter.about], writing.now),
            readers.get(letter.member or ""),
        )
        for letter in last
        if letter.about in found
    }
