"""A message as the App Home of one person."""

from bot.adapters.slack import render
from bot.adapters.slack.mrkdwn import Json
from bot.message import Message


def view(message: Message) -> Json:
    """The view that `views.publish` takes: at most 100 blocks; what is more is said to be in the chat."""
    return {"type": "home", "blocks": render.view(message)}
