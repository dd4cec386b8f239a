"""Joining the accounts of one person with a short code."""

from bot.commands.common import PEOPLE_TOPIC
from bot.router import Router

router = Router(PEOPLE_TOPIC)
