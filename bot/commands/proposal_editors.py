"""Who changes a proposal together, and under which number the IGF has it."""

from collections.abc import Mapping, Sequence

from bot.coalition import proposals
from bot.coalition.ids import MemberId
from bot.coalition.members import Member
from bot.coalition.members import shown as name
from bot.coalition.outbox import Letter
from bot.coalition.sessions import Session
from bot.commands.common import MEMBER, SESSION_TOPIC, option
from bot.commands.session_page import PROPOSAL, shown
from bot.fields import LINK, Field
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import proposal_states as states
from bot.views import proposals as views

router = Router(SESSION_TOPIC)

_EDITOR = Field("member", "Which member", MEMBER)


@router.command(
    "proposal number", "Note the number and the page that the IGF gave a proposal", PROPOSAL,
    Field("number", "Its number", example="125"), option("link", "Its page", LINK),
    who="member", writes=True, also=["session number"], examples=["proposal number S1 125 --link https://www.intgovforum.org/"],
)  # fmt: skip
def number(ctx: Context, proposal: str, number: str, link: str | None) -> Message:
    session, twins = proposals.numbered(ctx.records, ctx.records.get(Session, proposal), number.removeprefix("#"), link, ctx.author)
    return shown(ctx, session, views.numbered(session, twins), brief=True)


@router.command(
    "proposal editor add", "Let another member change a proposal too: a co-organiser", PROPOSAL, _EDITOR,
    who="member", writes=True, also=["session editor add"], examples=["proposal editor add S1 M2"],
)  # fmt: skip
def add(ctx: Context, proposal: str, member: MemberId) -> Message:
    found = ctx.records.get(Member, member)
    session = proposals.add_editor(ctx.records, ctx.records.get(Session, proposal), found, ctx.author)
    proposals.tell(ctx.records, proposals.JOINED, [session], ctx.author, ctx.deployment.adapters, to=[member])
    return shown(ctx, session, f"{name(found, ctx.author)} can change it now, and is told.", brief=True)


@router.command(
    "proposal editor remove", "Have a member change a proposal no more", PROPOSAL, _EDITOR,
    who="member", writes=True, also=["session editor remove"], examples=["proposal editor remove S1 M2"],
)  # fmt: skip
def remove(ctx: Context, proposal: str, member: MemberId) -> Message:
    session = proposals.remove_editor(ctx.records, ctx.records.get(Session, proposal), member, ctx.author)
    return shown(ctx, session, f"{name(ctx.records.get(Member, member), ctx.author)} changes it no more.", brief=True)


@router.letter(proposals.JOINED)
def joined(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To a new editor; nothing to one who is none any more."""
    records = writing.records
    found = records.many(Session, {letter.about for letter in posted})
    readers = records.many(Member, {MemberId(letter.member) for letter in posted if letter.member})
    letters = {}
    for letter in posted:
        session = found.get(letter.about)
        if session and letter.member in session.editors:
            others = records.many(Member, {MemberId(editor) for editor in session.editors if editor != letter.member})
            by = ", ".join(name(other) for other in others.values()) or "A chair"
            letters[letter.key] = states.invited(session, by, readers.get(letter.member))
    return letters
