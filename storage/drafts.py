"""Which rows are the forms that a person is filling in."""

from sqlalchemy import ColumnElement, and_, exists

from bot.request import Account, Place
from storage.schema import events, interviews

_row = interviews.c


def theirs(coalition: int, account: Account, place: Place) -> ColumnElement[bool]:
    """The form of a person in one place and thread."""
    return and_(
        _row.coalition == coalition,
        _row.account == str(account),
        _row.platform == place.platform,
        _row.room == place.room,
        _row.thread == place.thread,
    )


def undone() -> ColumnElement[bool]:
    """Forms that were not carried out."""
    return ~exists().where(events.c.coalition == _row.coalition, events.c.key == _row.sent)
