"""What a homeserver's refusals mean: whether trying again helps, and what an operator can do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

import aiohttp

from bot.errors import DeliveryError

OPERATOR = 60.0
"""Seconds until something is tried again that only works once an operator has put something right."""
UNSAID = 5.0
"""Seconds to wait where a homeserver asks for time without saying how much."""
LOGIN = "Run: coalition matrix login"
RESET = f"{LOGIN} --reset-cross-signing"


class MatrixError(DeliveryError):
    """A homeserver did not do what was asked.

    `errcode` is Matrix's own word for why (`M_FORBIDDEN`), "" where there is none; `status` that of HTTP, 0 where there was no answer.
    `challenge` is how to say who asks, where the homeserver wants to know (“User-interactive authentication”); {} elsewhere.
    """

    def __init__(
        self,
        reason: str,
        *,
        errcode: str = "",
        status: int = 0,
        retry_after: float | None = None,
        doubtful: bool = False,
        challenge: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(reason, retry_after=retry_after, doubtful=doubtful)
        self.errcode = errcode
        self.status = status
        self.challenge = challenge or {}

    @property
    def logged_out(self) -> bool:
        """Whether the homeserver does not know the bot's session (any more): nothing helps but a new token."""
        return self.errcode in LOGGED_OUT


@dataclass(frozen=True, slots=True)
class Fault:
    """One of Matrix's errors in words. `wait` is in seconds, None where trying again cannot help."""

    said: str
    wait: float | None = None


LOGGED_OUT = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})
_LOGGED_OUT = Fault(f"the homeserver does not know the bot's session any more. {LOGIN}", OPERATOR)
_TOO_LONG = Fault("the homeserver found the message too long")
_OURS = Fault("the homeserver does not take what it was given: report this at the project")
_BLOCKED = Fault("the person takes no invites from the bot")
_BUSY = Fault("the homeserver has trouble of its own", 0)
_NO_MATRIX = Fault("what answers at the homeserver's address is no homeserver", 0)
_REFUSED = Fault("the homeserver refused")

FAULTS: Mapping[str, Fault] = {
    "M_UNKNOWN_TOKEN": _LOGGED_OUT,
    "M_MISSING_TOKEN": _LOGGED_OUT,
    "M_LIMIT_EXCEEDED": Fault("the homeserver asks for time", UNSAID),
    "M_FORBIDDEN": Fault("the homeserver does not let the bot do this"),
    "M_NOT_FOUND": Fault("the homeserver knows no such thing"),
    "M_TOO_LARGE": _TOO_LONG,
    "M_INVITE_BLOCKED": _BLOCKED,
    "ORG.MATRIX.MSC4155.M_INVITE_BLOCKED": _BLOCKED,
    "M_BAD_JSON": _OURS,
    "M_NOT_JSON": _OURS,
    "M_INVALID_PARAM": _OURS,
    "M_MISSING_PARAM": _OURS,
    "M_UNRECOGNIZED": Fault("the homeserver is too old to know how to do this"),
    "M_DUPLICATE_ANNOTATION": Fault("the reaction is there already"),
    "M_UNSUPPORTED_ROOM_VERSION": Fault("the homeserver does not know this version of rooms"),
    "M_INCOMPATIBLE_ROOM_VERSION": Fault("the homeserver does not know this version of rooms"),
    "M_USER_DEACTIVATED": Fault("the bot's account is closed", OPERATOR),
    "M_USER_LOCKED": Fault("the bot's account is locked: ask the administrators of the homeserver", OPERATOR),
    "M_USER_SUSPENDED": Fault("the bot's account is suspended: ask the administrators of the homeserver", OPERATOR),
    "M_CONSENT_NOT_GIVEN": Fault("the homeserver wants its terms agreed to: log in as the bot with a client and do so", OPERATOR),
    "M_RESOURCE_LIMIT_EXCEEDED": Fault("the homeserver has reached a limit: ask its administrators", OPERATOR),
}
"""Matrix's errors (spec.matrix.org, client-server API, “Common error codes” and those of each endpoint)."""

_ERRCODE = re.compile(r"[A-Za-z0-9_.]{1,100}")


def refused(status: int, headers: Mapping[str, str], answer: Any) -> MatrixError:
    """What an answer of HTTP that is no success means. Nothing that the homeserver says in words is taken up."""
    errcode = _errcode(answer)
    fault = _fault(status, errcode)
    wait = asked_to_wait(headers, answer) if status == 429 else fault.wait
    said = fault.said if fault is not _REFUSED else f"{fault.said} ({errcode})"
    challenge = answer if status == 401 and isinstance(answer, dict) and isinstance(answer.get("flows"), list) else None
    return MatrixError(said, errcode=errcode, status=status, retry_after=wait, doubtful=status >= 500, challenge=challenge)


def broken(error: BaseException) -> MatrixError:
    """What a connection means that brought no answer."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return MatrixError("the homeserver cannot be reached", retry_after=0)
    said = "the homeserver did not answer in time" if isinstance(error, TimeoutError) else "the connection to the homeserver broke"
    return MatrixError(said, retry_after=0, doubtful=True)


def asked_to_wait(headers: Mapping[str, str], answer: Any) -> float:
    """The seconds that a 429 asks to wait: its header, in seconds or as a date, before the older field of its body."""
    said = _seconds(headers.get("Retry-After", ""))
    if said is None and isinstance(answer, dict):
        milliseconds = answer.get("retry_after_ms")
        said = milliseconds / 1000 if isinstance(milliseconds, int | float) and isfinite(milliseconds) else None
    return UNSAID if said is None else max(said, 0.0)


def _seconds(said: str) -> float | None:
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _errcode(answer: Any) -> str:
    found = answer.get("errcode") if isinstance(answer, dict) else None
    return found if isinstance(found, str) and _ERRCODE.fullmatch(found) else ""


def _fault(status: int, errcode: str) -> Fault:
    """A proxy's page carries no error of Matrix's: it may pass, whatever its status."""
    if status == 429:
        return FAULTS["M_LIMIT_EXCEEDED"]
    if found := FAULTS.get(errcode.upper()):
        return found
    if status >= 500:
        return _BUSY
    return _REFUSED if errcode else _NO_MATRIX
