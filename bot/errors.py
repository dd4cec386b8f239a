"""Every error of the bot, on one page. `str(error)` is a sentence a person can act on; it never carries a secret."""

import traceback
from collections.abc import Mapping, Sequence


class CoalitionError(Exception):
    """The root: whatever the bot itself raises."""


class Refused(CoalitionError):
    """A line that cannot be carried out. Nothing was changed; `lines` are lines to type next."""

    def __init__(self, reason: str, *, lines: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lines = tuple(lines)


class UnknownLine(Refused):
    """No route begins like the line that was typed."""


class NotFound(Refused):
    """The line names a record that is not there."""


class NotAllowed(Refused):
    """The asker's roles do not reach: says who may."""


class Incomplete(Refused):
    """The line names a record, and not what to do to it: a form asks for that."""


class Conflict(Refused):
    """Somebody else changed the same field meanwhile.

    `held` is what now stands there and `wrote` what was to stand there, by label; `insist` is the line that writes the latter all the same,
    `keep` the one that shows the former.
    """

    def __init__(
        self,
        reason: str,
        *,
        lines: Sequence[str] = (),
        held: Mapping[str, str] = {},
        wrote: Mapping[str, str] = {},
        insist: str = "",
        keep: str = "",
    ) -> None:
        super().__init__(reason, lines=lines)
        self.held = dict(held)
        self.wrote = dict(wrote)
        self.insist = insist
        self.keep = keep


class WrongValue(Refused):
    """One field's value cannot be taken: which field, why, and an example of a good one."""

    def __init__(self, field: str, reason: str, example: str = "", *, lines: Sequence[str] = ()) -> None:
        super().__init__(reason, lines=lines)
        self.field = field
        self.example = example


class Unreadable(WrongValue):
    """One field's value is nothing of the kind at all."""


class Ambiguous(WrongValue):
    """One field's value has several readings; `choices` are (what it would mean, what to write instead)."""

    def __init__(self, field: str, question: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(field, question)
        self.choices = tuple(choices)


class ConfigError(CoalitionError):
    """The configuration or the command line cannot be used: names the key and the fix."""


class StoreError(CoalitionError):
    """The database cannot be used now; nothing was changed."""


class StoreDamaged(StoreError):
    """The file is no database, or its integrity check fails."""


class StoreNewer(StoreError):
    """The database was written by a newer version of the bot."""


class StoreOutdated(StoreError):
    """The database waits for `coalition db upgrade`."""


class StoreBusy(StoreError):
    """Another process holds the database longer than we may wait."""


class StoreFull(StoreError):
    """The disk, or the size the database may have, is used up."""


class StoreReadOnly(StoreError):
    """The database or its folder cannot be written."""


class ImportFailed(CoalitionError):
    """A file to import is not valid: where and why. Nothing of it was kept."""


class DeliveryError(CoalitionError):
    """A platform did not take a message. `retry_after` is in seconds, None when trying again cannot help.

    `doubtful`: the platform may have taken it all the same (the connection broke before it answered).
    """

    def __init__(self, reason: str, *, retry_after: float | None = None, doubtful: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.doubtful = doubtful


def traced(error: BaseException) -> str:
    """The kind of an error and where it happened, for the log: without its text, which may hold what a person wrote."""
    return f"{type(error).__name__} in\n{''.join(traceback.format_tb(error.__traceback__))}"
