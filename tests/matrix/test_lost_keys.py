"""The crypto store is lost, damaged, another device's, or locked with another key: it is said, nothing goes out in plain text, and there is
a way back."""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.matrix import keystore, login, session
from bot.adapters.matrix.options import Options
from tests.matrix import bots
from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver
from tests.matrix.whole import Bot, at_work, hurry

Damage = Callable[[Options], Options]


def _store(given: Options) -> Path:
    return keystore.path(given.folder, session.load(given.folder))


def deleted(given: Options) -> Options:
    for file in given.folder.glob("*.db*"):
        file.unlink()
    return given


def damaged(given: Options) -> Options:
    content = bytearray(_store(given).read_bytes())
    content[4096:12288] = b"?" * 8192
    _store(given).write_bytes(content)
    return given


def of_another_device(given: Options) -> Options:
    kept = session.load(given.folder)
    deleted(given)
    other = replace(given, folder=given.folder / "other")
    session.prepare(other.folder)
    keystore.make(other.folder, kept, given.pickle_key)
    keystore.path(other.folder, kept).rename(_store(given))
    return given


def locked(given: Options) -> Options:
    return replace(given, pickle_key="some other key of the operator's")


EVERY: list[Damage] = [deleted, damaged, of_another_device, locked]
DAMAGES = EVERY if int(os.environ.get("COALITION_TEST_KILLS", "0")) >= 1_000 else EVERY[:1]


async def test_lost_keys_are_said_and_nothing_goes_out_in_plain_text_until_a_login_brings_them_back(
    synapse: Homeserver, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hurry(monkeypatch)
    account = await bots.an_account(synapse, "coalition")
    given = bots.options(synapse.url, tmp_path)
    made = await login.log_in(given, account.user_id, password=account.password)
    assert made.recovery
    key = await asyncio.to_thread(made.recovery.read_text)
    async with encrypting_people(synapse, tmp_path, "ana", "ben") as (ana, ben), at_work(given, sqlite_url, ana, ben) as bot:
        secret = await bot.room()
        await _asked(bot, secret)
        plain = await ana.create_room(bot.id, initial_state=[])
        await bot.says("", plain)
        for damage in DAMAGES:
            await bot.stop()
            bot.options = damage(given)
            caplog.clear()
            await bot.start()
            (problem,) = bot.adapter.health.problems.values()
            assert problem in await bot.status()
            assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == [f"Matrix: {problem}"]
            await _asked(bot, plain)
            await ana.say(secret, "!c search hotlines")
            await _asked(bot, plain)
            assert all(one.encrypted for one in bot.said("", secret))
            if damage is locked:
                await bot.stop()
                bot.options = given
                await bot.start()
            else:
                await login.log_in(given, account.user_id, password=account.password, recovery_key=lambda: key)
            await _asked(bot, plain)  # By then her client knows the new device.
            await _asked(bot, secret)
            assert bot.adapter.health.problems == {}
            assert all(one.encrypted for one in bot.said("", secret))


async def _asked(bot: Bot, room: str) -> None:
    """Ana asks, and can read the answer."""
    event = await bot.ana.say(room, "!c search hotlines")
    answer = await bot.ana.event(lambda one: one.sender == bot.id and one.answers == event and one.readable)
    assert "hotlines" in answer.text
