"""Taking a proposal out of the chat, as a paper or for a program."""

import msgspec

from bot.coalition import exporting, rulesets, sessions
from bot.coalition.rulefiles import Rules
from bot.coalition.sessions import Session
from bot.commands.common import SESSION_TOPIC, option
from bot.commands.session_page import PROPOSAL
from bot.documents import formats
from bot.fields import Field, one_of
from bot.message import File, Message
from bot.router import Context, Router
from bot.views import exports as views

router = Router(SESSION_TOPIC)

FORMATS = ("docx", "markdown", "json")
_FORMAT = one_of(*FORMATS, aliases=[("md", "markdown"), ("word", "docx")])


@router.command(
    "proposal export", "A proposal as a file, in the order of a year's form", PROPOSAL,
    Field("format", "As which file", _FORMAT, required=False, option=True, default="docx", choices=FORMATS),
    option("rules", "Of which year's form"),
    who="member", also=["session export"], examples=["proposal export S1", "proposal export S1 --format markdown --rules 2015"],
)  # fmt: skip
def export(ctx: Context, proposal: str, format: str, rules: str | None) -> Message:
    session = ctx.records.get(Session, proposal)
    layout = rulesets.named(ctx.records, rules) if rules else rulesets.of(ctx.records, session)
    file = _file(ctx, session, layout, format)
    return views.exported(session, file, layout, whole=sessions.may_change(session, ctx.author))


def _file(ctx: Context, session: Session, rules: Rules | None, format: str) -> File:
    parts = exporting.form(ctx.records, session, rules, ctx.author)
    stem = f"{session.id}-{session.cycle}-proposal"
    if format == "json":
        data = msgspec.json.format(msgspec.json.encode(views.readable(session, parts, rules)), indent=2)
        return File(f"{stem}.json", data, "application/json")
    return formats.written(views.paper(session, parts, rules), stem, "markdown" if format == "markdown" else "docx")
