"""Cross-signing: the keys of the bot's account vouch for its device, without which clients neither read it nor let it read.

spec.matrix.org, client-server API, “Cross-signing”, and MSC4153, by which clients exclude devices that their owner did not sign. The
private keys are made here, or come out of secret storage, which the recovery key opens; none is ever written to a disk.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.adapters.base import Finding
from bot.adapters.matrix import sealing
from bot.adapters.matrix.faults import LOGIN, RESET, MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.published import MASTER, NAMES, SELF_SIGNING, Published, machine, part, published
from bot.adapters.matrix.signing import ALGORITHM, SigningKey, signed, unsigned
from bot.adapters.matrix.vault import Vault
from bot.deployment import Health
from bot.errors import ConfigError

log = logging.getLogger(__name__)

LOOKING, AGAIN = 3600.0, 60.0
"""Seconds between two self-checks, and until one is made again that the homeserver did not answer."""
_RECOVER = f"Have the recovery key at hand. {LOGIN}"
_AFRESH = "Have the recovery key at hand and begin with a new device. Run: coalition matrix logout, then: coalition matrix login"
_SECRETS = {name: f"m.cross_signing.{name}" for name in NAMES}
_UPLOAD = "/v3/keys/device_signing/upload"
_PASSWORD = "m.login.password"  # noqa: S105 - the name of a stage.
_APPROVALS = ("m.oauth", "org.matrix.cross_signing_reset")
"""The stages of a homeserver that leaves the login to another service: MSC4312's, and its name before."""


async def establish(server: Homeserver, password: str | None, *, reset: bool = False, told: Callable[[str], object] = str) -> str:
    """Make the account's three keys and sign this device; the recovery key, which is kept nowhere and has to be shown.

    `reset` replaces keys that are there, and people who verified the bot have to do it again: the homeserver wants the password for it.
    `told` has the recovery key before the keys go up: interrupted after that, `recover` with it does the rest; before, all is as it was.
    Raises ConfigError saying what to do, with all as it was; MatrixError.
    """
    there = await published(server)
    _own(there)
    if there.keys[MASTER] and not reset:
        raise ConfigError(
            f"{there.user} has cross-signing keys already. Give the recovery key that was shown with them, and they sign this device too. "
            f"Where it is lost, replace them, and people have to verify the bot again. {RESET}"
        )
    key, keys = sealing.new_key(), {name: SigningKey.new() for name in NAMES}
    vault = Vault(server)
    key_id = await vault.lock(key, {_SECRETS[name]: made.seed for name, made in keys.items()})
    told(recovery_key := sealing.written(key))
    await _publish(server, keys, password)
    await vault.settle(key_id, _SECRETS.values())
    await _vouch(server, await published(server), keys)
    return recovery_key


async def recover(server: Homeserver, recovery_key: str) -> None:
    """Take the account's keys out of secret storage and sign this device; what `establish` was interrupted in is done as well.

    Raises ConfigError for a recovery key that is mistyped, or not this account's; MatrixError.
    """
    key = sealing.read(recovery_key)
    there = await published(server)
    _own(there)
    if not there.keys[MASTER]:
        raise ConfigError(f"{there.user} has no cross-signing keys yet: log in without a recovery key, and they are made. {LOGIN}")
    vault = Vault(server)
    key_id, seeds = await vault.unlock(key, _SECRETS.values())
    await _vouch(server, there, {name: SigningKey(seeds[_SECRETS[name]]) for name in NAMES})
    if not await vault.complete(_SECRETS.values()):
        await vault.settle(key_id, _SECRETS.values())


async def findings(server: Homeserver) -> list[Finding]:
    """The self-check: what clients see of this device, and whether there is a way back. Changes nothing. Raises MatrixError."""
    if not server.encrypts:
        return [Finding("device", False, f"its crypto store is lost, damaged or another device's. {_RECOVER}")]
    there = await published(server)
    return [_device(there), _signed(there), await _storage(server)]


async def watch(server: Homeserver, health: Health) -> None:
    """Have `status` say what the self-check finds, at once and from then on, until cancelled. Never raises."""
    while True:
        try:
            for finding in await findings(server) if server.encrypts else ():
                _told(finding, health)
            await asyncio.sleep(LOOKING)
        except (MatrixError, ConfigError) as error:
            log.info("Matrix: the self-check waits: %s", error)
            await asyncio.sleep(AGAIN)


def _told(finding: Finding, health: Health) -> None:
    """A problem is logged once, and goes when it is over."""
    said = f"{finding.step}: {finding.detail}"
    if finding.ok:
        health.problems.pop(finding.step, None)
    elif health.problems.get(finding.step) != said:
        health.problems[finding.step] = said
        log.error("Matrix: %s", said)


