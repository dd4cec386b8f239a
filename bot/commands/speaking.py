"""Speakers and their items: letters of what is new for them, and what they answer."""

from collections.abc import Mapping, Sequence

from bot.coalition import briefing, confirming, persons, sessions
from bot.coalition.agendas import Confirmation, Item
from bot.coalition.confirming import DECLINED
from bot.coalition.members import Member, reading
from bot.coalition.outbox import SPEAKING, Letter
from bot.coalition.sessions import Session
from bot.commands.agenda_fields import AGENDA_TOPIC, ITEM, ITEMS, SESSION
from bot.fields import Field
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import speaking as views

router = Router(AGENDA_TOPIC)


@router.command(
    "agenda confirm", "Confirm that you speak in an item of an agenda, at its time", ITEMS,
    Field("speaker", "For editors: who else has said so, by name or id", required=False, option=True, example="Alice Munyua"),
    who="member", writes=True, examples=["agenda confirm A10", "agenda confirm A10 A12", 'agenda confirm A6 --speaker "Alice Munyua"'],
)  # fmt: skip
def confirm(ctx: Context, items: tuple[str, ...], speaker: str | None) -> Message:
    found = [ctx.records.get(Item, item) for item in items]
    if speaker:
        for item in found:
            confirming.confirm_for(ctx.records, item, speaker, ctx.author, ctx.now)
        return _listed(ctx, _session(ctx, found[0]), f"{speaker} has confirmed {', '.join(items)}.")
    answers = [confirming.answer(ctx.records, item, ctx.author, ctx.now, "yes") for item in found]
    return views.confirmed(_session(ctx, found[0]), found, answers, ctx.author)


@router.command(
    "agenda decline", "Say that you cannot speak in an item of an agenda; its editors are told", ITEM,
    Field("reason", "Why, or what would suit you", rest=True, required=False, default=""), who="member", writes=True,
    examples=['agenda decline A10 "I land at noon; after 14:00 would do"'],
)  # fmt: skip
def decline(ctx: Context, item: str, reason: str) -> Message:
    found = ctx.records.get(Item, item)
    said = confirming.answer(ctx.records, found, ctx.author, ctx.now, "no", reason)
    told = confirming.tell_editors(ctx.records, said, _session(ctx, found), ctx.author, ctx.deployment.adapters, ctx.now)
    return views.declined(_session(ctx, found), found, told)


@router.command(
    "agenda tell", "Tell the speakers and the thread at once what was changed on an agenda, instead of some minutes later", SESSION,
    who="member", writes=True, undoable=False, examples=["agenda tell S1"],
)  # fmt: skip
def tell(ctx: Context, session: str) -> Message:
    found = ctx.records.get(Session, session)
    return views.hastened(found, *briefing.tell_now(ctx.records, found, ctx.author, ctx.now))


def _session(ctx: Context, item: Item) -> Session:
    return ctx.records.get(Session, item.session)


@router.command(
    "agenda confirmed", "Who of an agenda's speakers has confirmed, and who has not", SESSION, who="member",
    examples=["agenda confirmed S1"],
)  # fmt: skip
def confirmed(ctx: Context, session: str) -> Message:
    return _listed(ctx, ctx.records.get(Session, session))


def _listed(ctx: Context, session: Session, said: str = "") -> Message:
    asked = confirming.asked(ctx.records, session)
    people = persons.known(ctx.records, [each.who.person for each in asked])
    editor = ctx.author.alone and sessions.may_change(session, ctx.author)
    return views.listing(session, asked, people, ctx.author, said, editor=editor)


@router.letter(SPEAKING)
def told(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To a speaker: how an agenda stands for them, and what of it is new; several changes that were not sent yet are one letter."""
    readers = writing.records.many(Member, {letter.member for letter in posted if letter.member})
    found = {letter.key: briefing.news(writing.records, letter, writing.now) for letter in posted}
    zones = {letter.key: readers[letter.member].zone or "UTC" for letter in posted if letter.member in readers}
    return {key: views.told(news, zones[key]) for key, news in found.items() if news and key in zones}


@router.letter(DECLINED)
def cannot(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To an editor: that a speaker cannot."""
    readers = writing.records.many(Member, {letter.member for letter in posted if letter.member})
    return {
        letter.key: message
        for letter in posted
        if letter.member in readers and (message := _cannot(writing, letter.about, readers[letter.member]))
    }


def _cannot(writing: Writing, identity: str, reader: Member) -> Message | None:
    said = writing.records.find(Confirmation, identity)
    if said is None:
        return None
    item = writing.records.get(Item, said.item)
    people = persons.known(writing.records, [said.person])
    return views.cannot(writing.records.get(Session, item.session), item, said, people, reading(reader))
