"""Secret storage: where the account's private keys lie on the homeserver, sealed, until the recovery key opens them.

spec.matrix.org, client-server API, “Secret storage”; what is kept is account data of the bot.
"""

import secrets
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from bot.adapters.matrix import sealing
from bot.adapters.matrix.faults import RESET, MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.errors import ConfigError

_DEFAULT = "m.secret_storage.default_key"
_KEY = "m.secret_storage.key."


class Vault:
    """The secrets of one account."""

    def __init__(self, server: Homeserver) -> None:
        self._server = server

    async def lock(self, key: bytes, held: Mapping[str, bytes]) -> str:
        """Keep secrets by their names under a new key, beside what is kept under others; the key's id. Raises MatrixError."""
        key_id = secrets.token_hex(16)
        await self._put(_KEY + key_id, sealing.describe(key))
        for name, secret in held.items():
            sealed = await self._sealed(name)
            await self._put(name, {"encrypted": {**sealed, key_id: sealing.seal(key, name, secret)}})
        return key_id

    async def settle(self, key_id: str, names: Collection[str]) -> None:
        """From now on it is this key that opens the secrets, and no other. Raises MatrixError."""
        await self._put(_DEFAULT, {"key": key_id})
        for name in names:
            sealed = await self._sealed(name)
            if len(sealed) > 1:
                await self._put(name, {"encrypted": {key_id: sealed[key_id]}})

    async def unlock(self, key: bytes, names: Collection[str]) -> tuple[str, dict[str, bytes]]:
        """The key's id, and the secrets by their names. Raises ConfigError where the key opens none, MatrixError."""
        sealed = {name: await self._sealed(name) for name in names}
        for key_id in {key_id for found in sealed.values() for key_id in found}:
            if sealing.opens(key, await self._got(_KEY + key_id)):
                return key_id, {name: _opened(key, name, found.get(key_id)) for name, found in sealed.items()}
        raise ConfigError("That is a recovery key, but not the one of this account's secret storage: give the one that was made last.")

    async def complete(self, names: Collection[str]) -> bool:
        """Whether one key is said to open all of these secrets. Raises MatrixError."""
        key_id = (await self._got(_DEFAULT)).get("key")
        if not isinstance(key_id, str) or not await self._got(_KEY + key_id):
            return False
        return all([key_id in await self._sealed(name) for name in names])

    async def _sealed(self, name: str) -> Mapping[str, Any]:
        """A secret by the ids of the keys that open it."""
        found = (await self._got(name)).get("encrypted")
        return found if isinstance(found, dict) else {}

    async def _got(self, kind: str) -> dict[str, Any]:
        """One kind of account data; empty where there is none."""
        try:
            return await self._server.call("GET", self._path(kind))
        except MatrixError as error:
            if error.status == 404:
                return {}
            raise

    async def _put(self, kind: str, content: Mapping[str, Any]) -> None:
        await self._server.call("PUT", self._path(kind), content)

    def _path(self, kind: str) -> str:
        return f"/v3/user/{quote(self._server.session.user_id, safe='')}/account_data/{quote(kind, safe='')}"


def _opened(key: bytes, name: str, sealed: Any) -> bytes:
    try:
        return sealing.unseal(key, name, sealed)
    except sealing.NotOpened:
        raise ConfigError(f"{name} is not in secret storage, or damaged. {RESET}") from None
