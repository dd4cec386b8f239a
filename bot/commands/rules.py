"""Asking for rule sets, and for what a proposal still lacks by one."""

from bot.coalition import checking, rulesets, sessions
from bot.coalition.sessions import Session
from bot.commands import proposal_filling
from bot.commands.common import RULES, SESSION_TOPIC, known_years, option, rules_of
from bot.commands.session_page import PROPOSAL
from bot.fields import LONG, Field
from bot.message import Message
from bot.router import Context, Router
from bot.views import rules as views

router = Router(SESSION_TOPIC)


BY = Field("rules", "Rules of which year; its own when left out", RULES, required=False, option=True, choices=known_years)


@router.command(
    "rules", "What each year's call for proposals asks for, and where that is from",
    Field("year", "Rules of which year", RULES, required=False, default="", choices=known_years), examples=["rules", "rules 2023"],
)  # fmt: skip
def listing(ctx: Context, year: str) -> Message:
    known = rulesets.known(ctx.records)
    return views.one(known[year]) if year else views.listing(known, rulesets.unreadable(ctx.records), ctx.author)


@router.command(
    "rules import", "Add the rules of a year from the text of a rule file, in the place of those that are there",
    Field("text", "The file's text", LONG, rest=True), option("more", "What follows, where one field does not hold all", LONG),
    option("rest", "The rest of it", LONG), who="chair", writes=True, also=["rules add"], examples=["rules import"],
)  # fmt: skip
def take_in(ctx: Context, text: str, more: str | None, rest: str | None) -> Message:
    whole = "\n".join(filter(None, [text, more, rest]))
    _, rules = rulesets.add(ctx.records, whole, "The file", ctx.now)
    return views.one(rules, "Added.")


@router.command("rules template", "A commented rule file to begin with", examples=["rules template"])
def template(ctx: Context) -> Message:
    return views.template(rulesets.template(), ctx.author)


@router.command(
    "rules export", "The rule file of a year", Field("year", "Rules of which year", RULES, choices=known_years),
    examples=["rules export 2023"],
)  # fmt: skip
def export(ctx: Context, year: str) -> Message:
    return views.exported(rulesets.known(ctx.records)[year], rulesets.texts(ctx.records)[year])


@router.command(
    "proposal check", "What a proposal passes and fails by the rules of its year, or of another", PROPOSAL, BY,
    who="member", examples=["proposal check S1", "proposal check S1 --rules 2023"],
)  # fmt: skip
def check(ctx: Context, proposal: str, rules: str | None) -> Message:
    session = ctx.records.get(Session, proposal)
    if rules is None and rulesets.of(ctx.records, session) is None:
        return views.unchecked(session, rulesets.nearest(ctx.records, session.cycle)[0], ctx.author)
    by = rules_of(ctx.records, session, rules)
    if rules is None and not by.about(session.kind):
        return views.elsewhere(session, by)
    later = rulesets.following(ctx.records, by)
    coming = checking.check(ctx.records, session, later) if later else []
    return views.checked(session, by, checking.check(ctx.records, session, by), later, coming, ctx.author)


@router.command(
    "proposal rules", "Say which year's rules a proposal follows, in the place of its cycle's", PROPOSAL,
    Field("rules", "Rules of which year", RULES, choices=known_years), who="member", writes=True, may=sessions.check_may_change,
    examples=["proposal rules S1 2015"],
)  # fmt: skip
def follow(ctx: Context, proposal: str, rules: str) -> Message:
    session = ctx.records.get(Session, proposal)
    sessions.check_may_change(session, ctx.author)
    found = ctx.records.change(session, rule_set=rules)
    return views.followed(found, rulesets.known(ctx.records)[rules], ctx.author)


router.include(proposal_filling.router)
