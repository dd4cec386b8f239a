"""Sharing activities and lessons learnt, and the digest of what was shared."""

from bot.router import Router

router = Router("lessons, activities and the digest")
