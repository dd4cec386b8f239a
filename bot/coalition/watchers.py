"""Who watches what: the watcher of every kind of reminder."""

from collections.abc import Mapping

from bot.coalition.digests import Digests
from bot.coalition.notes import Notes
from bot.coalition.reminders import ReminderKind
from bot.coalition.watching import Watcher

WATCHERS: Mapping[ReminderKind, Watcher] = {"note": Notes(), "digest": Digests()}
