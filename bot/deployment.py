"""What the configuration says about this installation, for those who ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version

VERSION = version("coalition-bot")


@dataclass(slots=True)
class Health:
    """How one adapter is doing, kept by the adapter and read by `status`.

    `state` is a sentence (“connected over Socket Mode”), `since` when it began, `heard` when the platform last answered, where the adapter
    has to ask it (both aware). `problems` are what is wrong, each with what to
    do about it; an entry goes when the problem is over. `connected` is false while nothing that people say can arrive.
    """

    state: str = "not started"
    since: datetime | None = None
    heard: datetime | None = None
    problems: dict[str, str] = field(default_factory=dict)
    connected: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """`database` is its URL without a password, `schema` the version of its tables.

    `web` is the address of the web server as members reach it, without a slash at its end; "" where there is none.
    `chairs` and `operators` are the accounts (`platform:user`) that have these roles by configuration. `health` is by adapter how it
    is doing, of those that run in this process.
    """

    database: str = ""
    schema: str = ""
    adapters: tuple[str, ...] = ()
    chairs: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    web: str = ""
    health: Mapping[str, Health] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        """The kind of database in a person's words."""
        return "PostgreSQL" if self.database.startswith("postgresql") else "SQLite"
