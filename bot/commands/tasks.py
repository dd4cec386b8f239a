"""Asking for tasks."""

from bot.router import Router

router = Router("what somebody is to do after a meeting")
