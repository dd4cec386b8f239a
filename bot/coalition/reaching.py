"""Where the bot writes to a member: the account they prefer, then another one, then a room that all can read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.coalition import gathering, lateness
from bot.coalition.arrivals import INTERRUPTED
from bot.coalition.coalitions import PURPOSES, Room
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Author, Member
from bot.coalition.outbox import Letter, keyed
from bot.coalition.store import Records
from bot.request import Account, Place


def addresses(records: Records, members: Mapping[str, Member], platforms: Sequence[str]) -> dict[str, Place]:
    """The direct chat in which each of these members is written to, of those who are active and have an account.

    The platform they prefer, else the first account on one of `platforms` (those that this installation serves), else the first; a
    room where every account of theirs is closed.
    """
    active = [identity for identity, member in members.items() if member.state == "active"]
    links = records.all(AccountLink, member=tuple(active)) if active else []
    accounts: dict[str, list[Account]] = {}
    for link in links:
        if not link.gone:
            accounts.setdefault(link.member, []).append(Account.parse(link.id))
    found = {member: direct(_best(theirs, members[member].prefers, platforms)) for member, theirs in accounts.items()}
    closed = {link.member for link in links} - found.keys()
    room = next(iter(rooms(records, platforms)), None) if closed else None
    return {**dict.fromkeys(closed, room), **found} if room else found


def tell(
    records: Records,
    what: str,
    about: str,
    to: Iterable[str],
    author: Author,
    platforms: Sequence[str],
    *parts: str,
    calm: datetime | None = None,
    gather: bool = False,
    latest: datetime | None = None,
) -> int:
    """Post a letter about a record and what this transaction did to each of these members but the author, who did it; to how many.

    The `parts` are for its composer, at the end of its key. `calm` is now, for a letter that can wait: until its reader's quiet hours are
    over and they are back, at the `latest` until then, and, if it is to `gather`, for what else is changed.
    """
    members = records.many(Member, {member for member in to if member != author.id})
    places = addresses(records, members, platforms)
    key = keyed(what, about, records.trail.begin())
    letters = [Letter(":".join((key, member, *parts)), place, what, about, member) for member, place in places.items()]
    if calm and gather:
        letters = gathering.gathered(records, letters, calm)
    records.outbox.post([calmed(letter, members[MemberId(letter.member or "")], calm, latest) if calm else letter for letter in letters])
    return len(places)


def calmed(letter: Letter, reader: Member, now: datetime, latest: datetime | None) -> Letter:
    """The letter, held until the quiet hours and the absence are over in which it would come, and at the `latest` until then."""
    shift = lateness.shifted(reader, letter.due or now)
    return replace(letter, due=min(shift.until, latest or shift.until)) if shift else letter


def reachable(records: Records, member: Member) -> bool:
    """Whether the bot can write to a member at all."""
    return member.state == "active" and records.count(AccountLink, member=member.id, gone=False) > 0


def direct(account: Account) -> Place:
    """The direct chat with an account."""
    return Place(account.platform, account.user_id, private=True)


def elsewhere(records: Records, letter: Letter, platforms: Sequence[str]) -> Place | None:
    """Where a private letter goes whose direct chat failed for good: another account of the member, else a room of the coalition.

    Who was interrupted is told where they asked. None when there is no other way, and for a letter to a room.
    """
    if letter.what == INTERRUPTED and (asked := _asked(records, letter)):
        return asked
    if letter.member is None or not letter.place.private:
        return None
    member = records.find(Member, MemberId(letter.member))
    tried = {*letter.tried, _account(letter)}
    links = records.all(AccountLink, member=letter.member, gone=False) if member else []
    others = [account for account in (Account.parse(link.id) for link in links) if str(account) not in tried]
    if others and member:
        return direct(_best(others, member.prefers, platforms))
    return next(iter(rooms(records, (letter.place.platform, *platforms))), None)


def astray(records: Records, letters: Iterable[Letter]) -> set[str]:
    """The keys of private letters whose direct chat is not their member's any more: an account was unlinked while they were held."""
    direct = {letter.key: letter for letter in letters if letter.member and letter.place.private and letter.what != INTERRUPTED}
    links = records.many(AccountLink, {_account(letter) for letter in direct.values()})
    theirs = {(link.id, str(link.member)) for link in links.values()}
    return {key for key, letter in direct.items() if (_account(letter), letter.member) not in theirs}


def _account(letter: Letter) -> str:
    """Whose direct chat a private letter is for."""
    return f"{letter.place.platform}:{letter.place.room}"


def _asked(records: Records, letter: Letter) -> Place | None:
    """Where somebody asked who was interrupted; None where that is the direct chat itself, or the letter has been there."""
    arrival = records.interrupted.told([letter.about]).get(letter.about)
    return arrival.place if arrival and letter.place.private and not arrival.place.private else None


def rooms(records: Records, platforms: Collection[str]) -> list[Place]:
    """The rooms in which the coalition is told things, those for announcements first, in the order of `platforms`."""
    every = {room.id: room for room in records.all(Room)}
    found = (every.get(f"{purpose}:{platform}") for purpose in PURPOSES for platform in dict.fromkeys(platforms))
    return [Place(room.platform, room.room) for room in found if room]


def _best(accounts: Sequence[Account], prefers: str | None, platforms: Sequence[str]) -> Account:
    def rank(account: Account) -> tuple[bool, bool]:
        return account.platform != prefers, account.platform not in platforms

    return min(accounts, key=rank)
