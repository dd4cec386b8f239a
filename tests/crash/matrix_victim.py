"""A bot on Matrix that is going to be killed: the real one, on a homeserver and with a clock that stand outside of its process.

It is told where to die as `slack_victim` is. A step is what may be the last thing that a process does: before and after each statement
and each COMMIT, and before and after each call of the homeserver.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine

from bot import app, schedule
from bot.adapters.matrix import MatrixAdapter, adapter
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.options import Options
from bot.config import Settings
from tests.crash.talking import LOOKING, TalkingSteps, talk
from tests.crash.victim import Clock
from tests.matrix.bots import PICKLE_KEY

LOADED = [schedule.__name__, adapter.__name__]


class MatrixSteps(TalkingSteps):
    """Counts each call of the homeserver too, and what an interview and the sync keep."""

    threads: ClassVar = {*TalkingSteps.threads, "asyncio"}

    def follow(self, engine: Engine) -> None:
        super().follow(engine)
        self.follow_calls(Homeserver, "asked", lambda arguments: f"{arguments[1]} {_word(arguments[2])}")


def _word(path: str) -> str:
    """What a path is about, without its ids: `send` of `/v3/rooms/!ab/send/m.room.message/12`."""
    return next(word for word in reversed(path.split("/")) if word.isalpha())


def main(arguments: Sequence[str]) -> int:
    """Run the bot: the URL of the database, the folders of the world and of the session, the homeserver, the step to die at."""
    url, world, folder, homeserver, die_at = arguments
    schedule.SWEEP_SECONDS = adapter.LOOKING = LOOKING  # type: ignore[assignment]
    step, now = MatrixSteps(Path(world), die_at), Clock(Path(world))
    options = Options(homeserver=homeserver, folder=Path(folder), pickle_key=PICKLE_KEY)
    with app.assembled(Settings(database=url, adapters=("matrix",)), now) as bot:
        step.follow(bot.store.engine)
        asyncio.run(talk(bot, MatrixAdapter(options, now), step))
    return 0
