"""What a homeserver says before anybody is logged in: where it is, what it speaks, how one logs in.

Every mistake in the address, and everything that a homeserver refuses here, is told in a sentence that says what to do.
"""

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.adapters.matrix.faults import refused
from bot.errors import ConfigError

NEEDED = "v1.4"
"""The version of the specification that brought threads."""
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=8)
"""Seconds of one call."""
PASSWORD, TOKEN, SSO = "m.login.password", "m.login.token", "m.login.sso"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `body` is {} for what is no JSON object, `moved` where a redirect leads."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any] = field(repr=False)

    @property
    def moved(self) -> str:
        return self.headers.get("Location", "") if 300 <= self.status < 400 else ""


class Door:
    """One homeserver at its address. `versions` are those of the specification that it speaks, as far as it was asked."""

    def __init__(self, http: aiohttp.ClientSession, address: str, versions: Sequence[object] = ()) -> None:
        self.address = address
        self.versions = tuple(str(version) for version in versions)
        self._http = http

    async def flows(self) -> frozenset[str]:
        """The ways to log in, as `m.login.password`. Raises ConfigError."""
        answer = await asked(self._http, "GET", f"{self.address}/_matrix/client/v3/login")
        flows = answer.body.get("flows")
        return frozenset(str(flow.get("type")) for flow in flows if isinstance(flow, dict)) if isinstance(flows, list) else frozenset()

    def sso(self, back: str) -> str:
        """The page on which somebody logs in; it leads to the address `back` with the login token."""
        return f"{self.address}/_matrix/client/v3/login/sso/redirect?{urlencode({'redirectUrl': back})}"

    async def enter(self, proof: Mapping[str, Any], device: str, device_name: str) -> Mapping[str, Any]:
        """Log in with a password or a token, as a device; the homeserver's answer. Raises ConfigError."""
        body = {**proof, "device_id": device, "initial_device_display_name": device_name}
        answer = await asked(self._http, "POST", f"{self.address}/_matrix/client/v3/login", body)
        if answer.status != 200:
            raise _refused(answer, self.address)
        return answer.body

    async def leave(self, token: str) -> bool:
        """End a session; whether it is over."""
        try:
            answer = await asked(self._http, "POST", f"{self.address}/_matrix/client/v3/logout", {}, token)
        except ConfigError:
            return False
        return answer.status == 200 or answer.body.get("errcode") == "M_UNKNOWN_TOKEN"


async def reach(http: aiohttp.ClientSession, place: str) -> Door:
    """The homeserver at an address, or of a server's name. Raises ConfigError."""
    address = (place if "://" in place else await named(http, f"https://{place}") or f"https://{place}").rstrip("/")
    answer = await asked(http, "GET", f"{address}/_matrix/client/versions")
    versions = answer.body.get("versions")
    if answer.status == 200 and isinstance(versions, list):
        return Door(http, address, versions)
    raise ConfigError(f"matrix.homeserver: {await _elsewhere(http, address, answer)}")


async def named(http: aiohttp.ClientSession, site: str) -> str:
    """The homeserver that a site names (its .well-known), "" for none. Raises ConfigError when the site cannot be reached.

    spec.matrix.org, client-server API, “Well-known URIs”.
    """
    answer = await asked(http, "GET", f"{site}/.well-known/matrix/client", follow=True)
    server = answer.body.get("m.homeserver")
    address = server.get("base_url") if answer.status == 200 and isinstance(server, dict) else None
    return address.rstrip("/") if isinstance(address, str) and address.startswith(("https://", "http://")) else ""


async def _elsewhere(http: aiohttp.ClientSession, address: str, answer: Answer) -> str:
    """Why no homeserver answers at an address, and which address may be meant."""
    if answer.moved:
        return f"{address} leads elsewhere. Write the address that it leads to: {answer.moved.partition('/_matrix')[0]}"
    if answer.status in (502, 503, 504):
        return f"the homeserver behind {address} does not answer (HTTP {answer.status}). Is it running?"
    hint = await named(http, address)
    if hint and hint != address:
        return f"no homeserver answers at {address}, but the homeserver of that name is at {hint}: write that"
    return (
        f"no homeserver answers at {address} (HTTP {answer.status}). Is it the address of the web client? "
        "Element shows the homeserver's under “Help & About”; the server's name alone works as well, as in example.org"
    )


async def asked(
    http: aiohttp.ClientSession, method: str, url: str, body: Mapping[str, Any] | None = None, token: str = "", *, follow: bool = False
) -> Answer:
    """Ask for one thing. Raises ConfigError when nothing answers."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with http.request(method, url, json=body, headers=headers, allow_redirects=follow, timeout=TIMEOUT) as response:
            return Answer(response.status, response.headers, _object(await response.read()))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise ConfigError(f"matrix.homeserver: {_unreached(url.partition('/_matrix')[0].partition('/.well-known')[0], error)}") from None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _unreached(address: str, error: Exception) -> str:
    """Why nothing answers at an address."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"the certificate of {address} is not trusted ({error.certificate_error}). Is it of this name, and still valid?"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError) or isinstance(error, aiohttp.ClientSSLError):
        return f"{address} does not speak TLS. Is it http:// on that port?"
    if isinstance(error, aiohttp.ServerDisconnectedError) and address.startswith("http://"):
        return f"{address} hangs up. Is it https:// on that port?"
    if isinstance(error, TimeoutError):
        return f"{address} does not answer in time. Check the address, and the network of this machine"
    return f"{address} cannot be reached ({type(error).__name__}). Check the address, and the network of this machine"


def _refused(answer: Answer, address: str) -> ConfigError:
    """Why the homeserver lets nobody in, and what to do."""
    fault = refused(answer.status, answer.headers, answer.body)
    if fault.errcode == "M_FORBIDDEN":
        return ConfigError(
            f"{address} does not take this user with this password or token. Check both (a login token works once, for some minutes), "
            "and that the account is one of this homeserver"
        )
    if fault.status == 429:
        return ConfigError(f"{address} has seen too many logins. Wait {ceil(fault.retry_after or 0)} seconds, then repeat")
    return ConfigError(f"{address} lets nobody in: {fault}")
