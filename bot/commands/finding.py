"""Asking for finding."""

from bot.router import Router

router = Router()
