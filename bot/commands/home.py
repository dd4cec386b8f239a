"""Asking for one's own page: projects, reminders, the next deadlines, settings."""

from bot.coalition import coalitions, home
from bot.commands.common import PEOPLE_TOPIC
from bot.message import Message
from bot.router import Context, Router
from bot.views import home as views

router = Router(PEOPLE_TOPIC)


@router.command(
    "home", "Your own page: what waits for you, your projects and reminders, the next deadlines, and your settings",
    also=["my page"], examples=["home"],
)  # fmt: skip
def show(ctx: Context) -> Message:
    ours = coalitions.ours(ctx.records)
    if ctx.author.member is None or "member" not in ctx.author.roles:
        return views.stranger(ours, ctx.author)
    return views.page(ctx.author.member, home.page(ctx.records, ctx.author, ctx.now), ctx.author, ctx.now)
