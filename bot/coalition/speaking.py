"""Speaking in a session: how its agenda stands for each speaker, what of it they are told, and what they answer.

Speakers are told once an item of theirs is scheduled, and then of every change that concerns them: their items, when these begin, for how
long, where, and how to join. What was pre-agreed only is between those who set up the agenda.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.coalition import agendas, ids, ladders, persons, reaching, sessions
from bot.coalition.agendas import Confirmation, Item, Timed, Who
from bot.coalition.ids import ItemId, MemberId, PersonId
from bot.coalition.members import Author, Member
from bot.coalition.outbox import SPEAKING, Letter
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

Said = Literal["yes", "no"]
DECLINED = "declined"
"""What the letter is that tells the editors that a speaker cannot."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An item in which somebody speaks: when it begins, in minutes from the start and as an instant (aware; None while no start is known).

    Not `exact` after an item of open length.
    """

    item: str
    title: str
    minutes: int | None
    offset: int
    exact: bool
    begins: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A session as it stands for somebody, with their turns in order; none where it is off."""

    session: Session
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What is new for a speaker since they were told last, and of which items they have said yes or no as these are now."""

    was: Standing
    now: Standing
    confirmed: frozenset[str]
    declined: frozenset[str]


def turn(session: Session, timed: Timed) -> Turn:
    """An item as a speaker's turn."""
    begins = agendas.clock(session.start, timed.offset) if session.start else None
    return Turn(timed.item.id, timed.item.title, timed.item.minutes, timed.offset, timed.exact, begins)


def standing(session: Session, items: Iterable[Item], own: Collection[str]) -> Standing:
    """How a session stands for whom the ids `own` stand for: what of theirs is scheduled, or was held."""
    if session.state in sessions.OVER:
        return Standing(session, ())
    mine = (timed for timed in agendas.timeline(items) if timed.item.state in ("scheduled", "done") and speaks(timed.item, own))
    return Standing(session, tuple(turn(session, timed) for timed in mine))


def speaks(item: Item, own: Collection[str]) -> bool:
    """Whether one of these ids speaks in an item, or moderates it."""
    return not {*agendas.people(item)}.isdisjoint(own)


def differs(was: Standing, now: Standing) -> bool:
    """Whether there is anything new in how a session stands for somebody."""
    return was.turns != now.turns or bool(now.turns and _place(was.session) != _place(now.session))


def _place(session: Session) -> tuple[str, str, str]:
    return session.room, session.join, session.zone


def follow(records: Records, author: Author, platforms: Sequence[str]) -> None:
    """Have the speakers whom this transaction concerns told of it, except for who asked for it."""
    touched = records.touched()
    for identity in dict.fromkeys(filter(None, (_session(record) for record in touched.records))):
        if session := records.find(Session, identity):
            changed = {record.id for record in touched.records}
            _tell(records, session, changed, touched.transaction, author, platforms)


def _session(record: object) -> str:
    return record.session if isinstance(record, Item) else record.id if isinstance(record, Session) else ""


def _tell(records: Records, session: Session, changed: Collection[str], transaction: int, author: Author, platforms: Sequence[str]) -> None:
    items = records.all(Item, session=session.id)
    before, were = _as_of(records, session, items, changed, transaction - 1)
    if session.state in sessions.DONE or not any(item.state == "scheduled" for item in (*items, *were)):
        return
    own = _speakers(records, (*items, *were))
    concerned = [member for member, ids in own.items() if differs(standing(before, were, ids), standing(session, items, ids))]
    reaching.tell(records, SPEAKING, session.id, concerned, author, platforms)


def _speakers(records: Records, items: Iterable[Item]) -> dict[MemberId, set[str]]:
    """The members who speak in these items, with the ids that stand for each."""
    named = [person for item in items for person in agendas.people(item)]
    found: dict[MemberId, set[str]] = {}
    for person, member in ladders.behind(records, named).items():
        found.setdefault(member, set()).add(person)
    return found


def _as_of(
    records: Records, session: Session, items: Sequence[Item], changed: Collection[str], transaction: int
) -> tuple[Session, list[Item]]:
    """The session and its items as a transaction left them, of which only those in `changed` were touched since."""
    known = {item.id: item for item in items}
    gone = [identity for identity in changed if ids.letter(identity) == Item.letter and identity not in known]
    were = [_before(records, item, transaction) if item.id in changed else item for item in items]
    removed = [_removed(records, identity, transaction) for identity in gone]
    before = replace(session, **_held(records, session.id, transaction))
    return before, [item for item in (*were, *removed) if item and item.session == session.id]


