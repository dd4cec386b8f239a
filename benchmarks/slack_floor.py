"""Bolt alone, with one slash command that repeats its text by the response_url: `python -m benchmarks.slack_floor early API_URL`.

`early` acknowledges as early as Bolt can, and answers in a task of its own; `documented` is an app as Bolt's documentation shows it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.slack_side import HOST, SECRET, TOKEN

COMMAND = "/echo"
PATH = "/slack/events"
Listener = Callable[[AsyncAck, AsyncRespond, dict[str, str]], Awaitable[None]]


def documented() -> Listener:
    async def answered(ack: AsyncAck, respond: AsyncRespond, command: dict[str, str]) -> None:
        await ack()
        await respond(command["text"])

    return answered


def early() -> Listener:
    tasks: set[asyncio.Task[object]] = set()

    async def answered(ack: AsyncAck, respond: AsyncRespond, command: dict[str, str]) -> None:
        await ack()
        task = asyncio.create_task(respond(command["text"]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return answered


VARIANTS = {"early": early, "documented": documented}


async def serve(variant: str, api_url: str) -> None:
    """Listen until the process is ended; the address goes to stderr, as the bot's does."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(TOKEN, api_url, session=session)
        app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=variant == "early")
        app.command(COMMAND)(VARIANTS[variant]())

        async def posted(request: web.Request) -> web.Response:
            return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

        server = web.Application()
        server.router.add_post(PATH, posted)
        runner = web.AppRunner(server, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        print(f"listens at http://{HOST}:{runner.addresses[0][1]}", file=sys.stderr, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
