"""Asking for reminders, and answering them."""

from bot.router import Router

router = Router("reminders, and when the bot may write to you")
