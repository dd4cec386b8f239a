"""The rhythm between the meetings: one light, private prompt a month, chosen from what is stale for a member."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.coalition.members import Member
from bot.coalition.reminders import Occurrence, Reminder, ReminderKind
from bot.coalition.store import After, Records

LIGHT: tuple[ReminderKind, ...] = ("rhythm", "update")
"""The kinds of reminders that count as light prompts. Deadlines, confirmations and what people asked for themselves do not."""
BUDGET = 2
"""Light prompts a member gets in SPAN unless they say otherwise: the monthly one, and one for a project that they lead. Members are
volunteers, and one who is asked weekly turns everything off."""
SPAN = timedelta(days=30)


def within_budget(records: Records, members: Collection[Member], now: datetime, but: Occurrence | None = None) -> list[Member]:
    """Those of the members who may get one more light prompt now.

    What was posted in SPAN counts, except what they snoozed themselves. `but` is the occurrence that is about to be sent, before
    which only earlier ones count.
    """
    rules = tuple(rule.id for rule in records.all(Reminder, kind=LIGHT))
    posted = records.all(Occurrence, reminder=rules, state=("posted", "done"), at=After(now - SPAN)) if rules else []
    taken = Counter(str(one.member) for one in posted if one.snoozed is None and _earlier(one, but))
    return [member for member in members if taken[member.id] < (BUDGET if member.budget is None else member.budget)]


def _earlier(one: Occurrence, than: Occurrence | None) -> bool:
    """Whether an occurrence was posted before another that is about to be sent; of two at one instant only one was."""
    if than is None or not than.id or one.at is None:
        return True
    return one.id != than.id and (than.at is None or (one.at, one.id) < (than.at, than.id))
