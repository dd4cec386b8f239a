"""A Slack emulator that is not ours, and the people in front of it.

It plays HTTP and Socket Mode, modals, App Home, files and threads, and checks no rule; so it is the witness for flows, and the double in
`double/` the one for rules. It keeps no metadata, shows one modal at a time whoever asked, and repeats nothing.
"""

import asyncio
import hashlib
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from tests.slack.double.seeing import seen_message, seen_view

BINARY = Path(__file__).parents[2] / ".node" / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
SHA256 = "3332007b797969d835f694b463ac526f7ef1fc66afac93f950f585105fe4815f"

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-emulated", "xapp-emulated", "emulated-signing-secret"
BOT, CHAIR, MEMBER, CHANNEL = "U0BOT00001", "U0CHAIR001", "U0MEMBER01", "C0WORK0001"
COMMAND = "/coalition"
PATIENCE = 20.0
"""Seconds to wait for what should be seen at once."""

# The binary listens on every interface and has no option for it; this module, which its runtime loads first, keeps it on this machine.
LOOPBACK = 'const serve = Bun.serve; Bun.serve = (options) => serve.call(Bun, { ...options, hostname: "127.0.0.1" });\n'

Json = dict[str, Any]
NOTHING: Json = {}
T = TypeVar("T")


def missing() -> str:
    """Why the emulator cannot be used here; "" when it can."""
    if not BINARY.exists():
        return "the Slack emulator is not here: make tests installs it, where there are npm and Linux on x64"
    found = hashlib.sha256(BINARY.read_bytes()).hexdigest()
    return "" if found == SHA256 else f"the Slack emulator is another one than the tests were written for: {found}"


def _workspace(events_url: str) -> Json:
    return {
        "workspace": {"name": "Example Coalition", "domain": "example", "teamId": "T0EXAMPLE1"},
        "app": {
            "appId": "A0EXAMPLE1", "botUserId": BOT, "botName": "coalition", "botToken": BOT_TOKEN, "appToken": APP_TOKEN,
            "signingSecret": SIGNING_SECRET, "mode": "events" if events_url else "socket", "requestUrl": events_url,
        },
        "users": [
            {"id": CHAIR, "name": "amina", "real_name": "Amina Example", "email": "amina@example.org"},
            {"id": MEMBER, "name": "bogdan", "real_name": "Bogdan Example", "email": "bogdan@example.org"},
        ],
        "channels": [{"id": CHANNEL, "name": "work", "members": [CHAIR, MEMBER, BOT]}],
    }  # fmt: skip


