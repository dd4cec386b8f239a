"""How an agenda reads to those who speak in it, and what they answered."""

from collections.abc import Sequence
from datetime import datetime

from bot.coalition.agendas import Confirmation, Item
from bot.coalition.briefing import News
from bot.coalition.confirming import Asked
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.coalition.speaking import Standing, Turn
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Message, Moment, Span, Spans, bullets, facts, text
from bot.views import people as persons
from bot.views.common import web
from bot.views.items import length, moment
from bot.views.replies import done


def told(news: News, zone: str) -> Message:
    """A letter: how a session stands for its reader, what of it is new, and how to answer."""
    session, was, now = news.now.session, news.was, news.now
    rows = [*(_turn(turn, news, zone) for turn in now.turns), *(_off(turn, was, zone) for turn in _lost(news))]
    open_ = [turn.item for turn in now.turns if turn.item not in news.confirmed | news.declined]
    ask = [text(f"Please say whether {'that suits' if len(open_) == 1 else 'these suit'} you.")] if open_ else []
    body: list[Block] = [facts(_where(news, zone)), bullets(rows), *ask, Buttons(tuple(_answers(session, open_)))]
    return Message(f"{session.id} {session.title}: {_what(news)}", tuple(body), private=True)


def _what(news: News) -> str:
    if news.now.turns:
        changed = "your part has changed" if news.was.turns != news.now.turns else "where you find it has changed"
        return changed if news.was.turns else "you are on its agenda"
    state = news.now.session.state
    return f"it is {state}" if state != news.was.session.state else "you are not on its agenda any more"


def _where(news: News, zone: str) -> list[tuple[str, Span | Spans]]:
    """When and where the session is, and what that was before where its reader knew it."""
    was, now, knew = news.was.session, news.now.session, bool(news.was.turns)
    room = f"{now.room} (was {was.room})" if knew and was.room and was.room != now.room else now.room
    return [("Begins", _begins(was, now, zone, knew=knew)), ("Room", room), ("Join", web(now.join) if now.join else "")]


def _begins(was: Session, now: Session, zone: str, *, knew: bool) -> Spans:
    if now.start is None:
        return ("not known yet",)
    moved = knew and was.start is not None and was.start != now.start
    before: Spans = (", was ", Moment(was.start, was.zone or "UTC", zone)) if moved and was.start else ()
    return (Moment(now.start, now.zone or "UTC", zone), *before)


def _turn(turn: Turn, news: News, zone: str) -> Spans:
    """`10:40 (11:40) A14 Toolkits, 25 min; was 10:30 (11:30), 20 min`."""
    old = next((each for each in news.was.turns if each.item == turn.item), None)
    said = "; you have confirmed it" if turn.item in news.confirmed else "; you cannot" if turn.item in news.declined else ""
    change = _change(old, turn, news, zone) + said
    return (
        f"{_at(turn, news.now, zone)} ",
        Bold(turn.item),
        f" {turn.title}, {length(turn.minutes)}{change}",
    )


def _change(old: Turn | None, new: Turn, news: News, zone: str) -> str:
    if old is None:
        return "; new" if news.was.turns else ""
    before = [
        _at(old, news.was, zone) if (old.offset, old.begins, old.exact) != (new.offset, new.begins, new.exact) else "",
        length(old.minutes) if old.minutes != new.minutes else "",
        f"“{old.title}”" if old.title != new.title else "",
    ]
    said = ", ".join(filter(None, before))
    return f"; was {said}" if said else ""


def _at(turn: Turn, standing: Standing, zone: str) -> str:
    return f"{'' if turn.exact else 'not before '}{moment(turn.offset, standing.session, zone)}"


def _lost(news: News) -> list[Turn]:
    kept = {turn.item for turn in news.now.turns}
    return [turn for turn in news.was.turns if turn.item not in kept]


def _off(turn: Turn, was: Standing, zone: str) -> Spans:
    return (Bold(turn.item), f" {turn.title} is off; it was at {_at(turn, was, zone)}")


def _answers(session: Session, open_: Sequence[str]) -> list[Button]:
    confirm = [Button("Confirm" if len(open_) == 1 else f"Confirm all {len(open_)}", compose("agenda confirm", *open_))] if open_ else []
    cannot = [Button(f"I cannot: {item}" if len(open_) > 1 else "I cannot", f"agenda decline {item}") for item in open_[:3]]
    return [*confirm, *cannot, Button("Whole agenda", f"agenda {session.id}")]


