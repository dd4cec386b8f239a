"""Asking for proposals."""

from bot.router import Router

router = Router()
