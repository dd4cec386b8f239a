"""From a line to a route and its values. Help, forms and the README's table are made from the same declarations."""

from bot.router.context import Context, Writing
from bot.router.route import MARK, Call, Edits, Others, Route, Who
from bot.router.router import Router

__all__ = ["MARK", "Call", "Context", "Edits", "Others", "Route", "Router", "Who", "Writing"]
