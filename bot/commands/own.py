"""Asking for own."""

from bot.router import Router

router = Router()
