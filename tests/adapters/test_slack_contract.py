"""Slack keeps to the contract of adapters, over Socket Mode and over HTTP; what it shows passes every reader of Slack's payloads."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest_asyncio

from bot.adapters.base import Answer
from bot.adapters.slack import SlackAdapter
from bot.message import Button, Form
from bot.request import Account, Place
from bot.testing import AdapterContract, Script, Shown
from tests.slack import oracles
from tests.slack.double import Call, Delivery, Said, Slack, double
from tests.slack.joined import joined

ANA = "U0ANA"
_PAGE_MARK = re.compile(r"^(.*…? ?)?\(\d+/\d+\)$\n?", re.MULTILINE)


class SlackPlatform:
    """Ana, in a thread of a channel where the bot is too."""

    def __init__(self, slack: Slack, adapter: SlackAdapter) -> None:
        self.slack = slack
        self.adapter = adapter
        self.root = slack.workspace.say(Said("C0GENERAL", slack.workspace.stamp(), ANA, "What is new?")).ts
        self.events: dict[str, Sequence[Delivery]] = {}

    def wrapped(self, answer: Script) -> Answer:
        return answer

    async def type(self, line: str, *, key: str = "") -> Place:
        await self.slack.settled()
        before = len(self.slack.deliveries.log)
        if known := self.events.get(key):
            for delivery in known:
                self.slack.deliveries.again(delivery)
        else:
            self.slack.human.says("C0GENERAL", ANA, f"@coalition {line}", self.root)
            self.events[key] = self.slack.deliveries.log[before:] if key else ()
        return Place("slack", "C0GENERAL", self.root)

    async def press(self, button: Button) -> None:
        self._press(button.label)

    def _press(self, label: str) -> None:
        found = next(one for one in reversed(self.slack.workspace.messages) if self.slack.sees(ANA, one) and f"[{label}]" in one.seen)
        self.slack.human.presses(found, label, ANA)

    async def fill(self, form: Form, values: Mapping[str, str]) -> None:
        """What was said in a thread cannot open a modal, so there is a button that does."""
        self._press("Fill in")
        await self.slack.settled()
        view = self.slack.modal(ANA)
        self.slack.human.submits(self.slack.human.fills(view, values))

    async def shown(self) -> Sequence[Shown]:
        await self.slack.settled()
        return [self._shown(one.channel, one.thread, one.text, one.only, one.pings) for one in self.slack.news()]

    def _shown(self, channel: str, thread: str, text: str, only: str, pings: tuple[str, ...]) -> Shown:
        private = not channel or channel.startswith("D")
        place = Place("slack", ANA if private else channel, thread, private)
        return Shown(place, _PAGE_MARK.sub("", text), Account("slack", only) if only else None, pings)

    def fail(self) -> None:
        self.slack.faults.add("broken", "*")


def _wrong(call: Call) -> list[str]:
    """What the readers say of one call."""
    given: Mapping[str, Any] = call.arguments
    if "view" in given:
        return oracles.of_view(given["view"])
    return oracles.of_message(given["text"], given["blocks"]) if "text" in given else []


class TestSlackOverASocket(AdapterContract):
    transport = "socket"

    @pytest_asyncio.fixture
    async def platform(self) -> AsyncIterator[SlackPlatform]:
        async with double() as slack:
            yield SlackPlatform(slack, joined(slack, self.transport))
        assert slack.refused == []
        assert [wrong for call in slack.api.calls for wrong in _wrong(call)] == []


class TestSlackOverHttp(TestSlackOverASocket):
    transport = "http"
