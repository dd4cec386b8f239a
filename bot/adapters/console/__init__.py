"""The console: a prompt for people, lines and JSON for programs."""

from bot.adapters.console.adapter import ConsoleAdapter, create

__all__ = ["ConsoleAdapter", "create"]
