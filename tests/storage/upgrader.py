"""An upgrade that is going to be killed."""

import itertools
import os
import signal
from collections.abc import Sequence

from sqlalchemy import Engine, event

from storage import database, upgrading

CHANGES = {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"}


def main(arguments: Sequence[str]) -> int:
    """Upgrade the database of the first argument; killed before the change whose number is the second, or before COMMIT."""
    url, last = arguments
    changes = itertools.count(1)

    def kill(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in CHANGES and next(changes) == int(last):
            kill()

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", kill)
    upgrading.upgrade(database.database_url(url))
    return 0
