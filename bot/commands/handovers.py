"""Asking for who works on a project: volunteers, leaving, and passing its lead on; and the letters about that."""

from collections.abc import Mapping, Sequence

from bot.coalition import handovers, ladders, projects
from bot.coalition.handovers import ASKED, DECLINED, HANDED, HELPS, LEADERLESS, OFFERED
from bot.coalition.members import Member
from bot.coalition.outbox import Letter
from bot.coalition.projects import Milestone, Project, Update
from bot.coalition.store import Records
from bot.commands.common import MEMBER, PROJECT_TOPIC, option
from bot.commands.project_pages import PROJECT, UPDATES, shown
from bot.errors import NotAllowed
from bot.fields import LONG, Field
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import handovers as views
from bot.views.lists import ROWS

router = Router(PROJECT_TOPIC)


@router.command(
    "project help", "Help with a project; its leads are told", PROJECT, who="member", writes=True, examples=["project help P2"],
)  # fmt: skip
def volunteer(ctx: Context, project: str) -> Message:
    found = handovers.volunteer(ctx.records, ctx.records.get(Project, project), ctx.author)
    told = _tell(ctx, HELPS, found, found.leads)
    return shown(ctx, found, f"You help with it now.{' Its leads are told.' if told else ''}")


@router.command(
    "project leave", "Neither lead a project nor help with it any more", PROJECT, who="member", writes=True, examples=["project leave P1"],
)  # fmt: skip
def leave(ctx: Context, project: str) -> Message:
    before = ctx.records.get(Project, project)
    found = handovers.leave(ctx.records, before, ctx.author)
    told = _tell(ctx, LEADERLESS, found, handovers.backups(ctx.records, found)) if before.leads and not found.leads else 0
    asked = " It has no lead now; its helpers and the chairs are asked to take it." if told else ""
    return shown(ctx, found, f"You left it. Thank you for what you did.{asked}")


@router.command(
    "project handover", "Ask a member to lead a project from now on; they take it, or say no thanks", PROJECT,
    Field("to", "Who is to lead it", MEMBER), option("note", "What they should know: where things are, who to ask", LONG),
    who="member", writes=True, may=projects.check_may_change,
    examples=['project handover P1 M2 --note "The list is in the shared folder; Ana knows the hotlines"'],
)  # fmt: skip
def hand_over(ctx: Context, project: str, to: str, note: str | None) -> Message:
    heir = ctx.records.get(Member, to)
    found = handovers.ask(ctx.records, ctx.records.get(Project, project), heir, note or "", ctx.author)
    told = _tell(ctx, ASKED, found, [heir.id])
    return shown(ctx, found, views.asked(heir, ctx.author, found, told=bool(told)))


@router.command(
    "project decline", "Say no thanks where you were asked to lead a project", PROJECT, who="member", writes=True,
    examples=["project decline P1"],
)  # fmt: skip
def decline(ctx: Context, project: str) -> Message:
    before = ctx.records.get(Project, project)
    asker = handovers.asker(ctx.records, before)
    found = handovers.decline(ctx.records, before, ctx.author)
    _tell(ctx, DECLINED, found, [asker] if asker else found.leads)
    return shown(ctx, found, "You do not take it; who asked you is told, and nobody else.")


@router.command(
    "project take", "Lead a project from now on: whom its lead asked does, a helper offers to, a chair decides", PROJECT,
    Field("member", "Who leads it; you when left out", MEMBER, required=False), who="member", writes=True,
    examples=["project take P1", "project take P1 M2"],
)  # fmt: skip
def take(ctx: Context, project: str, member: str | None) -> Message:
    before, new = ctx.records.get(Project, project), _new(ctx, project, member)
    if not handovers.may_take(before, new.id, ctx.author):
        return _offered(ctx, before, new)
    found = handovers.take(ctx.records, before, new)
    _tell(ctx, HANDED, found, [new.id, *before.leads])
    return shown(ctx, found, views.taken(new, ctx.author))


def _new(ctx: Context, project: str, member: str | None) -> Member:
    """Who is to lead it. Raises NotAllowed where that is not the author's to say."""
    if member is None and ctx.author.member is None:
        raise NotAllowed("Name the member who is to lead it.", lines=[f"project handover {project}"])
    if member and member != ctx.author.id and not ctx.author.chairs:
        raise NotAllowed("Only a chair decides that somebody else leads a project.", lines=[f"project {project}"])
    return ctx.records.get(Member, member or ctx.author.id or "")


def _offered(ctx: Context, project: Project, new: Member) -> Message:
    """A helper offers to lead it; the chairs are asked."""
    handovers.check_goes_on(project)
    handovers.check_may_offer(ctx.records, project, ctx.author, ctx.now)
    chairs = _tell(ctx, OFFERED, project, ladders.chairs(ctx.records))
    return views.offered(project, chairs)


def _tell(ctx: Context, what: str, project: Project, to: Sequence[str]) -> int:
    return handovers.tell(ctx.records, what, project, to, ctx.author, ctx.deployment.adapters)


def _written(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """Who helps, who is asked to lead, and who leads a project now, to whom that concerns."""
    records = writing.records
    found = {}
    for letter in posted:
        project = records.find(Project, letter.about)
        if project and handovers.wanted(letter, project):
            by = records.find(Member, handovers.author_of(letter))
            found[letter.key] = views.letter(letter.what, project, by, letter.member, _handed(records, project), writing.now)
    return found


def _handed(records: Records, project: Project) -> views.Handed:
    """What whoever leads a project next is to know."""
    milestones = records.all(Milestone, project=project.id, done=None, order=["due"], limit=ROWS)
    updates = records.all(Update, project=project.id, order=["-at"], limit=UPDATES)
    return views.Handed(milestones, updates, records.many(Member, {update.by for update in updates if update.by}))


for _what in (HELPS, ASKED, DECLINED, OFFERED, HANDED, LEADERLESS):
    router.letter(_what)(_written)
