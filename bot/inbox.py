"""The inbox: what was asked and not answered yet, so that a crash between the two is told to whoever asked."""

from bot.request import Request


class Inbox:
    """See `bot.adapters.base.Inbox`."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    async def accept(self, request: Request) -> bool:
        new = request.key not in self._seen
        self._seen.add(request.key)
        return new

    async def settle(self, request: Request) -> None:
        """Nothing is kept yet."""
