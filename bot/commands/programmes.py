"""Asking for programmes."""

from bot.router import Router

router = Router()
