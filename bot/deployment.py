"""What the configuration says about this installation, for those who ask."""

from dataclasses import dataclass
from importlib.metadata import version

VERSION = version("coalition-bot")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """`database` is its URL without a password; `chairs` and `operators` are accounts (`platform:user`) with these roles."""

    database: str = ""
    adapters: tuple[str, ...] = ()
    chairs: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()

    @property
    def engine(self) -> str:
        """The kind of database in a person's words."""
        return "PostgreSQL" if self.database.startswith("postgresql") else "SQLite"
