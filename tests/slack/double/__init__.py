"""A strict Slack in this process: what it does not take it refuses, and notes in `refused`."""

from tests.slack.double.deliveries import Ack, Delivery
from tests.slack.double.slack import Slack, double
from tests.slack.double.web_api import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Call, Refusal
from tests.slack.double.workspace import APP, BOT, BOT_USER, TEAM, Channel, Said, Shown, User, View

__all__ = [
    "APP",
    "APP_TOKEN",
    "BOT",
    "BOT_TOKEN",
    "BOT_USER",
    "SIGNING_SECRET",
    "TEAM",
    "Ack",
    "Call",
    "Channel",
    "Delivery",
    "Refusal",
    "Said",
    "Shown",
    "Slack",
    "User",
    "View",
    "double",
]
