"""The console: a prompt for people, lines and JSON for programs."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TextIO

from bot.adapters.base import Answer, Capabilities
from bot.errors import StoreError
from bot.message import Form, Message, Reply, plain
from bot.request import Account, Place, Request


class ConsoleAdapter:
    """One line in, one reply out."""

    name = "console"
    capabilities = Capabilities(tables=True, forms=True)

    def __init__(
        self, user: str = "chair", *, as_json: bool = False, source: TextIO = sys.stdin, sink: Callable[[str], object] = print
    ) -> None:
        self._account = Account("console", user)
        self._json = as_json
        self._source = source
        self._sink = sink
        self.failed = False

    async def run(self, answer: Answer) -> None:
        for line in self._source:
            await self._answer_one(answer, line.rstrip("\n"))

    async def _answer_one(self, answer: Answer, line: str) -> None:
        try:
            reply = await answer(self._request(line))
        except StoreError as error:
            self.failed = True
            reply = Message(str(error), ok=False)
        if reply is not None:
            self._sink(self._drawn(reply))

    def _request(self, line: str) -> Request:
        values: Mapping[str, str] = {}
        sender = self._account
        if line.startswith("{"):
            whole = json.loads(line)
            line, values = whole.get("line", ""), whole.get("values", {})
            sender = Account("console", whole["as"]) if "as" in whole else sender
        return Request(line, sender, Place("console", "console", private=True), values)

    def _drawn(self, reply: Reply) -> str:
        if not self._json:
            return plain(reply) + "\n"
        body: dict[str, Any] = {"ok": reply.ok, "title": reply.title, "text": plain(reply), "blocks": []}
        if isinstance(reply, Form):
            body["form"] = asdict(reply)
        return json.dumps(body, ensure_ascii=False)

    async def send(self, place: Place, message: Message, key: str) -> None:
        self._sink(self._drawn(message))


def create(options: Mapping[str, Any]) -> ConsoleAdapter:
    return ConsoleAdapter(**options)
