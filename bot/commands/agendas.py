"""Asking for agendas."""

from bot.router import Router

router = Router()
