"""Letters that gather: what is changed one by one is told at once, some minutes after the last change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coalition.outbox import Letter
from bot.coalition.store import Records

PAUSE = timedelta(minutes=5)
"""How long a letter waits for the next change: who sets up an agenda makes it sooner."""
LONGEST = timedelta(minutes=20)
"""How long after the first change it waits at most."""


def gathered(records: Records, letters: Sequence[Letter], now: datetime) -> list[Letter]:
    """The letters, held until PAUSE from now, and at most until LONGEST after the first one to the same place that is not sent yet."""
    known = records.outbox.about({letter.about for letter in letters})
    return [replace(letter, due=_due(letter, known, now)) for letter in letters]


def _due(letter: Letter, known: Sequence[Letter], now: datetime) -> datetime:
    lately = [made for other in untold(letter, known) if (made := other.made) and made > now - LONGEST]
    return min(now + PAUSE, min(lately, default=now) + LONGEST)


def untold(letter: Letter, known: Sequence[Letter]) -> list[Letter]:
    """Those of the known letters, oldest first, that are of the kind of this one, about the same and to the same place, and came after
    the last of them that was sent."""
    alike = [each for each in known if (each.what, each.about, str(each.place)) == (letter.what, letter.about, str(letter.place))]
    sent = max((each.id for each in alike if each.state == "sent"), default=0)
    return [each for each in alike if each.id > sent]


def superseded(letter: Letter, known: Sequence[Letter]) -> bool:
    """Whether a later one of these letters is still to go, which says it all."""
    return any(each.id > letter.id and each.state in ("held", "waiting") for each in untold(letter, known))
