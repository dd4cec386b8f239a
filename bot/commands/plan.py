"""The plan of a cycle: which reminders the bot sends by itself."""

from bot.router import Router

router = Router("reminders, and when the bot may write to you")
