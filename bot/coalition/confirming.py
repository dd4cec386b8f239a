"""What speakers answer about the items in which they speak: that they come, or that they cannot."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.coalition import agendas, ladders, persons, reaching, running, sessions
from bot.coalition.agendas import Confirmation, Item, Who
from bot.coalition.ids import ItemId, MemberId, PersonId
from bot.coalition.members import Author, Member
from bot.coalition.sessions import Session
from bot.coalition.speaking import Standing, Turn, standing, turn
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

Said = Literal["yes", "no"]
DECLINED = "declined"
"""What the letter is that tells the editors that a speaker cannot."""


def latest(records: Records, items: Collection[str]) -> dict[tuple[str, str], Confirmation]:
    """What was answered last about each of these items, by item and person."""
    found = records.all(Confirmation, item=tuple(items)) if items else []
    return {(each.item, each.person): each for each in found}


def answered(records: Records, now: Standing, own: Collection[str], said: Said) -> frozenset[str]:
    """The items about which somebody said that, as they stand now."""
    answers = latest(records, [turn.item for turn in now.turns])
    return frozenset(turn.item for turn in now.turns if any(fits(answers.get((turn.item, person)), turn, said) for person in own))


def unconfirmed(records: Records, session: Session, items: Sequence[Item], own: Collection[str]) -> list[str]:
    """The scheduled items in which somebody speaks and of which they have said neither yes nor no as they stand."""
    now = standing(session, items, own)
    said = answered(records, now, own, "yes") | answered(records, now, own, "no")
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


def tell_editors(
    records: Records, confirmation: Confirmation, session: Session, author: Author, platforms: Sequence[str], now: datetime
) -> int:
    """Write to the editors of a session, or to the chairs where it has none, that a speaker cannot; to how many."""
    calm, latest = None if running.near(records, session, now) else now, running.urgent_from(session)
    to = ladders.concerned(records, session, author)
    return reaching.tell(records, DECLINED, confirmation.id, to, author, platforms, calm=calm, latest=latest)


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
