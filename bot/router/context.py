"""What the handlers of lines and the composers of letters have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.coalition import zones
from bot.coalition.members import Author
from bot.coalition.store import Records
from bot.deployment import Deployment
from bot.fields import Reading
from bot.request import Place

if TYPE_CHECKING:  # A handler may look at all routes, and they name what a handler has.
    from bot.router.router import Router


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler has: the records of this transaction, who asks, the clock (aware) and where the question was asked.

    `names` is what people call the accounts that were mentioned, and the room.
    """

    records: Records
    author: Author
    now: datetime
    place: Place
    router: "Router"
    deployment: Deployment
    names: Mapping[str, str]

    @property
    def zone(self) -> str:
        return self.author.zone

    @property
    def reading(self) -> Reading:
        """What the fields of the line are read with."""
        return Reading(self.now, self.zone, self.records, self.names, self.author.id or "")

    @property
    def today(self) -> date:
        """The day on the asker's calendar."""
        return self.now.astimezone(zones.tz(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Writing:
    """What a composer of letters has: the records as they are at the moment of sending, the clock (aware), this installation."""

    records: Records
    now: datetime
    deployment: Deployment
