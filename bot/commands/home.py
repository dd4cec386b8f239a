"""Asking for one's own page: projects, reminders, the next deadlines, settings."""

from bot.commands.common import PEOPLE_TOPIC
from bot.router import Router

router = Router(PEOPLE_TOPIC)
