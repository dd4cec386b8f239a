"""Slack, over Socket Mode or HTTP."""

from bot.adapters.slack.adapter import SlackAdapter, create

__all__ = ["SlackAdapter", "create"]
