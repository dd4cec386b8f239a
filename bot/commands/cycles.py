"""Asking for cycles."""

from bot.router import Router

router = Router()
