"""The login: one device that stays the same for ever, its crypto store, and a session kept in a file. No password is ever kept."""

import glob
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import aiohttp
import msgspec

from bot.adapters.matrix import door, keystore, session
from bot.adapters.matrix.door import PASSWORD, SSO, TOKEN, Door
from bot.adapters.matrix.keystore import StoreLost
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.errors import ConfigError

BACK = "http://localhost/"
"""Where a page of SSO leads with the login token: nothing has to answer there, the token stands in the address."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a login did. `kept`: the device is the one from before. `aside` is the folder with what was put aside, None for nothing."""

    session: Session
    kept: bool
    aside: Path | None = None


async def log_in(options: Options, user: str, *, password: str = "", token: str = "") -> Outcome:
    """Log in with a password or a login token and keep the session in `options.folder`. Raises ConfigError.

    The device stays the one of the session that is there, where its crypto store is sound; else it is a new one.
    """
    session.prepare(options.folder)
    before = _before(options.folder)
    kept = before if before and _same_user(before, user) and _sound(options, before) else None
    async with aiohttp.ClientSession(trust_env=True) as http:
        server = await door.reach(http, options.homeserver)
        await _refuse_unknown_way(server, PASSWORD if password else TOKEN)
        device = kept.device_id if kept else _new_device()
        answer = await server.enter(_proof(user, password, token), device, options.name)
        outcome = _keep(options, _session(server, answer), kept, before)
        if before and not outcome.kept:
            await server.leave(before.access_token)
    return outcome


async def page(options: Options) -> str:
    """The page on which somebody logs in as the bot, and which leads to a login token. Raises ConfigError."""
    async with aiohttp.ClientSession(trust_env=True) as http:
        server = await door.reach(http, options.homeserver)
        await _refuse_unknown_way(server, SSO)
    return server.sso(BACK)


def _before(folder: Path) -> Session | None:
    """The session that is there already; a file that cannot be read is as good as none."""
    try:
        return session.load(folder)
    except ConfigError:
        return None


def _same_user(before: Session, user: str) -> bool:
    return user in (before.user_id, before.user_id[1:].partition(":")[0])


def _sound(options: Options, before: Session) -> bool:
    """Whether the session's crypto store can go on. Raises ConfigError for another pickle key."""
    try:
        return bool(keystore.fingerprint(options.folder, before, options.pickle_key))
    except StoreLost:
        return False


async def _refuse_unknown_way(server: Door, way: str) -> None:
    flows = await server.flows()
    if way in flows or (way == TOKEN and SSO in flows):
        return
    if SSO in flows:
        raise ConfigError(f"{server.address} takes no passwords. Log in on its page: coalition matrix login --sso")
    if PASSWORD in flows:
        raise ConfigError(f"{server.address} has no single sign-on. Log in with the password: coalition matrix login")
    raise ConfigError(
        f"{server.address} takes neither a password nor single sign-on from a program (its logins are delegated to another service). "
        "Ask its administrator to allow one of them for the bot's account, or use an account on another homeserver"
    )


def _proof(user: str, password: str, token: str) -> Mapping[str, Any]:
    if token:
        return {"type": TOKEN, "token": token}
    return {"type": PASSWORD, "identifier": {"type": "m.id.user", "user": user}, "password": password}


def _new_device() -> str:
    return "COALITION" + "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(8))


def _session(server: Door, answer: Mapping[str, Any]) -> Session:
    try:
        found = {name: answer[name] for name in ("user_id", "device_id", "access_token")}
        return msgspec.convert({"homeserver": server.address, **found}, Session)
    except (KeyError, msgspec.ValidationError):
        raise ConfigError(f"{server.address} answers the login with what is no session. Is it a Matrix homeserver?") from None


def _keep(options: Options, new: Session, kept: Session | None, before: Session | None) -> Outcome:
    """Keep a session whose crypto store is sound: the one that was there, or a new one."""
    if kept and (kept.user_id, kept.device_id) == (new.user_id, new.device_id):
        new = msgspec.structs.replace(new, fingerprint=keystore.fingerprint(options.folder, kept, options.pickle_key))
        session.save(options.folder, new)
        return Outcome(new, kept=True)
    new = msgspec.structs.replace(new, fingerprint=keystore.make(options.folder, new, options.pickle_key))
    aside = _put_aside(options.folder, before) if before else None
    session.save(options.folder, new)
    return Outcome(new, kept=False, aside=aside)


def _put_aside(folder: Path, before: Session) -> Path | None:
    """Move the crypto store of a device that does not go on to a folder of its own; None when it is gone."""
    files = list(folder.glob(f"{glob.escape(keystore.path(folder, before).name)}*"))
    if not files:
        return None
    aside = Path(mkdtemp(prefix=f"aside-{datetime.now(UTC):%Y-%m-%d}-", dir=folder))
    for file in files:
        file.replace(aside / file.name)
    return aside


async def log_out(options: Options, device: Session) -> bool:
    """End the device on the homeserver and forget the session; whether the homeserver says that it is over. Raises ConfigError."""
    async with aiohttp.ClientSession(trust_env=True) as http:
        server = await door.reach(http, device.homeserver)
        over = await server.leave(device.access_token)
    _put_aside(options.folder, device)
    (options.folder / session.FILE).unlink()
    return over
