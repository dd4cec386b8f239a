"""Who works on a project: volunteers, and how its lead passes on.

A lead hands it over to somebody who takes it. Where the leads are away, or silent although they were reminded, a helper offers to take
it and a chair confirms. Nobody is told in a room that somebody else was silent.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.coalition import ladders, lateness, projects, reaching
from bot.coalition.ids import MemberId
from bot.coalition.members import Author, Member
from bot.coalition.outbox import Letter
from bot.coalition.projects import RUNNING, Project
from bot.coalition.reminders import Occurrence
from bot.coalition.store import After, Records
from bot.errors import NotAllowed, Refused

SILENT = timedelta(days=60)
"""How long nothing is heard of a project, though its leads were reminded, until others are asked to take it over: twice as long as the
coalition wants to hear of it."""
REMEMBERED = 20
"""The latest changes of a project among which the one is looked for by which somebody was asked to lead it."""
HELPS, ASKED, DECLINED, OFFERED, HANDED, LEADERLESS = (
    "project help", "project handover", "handover declined", "project offered", "project handed", "project leaderless",
)  # fmt: skip
"""What the letters are: somebody helps; will you lead it; no; a helper would take it; who leads it now; nobody leads it."""


def check_goes_on(project: Project) -> None:
    """Raises Refused for a project that is over."""
    if project.state not in {"nominated", *RUNNING}:
        raise Refused(f"{project.id} is {project.state}, so there is nothing to do for it.", lines=[f"project {project.id}", "projects"])


def volunteer(records: Records, project: Project, author: Author) -> Project:
    """Have the author help with a project. Raises Refused, also for who helps or leads it already."""
    check_goes_on(project)
    if author.id is None:
        raise NotAllowed("Only a member may help with a project.", lines=["join"])
    if author.id in (*project.leads, *project.helpers):
        role = "lead" if author.id in project.leads else "help with"
        raise Refused(f"You {role} {project.id} already.", lines=[f"project update {project.id}", f"project leave {project.id}"])
    return records.change(project, helpers=(*project.helpers, author.id))


def leave(records: Records, project: Project, author: Author) -> Project:
    """Have the author neither lead nor help any more. Raises Refused for who does neither."""
    if author.id is None or author.id not in (*project.leads, *project.helpers):
        raise Refused(f"You neither lead {project.id} nor help with it.", lines=[f"project {project.id}", f"project help {project.id}"])
    return records.change(project, leads=_without(project.leads, author.id), helpers=_without(project.helpers, author.id))


def _without(members: Sequence[MemberId], *gone: str) -> tuple[MemberId, ...]:
    return tuple(member for member in members if member not in gone)


def ask(records: Records, project: Project, heir: Member, note: str, author: Author) -> Project:
    """Ask a member to lead a project from now on. Raises NotAllowed or Refused."""
    projects.check_may_change(project, author)
    check_goes_on(project)
    if heir.id == author.id:
        raise Refused("Nobody hands a project over to themselves.", lines=[f"project take {project.id}", f"project {project.id}"])
    if heir.state != "active":
        raise Refused(f"{heir.id} is no active member now, so nobody can hand over to them.", lines=["members"])
    if project.leads == (heir.id,):
        raise Refused(f"{heir.id} leads {project.id} already.", lines=[f"project {project.id}"])
    return records.change(project, heir=MemberId(heir.id), handover=note or project.handover)


def asker(records: Records, project: Project) -> MemberId | None:
    """Who asked the heir; None where the trail does not say."""
    changes = records.trail.history(project.id, limit=REMEMBERED)
    found = next((change for change in changes if change.field == "heir" and change.new == project.heir), None)
    return MemberId(found.member) if found and found.member else None


def decline(records: Records, project: Project, author: Author) -> Project:
    """Have the heir not take it. Raises Refused for anybody else."""
    if author.id is None or author.id != project.heir:
        raise Refused(f"You were not asked to take {project.id}.", lines=[f"project {project.id}"])
    return records.change(project, heir=None)


def available(records: Records, project: Project, now: datetime) -> bool:
    """Whether others may offer to lead a project: nobody does, all who do are away, or they said nothing for SILENT though reminded."""
    if project.state not in RUNNING:
        return False
    leads = [member for member in projects.leads(records, [project]).values() if member.state == "active"]
    return all(lateness.is_away(member, now) for member in leads) or _silent(records, project, now)


def _silent(records: Records, project: Project, now: datetime) -> bool:
    since = now - SILENT
    reminded = {"about": project.id, "state": ("posted", "done"), "at": After(since)}
    return bool(projects.silent(records, [project], since)) and records.count(Occurrence, **reminded) > 0


def may_take(project: Project, new: str, author: Author) -> bool:
    """Whether the author may make this member its lead at once: a chair, or who was asked to."""
    return author.chairs or (author.id is not None and author.id == new == project.heir)


def check_may_offer(records: Records, project: Project, author: Author, now: datetime) -> None:
    """Raises NotAllowed for who cannot offer to take a project over."""
    if author.id not in project.helpers:
        lines = [f"project help {project.id}", f"project {project.id}"]
        raise NotAllowed(f"Who helps with {project.id} may offer to take it over; a chair confirms. Help first.", lines=lines)
    if not available(records, project, now):
        raise NotAllowed(
            f"{project.id} has a lead who is there. They hand it over themselves; a chair can do it for them.",
            lines=[f"project {project.id}"],
        )


def take(records: Records, project: Project, new: Member) -> Project:
    """Make a member its lead. Who handed it over helps from now on; of several leads the others stay, unless it was taken without one of
    them asking. Raises Refused."""
    check_goes_on(project)
    if new.state != "active":
        raise Refused(f"{new.id} is no active member now.", lines=["members"])
    if project.leads == (new.id,):
        raise Refused(f"{new.id} leads {project.id} already.", lines=[f"project {project.id}"])
    from_ = asker(records, project) if project.heir == new.id else None
    gone = [from_] if from_ and from_ in project.leads else list(project.leads)
    leads = (MemberId(new.id), *_without(project.leads, new.id, *gone))
    helpers = dict.fromkeys([*_without(project.helpers, new.id), *_without(gone, new.id)])
    return records.change(project, leads=leads, helpers=tuple(helpers), heir=None)


def backups(records: Records, project: Project) -> list[MemberId]:
    """Who is asked when nobody leads a project, or its leads do not answer: its helpers, and the chairs."""
    return list(dict.fromkeys([*project.helpers, *_without(ladders.chairs(records), *project.leads)]))


def tell(records: Records, what: str, project: Project, to: Collection[str], author: Author, platforms: Sequence[str]) -> int:
    """Post a letter about a project, which comes by the author, to each of these members; to how many."""
    return reaching.tell(records, what, project.id, to, author, platforms, author.id or "")


def author_of(letter: Letter) -> str:
    """The member by whom a letter of these comes; "" for none."""
    return letter.key.rpartition(":")[2]


def wanted(letter: Letter, project: Project) -> bool:
    """Whether there is still something to say."""
    by = author_of(letter)
    match letter.what:
        case "project help":
            return by in project.helpers
        case "project handover":
            return project.heir == letter.member
        case "project offered":
            return project.state in RUNNING and by not in project.leads
        case "project leaderless":
            return project.state in RUNNING and not project.leads
        case _:
            return True
