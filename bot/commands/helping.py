"""Asking for help: only what one may run."""

from bot.commands.common import PAGE, TRAIL_TOPIC
from bot.errors import UnknownLine
from bot.fields import Field
from bot.message import Message
from bot.router import Context, Router
from bot.views import helping as views

router = Router(TRAIL_TOPIC)


@router.command(
    "help", "What you can ask, all about one word, or every line",
    Field("word", "Which word, or all", required=False, rest=True, default=""), PAGE,
    examples=["help", "help project", "help all"],
)  # fmt: skip
def help_with(ctx: Context, word: str, page: int) -> Message:
    allowed = [route for route in ctx.router if route.allows(ctx.author)]
    if not word:
        return views.overview(allowed)
    if word.casefold() == "all":
        return views.everything(allowed, page)
    found = [route for route in ctx.router.beginning(word) if route in allowed]
    if not found:
        raise UnknownLine(f"There is nothing called “{word[:40]}” that you may use.", lines=["help"])
    return views.word(word.casefold(), found, page)
