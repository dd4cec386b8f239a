"""Asking for help: only what one may run."""

from bot.errors import UnknownLine
from bot.fields import Field
from bot.message import Message
from bot.router import Context, Router
from bot.views import helping as views

router = Router()


@router.command(
    "help", "What you can ask, or all about one word", Field("word", "Which word", required=False, rest=True, default=""),
    examples=["help", "help project"],
)  # fmt: skip
def help_with(ctx: Context, word: str) -> Message:
    allowed = [route for route in ctx.router if route.allows(ctx.author)]
    if not word:
        return views.overview(allowed)
    found = [route for route in ctx.router.beginning(word) if route in allowed]
    if not found:
        raise UnknownLine(f"There is nothing called “{word[:40]}” that you may use.", lines=["help"])
    return views.word(found)
