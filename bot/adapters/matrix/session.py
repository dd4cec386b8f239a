"""The bot's session on its homeserver, kept in a file that its owner alone may read."""

import os
from pathlib import Path

import msgspec

from bot.errors import ConfigError

FILE = "session.json"
_OWNER = "Log in as the user that runs the bot: it alone may read the session"


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One device of the bot's account, which stays the same for ever: the homeserver drops repeats by it.

    `homeserver` is the address of the client-server API, without a slash at its end. `fingerprint` is the device's Ed25519 key, by which
    a lost crypto store is noticed.
    """

    homeserver: str
    user_id: str
    device_id: str
    access_token: str
    fingerprint: str = ""

    def __repr__(self) -> str:
        return f"Session({self.user_id}, {self.device_id})"


def load(folder: Path) -> Session:
    """The session that `coalition matrix login` kept. Raises ConfigError."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Session)
    except FileNotFoundError:
        raise ConfigError(f"matrix: there is no session in {folder}. Run: coalition matrix login") from None
    except PermissionError:
        raise ConfigError(f"matrix: {folder / FILE} belongs to another user than the one who asks. {_OWNER}") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError(f"matrix: {folder / FILE} cannot be read ({type(error).__name__}). Run: coalition matrix login") from None


def save(folder: Path, session: Session) -> None:
    """Keep a session. Raises OSError."""
    write(folder / FILE, msgspec.json.encode(session))


def write(path: Path, content: bytes) -> None:
    """Write a file for the owner's eyes alone, whole or not at all. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def prepare(folder: Path) -> None:
    """Make the folder of the session and the crypto store, and see that it can be written. Raises ConfigError."""
    probe = folder / f"{FILE}.new"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        foreign = os.geteuid() == 0 != folder.stat().st_uid
        write(probe, b"")
        probe.unlink()
    except OSError as error:
        raise ConfigError(f"matrix.folder: {folder} cannot be written ({error.strerror}). {_OWNER}, or name another folder") from None
    if foreign:
        raise ConfigError(f"matrix.folder: {folder} is another user's, who could not read what root writes there. {_OWNER}")
