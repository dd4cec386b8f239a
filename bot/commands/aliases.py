"""Asking which spellings mean one and the same."""

from bot.commands.common import BODIES_TOPIC
from bot.router import Router

router = Router(BODIES_TOPIC)
