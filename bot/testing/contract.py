"""What every adapter keeps to, whatever its platform."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from bot.adapters.base import Adapter, Answer
from bot.errors import DeliveryError
from bot.lines import unprefixed
from bot.message import Bold, Button, Form, Message, Table, bullets, buttons, facts, inert, text, walk
from bot.request import Account, Place
from bot.testing.samples import FORM, HOSTILE, SAMPLER, leaves
from bot.testing.script import Script, front


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as people see it. `only`: nobody else sees it; `pings`: whom it notifies without naming their account."""

    place: Place
    text: str
    only: Account | None = None
    pings: tuple[str, ...] = ()


class Platform(Protocol):
    """An adapter, and its platform as a test plays it."""

    adapter: Adapter

    def wrapped(self, answer: "Script") -> Answer:
        """What the adapter answers through: an interview where it draws no forms."""

    async def type(self, line: str, *, key: str = "") -> Place:
        """Somebody types a line, in a room's thread where there is such; where that is. `key`: deliver it as this event."""

    async def press(self, button: Button) -> None:
        """They press a button that was shown, or do what stands for it."""

    async def fill(self, form: Form, values: Mapping[str, str]) -> None:
        """They fill in the form that was shown, and send it."""

    async def shown(self) -> Sequence[Shown]:
        """What was shown since the last time, once everything that was typed is answered."""

    def fail(self) -> None:
        """From now on the platform takes no message."""


@asynccontextmanager
async def running(platform: Platform, script: Script) -> AsyncIterator[None]:
    """The adapter at work. Leaving cancels it and waits until it has ended."""
    task = asyncio.create_task(platform.adapter.run(front(script, platform.wrapped(script))))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _squashed(value: str) -> str:
    return " ".join(value.split())


class AdapterContract:
    """What every adapter keeps to. Subclass it as `Test…` (pytest, coroutines run by pytest-asyncio) with a fixture `platform`."""

    async def test_a_reply_lands_where_it_was_asked(self, platform: Platform) -> None:
        script = Script()
        async with running(platform, script):
            place = await platform.type("projects")
            shown = await platform.shown()
        assert {one.place for one in shown} == {place}
        assert [(unprefixed(request.line), request.place) for request in script.requests] == [("projects", place)]

    async def test_every_leaf_of_a_message_is_visible(self, platform: Platform) -> None:
        async with running(platform, Script()):
            await platform.type("projects")
            seen = _squashed("\n".join(one.text for one in await platform.shown()))
        wanted = leaves(SAMPLER, buttons=platform.adapter.capabilities.buttons)
        assert [leaf for leaf in wanted if _squashed(leaf) not in seen] == []

    async def test_text_from_people_is_inert(self, platform: Platform) -> None:
        table = Table((HOSTILE,), (((HOSTILE,),),))
        reply = Message(HOSTILE, (text(HOSTILE), facts([(HOSTILE, Bold(HOSTILE))]), bullets([HOSTILE]), table, buttons((HOSTILE, "help"))))
        async with running(platform, Script(reply)):
            await platform.type("projects")
            shown = await platform.shown()
        seen = "\n".join(one.text for one in shown)
        assert _squashed(inert(HOSTILE)) in _squashed(seen)
        assert not {"\x1b", "\u202e"} & set(seen)
        assert [one.pings for one in shown if one.pings] == []

    async def test_pressing_a_button_is_typing_its_line(self, platform: Platform) -> None:
        script = Script()
        pressed = [node for node in walk(SAMPLER) if isinstance(node, Button)]
        async with running(platform, script):
            await platform.type("projects")
            await platform.shown()
            for button in pressed:
                await platform.press(button)
                await platform.shown()
        assert [unprefixed(request.line) for request in script.requests[1:]] == [button.line for button in pressed]

    async def test_a_form_comes_back_with_its_line_and_values(self, platform: Platform) -> None:
        script = Script(FORM)
        async with running(platform, script):
            await platform.type("project add")
            assert "Title" in "".join(one.text for one in await platform.shown())
            await platform.fill(FORM, {"title": "Safer apps", "summary": "One\nTwo"})
            assert "Saved." in "".join(one.text for one in await platform.shown())
        last = script.requests[-1]
        assert (last.line, dict(last.values)) == ("project add", {"title": "Safer apps", "summary": "One\nTwo"})

    async def test_what_is_private_is_seen_by_the_asker_alone(self, platform: Platform) -> None:
        script = Script(Message("For you", private=True))
        async with running(platform, script):
            await platform.type("projects")
            told = [one for one in await platform.shown() if "For you" in one.text]
        assert told
        assert all(one.only == script.requests[0].sender or one.place.private for one in told)

    async def test_a_long_message_is_split_and_never_cut(self, platform: Platform) -> None:
        longest = platform.adapter.capabilities.max_length
        words = " ".join(f"word{number}" for number in range(min(2 * longest, 200_000) // 8))
        async with running(platform, Script(Message("Long", (text(words),)))):
            await platform.type("projects")
            shown = await platform.shown()
        said = [word for one in shown for word in one.text.split() if word.startswith("word")]
        assert " ".join(said) == words
        assert all(len(one.text) <= longest for one in shown)

    async def test_a_redelivered_event_has_one_effect(self, platform: Platform) -> None:
        script = Script()
        async with running(platform, script):
            for _ in range(2):
                await platform.type("projects", key="event-1")
                await platform.shown()
        assert script.requests[0].key
        assert len({request.key for request in script.requests}) == 1
        assert script.effects == 1

    async def test_what_the_bot_sends_by_itself_is_shown(self, platform: Platform) -> None:
        async with running(platform, Script()):
            place = await platform.type("projects")
            await platform.shown()
            await platform.adapter.send(place, Message("A reminder"), "letter-1")
            assert [one.place for one in await platform.shown() if "A reminder" in one.text] == [place]

    async def test_a_failed_send_says_so(self, platform: Platform) -> None:
        async with running(platform, Script()):
            place = await platform.type("projects")
            await platform.shown()
            platform.fail()
            raised: BaseException | None = None
            try:
                await platform.adapter.send(place, Message("A reminder"), "letter-1")
            except DeliveryError as error:
                raised = error
        assert raised is not None

    async def test_running_ends_when_it_is_cancelled(self, platform: Platform) -> None:
        script = Script()
        task = asyncio.create_task(platform.adapter.run(front(script, platform.wrapped(script))))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
