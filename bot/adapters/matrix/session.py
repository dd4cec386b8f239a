"""The bot's session on its homeserver, kept in a file that its owner alone may read."""

import os
from pathlib import Path

import msgspec

from bot.errors import ConfigError

FILE = "session.json"


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One device of the bot's account, which stays the same for ever: the homeserver drops repeats by it.

    `fingerprint` is the device's Ed25519 key, by which a lost crypto store is noticed.
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
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError(f"matrix: {folder / FILE} cannot be read ({type(error).__name__}). Run: coalition matrix login") from None


def save(folder: Path, session: Session) -> None:
    """Keep a session, for the owner's eyes alone. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = folder / f"{FILE}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(session))
    new.replace(folder / FILE)
