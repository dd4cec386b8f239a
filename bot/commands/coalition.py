"""Asking for coalition."""

from bot.router import Router

router = Router()
