"""Asking for members."""

from bot.router import Router

router = Router()
