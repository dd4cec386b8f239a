"""What the configuration says about this installation, for those who ask."""

from dataclasses import dataclass
from importlib.metadata import version

VERSION = version("coalition-bot")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """`database` is its URL without a password, `schema` the version of its tables.

    `chairs` and `operators` are the accounts (`platform:user`) that have these roles by configuration.
    """

    database: str = ""
    schema: str = ""
    adapters: tuple[str, ...] = ()
    chairs: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()

    @property
    def engine(self) -> str:
        """The kind of database in a person's words."""
        return "PostgreSQL" if self.database.startswith("postgresql") else "SQLite"
