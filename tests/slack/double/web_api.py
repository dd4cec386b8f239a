"""The Web API: tokens, scopes, arguments and faults of a call; what the methods do is in `methods`, `modals` and `uploads`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.adapters.slack.scopes import SCOPES
from tests.slack.double.faults import Fault, Faults
from tests.slack.double.workspace import SlackError, Workspace

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-the-bot", "xapp-the-app", "the-signing-secret"

GRANTED = frozenset(scope.name for scope in SCOPES)
"""All that the bot's manifest asks for: what it uses beyond that is refused."""

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One call as it came; `error` is Slack's word for why it was refused, or what went wrong on demand."""

    method: str
    arguments: Arguments
    error: str = ""


@dataclass(frozen=True)
class Refusal:
    """Something the bot did that Slack does not take."""

    where: str
    error: str
    details: tuple[str, ...] = ()


@dataclass
class WebApi:
    """What the methods work on. `page` is the most that a paged method gives at once. `base` is the address of the double."""

    workspace: Workspace
    faults: Faults
    refused: list[Refusal]
    calls: list[Call] = field(default_factory=list)
    scopes: set[str] = field(default_factory=lambda: set(GRANTED))
    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    revoked: str = ""
    page: int = 200
    base: str = ""
    tickets: set[str] = field(default_factory=set)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name = request.match_info["method"]
        arguments = await _given(request)
        return await self.answered(request, name, arguments, lambda: self._carried_out(request, name, arguments))

    async def answered(
        self, request: web.Request, name: str, arguments: Arguments, run: Callable[[], dict[str, Any]], status: int = 200
    ) -> web.StreamResponse:
        """Carry a call out, unless something goes wrong on demand; `status` is that of a refusal."""
        fault = self.faults.of(name, request.path, str(arguments.get("channel", "")))
        if fault and fault.wrong in {"limited", "broken", "unread"}:
            self.calls.append(Call(name, arguments, fault.wrong))
            return _failed(request, fault)
        try:
            body, error = {"ok": True, **run()}, ""
        except SlackError as refused:
            body, error = self.refuse(name, refused), refused.error
        except Exception as bug:
            self.refuse(name, SlackError("fatal_error", repr(bug)))  # The double's own mistake must not look like Slack's 500.
            raise
        self.calls.append(Call(name, arguments, error))
        if fault and fault.wrong == "unanswered":
            return _dropped(request)
        if fault:
            await self.faults.released.wait()
        return web.json_response(body, status=status if error else HTTPStatus.OK, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def refuse(self, where: str, error: SlackError) -> dict[str, Any]:
        """Note a refusal; what Slack answers."""
        self.refused.append(Refusal(where, error.error, error.details))
        extra = {"needed": error.details[0], "provided": ",".join(sorted(self.scopes))} if error.error == "missing_scope" else {}
        return {"ok": False, "error": error.error, "response_metadata": {"messages": list(error.details)}, **extra}

    def _carried_out(self, request: web.Request, name: str, given: Arguments) -> dict[str, Any]:
        if name not in METHODS:
            raise SlackError("unknown_method", name)
        method = METHODS[name]
        self._authorized(request, method)
        return method.run(self, method.read(given))

    def _authorized(self, request: web.Request, method: "Method") -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise SlackError("not_authed")
        if token not in {self.bot_token, self.app_token}:
            raise SlackError("invalid_auth")
        if self.revoked:
            raise SlackError(self.revoked)
        if (token == self.app_token) != method.for_app:
            raise SlackError("not_allowed_token_type")
        if method.scopes and not self.scopes & set(method.scopes):
            raise SlackError("missing_scope", ",".join(method.scopes))

    def need(self, *scopes: str) -> None:
        """Raise SlackError when none of these scopes was granted."""
        if not self.scopes & set(scopes):
            raise SlackError("missing_scope", ",".join(scopes))


@dataclass(frozen=True)
class Method:
    run: Callable[[WebApi, Arguments], dict[str, Any]]
    scopes: tuple[str, ...]
    required: Mapping[str, type]
    optional: Mapping[str, type]
    for_app: bool

    def read(self, given: Arguments) -> Arguments:
        """The arguments by their types. Raises SlackError for one that is unknown, missing or of another type."""
        types = {"team_id": str, **self.required, **self.optional}  # Slack's libraries add the team to every call.
        if unknown := [name for name in given if name not in types]:
            raise SlackError("invalid_arguments", *(f"unknown argument {name}" for name in unknown))
        if missing := [name for name in self.required if given.get(name) in (None, "")]:
            raise SlackError("invalid_arguments", *(f"{name} is missing" for name in missing))
        return {name: _typed(name, value, types[name]) for name, value in given.items() if value is not None}


METHODS: dict[str, Method] = {}
"""What can be called."""


def method(
    name: str, *scopes: str, required: Mapping[str, type] = {}, optional: Mapping[str, type] = {}, for_app: bool = False
) -> Callable[[Callable[[WebApi, Arguments], dict[str, Any]]], Callable[[WebApi, Arguments], dict[str, Any]]]:
    """Declare a method. It needs any one of the scopes."""

    def declare(run: Callable[[WebApi, Arguments], dict[str, Any]]) -> Callable[[WebApi, Arguments], dict[str, Any]]:
        METHODS[name] = Method(run, scopes, required, optional, for_app)
        return run

    return declare


async def _given(request: web.Request) -> Arguments:
    """The arguments of a call: a JSON object, or the query with the fields of a form, where every value is a string."""
    if request.content_type == "application/json":
        body = json.loads(await request.text())
        return body if isinstance(body, dict) else {"": body}
    return {**request.query, **{name: value for name, value in (await request.post()).items() if isinstance(value, str)}}


def _typed(name: str, value: Any, kind: type) -> Any:
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    try:
        if isinstance(value, str) and kind in {int, list, dict, bool}:
            found = json.loads({"1": "true", "0": "false"}.get(value, value) if kind is bool else value)
            if isinstance(found, kind):
                return found
    except ValueError:
        pass
    raise SlackError("invalid_arguments", f"{name} must be {kind.__name__}, is {type(value).__name__}")


def _failed(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.wrong == "limited":
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(fault.retry_after)})
    if fault.wrong == "broken":
        return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR, text="Internal error")
    return _dropped(request)


def _dropped(request: web.Request) -> web.StreamResponse:
    """No answer: the connection is gone."""
    if request.transport:
        request.transport.close()
    return web.Response()
