"""The balance of a line-up: its seats by stakeholder group, region, presence and gender."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.coalition import spelling
from bot.coalition.groups import REGIONS, STAKEHOLDERS
from bot.coalition.seats import Seat

FEWEST = 3
"""A gender that fewer have declared is not counted: a smaller number would tell of single people (product rule)."""
UNDECLARED = "not declared"
OTHER = "another gender, or none declared"
_WORDS = {
    "women": ("woman", "women", "female", "f", "she"),
    "men": ("man", "men", "male", "m", "he"),
}
_GENDERS = {word: label for label, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the seats; `declared`: the label is something that people say of themselves."""

    label: str
    seats: int
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Balance:
    """Each list adds up to `seats`; groups and regions without a seat are in it. `genders` is empty where too few have declared one."""

    seats: int
    groups: tuple[Count, ...]
    regions: tuple[Count, ...]
    presence: tuple[Count, ...]
    genders: tuple[Count, ...]


def of(seats: Sequence[Seat]) -> Balance:
    """The balance of these seats, each of which counts once."""
    return Balance(
        len(seats),
        _counted([seat.group for seat in seats], STAKEHOLDERS),
        _counted([seat.region for seat in seats], REGIONS),
        _counted([{True: "onsite", False: "online", None: ""}[seat.onsite] for seat in seats], ("onsite", "online")),
        genders([seat.member.gender if seat.member else "" for seat in seats]),
    )


def _counted(values: Iterable[str], labels: Collection[str]) -> tuple[Count, ...]:
    """How often each label stands, in the forms' order, then other words that a record holds, then those without."""
    found = Counter(values)
    whole = [Count(label, found.pop(label, 0)) for label in labels]
    nothing = found.pop("", 0)
    return (*whole, *(Count(label, count) for label, count in found.items()), *([Count(UNDECLARED, nothing, False)] if nothing else []))


def genders(declared: Sequence[str]) -> tuple[Count, ...]:
    """Totals of what people declare, one text a seat and "" for none; what fewer than FEWEST declare stands with the undeclared."""
    found = Counter(filter(None, map(_gender, declared)))
    shown = [Count(label, count) for label, count in found.most_common() if count >= FEWEST]
    rest = len(declared) - sum(count.seats for count in shown)
    return (*shown, *([Count(OTHER, rest, False)] if rest else [])) if shown else ()


def _gender(text: str) -> str:
    word = " ".join(spelling.fold(text).split())
    return _GENDERS.get(word, word)


def alone(counts: Iterable[Count]) -> str:
    """The one label that all who declared something share, where they are two or more; "" where there are several or too few."""
    declared = [count for count in counts if count.declared and count.seats]
    return declared[0].label if len(declared) == 1 and declared[0].seats > 1 else ""
