"""The timekeeper: what is due becomes occurrences, and letters in the outbox.

It never asks "is it now?" but "what is due and not settled?", so neither a restart nor a long sleep loses a turn; the key of an
occurrence makes a second look harmless.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.coalition import ids, lateness, membership, reaching
from bot.coalition.ids import ReminderId
from bot.coalition.members import Member
from bot.coalition.reminders import NOBODY, SNOOZED, UNREACHED, Occurrence, Reminder, announced, warned
from bot.coalition.store import Records
from bot.coalition.timetable import Entry, Round, Timetable
from bot.coalition.turns import Turn, turns, window
from bot.coalition.watchers import WATCHERS
from bot.coalition.watching import Subject, To
from bot.deployment import Deployment
from bot.errors import StoreError, traced
from bot.request import Place

log = logging.getLogger(__name__)

AT_ONCE = 1_000
"""Entries of one transaction: few enough that a person's question waits little behind it."""
LATER = timedelta(hours=1)
"""When a rule is looked at again that a bug of ours kept from being settled."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at one entry: occurrences (new ones without an id), those of them that nothing may shift, when to look
    again, and whether the rule never comes again."""

    record: str
    occurrences: tuple[Occurrence, ...] = ()
    urgent: frozenset[str] = frozenset()
    again: Entry | None = None
    over: bool = False


class Timekeeper:
    """Works off what is due in one store. Several processes may, each with one thread at a time."""

    def __init__(self, timetable: Timetable, now: Callable[[], datetime], deployment: Deployment) -> None:
        self._timetable = timetable
        self._now = now
        self._deployment = deployment

    def tick(self) -> int:
        """Settle what is due, at most AT_ONCE entries; how many there were. Raises StoreError."""
        now = self._now()
        due = self._timetable.next_at()
        if due is None or due > now:
            return 0
        with self._timetable.round(now, limit=AT_ONCE) as found:
            if found.due:
                Sitting(found, now, self._deployment.adapters).work()
            return len(found.due)

    def next_at(self) -> datetime | None:
        """When something is due next."""
        return self._timetable.next_at()

    def beat(self, process: str) -> None:
        """Note that this process is at work."""
        self._timetable.beat(process, self._now())


