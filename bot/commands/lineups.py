"""Asking who is in a session, who is missing, and who could be invited."""

from bot.coalition import candidates, ids, lineups
from bot.coalition.sessions import AHEAD, Session
from bot.coalition.slots import RoleSlot
from bot.commands import invitations
from bot.commands.common import GROUP, REGION, SESSION_TOPIC, option
from bot.commands.slots import ROLE
from bot.errors import WrongValue
from bot.fields import TEXT, Field, Kind, Reading, identity, one_of
from bot.message import Message
from bot.router import Context, Router
from bot.views import lineups as views
from bot.views.lists import ROWS

router = Router(SESSION_TOPIC)

EACH = 3
"""Members proposed for each gap; more are a line away."""
GAPS = 5
"""Gaps for which members are proposed at once, so that the answer is read on a phone."""
SESSION = Field("session", "Which session", identity("S"))


def _gap(text: str, name: str, reading: Reading) -> str:
    """A role, a slot, `group`, `region`, or the group or region that is wanted."""
    word = TEXT.parse(text, name, reading)
    if ids.letter(ids.canonical(word) or "") == RoleSlot.letter:
        return str(ids.canonical(word))
    for kind in (one_of("group", "region"), ROLE, GROUP, REGION):
        try:
            return str(kind.parse(word, name, reading))
        except WrongValue:
            continue
    raise WrongValue(name, f"is neither a role, nor a slot, nor a group or region: “{word[:40]}”", "moderator")


@router.command(
    "line-up", "The balance of a session's speakers and roles, what is missing, and who could fill it", SESSION,
    option("gap", "Ten for one gap: a role, a slot, group, region, or the group that is wanted", Kind(_gap, "moderator")),
    who="member", also=["lineup", "line up"], examples=["line-up S1", "line-up S1 --gap moderator"],
)  # fmt: skip
def review(ctx: Context, session: str, gap: str | None) -> Message:
    found = lineups.review(ctx.records, ctx.records.get(Session, session), ctx.author)
    ahead = found.lineup.session.state in AHEAD
    wanted = [lineups.gap(found, gap)] if gap else lineups.gaps(found)[:GAPS] if ahead else []
    pool = candidates.pool(ctx.records, found.lineup, ctx.now) if wanted else None
    filling = [(each, candidates.fitting(ctx.records, pool, each, ctx.author, ROWS if gap else EACH)) for each in wanted] if pool else []
    return views.gap(found, *filling[0], ctx.author) if gap else views.review(found, filling, ctx.author)


router.include(invitations.router)
