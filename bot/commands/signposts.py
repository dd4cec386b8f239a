"""Asking for sign-posts."""

from bot.router import Router

router = Router("other people's sessions on our theme")