def _before(records: Records, item: Item, transaction: int) -> Item | None:
    """An item as a transaction left it; None where it was made later."""
    held = _held(records, item.id, transaction)
    return None if held.get("session", item.session) is None else replace(item, **held)


def _removed(records: Records, identity: str, transaction: int) -> Item | None:
    held = _held(records, identity, transaction)
    return Item(**{"id": identity, **{name: value for name, value in held.items() if value is not None}}) if held.get("session") else None


def _held(records: Records, identity: str, transaction: int) -> dict[str, Any]:
    """The earlier values of fields that changed since; people who were forgotten are nobody."""
    held = records.trail.before(identity, transaction)
    return {name: () if value is None and name in ("who", "points") else value for name, value in held.items()}


def news(records: Records, letter: Letter, now: datetime) -> News | None:
    """What a letter has to tell: all that is new since its reader was told last. None where that is nothing, or said by a later letter."""
    session = records.find(Session, letter.about)
    mine = [other for other in records.outbox.about([letter.about]) if (other.what, other.member) == (SPEAKING, letter.member)]
    later = any(other.id > letter.id and other.state == "waiting" for other in mine)
    if session is None or later or _over(session, now):
        return None
    since = _since(letter, mine)
    items = records.all(Item, session=session.id)
    gone = {identity for other in mine if other.transaction > since for identity in _gone(records, other)}
    before, were = _as_of(records, session, items, {*gone, *(item.id for item in items)}, since)
    own = _speakers(records, (*items, *were)).get(MemberId(letter.member or ""), set())
    was, is_now = standing(before, were, own), standing(session, items, own)
    found = News(was, is_now, _said(records, is_now, own, "yes"), _said(records, is_now, own, "no"))
    return found if differs(was, is_now) and not _refused(found) else None


def _refused(news: News) -> bool:
    """Whether its reader cannot come to anything that is left for them, so that nothing around it is theirs to know."""
    left = {turn.item for turn in news.now.turns}
    return bool(left) and left <= news.declined and left == {turn.item for turn in news.was.turns}


def _since(letter: Letter, mine: Sequence[Letter]) -> int:
    """The transaction up to which its reader has been told of everything."""
    told = [other.transaction for other in mine if other.state == "sent" and other.id < letter.id]
    return max(told) if told else min(other.transaction for other in mine) - 1


def _gone(records: Records, letter: Letter) -> list[str]:
    """The items of its session that the transaction of a letter removed."""
    changes = records.trail.changes(letter.transaction)
    return [change.record for change in changes if change.field == "session" and change.old == letter.about and change.new is None]


def _over(session: Session, now: datetime) -> bool:
    """Whether nobody has to prepare for a session any more."""
    end = session.start + timedelta(minutes=session.minutes or 0) if session.start else None
    return session.state in sessions.DONE or bool(end and end < now)


def latest(records: Records, items: Collection[str]) -> dict[tuple[str, str], Confirmation]:
    """What was answered last about each of these items, by item and person."""
    found = records.all(Confirmation, item=tuple(items)) if items else []
    return {(each.item, each.person): each for each in found}


def _said(records: Records, now: Standing, own: Collection[str], said: Said) -> frozenset[str]:
    """The items about which somebody said that, as they stand now."""
    answers = latest(records, [turn.item for turn in now.turns])
    return frozenset(turn.item for turn in now.turns if any(fits(answers.get((turn.item, person)), turn, said) for person in own))


def unconfirmed(records: Records, session: Session, items: Sequence[Item], own: Collection[str]) -> list[str]:
    """The scheduled items in which somebody speaks and of which they have said neither yes nor no as they stand."""
    now = standing(session, items, own)
    said = _said(records, now, own, "yes") | _said(records, now, own, "no")
    held = {item.id for item in items if item.state == "done"}
    return [turn.item for turn in now.turns if turn.item not in said | held]


def fits(answer: Confirmation | None, turn: Turn, said: Said = "yes") -> bool:
    """Whether an answer says that to an item as it stands now."""
    return answer is not None and answer.answer == said and (answer.begins, answer.minutes) == (turn.begins, turn.minutes)


