"""The least that a bot on matrix-nio is: in the rooms where it is it answers `!ping WORD` with `pong WORD`.

`python matrix_floor.py URL USER PASSWORD`, in an environment that has nothing but matrix-nio. Nothing is kept and nothing tried again;
each answer is sent before the next line is read, as callbacks of nio do it.
"""

import asyncio
import sys

import nio
from nio.client.async_client import AsyncClient


async def serve(url: str, user: str, password: str) -> None:
    """Answer what is said from now on, until the process is ended."""
    client = AsyncClient(url, user)

    async def said(room: nio.MatrixRoom, event: nio.Event) -> None:
        if isinstance(event, nio.RoomMessageText) and event.body.startswith("!ping "):
            await client.room_send(room.room_id, "m.room.message", {"msgtype": "m.notice", "body": f"pong {event.body[6:]}"})

    try:
        await client.login(password)
        await client.sync(timeout=0, full_state=True)
        client.add_event_callback(said, nio.RoomMessageText)
        await client.sync_forever(timeout=30_000)
    finally:
        await client.close()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
