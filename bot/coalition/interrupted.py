"""What somebody asked, and was interrupted before they had the answer: whose it is, and what came of it."""

import re

from bot.coalition.arrivals import AGAIN, GIVEN_UP, Arrival
from bot.coalition.members import AccountLink, Author
from bot.coalition.store import Records, Transaction
from bot.coalition.texts import clean

_ACCOUNT = re.compile(r"(?<![\w:])[a-z][a-z0-9_-]*:[\w@][\w@.:-]*\w")


def asked_by(records: Records, author: Author, code: str) -> Arrival | None:
    """What the author was told by this code, on this or another account of theirs; None when it is no longer kept."""
    theirs = records.all(AccountLink, member=author.id) if author.id else []
    return records.interrupted.asked(clean(code).casefold(), {str(author.account), *(link.id for link in theirs)})


def called(records: Records, arrival: Arrival) -> dict[str, str]:
    """What the accounts that were mentioned in it are called on their platform, as far as they are members'."""
    said = "\n".join((arrival.line, *arrival.values.values()))
    links = records.many(AccountLink, set(_ACCOUNT.findall(said)))
    return {link.id: link.name for link in links.values() if link.name}


def change_of(records: Records, arrival: Arrival, member: str | None) -> Transaction | None:
    """The change that was made of an arrival, where it is the last one of whoever asked; None for one that others followed."""
    last = records.trail.last_transaction(arrival.account, member)
    return last if last and arrival.at <= last.at <= arrival.at + GIVEN_UP else None


def origin(records: Records, arrival: Arrival) -> Arrival:
    """What was asked first, where somebody was interrupted once more while they asked again."""
    word, _, code = arrival.line.strip().partition(" ")
    before = records.interrupted.asked(code.strip(), {str(arrival.account)}) if word == AGAIN else None
    return origin(records, before) if before else arrival
