"""Asking for organisations."""

from bot.router import Router

router = Router()
