"""A person whose client encrypts: Element's library in a process of its own, told what to do line by line."""

import asyncio
import base64
import itertools
import json
import os
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Json, Login, Person, Seen, register
from tests.needs import unavailable

FOLDER = Path(os.environ.get("COALITION_TEST_MATRIX_JS") or Path(__file__).parents[2] / ".node" / "matrix").resolve()
PROGRAM = Path(__file__).parent / "node" / "person.mjs"
LINE = 2**24
"""Bytes of a line that the library may say."""


def missing() -> str:
    """Why there is no encrypting client here; "" when there is one."""
    if not shutil.which("node"):
        return "node is not here: a client that encrypts needs it, version 20 or newer"
    return (
        ""
        if (FOLDER / "node_modules" / "matrix-js-sdk").exists()
        else "matrix-js-sdk is not here: make test installs it, where there is npm"
    )


class Element:
    """The library at work, for several people."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._people: dict[str, EncryptingPerson] = {}

    async def listen(self) -> None:
        """Take in what the library says until it ends."""
        assert self._process.stdout
        async for line in self._process.stdout:
            told: Json = json.loads(line)
            if "person" in told:
                await self._people[told["person"]].told(told)
            else:
                self._answered(self._asked.pop(told["id"]), told)

    def _answered(self, waiting: asyncio.Future[Any], told: Json) -> None:
        if "error" in told:
            waiting.set_exception(RuntimeError(told["error"]))
        else:
            waiting.set_result(told["result"])

    async def do(self, deed: str, person: str, **given: object) -> Any:
        """What comes of one deed. Raises RuntimeError with what the library says."""
        assert self._process.stdin
        number = next(self._numbers)
        waiting = self._asked[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps({"id": number, "do": deed, "person": person, **given}).encode() + b"\n")
        return await waiting

    async def person(self, http: aiohttp.ClientSession, server: Homeserver, login: Login) -> "EncryptingPerson":
        """Somebody at this client; their keys are made and uploaded."""
        found = self._people[login.user_id] = EncryptingPerson(self, http, server, login)
        given = {"user_id": login.user_id, "device_id": login.device_id, "access_token": login.access_token}
        await self.do("open", login.user_id, url=server.url, **given)
        return found


class EncryptingPerson(Person):
    """Somebody whose client encrypts, and excludes devices that are not cross-signed."""

    encrypts = True

    def __init__(self, element: Element, http: aiohttp.ClientSession, server: Homeserver, login: Login) -> None:
        super().__init__(http, server, login)
        self.element = element

    async def told(self, said: Json) -> None:
        """Take in what the library shows."""
        if said.get("invite", "") not in {"", *self._joined}:
            self.invites[said["invite"]] = {}
        await self._news([Seen(**said["event"])] if "event" in said else [])

    async def send(self, room: str, kind: str, content: Json) -> str:
        return str(await self.element.do("send", self.id, room=room, kind=kind, content=content))

    async def settled(self) -> None:
        await self.element.do("settle", self.id)

    async def read(self, content: Mapping[str, Any]) -> bytes:
        return base64.b64decode(await self.element.do("read", self.id, file=content["file"]))


@asynccontextmanager
async def element(folder: Path) -> AsyncIterator[Element]:
    """The library for a while; what it logs goes to a file in `folder`."""
    if reason := missing():
        unavailable(reason)
    with (folder / "element.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "node", PROGRAM, env={**os.environ, "COALITION_TEST_MATRIX_JS": str(FOLDER)},
            stdin=PIPE, stdout=PIPE, stderr=log, limit=LINE,
        )  # fmt: skip
    found = Element(process)
    listening = asyncio.create_task(found.listen())
    try:
        yield found
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
        await listening


@asynccontextmanager
async def encrypting_people(server: Homeserver, folder: Path, *names: str) -> AsyncIterator[list[EncryptingPerson]]:
    """New people at encrypting clients, for a while."""
    async with aiohttp.ClientSession() as http, element(folder) as library:
        logins = await asyncio.gather(*(register(http, server, name) for name in names))
        yield list(await asyncio.gather(*(library.person(http, server, login) for login in logins)))
