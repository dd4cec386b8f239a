"""Who watches what: the watcher of every kind of reminder."""

from collections.abc import Mapping

from bot.coalition.digests import Digests
from bot.coalition.notes import Notes
from bot.coalition.reminders import ReminderKind
from bot.coalition.rhythm import Rhythm
from bot.coalition.watch_days import DayWatcher
from bot.coalition.watch_deadlines import CallWatcher, CountdownWatcher, DeadlineWatcher
from bot.coalition.watch_projects import MilestoneWatcher, UpdateWatcher
from bot.coalition.watch_sessions import DraftWatcher, ReportWatcher, SpeakersWatcher
from bot.coalition.watching import Watcher

WATCHERS: Mapping[ReminderKind, Watcher] = {
    "countdown": CountdownWatcher(),
    "day": DayWatcher(),
    "deadline": DeadlineWatcher(),
    "digest": Digests(),
    "issues": CallWatcher(),
    "milestone": MilestoneWatcher(),
    "note": Notes(),
    "proposal": DraftWatcher(),
    "report": ReportWatcher(),
    "rhythm": Rhythm(),
    "speakers": SpeakersWatcher(),
    "update": UpdateWatcher(),
}