class Emulator:
    """A running emulator: what the people do, and what they see. Messages are kept by their `ts`, in the order of their arrival."""

    def __init__(self, base: str, session: aiohttp.ClientSession, screen: aiohttp.ClientWebSocketResponse) -> None:
        self.base = base
        self.messages: dict[str, Json] = {}
        self.modal: Json = {}
        self.errors: Json = {}
        self.homes: dict[str, Json] = {}
        self.connected = False
        self._session = session
        self._screen = screen
        self._changed = asyncio.Condition()

    async def watch(self) -> None:
        """Take in what the screen shows until it is closed."""
        async for frame in self._screen:
            async with self._changed:
                self._take(json.loads(frame.data))
                self._changed.notify_all()

    def _take(self, frame: Json) -> None:
        match frame["t"]:
            case "message" | "message_update":
                self.messages[frame["message"]["ts"]] = frame["message"]
            case "view":
                self.modal, self.errors = (frame.get("stack") or [NOTHING])[-1], NOTHING
            case "view_errors":
                self.errors = frame["errors"]
            case "home":
                self.homes[frame["user"]] = frame["view"]
            case "socket_status":
                self.connected = frame["connected"]

    async def until(self, seen: Callable[[], T | None]) -> T:
        """What is seen, as soon as it is."""
        async with asyncio.timeout(PATIENCE), self._changed:
            while not (found := seen()):
                await self._changed.wait()
            return found

    def said(self, *texts: str) -> list[Json]:
        """The bot's messages that hold every one of the texts, the newest first."""
        return [m for m in reversed(self.messages.values()) if m.get("user") == BOT and all(text in shown(m) for text in texts)]

    async def message(self, *texts: str) -> Json:
        """The bot's newest message that holds every one of the texts."""
        return await self.until(lambda: next(iter(self.said(*texts)), None))

    def is_direct(self, channel: str) -> bool:
        return channel.startswith("D")

    async def read(self, file: Json) -> str:
        """What is in a file for text."""
        return (await self.fetch(file)).decode()

    async def fetch(self, file: Json) -> bytes:
        """What is in a file."""
        async with self._session.get(file["url_private"], headers={"Authorization": f"Bearer {BOT_TOKEN}"}) as response:
            return await response.read()

    async def command(self, line: str, *, user: str, channel: str = CHANNEL) -> None:
        await self._do("command", channel=channel, user=user, command=COMMAND, text=line)

    async def say(self, text: str, *, user: str, channel: str = CHANNEL, thread: str = "") -> Json:
        """Write a message, in a thread where one is named."""
        said: Json = (await self._do("message", channel=channel, user=user, text=text, thread_ts=thread or None))["message"]
        return said

    async def press(self, message: Json, label: str, *, user: str) -> None:
        """Press the button of a message that reads so."""
        block, button = next(found for found in buttons(message) if found[1]["text"]["text"] == label)
        action = {"block_id": block.get("block_id", "of-slack"), **{name: button[name] for name in ("type", "action_id", "text", "value")}}
        await self._do("interact", channel=message["channel"], messageTs=message["ts"], user=user, action=action)

    async def open_home(self, user: str) -> None:
        await self._do("open-home", user=user)

    async def submit(self, values: Mapping[str, str], *, user: str) -> None:
        """Send the modal, with values by the labels of its inputs."""
        state: dict[str, Json] = {}
        for block in self.modal["blocks"]:
            if block["type"] == "input":
                state[block["block_id"]] = {block["element"]["action_id"]: _typed(block["element"], values.get(block["label"]["text"]))}
        await self._screen.send_json({"t": "view_submit", "user": user, "values": state})

    async def _do(self, verb: str, **body: Any) -> Json:
        async with self._session.post(f"{self.base}/_control/{verb}", json=body) as response:
            done: Json = await response.json()
            assert done["ok"], done
            return done


def buttons(message: Json) -> list[tuple[Json, Json]]:
    """Every button of a message or a Home tab, with its block."""
    return [(block, element) for block in message.get("blocks", ()) for element in _elements(block) if element.get("type") == "button"]


def _elements(block: Json) -> list[Json]:
    return [*block.get("elements", ()), *filter(None, [block.get("accessory")])]


def shown(drawn: Json) -> str:
    """What people read in a message, a modal or a Home tab."""
    if drawn.get("type") == "message":
        return seen_message(drawn["text"] or "", drawn.get("blocks") or [], [file["name"] for file in drawn.get("files", ())])
    return seen_view(drawn) if drawn else ""


def _typed(element: Json, text: str | None) -> Json:
    if element["type"] == "static_select":
        chosen = next((option for option in element["options"] if option["text"]["text"] == text), element.get("initial_option"))
        return {"type": "static_select", "selected_option": chosen}
    return {"type": element["type"], "value": element.get("initial_value") if text is None else text}


@asynccontextmanager
async def emulator(folder: Path, events_url: str = "") -> AsyncIterator[Emulator]:
    """An emulator for a while: over HTTP where there is an address for events, else over Socket Mode."""
    (folder / "loopback.js").write_text(LOOPBACK, "utf-8")
    (folder / "workspace.json").write_text(json.dumps(_workspace(events_url)), "utf-8")
    process = await asyncio.create_subprocess_exec(
        BINARY, "--config", folder / "workspace.json", "--port", "0", "--base-host", "127.0.0.1",
        env={**os.environ, "BUN_OPTIONS": f"--preload={folder / 'loopback.js'}"}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        base = await asyncio.wait_for(_address(process), PATIENCE)
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{base}/ui", max_msg_size=0) as screen:
            found = Emulator(base, session, screen)
            watching = asyncio.create_task(found.watch())
            yield found
            watching.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    """Where the emulator says that it listens."""
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+(?=/_control)", line.decode()):
            return found[0]
    raise AssertionError("the emulator ended before it listened")
