"""Asking for rule sets, and for what a proposal still lacks by one."""

from bot.commands.common import SESSION_TOPIC
from bot.router import Router

router = Router(SESSION_TOPIC)
