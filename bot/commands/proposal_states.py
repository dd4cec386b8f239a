"""Moving a proposal or session from state to state."""

from bot.coalition import sessions
from bot.coalition.ids import SessionId
from bot.coalition.sessions import Session
from bot.commands.common import SESSION_TOPIC
from bot.commands.session_page import PROPOSAL, shown
from bot.fields import LONG, Field, identity
from bot.message import Message
from bot.router import Context, Router, Who

router = Router(SESSION_TOPIC)

_ASKED = {
    "pending": Field("asked", "What the IGF asks for", LONG, rest=True, example="more detail on speakers"),
    "merge": Field("asked", "With whom it is to merge", LONG, rest=True, example="S7, or workshop 88 of Example"),
}
_REASON = Field("reason", "Why; “not said” where nobody knows", LONG, rest=True, example="nobody can travel")
_SAID = {**_ASKED, **dict.fromkeys(("fail", "reject", "withdraw", "cancel"), _REASON)}
_OWN_DECLARATION = {"schedule", "merged"}


def _declare_move(verb: str) -> None:
    who: Who = "chair" if verb in sessions.FOR_CHAIRS else "member"
    goal = " or ".join(sorted(set(sessions.STATES.moves[verb].values())))
    said = _SAID.get(verb)

    @router.command(
        f"proposal {verb}", f"Move a proposal or session to {goal}", PROPOSAL, *((said,) if said else ()), who=who, writes=True,
        also=[f"session {verb}"], examples=[f'proposal {verb} S1 "{said.example}"' if said else f"proposal {verb} S1"],
    )  # fmt: skip
    def moved(ctx: Context, proposal: str, **told: str) -> Message:
        found = sessions.move(ctx.records, ctx.records.get(Session, proposal), verb, ctx.author, ctx.now, **told)
        return shown(ctx, found, f"Now {found.state}.")


for _verb in sessions.STATES.moves:
    if _verb not in _OWN_DECLARATION:
        _declare_move(_verb)


@router.command(
    "proposal merged", "Note with which proposal it was merged", PROPOSAL,
    Field("reason", "What became of it, in words", LONG, rest=True, example="workshop 88 of Example"),
    Field("into", "The proposal of ours that goes on", identity("S"), required=False, option=True),
    who="member", writes=True, also=["session merged"], examples=['proposal merged S1 "as the IGF asked" --into S2'],
)  # fmt: skip
def merged(ctx: Context, proposal: str, reason: str, into: SessionId | None) -> Message:
    session = ctx.records.get(Session, proposal)
    target = ctx.records.get(Session, into).id if into else None
    found = sessions.move(ctx.records, session, "merged", ctx.author, ctx.now, reason=reason, merged_into=target)
    return shown(ctx, found, "Now merged.")
