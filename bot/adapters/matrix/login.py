"""The login: one device that stays the same for ever, its crypto store, and a session kept in a file. No password is ever kept."""

import glob
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NoReturn

import aiohttp
import msgspec

from bot.adapters.matrix import crypto, door, keystore, session
from bot.adapters.matrix.door import PASSWORD, SSO, TOKEN, Door
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.keystore import StoreLost
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.published import MASTER, published
from bot.adapters.matrix.session import Session
from bot.deployment import Health
from bot.errors import ConfigError

BACK = "http://localhost/"
"""Where a page of SSO leads with the login token: nothing has to answer there, the token stands in the address."""
RECOVERY = "recovery-key.txt"
"""The file in the folder with the recovery key, until the operator takes it away."""
_PENDING = "recovery-key.pending"
NOT_SIGNED = "the bot is logged in, but its device is not signed by its account, so clients keep encrypted rooms from it"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a login did. `kept`: the device is the one from before.

    `aside` is the folder with the crypto store from before, `recovery` the file with a new recovery key; None for neither.
    """

    session: Session
    kept: bool
    aside: Path | None = None
    recovery: Path | None = None


async def log_in(
    options: Options, user: str, *, password: str = "", token: str = "", recovery_key: Callable[[], str] = str, reset: bool = False
) -> Outcome:
    """Log in with a password or a login token, keep the session in `options.folder`, and have the account sign the device.

    The device stays the one of the session that is there, where its crypto store is sound; else it is a new one. `recovery_key` is asked
    for where only that helps, `reset` replaces the account's keys. May be done again, also after it was interrupted. Raises ConfigError.
    """
    session.prepare(options.folder)
    with keystore.logging_in(options.folder):
        return await _logged_in(options, user, password, token, recovery_key, reset=reset)


async def _logged_in(options: Options, user: str, password: str, token: str, recovery_key: Callable[[], str], *, reset: bool) -> Outcome:
    before = _before(options.folder)
    kept = before if before and _same_user(before, user) and _sound(options, before) else None
    async with aiohttp.ClientSession(trust_env=True) as http:
        server = await door.reach(http, options.homeserver)
        await _refuse_unknown_way(server, PASSWORD if password else TOKEN)
        answer = await server.enter(_proof(user, password, token), kept.device_id if kept else _new_device(), options.name)
        outcome = _keep(options, _session(server, answer), kept, before)
        if before and not outcome.kept:
            await Door(http, before.homeserver).leave(before.access_token)
    try:
        async with _opened(options, outcome.session) as homeserver:
            return replace(outcome, recovery=await _signed(homeserver, options.folder, password, recovery_key, reset=reset))
    except MatrixError as error:
        raise ConfigError(f"{NOT_SIGNED}: {error}. Repeat: coalition matrix login") from error


@asynccontextmanager
async def _opened(options: Options, device: Session) -> AsyncIterator[Homeserver]:
    health = Health()
    server = Homeserver(device, options, health)
    try:
        await server.open()
        if not server.encrypts:
            raise ConfigError("; ".join(health.problems.values()))
        yield server
    finally:
        await server.close()


async def _signed(server: Homeserver, folder: Path, password: str, recovery_key: Callable[[], str], *, reset: bool) -> Path | None:
    """Have the account sign the device, so that clients let it read; the file with the recovery key where the account got new keys."""
    there = await published(server)
    if not there.device:
        await _publish_again(server)
        there = await published(server)
    if not reset and await _finished(server, folder):
        return folder / RECOVERY
    if reset or not there.keys[MASTER]:
        return await _established(server, folder, password, reset=reset)
    if not there.trusted():
        await crypto.recover(server, recovery_key() or _no_recovery_key())
    return None


def _no_recovery_key() -> NoReturn:
    raise ConfigError(
        f"{NOT_SIGNED}. Log in again with the recovery key of the account, in COALITION_MATRIX_RECOVERY_KEY or by --recovery-key-file; "
        "if it is lost, with --reset-cross-signing, after which people have to verify the bot again"
    )


async def _publish_again(server: Homeserver) -> None:
    """Upload the keys of a device that the homeserver forgot when it was logged out."""
    if server.client.olm:
        server.client.olm.account.shared = False
    await server.done(server.client.keys_upload())


async def _finished(server: Homeserver, folder: Path) -> bool:
    """Whether keys were being made when a login was interrupted, and have signed the device now; else what was kept of them goes."""
    pending = folder / _PENDING
    try:
        await crypto.recover(server, pending.read_text("utf-8"))
    except (FileNotFoundError, ConfigError):
        pending.unlink(missing_ok=True)
        return False
    pending.replace(folder / RECOVERY)
    return True


async def _established(server: Homeserver, folder: Path, password: str, *, reset: bool) -> Path:
    """Make the account's keys; the file with their recovery key, which is written before the homeserver has them."""
    pending = folder / _PENDING
    await crypto.establish(server, password or None, reset=reset, told=lambda key: session.write(pending, f"{key}\n".encode()))
    return pending.replace(folder / RECOVERY)


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
    aside = _put_aside(options.folder, before, new.user_id) if before else None
    session.save(options.folder, new)
    return Outcome(new, kept=False, aside=aside)


def _put_aside(folder: Path, before: Session, user: str = "") -> Path | None:
    """Move the crypto store of a device that does not go on, and an account's recovery key before another's; where to, None for nothing."""
    files = list(folder.glob(f"{glob.escape(keystore.path(folder, before).name)}*"))
    files += [folder / name for name in (RECOVERY, _PENDING) if user not in ("", before.user_id) and (folder / name).exists()]
    if not files:
        return None
    aside = Path(mkdtemp(prefix=f"aside-{datetime.now(UTC):%Y-%m-%d}-", dir=folder))
    for file in files:
        file.replace(aside / file.name)
    return aside


async def log_out(options: Options, device: Session) -> bool:
    """End the device on the homeserver and forget the session; whether the homeserver says that it is over."""
    async with aiohttp.ClientSession(trust_env=True) as http:
        over = await Door(http, device.homeserver).leave(device.access_token)
    _put_aside(options.folder, device)
    (options.folder / session.FILE).unlink()
    return over