class Sitting:
    """One transaction of the timekeeper."""

    def __init__(self, found: Round, now: datetime, platforms: Sequence[str]) -> None:
        self._found = found
        self._records: Records = found.records
        self._now = now
        self._platforms = platforms

    def work(self) -> None:
        """Settle every entry that was claimed."""
        looked = list(self._looked())
        members = self._records.many(Member, {each.member for one in looked for each in one.occurrences if each.member})
        addresses = reaching.addresses(self._records, members, self._platforms)
        placed = [self._placed(each, one.urgent, members, addresses) for one in looked for each in one.occurrences]
        here = [each for each in placed if each.id]
        entered = self._found.enter([each for each in placed if not each.id])
        self._found.move(here)
        self._found.end([one.record for one in looked if one.over])
        self._found.post(
            [announced(each, each.place or addresses[each.member or ""]) for each in (*entered, *here) if each.state == "posted"]
        )
        if any(each.state == "missed" for each in (*entered, *here)):
            self._tell_the_chairs()
        self._found.settle([one.again for one in looked if one.again])

    def _looked(self) -> Iterator[Looked]:
        postponed = self._records.many(Occurrence, [entry.record for entry in self._found.due if ids.letter(entry.record) == "R."])
        rules = {entry.record for entry in self._found.due} - postponed.keys()
        reminders = self._records.many(Reminder, rules | {each.reminder for each in postponed.values()})
        last = self._found.last([entry.record for entry in self._found.due if entry.since is None and entry.record in reminders])
        for entry in self._found.due:
            occurrence = postponed.get(entry.record)
            reminder = reminders.get(occurrence.reminder if occurrence else entry.record)
            if reminder is None:
                continue  # It was removed: nothing is owed.
            yield self._guarded(entry, reminder, occurrence, last.get(entry.record))

    def _guarded(self, entry: Entry, reminder: Reminder, occurrence: Occurrence | None, last: datetime | None) -> Looked:
        """A bug in one rule must not hold up the others, nor show or log what a person wrote."""
        try:
            if occurrence:
                return self._resumed(reminder, occurrence)
            followed = entry.since is not None or reminder.kind == "note"
            return self._turned(reminder, max(filter(None, (reminder.made, entry.since or last))), followed=followed)
        except StoreError:
            raise
        except Exception as error:
            log.error("%s cannot be looked at, and is tried again in an hour: %s", entry.record, traced(error))
            return Looked(entry.record, again=replace(entry, at=self._now + LATER))

    def _turned(self, reminder: Reminder, since: datetime, *, followed: bool) -> Looked:
        """What a rule has come to since it was last settled. One of a plan that was not `followed` since then, as it was off or is
        imported, may have had nothing to remind of: what has passed was not missed.
        """
        if reminder.state != "on":
            return Looked(reminder.id)
        watcher = WATCHERS[reminder.kind]
        subjects = watcher.subjects(self._records, reminder, self._now)
        found = [(subject, turns(reminder, subject, since, self._now)) for subject in subjects]
        new = [self._new(reminder, subject, turn, to, "missed") for subject, each in found
               for turn in (each.missed if followed else ()) for to in self._to(reminder, subject, turn)]  # fmt: skip
        due = [self._new(reminder, subject, each.due, to, "posted") for subject, each in found if each.due
               for to in self._to(reminder, subject, each.due)]  # fmt: skip
        asked = [self._asked(reminder, occurrence) for occurrence in (*new, *due)]
        # A rule that repeats goes on while there is nothing to watch.
        every = [each for _, each in found] or [turns(reminder, Subject(), since, self._now)]
        coming = min((each.next for each in every if each.next), default=None)
        over = bool(found) and reminder.cycle is None and all(each.over for _, each in found)
        return Looked(
            reminder.id,
            tuple(occurrence for occurrence, _ in asked),
            frozenset(occurrence.key for occurrence, urgent in asked if urgent),
            Entry(reminder.id, coming, self._now) if coming else None,
            over,
        )

    def _to(self, reminder: Reminder, subject: Subject, turn: Turn) -> Sequence[To | None]:
        """Whom a turn is for; [None] where there is nobody, so that it is noted all the same."""
        return WATCHERS[reminder.kind].recipients(self._records, reminder, subject, turn.place, self._now) or [None]

    def _new(self, reminder: Reminder, subject: Subject, turn: Turn, to: To | None, state: str) -> Occurrence:
        place = to if isinstance(to, Place) else None
        return Occurrence(
            reminder=ReminderId(reminder.id),
            key="/".join([reminder.id, turn.key, subject.about or "", str(to or "")]),
            due=turn.at,
            member=None if isinstance(to, Place) else to,
            place=place,
            about=subject.about,
            state="missed" if state == "missed" or to is None else "posted",
            why="" if to else NOBODY,
            at=self._now,
        )

    def _asked(self, reminder: Reminder, occurrence: Occurrence) -> tuple[Occurrence, bool]:
        """The occurrence, skipped when nothing is left to remind of, and whether nothing may shift it."""
        nudge = WATCHERS[reminder.kind].nudge(self._records, reminder, occurrence, self._now)
        if nudge is None:
            return replace(occurrence, state="skipped", why=""), False
        return (replace(occurrence, topic=nudge.topic) if nudge.topic else occurrence), nudge.urgent

    def _resumed(self, reminder: Reminder, occurrence: Occurrence) -> Looked:
        """A postponed occurrence whose time has come, or whose recipient may be back early."""
        if occurrence.state != "waiting" or occurrence.until is None:
            return Looked(occurrence.id)
        if occurrence.until > self._now and occurrence.why == SNOOZED:
            return Looked(occurrence.id, again=Entry(occurrence.id, occurrence.until))
        late = self._now - occurrence.until > window(reminder, occurrence.due)
        come = replace(occurrence, state="missed" if late else "posted", at=self._now)
        asked, urgent = self._asked(reminder, come)
        return Looked(occurrence.id, (asked,), frozenset({asked.key} if urgent or occurrence.why == SNOOZED else ()))

    def _placed(
        self, occurrence: Occurrence, urgent: Collection[str], members: Mapping[str, Member], addresses: Mapping[str, Place]
    ) -> Occurrence:
        """The occurrence as its recipient's quiet hours and absence leave it; missed where nobody can be written to."""
        if occurrence.state != "posted" or not occurrence.member:
            return occurrence
        if occurrence.member not in addresses:
            return replace(occurrence, state="missed", why=UNREACHED)
        shift = None if occurrence.key in urgent else lateness.shifted(members[occurrence.member], self._now)
        return replace(occurrence, state="waiting", until=shift.until, why=shift.why) if shift else occurrence

    def _tell_the_chairs(self) -> None:
        """That something was missed."""
        chairs = {member.id: member for member in membership.chairs(self._records)}
        found = reaching.addresses(self._records, chairs, self._platforms)
        self._found.post([warned(self._now.date(), member, place) for member, place in found.items()])
