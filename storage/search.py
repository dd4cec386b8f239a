"""Full-text search by the database over one table of text that we normalise."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from bot.coalition.record import Record
from bot.coalition.store import Found
from storage.kept import Kept


def index(connection: Connection, coalition: int, kept: Kept[Any], record: Record) -> None:
    """Put a record's text into the index, in place of what was there."""


def forget(connection: Connection, coalition: int, identity: str) -> None:
    """Take a record's text out of the index."""


def search(connection: Connection, coalition: int, query: str, *, words: Collection[str], limit: int, offset: int) -> Found:
    """The records that match every word of the query, best first."""
    return Found((), 0)
