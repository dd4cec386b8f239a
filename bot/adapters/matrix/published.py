"""What the homeserver shows everybody of the bot's keys, and whether it is true."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nio.crypto.olm_machine import Olm

from bot.adapters.matrix.faults import LOGIN
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.signing import ALGORITHM, vouched
from bot.errors import ConfigError

MASTER, SELF_SIGNING, USER_SIGNING = "master", "self_signing", "user_signing"
NAMES = (MASTER, SELF_SIGNING, USER_SIGNING)
"""The keys of an account: the master key signs the two others, of which one signs the account's devices and the other people."""


@dataclass(frozen=True, slots=True)
class Published:
    """The keys as `/keys/query` gives them: of the device, and of the account by name; {} for what is not there.

    `own` are the device's public keys as the crypto store has them.
    """

    user: str
    device_id: str
    device: Mapping[str, Any]
    keys: Mapping[str, Mapping[str, Any]]
    own: Mapping[str, str]

    def public(self, name: str) -> str:
        """The public part of one of the account's keys; "" where there is none."""
        shown = self.keys[name].get("keys")
        return str(next(iter(shown.values()), "")) if isinstance(shown, dict) else ""

    def fault(self) -> str:
        """What is wrong with the device's own keys; "" for nothing."""
        if not self.device:
            return f"The homeserver has no keys of the device {self.device_id}"
        if self.device.get("keys") != self.own:
            return f"The homeserver shows other keys for the device {self.device_id} than the crypto store has"
        if not vouched(self.device, self.user, self.device_id, self.own[f"{ALGORITHM}:{self.device_id}"]):
            return f"The keys of the device {self.device_id} are not signed by itself"
        return ""

    def trusted(self) -> bool:
        """Whether the account's master key vouches for the device, as clients check it."""
        return self._vouched(self.keys[SELF_SIGNING], MASTER) and self._vouched(self.device, SELF_SIGNING)

    def _vouched(self, value: Mapping[str, Any], name: str) -> bool:
        return vouched(value, self.user, self.public(name), self.public(name))


async def published(server: Homeserver) -> Published:
    """One question to the homeserver. Raises MatrixError, ConfigError without a crypto store."""
    user, device = server.session.user_id, server.session.device_id
    identity = machine(server).account.identity_keys
    shown = await server.call("POST", "/v3/keys/query", {"device_keys": {user: [device]}})
    return Published(
        user=user,
        device_id=device,
        device=part(shown, "device_keys", user, device),
        keys={name: part(shown, f"{name}_keys", user) for name in NAMES},
        own={f"{ALGORITHM}:{device}": identity["ed25519"], f"curve25519:{device}": identity["curve25519"]},
    )


def machine(server: Homeserver) -> Olm:
    """The device's own keys. Raises ConfigError without a crypto store."""
    if server.client.olm is None:
        raise ConfigError(f"The device has no crypto store, or a damaged one. {LOGIN}")
    return server.client.olm


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """What lies deep in an answer; {} where it does not, whatever else does."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
