"""Asking who is in a session, who is missing, and who could be invited."""

from bot.coalition import lineups
from bot.coalition.sessions import Session
from bot.commands import invitations
from bot.commands.common import SESSION_TOPIC
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context, Router
from bot.views import lineups as views

router = Router(SESSION_TOPIC)

SESSION = Field("session", "Which session", identity("S"))


@router.command(
    "line-up", "The balance of a session's speakers and roles, and what is missing", SESSION,
    who="member", also=["lineup", "line up"], examples=["line-up S1"],
)  # fmt: skip
def review(ctx: Context, session: str) -> Message:
    return views.review(lineups.review(ctx.records, ctx.records.get(Session, session), ctx.author), ctx.author)


router.include(invitations.router)
