"""The count: what arrived in a world, and what became of every reminder, beside what must have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.coalition.outbox import Letter
from bot.coalition.reminders import Occurrence
from tests.crash import victim
from tests.crash.rules import Rule

PUNCTUAL = timedelta(minutes=5)


@dataclass
class Figures:
    """What is counted. `dropped` and `repeated`: letters that were sent again, to a platform that knows them by their key and to one that
    does not. `late`: delivered with the mark. `recovery`: the longest time from a kill until all was settled, in seconds of the bots'
    clock, where somebody worked on. `steps`: where processes died that died by themselves."""

    kills: int = 0
    starts: int = 0
    delivered: int = 0
    lost: int = 0
    dropped: int = 0
    repeated: int = 0
    late: int = 0
    missed: int = 0
    recovery: float = 0.0
    steps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Count:
    """What stands in the store (`letters` by their key, all of them sent), and the lines of what was delivered."""

    rules: Sequence[Rule]
    occurrences: Sequence[Occurrence]
    letters: Mapping[str, Letter]
    deliveries: Sequence[Mapping[str, Any]]

    def everything_became(self, expected: Mapping[tuple[str, datetime], str], snoozed: Mapping[str, str]) -> None:
        """Every time that a rule fell due is there once, as it must be; and so is what was put off and has come."""
        texts = {rule.reminder.id: rule.text for rule in self.rules}
        first = [each for each in self.occurrences if not each.snoozed]
        again = [each for each in self.occurrences if each.snoozed and each.state != "waiting"]
        assert _differing({(texts[each.reminder], each.due): each.state for each in first}, expected) == {}
        assert len(first) == len(expected)
        assert _differing({each.key: each.state for each in again}, snoozed) == {}

    def each_came_once(self, in_flight: Mapping[str, int]) -> None:
        """Nothing is lost; nothing comes twice but what was in flight when a bot was killed (so often, by key)."""
        posted = Counter(each.id for each in self.occurrences if each.state == "posted")
        assert Counter(letter.about for letter in self.letters.values() if letter.what == "reminder") == posted
        arrived = self._arrived()
        assert arrived.keys() == self.letters.keys()
        again = {key: number - 1 for key, number in arrived.items() if number > 1}
        assert {key: number for key, number in again.items() if number > in_flight[key]} == {}
        doubtful = Counter(line["key"] for line in self.deliveries if line["doubtful"])
        assert {key: number for key, number in again.items() if doubtful[key] < number} == {}, "a platform is told what may have arrived"

    def in_order(self) -> None:
        """In each place letters arrive in the order in which they were written."""
        places: dict[str, dict[int, None]] = {}
        for line in self.deliveries:
            assert line["place"] == str(self.letters[line["key"]].place)
            places.setdefault(line["place"], {})[self.letters[line["key"]].id] = None
        assert {place: list(found) for place, found in places.items()} == {place: sorted(found) for place, found in places.items()}

    def marked(self) -> None:
        """Each says what it was to say, and what comes late says so."""
        by_id = {each.id: each for each in self.occurrences}
        texts = {rule.reminder.id: rule.text for rule in self.rules}
        for line in self._reminders():
            occurrence = by_id[self.letters[line["key"]].about]
            assert texts[occurrence.reminder] in line["text"]
            assert ("late by" in line["text"]) == (_lateness(occurrence, line) > PUNCTUAL), line["text"]

    def chairs_were_told(self) -> None:
        """Once on each day on which something was missed."""
        days = {each.at.date() for each in self.occurrences if each.state == "missed" and each.at}
        told = [letter for letter in self.letters.values() if letter.what == "missed"]
        assert sorted(letter.made.date() for letter in told if letter.made) == sorted(days)
        assert {str(letter.place) for letter in told} <= {f"{victim.PLATFORM}:@{victim.CHAIR.user_id}"}

    def add_to(self, figures: Figures) -> None:
        """Note the sums."""
        arrived = self._arrived()
        figures.lost = len(self.letters.keys() - arrived.keys())
        figures.delivered = len(arrived)
        figures.repeated = sum(arrived.values()) - len(arrived)
        figures.dropped = sum(line["dropped"] for line in self.deliveries)
        figures.late = sum("late by" in line["text"] for line in self._reminders())
        figures.missed = sum(each.state == "missed" for each in self.occurrences)

    def _arrived(self) -> Counter[str]:
        return Counter(line["key"] for line in self.deliveries if not line["dropped"])

    def _reminders(self) -> list[Mapping[str, Any]]:
        return [line for line in self.deliveries if self.letters[line["key"]].what == "reminder"]


def _lateness(occurrence: Occurrence, line: Mapping[str, Any]) -> timedelta:
    return datetime.fromisoformat(line["at"]) - (occurrence.until or occurrence.due)


def _differing(found: Mapping[Any, str], expected: Mapping[Any, str]) -> dict[Any, tuple[str | None, str | None]]:
    """What became of something otherwise than it must."""
    return {key: (found.get(key), expected.get(key)) for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)}
