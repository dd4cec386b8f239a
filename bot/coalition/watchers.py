"""Who watches what: the watcher of every kind of reminder."""

from collections.abc import Mapping

from bot.coalition.digests import DigestWatcher
from bot.coalition.reminders import ReminderKind
from bot.coalition.rhythm import RhythmWatcher
from bot.coalition.watch_days import DayWatcher
from bot.coalition.watch_deadlines import CallWatcher, CountdownWatcher, DeadlineWatcher
from bot.coalition.watch_invitations import InvitationWatcher
from bot.coalition.watch_notes import NoteWatcher
from bot.coalition.watch_projects import MilestoneWatcher, UpdateWatcher
from bot.coalition.watch_running import SheetWatcher
from bot.coalition.watch_sessions import DraftWatcher, ReportWatcher, SpeakersWatcher
from bot.coalition.watch_signposts import FeedbackWatcher
from bot.coalition.watch_tasks import TaskWatcher
from bot.coalition.watching import Watcher

WATCHERS: Mapping[ReminderKind, Watcher] = {
    "countdown": CountdownWatcher(),
    "day": DayWatcher(),
    "deadline": DeadlineWatcher(),
    "digest": DigestWatcher(),
    "invitation": InvitationWatcher(),
    "feedback": FeedbackWatcher(),
    "issues": CallWatcher(),
    "milestone": MilestoneWatcher(),
    "note": NoteWatcher(),
    "proposal": DraftWatcher(),
    "report": ReportWatcher(),
    "rhythm": RhythmWatcher(),
    "speakers": SpeakersWatcher(),
    "sheet": SheetWatcher(),
    "task": TaskWatcher(),
    "update": UpdateWatcher(),
}
