"""The threads of projects and sessions in the coalition's rooms for work."""

from collections.abc import Mapping, Sequence

from bot.coalition import agendas, cards, projects
from bot.coalition.agendas import Item
from bot.coalition.cards import CARD, CHANGED
from bot.coalition.members import Member
from bot.coalition.outbox import Letter
from bot.coalition.projects import Project
from bot.coalition.sessions import RoleSlot, Session
from bot.coalition.store import Records
from bot.commands.common import ROOMS_TOPIC
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import cards as views

router = Router(ROOMS_TOPIC)


@router.command(
    "thread", "Open the thread of a project, proposal or session in the room for work", Field("record", "Which one", identity("P", "S")),
    who="member", writes=True, undoable=False, examples=["thread P1", "thread S1"],
)  # fmt: skip
def thread(ctx: Context, record: str) -> Message:
    found = ctx.records.any(record)
    return views.opened(found.id, len(cards.open_card(ctx.records, found.id)))


@router.letter(CARD)
def card(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """How a project or session stands, for everybody in the room; of several letters the last one says it."""
    records = writing.records
    wanted = [letter for letter in posted if not cards.stale(records, letter)]
    found = {letter.key: _card(records, letter.about, writing) for letter in wanted}
    return {key: message for key, message in found.items() if message}


def _card(records: Records, identity: str, writing: Writing) -> Message | None:
    if project := records.find(Project, identity):
        update, milestone = projects.last_update(records, identity), projects.next_milestone(records, identity)
        return views.project(project, update, milestone, projects.leads(records, [project]), writing.now)
    if session := records.find(Session, identity):
        items = records.all(Item, session=identity)
        return views.session(session, agendas.total(items), records.all(RoleSlot, session=identity))
    return None


@router.letter(CHANGED)
def changed(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """What one answered line changed, in the thread of what it changed."""
    told = {letter.key: (letter.about, cards.told(writing.records, letter)) for letter in posted}
    known = writing.records.many(Member, {change.member for _, changes in told.values() for change in changes if change.member})
    return {key: views.changed(about, changes, known) for key, (about, changes) in told.items() if changes}
