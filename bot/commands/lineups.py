"""Asking who is in a session, who is missing, and who could be invited."""

from bot.commands.common import SESSION_TOPIC
from bot.router import Router

router = Router(SESSION_TOPIC)
