"""Joining the accounts of one person with a short code."""

from collections.abc import Mapping, Sequence

from bot.coalition import linking, membership
from bot.coalition.codes import LASTS
from bot.coalition.linking import LINKED, WrongCode
from bot.coalition.members import AccountLink
from bot.coalition.outbox import Letter
from bot.commands.common import PEOPLE_TOPIC
from bot.commands.profile import OLD_ACCOUNT
from bot.errors import Refused
from bot.fields import Field
from bot.message import Message
from bot.request import Account
from bot.router import Context, Router, Writing
from bot.views import linking as views
from bot.views import replies

router = Router(PEOPLE_TOPIC)


@router.command(
    "link", "Use the bot as yourself from another account too: without a code you get one, which the other account says",
    Field("code", "The code that your other account was given", required=False, rest=True, default=""),
    writes=True, undoable=False, examples=["link", "link K7QF-2M9D"],
)  # fmt: skip
def link(ctx: Context, code: str) -> Message:
    if not code:
        return views.given(linking.give(ctx.records.codes, ctx.author, ctx.now), ctx.now + LASTS, ctx.author)
    try:
        member, linked = linking.use(ctx.records, ctx.records.codes, ctx.author, code, ctx.now)
    except WrongCode as refusal:  # Answered, not raised: that it was tried must be kept.
        ctx.records.codes.wrong(ctx.author.account, ctx.now)
        return replies.refused(refusal)
    linking.tell(ctx.records, linked, ctx.author)
    ctx.records.trail.sign(member.id)
    return views.linked(member, linked)


@router.command(
    "unlink", "Take one of your accounts away from you (not undone by undo)", Field("account", "Which account", OLD_ACCOUNT),
    who="member", writes=True, undoable=False, examples=["unlink slack:U123"],
)  # fmt: skip
def unlink(ctx: Context, account: Account) -> Message:
    if ctx.author.member is None:
        raise Refused(f"{ctx.author.account} belongs to no member.", lines=["join"])
    membership.unlink(ctx.records, ctx.author.member, account, ctx.author)
    return views.unlinked(account)


@router.letter(LINKED)
def linked(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To a member's other accounts: that a further one acts as them; nothing once it does not."""
    links = writing.records.many(AccountLink, {letter.about for letter in posted})
    others = writing.records.many(AccountLink, {f"{letter.place.platform}:{letter.place.room}" for letter in posted})
    found = {}
    for letter in posted:
        link, other = links.get(letter.about), others.get(f"{letter.place.platform}:{letter.place.room}")
        if link and other and link.member == other.member:
            found[letter.key] = views.told(link, letter.made or writing.now, other.zone)
    return found
