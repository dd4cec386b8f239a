"""Asking for calendars."""

from bot.router import Router

router = Router("calendars to take along")
