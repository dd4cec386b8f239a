"""Filling in a proposal's form as its rule set has it, part by part."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.coalition import checking, entries, proposals, sessions
from bot.coalition.members import Member
from bot.coalition.rulefiles import RuleField, Rules
from bot.coalition.sessions import Session
from bot.commands.common import ORGANISATION, RULES, SESSION_TOPIC, clearable, edits, given, known_years, rules_of
from bot.commands.session_page import PROPOSAL
from bot.errors import Incomplete, WrongValue
from bot.fields import LINK, LONG, MINUTES, TEXT, TITLE, YES_OR_NO, Field, Kind, many, one_of
from bot.message import Message
from bot.router import Call, Context, Router
from bot.views import proposal_filling as views
from bot.views import proposals as proposal_views

router = Router(SESSION_TOPIC)

SEVERAL = many(TEXT, commas=False)
KINDS: Mapping[str, Kind] = {
    "title": TITLE, "number": TEXT, "themes": SEVERAL, "theme_question": LONG, "policy_questions": SEVERAL, "description": LONG,
    "gain": LONG, "format": TEXT, "minutes": clearable(MINUTES), "organisers": many(ORGANISATION), "organiser_note": LONG,
    "organised_before": clearable(YES_OR_NO), "builds_on": LONG, "format_note": LONG, "diversity": LONG, "hybrid": LONG, "sdgs": SEVERAL,
    "tags": SEVERAL, "additional": LONG, "earlier": many(LINK), "background": LONG, "link": clearable(LINK, to=""),
}  # fmt: skip
"""How each attribute that a form may keep is read."""


def _more(ctx: Context, call: Call) -> tuple[str, tuple[Field, ...]]:
    """The fields of the part that is asked for; all of them where none is, so that any can be given by name."""
    text = call.texts.get("proposal", "")
    session = ctx.records.find(Session, PROPOSAL.read(text, ctx.reading)) if text.strip() else None
    if session is None:
        return "", ()
    year = call.texts.get("rules", "")
    rules = rules_of(ctx.records, session, BY.read(year, ctx.reading) if year.strip() else None)
    part = call.texts.get("part", "").strip()
    chosen = _of_part(rules, part)
    texts = dict(entries.filled(ctx.records, session, rules))
    found = tuple(_field(ctx, session, field, texts[field]) for field in chosen if not field.roles)
    return views.title(session, rules, part), found


def _of_part(rules: Rules, part: str) -> tuple[RuleField, ...]:
    """The fields of a part by its number, or the one field of a name. Raises WrongValue."""
    if not part:
        return rules.fields
    if part.isdecimal() and 0 < int(part) <= len(rules.parts):
        return rules.parts[int(part) - 1].fields
    found = tuple(field for field in rules.fields if part.casefold().replace("-", "_") in (field.name, field.key))
    if not found:
        raise WrongValue("part", f"is no part of the form of {rules.year}: “{part[:40]}”. It has {len(rules.parts)}", "1")
    return found


def _field(ctx: Context, session: Session, field: RuleField, text: str) -> Field:
    """A field of the form as a route's: nothing in it is compulsory, and no text too long, while it is a draft."""
    kind = KINDS[field.keeps] if field.keeps else LONG if field.long else TEXT
    options = checking.options(ctx.records, session, field)
    if field.keeps == "themes" and options:
        kind = many(one_of(*options), commas=False)
    return Field(
        field.key, views.label(field, text), replace(kind, long=kind.long or field.long), required=False, option=True,
        choices=options or kind.choices, personal=not field.keeps,
    )  # fmt: skip


def _entries(ctx: Context, session: Session, newest: int | None) -> dict[str, str]:
    """What the entries of a form hold, or held."""
    return entries.held(ctx.records, session, newest)


BY = Field("rules", "Rules of which year; its own when left out", RULES, False, True, choices=known_years, asked=False)
PART = Field("part", "Which part of the form, or which field of it", required=False, option=True, asked=False, example="2")


@router.command(
    "proposal fill", "Fill in the form of a proposal, as the rules of its year or of another have it", PROPOSAL, BY, PART,
    who="member", writes=True, may=sessions.check_may_change, more=_more, edits=edits(others=_entries), alone=True,
    examples=["proposal fill S1", "proposal fill S1 --rules 2015 --part 2"],
)  # fmt: skip
def fill(ctx: Context, proposal: str, rules: str | None, part: str | None, **values: Any) -> Message:
    session = ctx.records.get(Session, proposal)
    sessions.check_may_change(session, ctx.author)
    by = rules_of(ctx.records, session, rules)
    asked = [field for field in _of_part(by, part or "") if not field.roles]
    if all(value is None for value in values.values()):
        if not asked or (not part and len(by.parts) > 1):
            return views.overview(session, by, entries.filled(ctx.records, session, by))
        raise Incomplete(f"Say what to fill in of {session.id}.", lines=[f"proposal fill {session.id}"])
    written = given(values, "proposal fill", session.id)
    kept = {name: value for name, value in written.items() if name in KINDS}
    entries.write(ctx.records, session, {name: value for name, value in written.items() if name not in KINDS})
    lost = proposals.overwritten(ctx.records, session, kept, ctx.author, ctx.now)
    members = ctx.records.many(Member, {change.member for change in lost if change.member})
    beside = proposal_views.beside(session, written, lost, members, ctx.author)
    session = ctx.records.change(session, **kept) if kept else session
    filled = entries.filled(ctx.records, session, by)
    return views.filled_in(session, by, filled, [field for field in by.fields if field.key in written], beside)
