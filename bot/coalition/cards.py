"""Cards: the message in a work room that shows how a project or session stands, and begins the thread about it.

The first change of a project or session of the current cycle opens its card, where a room for work is bound; each later one brings the
card up to date and is told in its thread as a difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.coalition import cycles, gathering, ids, minutes, running
from bot.coalition.agendas import Item
from bot.coalition.coalitions import Room
from bot.coalition.members import Member
from bot.coalition.minutes import RunSheet
from bot.coalition.outbox import PATIENCE, Card, Letter, keyed
from bot.coalition.projects import Project
from bot.coalition.record import Record
from bot.coalition.running import SHEET
from bot.coalition.sessions import Session
from bot.coalition.store import Change, Records, Touched
from bot.errors import Refused
from bot.request import Place

CARD, CHANGED = "card", "changed"
"""What the letters are: a card, sent or brought up to date, and a change told in its thread."""
KEPT = (CARD, SHEET)
"""Letters that stay one message, which is changed."""
SHOWN = frozenset({"name", "visibility", "state", "group", "region"})
"""Fields of a member on which it depends how a card names them."""


def subject(record: Record) -> str:
    """The project or session that a record is, or is part of; "" for another."""
    if isinstance(record, Project | Session):
        return record.id
    if isinstance(record, Item):
        return record.session
    part = record.parent in (Project.word, Session.word) and not (record.private or record.aside)
    return str(getattr(record, record.parent)) if part else ""


def follow(records: Records, now: datetime) -> None:
    """Have cards and threads say what this transaction changed; of an agenda together with what else is changed in these minutes, unless
    the session is near."""
    touched = records.touched()
    found = dict.fromkeys(filter(None, map(subject, touched.records)))
    for identity in found:
        cards = records.cards(identity)
        places = _bound(records, [card.place for card in cards])
        rooms = [replace(place, thread="") for place in places]
        _post(records, CARD, identity, touched.transaction, [*rooms, *_openings(records, identity, cards)])
        news = _letters(CHANGED, identity, touched.transaction, places)
        records.outbox.post(gathering.gathered(records, news, now) if news and _gathers(records, identity, touched, now) else news)
        if sheet := _sheet(records, identity, touched):
            opening = [] if places else _openings(records, identity, cards)
            _post(records, SHEET, sheet, touched.transaction, [*places, *opening])
    for identity in _led(records, touched) - found.keys():
        places = _bound(records, [replace(card.place, thread="") for card in records.cards(identity)])
        _post(records, CARD, identity, touched.transaction, places)


def _gathers(records: Records, identity: str, touched: Touched, now: datetime) -> bool:
    """Whether it is the agenda of a session alone that changed, and somebody may change more of it before anybody has to know."""
    session = records.find(Session, identity) if ids.letter(identity) == Session.letter else None
    theirs = [record for record in touched.records if subject(record) == identity]
    return session is not None and all(isinstance(each, Item) for each in theirs) and not running.near(records, session, now)


def _sheet(records: Records, session: str, touched: Touched) -> str:
    """The run sheet of a session that says something else now; "" for none."""
    moved = [record for record in touched.records if isinstance(record, RunSheet) and record.session == session]
    found = moved[-1] if moved else minutes.sheet_of(records, session)
    return found.id if found and (moved or found.ended is None) else ""


def _led(records: Records, touched: Touched) -> set[str]:
    """The projects whose leads go by another name now; nothing of that is told in their threads."""
    if not any(isinstance(record, Member) for record in touched.records):
        return set()
    changes = records.trail.changes(touched.transaction)
    members = {change.record for change in changes if change.field in SHOWN and ids.letter(change.record) == Member.letter}
    return {project.id for member in members for project in records.referring(Project, "leads", member)}


def _bound(records: Records, places: Sequence[Place]) -> list[Place]:
    """Those of the places that are in a room for work still."""
    rooms = {(room.platform, room.room) for room in records.all(Room, purpose="work")} if places else set()
    return [place for place in places if (place.platform, place.room) in rooms]


def bound(records: Records, letters: Sequence[Letter]) -> list[Letter]:
    """The letters to rooms that are for work still; where one is not any more, its cards stay as they are."""
    places = _bound(records, [letter.place for letter in letters])
    return [letter for letter in letters if letter.place in places]


def open_card(records: Records, identity: str) -> list[Place]:
    """Open the card of a project or session in the rooms for work; where. Raises Refused where there is none, or it is open."""
    rooms = _free(records, records.cards(identity))
    if not rooms and not records.count(Room, purpose="work"):
        raise Refused("No room is for work yet. A chair says in that room what it is for.", lines=["room bind work"])
    if not rooms:
        raise Refused(f"The thread of {identity} is open already.", lines=[identity])
    _post(records, CARD, identity, records.trail.begin(), rooms)
    return rooms


def _openings(records: Records, identity: str, cards: Sequence[Card]) -> list[Place]:
    """Where the card of a record of this year is still to be opened."""
    rooms = _free(records, cards)
    if not rooms:
        return []
    current, found = cycles.now_current(records), records.find(records.kind(identity), identity)
    this_year = isinstance(found, Project | Session) and current is not None and found.cycle == current.id
    return rooms if this_year else []


def _free(records: Records, cards: Sequence[Card]) -> list[Place]:
    """The rooms for work in which the record has no card; not the console, which has no threads."""
    taken = {(card.place.platform, card.place.room) for card in cards}
    rooms = (Place(room.platform, room.room) for room in records.all(Room, purpose="work") if room.platform != "console")
    return [place for place in rooms if (place.platform, place.room) not in taken]


def _post(records: Records, what: str, identity: str, transaction: int, places: Iterable[Place]) -> None:
    records.outbox.post(_letters(what, identity, transaction, places))


def _letters(what: str, identity: str, transaction: int, places: Iterable[Place]) -> list[Letter]:
    keys = ((keyed(what, identity, transaction, place.platform, place.room), place) for place in places)
    return [Letter(key, place, what, identity) for key, place in keys]


def stale(records: Records, letter: Letter) -> bool:
    """Whether a later letter to the same place is going to tell how the same record stands: a card, or the news of it."""
    return gathering.superseded(letter, records.outbox.about([letter.about]))


def told(records: Records, letter: Letter) -> list[Change]:
    """What was changed, since the last letter of its kind was sent, of its record and of what is part of it, personal fields left out;
    in its order."""
    before = (each for each in gathering.untold(letter, records.outbox.about([letter.about])) if each.id <= letter.id)
    recent = [each for each in before if letter.made is None or each.made is None or letter.made - each.made <= PATIENCE]
    changes = [
        change
        for transaction in dict.fromkeys(each.transaction for each in recent)
        for change in records.trail.changes(transaction)
        if not change.personal and ids.letter(change.record) != RunSheet.letter
    ]
    items = {change.record for change in changes if change.field == "session" and letter.about in {change.old, change.new}}
    items |= {item.id for item in records.many(Item, {change.record for change in changes}).values() if item.session == letter.about}
    theirs = [change for change in changes if change.record.partition(".")[0] == letter.about or change.record in items]
    return [change for change in theirs if not records.kind(change.record).private]
