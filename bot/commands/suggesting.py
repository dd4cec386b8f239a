"""Suggesting items for an agenda: privately, until whoever sets it up publishes all suggestions together."""

from typing import Any

from bot import fields
from bot.coalition import ids, persons, sessions, suggestions
from bot.coalition.ids import SessionId
from bot.coalition.sessions import Session
from bot.coalition.suggestions import Suggestion
from bot.commands.agenda_fields import AGENDA_TOPIC, DETAILS, MINUTES_OF, PLACE, SESSION
from bot.commands.agenda_page import shown
from bot.commands.common import given
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context, Router
from bot.views import suggestions as views

router = Router(AGENDA_TOPIC)


@router.command(
    "agenda suggest", "Suggest an item for a session's agenda, privately: its editors and the chairs see it, until all are published",
    SESSION, Field("title", "Title"), MINUTES_OF, *DETAILS, PLACE[0],
    Field("anonymous", "Publish it without your name", fields.FLAG, required=False, option=True),
    who="member", writes=True, alone=True,
    examples=['agenda suggest S1 "How hotlines share what they learn" 10m', 'agenda suggest S1 "What hotlines fear" 5m --anonymous'],
)  # fmt: skip
def suggest(ctx: Context, session: str, title: str, **values: Any) -> Message:
    found = ctx.records.get(Session, session)
    new = Suggestion(session=SessionId(found.id), **given({"title": title, **values}, "agenda suggest", session))
    added = suggestions.suggest(ctx.records, new, ctx.author)
    return views.suggested(added, found)


@router.command(
    "agenda suggestions", "What was suggested for an agenda and is not published: all of it for its editors and chairs, else what you did",
    Field("session", "Which session", identity("S", "S.g")), who="member", shows=["S.g"], examples=["agenda suggestions S1"],
)  # fmt: skip
def listing(ctx: Context, session: str) -> Message:
    if ids.letter(session) == Suggestion.letter:
        session = suggestions.get(ctx.records, session, ctx.author).session
    return _listed(ctx, ctx.records.get(Session, session))


def _listed(ctx: Context, session: Session, said: str = "") -> Message:
    found = suggestions.seen(ctx.records, session, ctx.author)
    people = persons.known(ctx.records, [identity for each in found for identity in suggestions.people(each)])
    return views.listing(session, found, people, ctx.author, said)


@router.command(
    "agenda unsuggest", "Take back what you suggested, as long as it is not published", Field("suggestion", "Which one", identity("S.g")),
    who="member", writes=True, examples=["agenda unsuggest S1.g1"],
)  # fmt: skip
def unsuggest(ctx: Context, suggestion: str) -> Message:
    found = suggestions.get(ctx.records, suggestion, ctx.author)
    ctx.records.remove(found)
    return _listed(ctx, ctx.records.get(Session, found.session), f"{found.id} is taken back.")


@router.command(
    "agenda publish", "Show everybody what was suggested for an agenda, all of it together", SESSION, who="member", writes=True,
    may=sessions.check_may_change, examples=["agenda publish S1"],
)  # fmt: skip
def publish(ctx: Context, session: str) -> Message:
    found = ctx.records.get(Session, session)
    items = suggestions.publish(ctx.records, found, ctx.author)
    return shown(ctx, found, f"Published: {', '.join(item.id for item in items)}. Everybody sees what was suggested now.")
