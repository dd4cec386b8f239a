"""Slack over Socket Mode: up to ten sockets, of which any one gets an envelope."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMessage, WSMsgType, web

from tests.slack.double.deliveries import Ack, Delivery
from tests.slack.double.workspace import APP, SlackError

SOCKETS = 10
Reason = Literal["refresh_requested", "warning", "link_disabled"]


@dataclass
class Sockets:
    """The server side. `pick` chooses the socket for an envelope; `silent`: pings are not answered."""

    tickets: set[str]
    refuse: Callable[[str, SlackError], Any]
    open: list[web.WebSocketResponse] = field(default_factory=list)
    acks: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    pick: Callable[[list[web.WebSocketResponse]], web.WebSocketResponse] = random.Random(1).choice
    silent: bool = False
    pings: int = 0
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _of: dict[str, web.WebSocketResponse] = field(default_factory=dict)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take one socket for as long as it is open."""
        if request.query.get("ticket") not in self.tickets:
            self.refuse("link", SlackError("invalid_ticket", "each address opens one socket"))
            return web.Response(status=403)
        self.tickets.remove(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self.open) == SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            return socket
        self.open.append(socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.open),
                "connection_info": {"app_id": APP},
                "debug_info": {"host": "applink", "approximate_connection_time": 3600},
            }
        )
        self.connected.set()
        try:
            async for frame in socket:
                await self._heard(socket, frame)
        finally:
            self._lost(socket)
        return socket

    async def _heard(self, socket: web.WebSocketResponse, frame: WSMessage) -> None:
        if frame.type == WSMsgType.PING:
            self.pings += 1
            if not self.silent:
                await socket.pong(frame.data)
        elif frame.type == WSMsgType.TEXT:
            self._acked(frame.data)

    def _acked(self, text: str) -> None:
        """An acknowledgement names its envelope, and may carry a payload."""
        try:
            found = json.loads(text)
            future = self.acks.pop(found["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self.refuse("socket", SlackError("unknown_envelope", text))
            return
        if unknown := set(found) - {"envelope_id", "payload"}:
            self.refuse("socket", SlackError("unknown_field", *sorted(unknown)))
        if not future.done():
            future.set_result(Ack(200, found.get("payload", "")))

    def _lost(self, socket: web.WebSocketResponse) -> None:
        if socket in self.open:
            self.open.remove(socket)
        if not self.open:
            self.connected.clear()
        for envelope in [name for name, one in self._of.items() if one is socket]:
            del self._of[envelope]
            future = self.acks.pop(envelope, None)
            if future and not future.done():
                future.set_exception(ConnectionError("the socket closed"))

    async def __call__(self, delivery: Delivery, attempt: int) -> Ack:
        """Put a delivery into an envelope for one of the sockets; the next one that opens, where there is none."""
        await self.connected.wait()
        socket = self.pick(self.open)
        envelope = f"envelope-{len(self.sent) + 1}"
        frame: dict[str, Any] = {"envelope_id": envelope, "type": delivery.kind, "payload": delivery.payload}
        frame["accepts_response_payload"] = delivery.kind != "events_api"
        if delivery.kind == "events_api":
            frame |= {"retry_attempt": attempt, "retry_reason": delivery.reason}
        self.sent.append(frame)
        self._of[envelope] = socket
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self.acks[envelope] = future
        await socket.send_json(frame)
        return await future

    async def disconnect(self, reason: Reason = "refresh_requested", socket: web.WebSocketResponse | None = None) -> None:
        """Say that a socket (the first, where none is named) ends soon, or is no more wanted."""
        await (socket or self.open[0]).send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}})

    async def close(self, socket: web.WebSocketResponse | None = None) -> None:
        """Close a socket, or all of them."""
        for one in [socket] if socket else list(self.open):
            await one.close()

    def cut(self) -> None:
        """The network goes away under every socket: no frame says so."""
        for one in list(self.open):
            transport = one._req.transport if one._req else None
            if transport:
                transport.abort()
