"""Asking while a session is held - its run sheet, notes and minutes."""

from bot.router import Router

router = Router("agendas that add up")
