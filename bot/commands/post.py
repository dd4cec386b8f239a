"""What the bot still has to send."""

from bot.router import Router

router = Router("looking after the bot")
