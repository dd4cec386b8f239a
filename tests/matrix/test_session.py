"""The session and the crypto store beside it: for the owner's eyes alone, and every way in which they can be wrong is told apart."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from bot.adapters.matrix import keystore, session
from bot.adapters.matrix.keystore import StoreLost
from bot.adapters.matrix.session import Session
from bot.errors import ConfigError

PICKLE_KEY = "a pickle key that nobody guesses"
BOT = Session(homeserver="http://127.0.0.1:1", user_id="@bot:lab.local", device_id="DEVICE", access_token="hidden")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "matrix"


@pytest.fixture
def kept(folder: Path) -> Session:
    """A session with its store."""
    session.prepare(folder)
    made = msgspec.structs.replace(BOT, fingerprint=keystore.make(folder, BOT, PICKLE_KEY))
    session.save(folder, made)
    return made


def test_a_session_comes_back_as_it_was_and_only_its_owner_may_read_it(folder: Path, kept: Session) -> None:
    assert session.load(folder) == kept
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert sorted(file.name for file in folder.iterdir()) == ["@bot:lab.local_DEVICE.db", "session.json"]


def test_a_session_shows_no_token() -> None:
    assert "hidden" not in f"{BOT} {BOT!r}"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"user_id": 1}', b"\xff\xfe"])
def test_a_file_that_is_no_session_says_what_to_run(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "session.json").write_bytes(content)
    with pytest.raises(ConfigError, match=r"session\.json cannot be read .* coalition matrix login"):
        session.load(folder)


def test_without_a_session_it_says_what_to_run(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no session in .* coalition matrix login"):
        session.load(folder)


def test_a_folder_that_cannot_be_written_is_told_before_anything_begins(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    with pytest.raises(ConfigError, match=r"matrix\.folder: .* cannot be written"):
        session.prepare(tmp_path / "file" / "matrix")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write into the folders of others")
def test_root_writes_nothing_that_the_bots_user_could_not_read(folder: Path) -> None:
    session.prepare(folder)
    os.chown(folder, 12345, 12345)
    with pytest.raises(ConfigError, match="Log in as the user that runs the bot"):
        session.prepare(folder)
    assert list(folder.iterdir()) == []


def test_the_store_is_looked_at_without_a_change(folder: Path, kept: Session) -> None:
    before = keystore.path(folder, kept).read_bytes()
    assert keystore.fingerprint(folder, kept, PICKLE_KEY) == kept.fingerprint
    assert keystore.path(folder, kept).read_bytes() == before


def test_another_pickle_key_is_no_lost_store(folder: Path, kept: Session) -> None:
    with pytest.raises(ConfigError, match="COALITION_MATRIX_PICKLE_KEY is not the key") as refused:
        keystore.fingerprint(folder, kept, PICKLE_KEY + "!")
    assert not isinstance(refused.value, StoreLost)
    assert PICKLE_KEY not in str(refused.value)


def _gone(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _no_database(file: Path) -> None:
    file.write_bytes(b"what a bad disk makes of it" * 1000)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _of_another_device(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE accounts SET device_id = 'OTHER'")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_gone, "is gone"),
        (_empty, "is damaged"),
        (_no_database, "is damaged"),
        (_cut, "is damaged"),
        (_of_another_device, "another device's"),
    ],
)
def test_a_store_that_cannot_go_on_says_why_and_the_way_back(folder: Path, kept: Session, harm: Callable[[Path], None], says: str) -> None:
    harm(keystore.path(folder, kept))
    with pytest.raises(StoreLost, match=f"{says}.* coalition matrix login"):
        keystore.fingerprint(folder, kept, PICKLE_KEY)


def test_a_store_with_other_keys_than_the_session_had_is_another_devices(folder: Path, kept: Session) -> None:
    keystore.path(folder, kept).unlink()
    keystore.make(folder, kept, PICKLE_KEY)
    with pytest.raises(StoreLost, match="another device's"):
        keystore.fingerprint(folder, kept, PICKLE_KEY)
