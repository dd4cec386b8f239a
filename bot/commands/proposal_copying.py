"""Beginning a proposal as a copy of an earlier one."""

from dataclasses import replace

from bot import fields
from bot.coalition import copying, cycles, persons
from bot.coalition.sessions import Session
from bot.commands.common import CYCLE, SESSION_TOPIC, option
from bot.commands.session_page import PROPOSAL
from bot.fields import YES_OR_NO
from bot.message import Message
from bot.router import Context, Router
from bot.views import proposal_copies as views

router = Router(SESSION_TOPIC)


@router.command(
    "proposal copy", "Draft a proposal that begins as a copy of an earlier one", PROPOSAL, replace(CYCLE, option=True),
    option("title", "Its own title", fields.TITLE), option("people", "Suggest everybody for the role they had", YES_OR_NO),
    who="member", writes=True, also=["session copy"], examples=["proposal copy S1", 'proposal copy S1 --cycle 2027 --people yes'],
)  # fmt: skip
def copy(ctx: Context, proposal: str, cycle: str, title: str | None, people: bool | None) -> Message:
    earlier, year = ctx.records.get(Session, proposal), cycles.named(ctx.records, cycle)
    made = copying.copy(ctx.records, earlier, year, title or "", persons.of(ctx.author), people=bool(people))
    return views.copied(made, earlier, year, people=bool(people))
