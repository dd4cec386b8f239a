"""Asking for a direct chat: what is for one person's eyes goes there."""

from bot.commands.common import PEOPLE_TOPIC
from bot.message import Message
from bot.router import Context, Router
from bot.views import direct as views

router = Router(PEOPLE_TOPIC)


@router.command(
    "direct", "Open a direct chat with me, where I may write to you alone: private answers and your reminders go there", examples=["direct"]
)
def show(_: Context) -> Message:
    return views.opened()