def declined(records: Records, items: Sequence[Item]) -> list[tuple[Who, list[str]]]:
    """The speakers who said last that they cannot, each once, with the ids of those items."""
    refused = {where for where, said in latest(records, [item.id for item in items]).items() if said.answer == "no"}
    found: dict[PersonId, tuple[Who, list[str]]] = {}
    for item in items:
        for who in {each.person: each for each in agendas.speakers(item)}.values():
            if who.person and (item.id, who.person) in refused:
                found.setdefault(who.person, (who, []))[1].append(item.id)
    return list(found.values())


def answer(records: Records, item: Item, author: Author, now: datetime, said: Said, reason: str = "") -> Confirmation:
    """Note what a speaker answers about an item; who confirms is not TBC any more. Raises NotAllowed, and Refused for one that is
    not on the agenda."""
    own = persons.own(records, author)
    mine = [who for who in agendas.speakers(item) if who.person in own]
    if not mine:
        raise NotAllowed(f"Only whoever speaks in {item.id} can answer for it.", lines=[f"agenda item {item.id}"])
    return _noted(records, item, mine, now, said, reason)[0]


def confirm_for(records: Records, item: Item, speaker: str, author: Author, now: datetime) -> None:
    """Note that a speaker, by id or by name, told an editor that they come. Raises NotAllowed or Refused."""
    sessions.check_may_change(records.get(Session, item.session), author)
    known = persons.known(records, agendas.people(item))
    named = {who: {who.name, who.person or "", known[who.person].name if who.person in known else ""} for who in agendas.speakers(item)}
    meant = [who for who, names in named.items() if speaker.casefold() in {name.casefold() for name in names}]
    if not meant:
        raise Refused(f"Nobody called “{speaker}” speaks in {item.id}.", lines=[f"agenda item {item.id}"])
    _noted(records, item, meant, now, "yes", "")


def _noted(records: Records, item: Item, whose: Sequence[Who], now: datetime, said: Said, reason: str) -> list[Confirmation]:
    """Keep an answer of these speakers of an item, of those whom we know. Raises Refused for one that is not on the agenda."""
    session = records.get(Session, item.session)
    timed = next((each for each in agendas.timeline(records.all(Item, session=session.id)) if each.item.id == item.id), None)
    if timed is None:
        raise Refused(f"{item.id} is {item.state}, so there is nothing to confirm yet.", lines=[f"agenda {session.id}"])
    theirs = turn(session, timed)
    if said == "yes":
        settled = {who: replace(who, tbc=False) for who in whose}
        records.change(
            item,
            who=tuple(settled.get(who, who) for who in item.who),
            moderator=item.moderator and settled.get(item.moderator, item.moderator),
        )
    return [
        records.add(
            Confirmation(
                item=ItemId(item.id), person=person, answer=said, reason=reason, begins=theirs.begins, minutes=theirs.minutes, at=now
            )
        )
        for person in dict.fromkeys(who.person for who in whose if who.person)
    ]


def tell_editors(records: Records, confirmation: Confirmation, session: Session, author: Author, platforms: Sequence[str]) -> int:
    """Write to the editors of a session, or to the chairs where it has none, that a speaker cannot; to how many."""
    return reaching.tell(records, DECLINED, confirmation.id, ladders.concerned(records, session, author), author, platforms)


@dataclass(frozen=True, slots=True)
class Asked:
    """A speaker of an item, what they answered last, whether that `fits` the item as it stands, and whether the bot can write to them."""

    who: Who
    turn: Turn
    answer: Confirmation | None
    fits: bool
    reachable: bool


def asked(records: Records, session: Session) -> list[Asked]:
    """Everybody who speaks on the agenda of a session, item by item."""
    items = records.all(Item, session=session.id)
    answers = latest(records, [item.id for item in items])
    reached = reachable(records, items)
    found = []
    for timed in agendas.timeline(items):
        theirs = turn(session, timed)
        for who in dict.fromkeys(agendas.speakers(timed.item)):
            said = answers.get((timed.item.id, who.person or ""))
            found.append(Asked(who, theirs, said, fits(said, theirs), who.person in reached))
    return found


def reachable(records: Records, items: Iterable[Item]) -> set[str | None]:
    """The speakers of these items to whom the bot can write, by their ids."""
    behind: Mapping[str, MemberId] = ladders.behind(records, [person for item in items for person in agendas.people(item)])
    places = reaching.addresses(records, records.many(Member, set(behind.values())), ())
    return {person for person, member in behind.items() if member in places}
