"""Asking for deadlines."""

from bot.router import Router

router = Router()