def confirmed(session: Session, items: Sequence[Item], answers: Sequence[Confirmation], reader: Author) -> Message:
    """That a speaker has confirmed, and what."""
    rows = [
        (Bold(item.id), f" {item.title}, {length(item.minutes)}", *_instant(answer.begins, session, reader))
        for item, answer in zip(items, answers, strict=True)
    ]
    after = Buttons((Button("Whole agenda", f"agenda {session.id}"), Button("Show the session", f"session {session.id}")))
    return Message(f"You have confirmed: {session.id} {session.title}", (*done("Noted."), bullets(rows), after), private=True)


def _instant(at: datetime | None, session: Session, reader: Author) -> Spans:
    return (", ", Moment(at, session.zone or "UTC", reader.zone)) if at else ()


def hastened(session: Session, going: int, kept: int) -> Message:
    """That the news of an agenda goes out at once, but to those whom nothing should reach now."""
    later = f"; {kept} wait{'s' * (kept == 1)} for the end of quiet hours or an absence" if kept else ""
    after = Buttons((Button("Who has confirmed", f"agenda confirmed {session.id}"), Button("Agenda", f"agenda {session.id}")))
    said = f"{going} message{'s' * (going != 1)} go{'es' * (going == 1)} out now{later}."
    return Message(f"News of {session.id} {session.title}", (text(said), after), private=True)


def declined(session: Session, item: Item, told: int) -> Message:
    """That a speaker cannot; `told` editors get a letter."""
    whom = (
        f"{told} of those who set up the agenda {'is' if told == 1 else 'are'} told."
        if told
        else "I could tell nobody: please write to a chair."
    )
    after = Buttons((Button("I can after all", f"agenda confirm {item.id}"), Button("Whole agenda", f"agenda {session.id}")))
    return Message(f"Noted: you cannot speak in {item.id} {item.title}.", (*done(whom), after), private=True)


def cannot(session: Session, item: Item, said: Confirmation, people: People, reader: Author) -> Message:
    """A letter to an editor: that a speaker cannot, with their words."""
    name = persons.name(said.person, "", people, reader, "Somebody")
    why = [text(f"“{said.reason}”")] if said.reason else []
    after = Buttons(
        (
            Button("Change the item", f"agenda change {item.id}"),
            Button("Who has confirmed", f"agenda confirmed {session.id}"),
            Button("Agenda", f"agenda {session.id}"),
        )
    )
    return Message(f"{name} cannot speak in {item.id} {item.title} ({session.id} {session.title})", (*why, after), private=True)


def listing(session: Session, asked: Sequence[Asked], people: People, reader: Author, just: str = "", *, editor: bool) -> Message:
    """Who has confirmed, and who has not; an `editor` also reads why not, and whom the bot cannot write to."""
    rows = bullets(_row(each, session, people, reader, editor=editor) for each in asked)
    yes = sum(each.fits for each in asked)
    said = text(Bold(f"{yes} of {len(asked)} confirmed")) if asked else text("Nobody speaks on this agenda yet.")
    after = Buttons((Button("Agenda", f"agenda {session.id}"), Button("Line-up", f"slots {session.id}")))
    return Message(f"Speakers of {session.id} {session.title}", (*done(just), said, rows, after), private=editor)


def _row(each: Asked, session: Session, people: People, reader: Author, *, editor: bool) -> Spans:
    name = persons.name(each.who.person, each.who.name, people, reader, "somebody")
    return (Bold(each.turn.item), f" {name}: ", *_state(each, session, reader, editor=editor))


def _state(each: Asked, session: Session, reader: Author, *, editor: bool) -> Spans:
    answer = each.answer
    if answer and answer.answer == "no":
        return (f"cannot{f' (“{answer.reason}”)' if editor and answer.reason else ''}",)
    if each.fits:
        return ("confirmed",)
    if answer:
        return ("confirmed another time or length", *_instant(answer.begins, session, reader))
    unreached = "; I cannot write to them" if editor and not each.reachable else ""
    return (f"{'to be confirmed' if each.who.tbc else 'has not answered'}{unreached}",)
