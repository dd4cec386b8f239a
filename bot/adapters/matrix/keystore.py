"""The crypto store beside the session: made once by `coalition matrix login`, and looked at here without a change.

Whoever encrypts with it goes on from where the last one stood, so that two at a time would break the bot's conversations.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path

import vodozemac
from nio.crypto.olm_machine import Olm
from nio.crypto.sessions import OlmAccount
from nio.store.database import DefaultStore

from bot.adapters.matrix.session import Session
from bot.errors import ConfigError

_UNREADABLE = (vodozemac.PickleException, vodozemac.LibolmPickleException, ValueError)


class StoreLost(ConfigError):
    """The crypto store is gone, damaged, or another device's: only a new device helps, as `coalition matrix login` makes it."""


class Store(DefaultStore):
    """nio's store, which it asks to write down the rooms that a sync found to be encrypted: mostly none, for a dear transaction."""

    def save_encrypted_rooms(self, rooms: set[str]) -> None:
        if rooms:
            super().save_encrypted_rooms(rooms)


_USED, _LOGIN = "in-use", "logging-in"


def path(folder: Path, session: Session) -> Path:
    """Where the device's store is: a file of nio's, named as nio names it."""
    return folder / f"{session.user_id}_{session.device_id}.db"


def make(folder: Path, session: Session, pickle_key: str) -> str:
    """Make the store of a new device, for the owner's eyes alone; the device's fingerprint. Raises OSError."""
    path(folder, session).touch(mode=0o600)
    store = DefaultStore(session.user_id, session.device_id, str(folder), pickle_key)
    with closing(store.database):
        return str(Olm(session.user_id, session.device_id, store).account.identity_keys["ed25519"])


def fingerprint(folder: Path, session: Session, pickle_key: str) -> str:
    """The fingerprint of the session's device, from its store. Raises StoreLost, or ConfigError for another pickle key."""
    pickle = _account(path(folder, session), session)
    try:
        found = str(OlmAccount.from_pickle(pickle, pickle_key).identity_keys["ed25519"])
    except _UNREADABLE:
        raise ConfigError(
            "matrix: COALITION_MATRIX_PICKLE_KEY is not the key with which the crypto store was made. Set the one from the first login. "
            f"If it is lost for ever, move {path(folder, session)} away and log in again: coalition matrix login"
        ) from None
    if session.fingerprint and found != session.fingerprint:
        raise _lost("is another device's", path(folder, session))
    return found


def use(folder: Path) -> TextIOWrapper:
    """Show others that the store is in use, until what comes back is closed. Raises OSError."""
    file = _lock(folder, _USED)
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return file


def idle(folder: Path) -> bool:
    """Whether no process on this machine uses the store. Raises OSError."""
    return _free(folder, _USED)


@contextmanager
def logging_in(folder: Path) -> Iterator[None]:
    """Have a bot that runs wait with the new session until it is whole, as another login waits. Raises OSError."""
    with _lock(folder, _LOGIN) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def logged_in(folder: Path) -> bool:
    """Whether nobody is logging in just now. Raises OSError."""
    return _free(folder, _LOGIN)


def _free(folder: Path, name: str) -> bool:
    with _lock(folder, name) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _lock(folder: Path, name: str) -> TextIOWrapper:
    return os.fdopen(os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600), "w", encoding="utf-8")


def _account(file: Path, session: Session) -> bytes:
    """The account as it is kept. Opened for writing all the same: SQLite takes back what a crash left half written."""
    if not file.exists():
        raise _lost("is gone", file)
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as database:
            sound = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            row = database.execute(
                "SELECT account FROM accounts WHERE user_id = ? AND device_id = ?", (session.user_id, session.device_id)
            ).fetchone()
    except sqlite3.DatabaseError as error:
        raise _lost(f"is damaged ({error})", file) from error
    if not sound:
        raise _lost("is damaged", file)
    if not row:
        raise _lost("is another device's", file)
    return row[0] if isinstance(row[0], bytes) else str(row[0]).encode()


def _lost(what: str, file: Path) -> StoreLost:
    return StoreLost(
        f"matrix: the crypto store {file} {what}, so encrypted rooms cannot be read. "
        "Log in again, which makes a new device, with the recovery key at hand: coalition matrix login"
    )
