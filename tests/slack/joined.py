"""The real adapter, set up for the double."""

from bot.adapters.slack import SlackAdapter
from bot.adapters.slack.options import Options
from tests.slack.double import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Slack


def joined(slack: Slack, transport: str) -> SlackAdapter:
    """An adapter whose Slack is the double, over one of its transports."""
    if transport == "socket":
        return SlackAdapter(Options(transport="socket", api_url=slack.api_url, bot_token=BOT_TOKEN, app_token=APP_TOKEN))
    options = Options(transport="http", api_url=slack.api_url, bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET)
    adapter = SlackAdapter(options, now=lambda: slack.clock.now)
    slack.posts_to(next(iter(adapter.endpoints.values())))
    return adapter
