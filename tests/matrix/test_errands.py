"""What is done about rooms beside the sync."""

import asyncio
import logging

import pytest

from bot.adapters.matrix import errands
from bot.adapters.matrix.errands import Errands
from bot.adapters.matrix.faults import MatrixError
from bot.errors import CoalitionError, StoreBusy


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "PAUSES", (0.0, 0.0))


async def test_what_waiting_may_help_is_tried_again() -> None:
    failures: list[CoalitionError] = [MatrixError("busy", status=502, retry_after=0), StoreBusy("the database is busy")]

    async def work() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert await Errands().persist(work) == "done"


@pytest.mark.parametrize(("retry_after", "attempts"), [(None, 1), (0.0, 3)])
async def test_what_waiting_does_not_help_is_an_error(retry_after: float | None, attempts: int) -> None:
    tried: list[int] = []

    async def work() -> None:
        tried.append(1)
        raise MatrixError("no", retry_after=retry_after)

    with pytest.raises(MatrixError):
        await Errands().persist(work)
    assert len(tried) == attempts


async def test_an_errand_takes_the_place_of_the_one_of_its_name_and_ends_with_the_bot() -> None:
    found, ended = Errands(), []

    async def work(which: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(which)

    for which in ("first", "second"):
        found.begin("!room", work, which)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert ended == ["first"]
    assert "!room" in found
    await found.end()
    assert ended == ["first", "second"]
    assert "!room" not in found


async def test_a_bug_in_one_is_logged_without_what_people_wrote(caplog: pytest.LogCaptureFixture) -> None:
    done = asyncio.Event()

    async def work(said: str) -> None:
        done.set()
        raise ValueError(said)

    found = Errands()
    with caplog.at_level(logging.DEBUG):
        found.begin("!room", work, "a secret")
        await done.wait()
        await found.end()
    assert "!room: ValueError in" in caplog.text
    assert "a secret" not in caplog.text
