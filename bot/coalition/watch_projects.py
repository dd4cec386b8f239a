"""What a project's leads are asked for: a word on how it is doing, and its milestones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coalition import anchors, handovers, ladders, projects, rhythm, zones
from bot.coalition.ids import SubjectId
from bot.coalition.members import Member
from bot.coalition.projects import UNDER_WAY, Milestone, Project, Update
from bot.coalition.reminders import Occurrence, OccurrenceState, Reminder
from bot.coalition.store import After, Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge, Subject, To

UPDATE_DAYS = 30
"""A project without an update for so many days is asked for one: the coalition wants to hear of it monthly between the meetings."""
ASKED: tuple[OccurrenceState, ...] = ("waiting", "posted", "done", "missed")
"""One that was skipped, as its recipient takes no more prompts for now, is tried again at the next turn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateNudge(Nudge):
    """A project that nothing was heard of for a while; `last` is its newest update."""

    project: Project
    last: Update | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferNudge(Nudge):
    """A project whose leads are away, or did not answer: somebody else may take it over. `last` is its newest update."""

    project: Project
    last: Update | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MilestoneNudge(Nudge):
    """A milestone that is due on a day ahead."""

    project: Project
    milestone: Milestone


class UpdateWatcher:
    """Active projects without an update for a while: their leads, and not again before as long a while has passed. Where these are away,
    or did not answer, their helpers and the chairs are asked to take it over."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        since = _since(reminder, now)
        active = records.all(Project, cycle=reminder.cycle, state="active")
        asked = {str(found.about) for found in records.all(Occurrence, reminder=reminder.id, state=ASKED, due=After(since))}
        silent = projects.silent(records, active, since)
        return [Subject(SubjectId(project.id)) for project in active if project.id in silent - asked]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        project = records.get(Project, subject.about or "")
        asked = handovers.backups(records, project) if handovers.available(records, project, now) else []
        return [*dict.fromkeys([*ladders.standing(records, project.leads, now), *ladders.standing(records, asked, now)])]

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        project = records.find(Project, occurrence.about or "")
        if project is None or project.state != "active" or not _takes(records, occurrence, now):
            return None
        if not projects.silent(records, [project], _since(reminder, now)):
            return None
        last = projects.last_update(records, project.id)
        if ladders.leads(occurrence, project):
            return UpdateNudge(project=project, last=last)
        wanted = occurrence.member in handovers.backups(records, project) and handovers.available(records, project, now)
        return OfferNudge(project=project, last=last) if wanted else None


def _since(reminder: Reminder, now: datetime) -> datetime:
    return now - timedelta(days=UPDATE_DAYS if reminder.days is None else reminder.days)


def _takes(records: Records, occurrence: Occurrence, now: datetime) -> bool:
    """Whether the recipient takes one more light prompt now."""
    member = records.find(Member, occurrence.member or "")
    return member is None or bool(rhythm.within_budget(records, [member], now, occurrence))


class MilestoneWatcher:
    """Milestones still to reach, of projects under way: their leads."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        under_way = {project.id: project for project in records.all(Project, cycle=reminder.cycle, state=UNDER_WAY)}
        found = records.all(Milestone, project=tuple(under_way), done=None) if under_way else []
        dated = [(SubjectId(milestone.id), Anchor(day=milestone.due)) for milestone in found]
        return [Subject(about, anchors.written(records, reminder.timing, about, day, now)) for about, day in dated]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        milestone = records.get(Milestone, subject.about or "")
        return ladders.standing(records, records.get(Project, milestone.project).leads, now)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        milestone = records.find(Milestone, occurrence.about or "")
        if milestone is None or milestone.done or milestone.due is None or milestone.due < _today(reminder, now):
            return None
        project = records.get(Project, milestone.project)
        gone = project.state not in UNDER_WAY or not ladders.leads(occurrence, project)
        return None if gone or ladders.acted(records, occurrence) else MilestoneNudge(project=project, milestone=milestone)


def _today(reminder: Reminder, now: datetime) -> date:
    return now.astimezone(zones.tz(reminder.timing.zone)).date()
