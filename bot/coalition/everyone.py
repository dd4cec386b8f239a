"""Telling everybody in a room: a chair may, having seen whom, when and what, and says so within five minutes.

The proof that they have seen it holds what was shown, so that nothing has to be kept meanwhile.
"""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from bot.coalition.members import AccountLink, Author, Member
from bot.coalition.reminders import Reminder
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

HOLDS = timedelta(minutes=5)


def check_may(reminder: Reminder, author: Author) -> None:
    """Raises NotAllowed for who is no chair, and Refused for a chair who is no member, or a reminder that goes to no room."""
    if not author.chairs:
        raise NotAllowed("Only a chair may have a reminder tell everybody in the room.", lines=["reminders here"])
    if author.member is None:
        raise Refused(f"{author.account} belongs to no member, so nobody could see who tells them all. Join first.", lines=["join"])
    if reminder.place is None:
        raise Refused("Only a reminder to a room can tell everybody: say it in that room, as “remind here …”.", lines=["rooms"])


def still_may(records: Records, reminder: Reminder, configured: Collection[str]) -> bool:
    """Whether who set a reminder is a chair now. `configured` are accounts that the configuration names."""
    maker = records.find(Member, reminder.maker) if reminder.maker else None
    if maker is None:
        return False
    elected = maker.chair and maker.state == "active"
    return elected or any(link.id in configured for link in records.all(AccountLink, member=maker.id))


def proof(reminder: Reminder, author: Author, until: datetime) -> str:
    """That the author was shown this reminder, and may confirm it until then (aware)."""
    end = int(until.timestamp())
    shown = repr((end, reminder.text, reminder.timing, reminder.window, reminder.place, author.account))
    return f"{end}.{hashlib.sha256(shown.encode()).hexdigest()[:16]}"


def confirmed(said: str, reminder: Reminder, author: Author, now: datetime) -> bool:
    """Whether this is the proof for this very reminder, and holds still."""
    end = said.partition(".")[0]
    if not (end.isascii() and end.isdigit() and len(end) <= 11):
        return False
    until = datetime.fromtimestamp(int(end), UTC)
    return now < until <= now + HOLDS and said == proof(reminder, author, until)


def twin(records: Records, reminder: Reminder, now: datetime) -> Reminder | None:
    """The same reminder that was set while the preview stood: the button was pressed twice."""
    lately = (each for each in records.all(Reminder, state="on", everyone=True, maker=reminder.maker) if each.made > now - HOLDS)
    return next((each for each in lately if (each.text, each.timing, each.place) == (reminder.text, reminder.timing, reminder.place)), None)
