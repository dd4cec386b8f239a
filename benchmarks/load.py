"""The load under which reminders are measured, the same for both sides."""

import resource
from dataclasses import dataclass
from datetime import timedelta

FAR = timedelta(days=30)
"""When those come that are not due, one a second from then on."""
SAMPLE = 1_000
"""How many are added one by one, as people add them, to see how fast that is; the others are put in at once."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many rules, of which `due` fall due at one instant; once, or every week."""

    rules: int
    due: int
    weekly: bool = False

    def __str__(self) -> str:
        return f"{self.rules:,}, {self.due:,}{', weekly' if self.weekly else ''}"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Seconds until everything was delivered and noted, and the most memory that the process had (MiB).

    `computed`: to compute from rules already read which of their turns are due; `posted`: the timekeeper's part of the time, until
    all letters are in the outbox. The job store has neither apart from the rest.
    """

    seconds: float
    memory: int
    computed: float = 0.0
    posted: float = 0.0


def peak() -> int:
    """The most memory that this process has had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