def _device(there: Published) -> Finding:
    if fault := there.fault():
        return Finding("device", False, f"{fault}. {_device_again(there)}")
    return Finding("device", True, f"{there.device_id}, with the keys that the crypto store has")


def _signed(there: Published) -> Finding:
    if not there.keys[MASTER]:
        return Finding("cross-signing", False, f"the account has no keys to sign the device with, so clients exclude it. {LOGIN}")
    if not there.trusted():
        return Finding("cross-signing", False, f"the device is not signed by its account, so clients exclude it. {_RECOVER}")
    return Finding("cross-signing", True, "the device is signed by its account")


async def _storage(server: Homeserver) -> Finding:
    if not await Vault(server).complete(_SECRETS.values()):
        return Finding("secret storage", False, f"the account's keys are not in it, so no new device could be signed. {RESET}")
    return Finding("secret storage", True, "the account's keys are in it, under the recovery key")


def _own(there: Published) -> None:
    """Nothing but this device is ever signed. Raises ConfigError."""
    if fault := there.fault():
        raise ConfigError(f"{fault}, so nothing was signed. {_device_again(there)}")


def _device_again(there: Published) -> str:
    """What helps a device whose keys are not as they should be: those that are missing are uploaded with a login."""
    return _AFRESH if there.device else _RECOVER


async def _publish(server: Homeserver, keys: Mapping[str, SigningKey], password: str | None) -> None:
    """Upload the public keys, saying who asks where the homeserver wants to know. Raises ConfigError, MatrixError."""
    body = _public(server.session.user_id, keys)
    try:
        await server.call("POST", _UPLOAD, body)
    except MatrixError as error:
        if not error.challenge:
            raise
        await _prove(server, body, _proof(server, error.challenge, password))


async def _prove(server: Homeserver, body: Mapping[str, Any], proof: Mapping[str, Any]) -> None:
    try:
        await server.call("POST", _UPLOAD, {**body, "auth": proof})
    except MatrixError as error:
        if error.status not in {401, 403}:
            raise
        raise ConfigError("The homeserver does not take that password, so the cross-signing keys are as they were.") from None


def _public(user: str, keys: Mapping[str, SigningKey]) -> dict[str, Any]:
    """The public keys, of which the master key signs the others."""
    master = keys[MASTER]
    body: dict[str, Any] = {}
    for name, key in keys.items():
        public = {"user_id": user, "usage": [name], "keys": {f"{ALGORITHM}:{key.public}": key.public}}
        body[f"{name}_key"] = public if name == MASTER else signed(public, user, master.public, master.sign(public))
    return body


def _proof(server: Homeserver, challenge: Mapping[str, Any], password: str | None) -> dict[str, Any]:
    """The answer to the question who asks. Raises ConfigError where only a person can give it."""
    if {"stages": [_PASSWORD]} in challenge["flows"]:
        if not password:
            raise ConfigError("For this the homeserver wants the password of the bot's account: log in with the password.")
        who = {"type": "m.id.user", "user": server.session.user_id}
        return {"type": _PASSWORD, "identifier": who, "password": password, "session": challenge.get("session")}
    for stage in _APPROVALS:
        if address := part(challenge, "params", stage).get("url"):
            raise ConfigError(f"Log in as the bot at {address} and approve it there; then, within ten minutes, run the same again.")
    raise ConfigError(
        "This homeserver lets only a client do it: sign in as the bot with one (Element: Settings, Encryption), set up recovery there, and "
        f"give the recovery key that it shows. {LOGIN}"
    )


async def _vouch(server: Homeserver, there: Published, keys: Mapping[str, SigningKey]) -> None:
    """The account signs the device, and the device the account. Raises ConfigError, MatrixError."""
    if any(keys[name].public != there.public(name) for name in NAMES):
        raise ConfigError(f"These are not the keys that the homeserver shows of {there.user}: somebody replaced them. {RESET}")
    ours, master = keys[SELF_SIGNING], unsigned(there.keys[MASTER])
    signatures = {
        there.device_id: signed(there.device, there.user, ours.public, ours.sign(there.device)),
        keys[MASTER].public: signed(master, there.user, there.device_id, machine(server).sign_json(master)),
    }
    uploaded = await server.call("POST", "/v3/keys/signatures/upload", {there.user: signatures})
    if uploaded.get("failures"):
        raise ConfigError(f"The homeserver does not take the signature of the device. {_RECOVER}")
