"""APScheduler 3.11 with its own SQLAlchemy job store under a load: for each rule a job that fires once, or every week."""

import asyncio
import itertools
import pickle
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.util import datetime_to_utc_timestamp
from sqlalchemy import text

from benchmarks.load import FAR, SAMPLE, Delivered, Load, peak

SETTINGS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
"""Nothing that is late is dropped, as with us; the default drops what is a second late."""
CHUNK = 5_000


class Fired:
    """The jobs that ran."""

    def __init__(self) -> None:
        self.jobs: set[str] = set()
        self.wanted = 0
        self.all = asyncio.Event()

    def note(self, name: str) -> None:
        self.jobs.add(name)
        if len(self.jobs) == self.wanted:
            self.all.set()


FIRED = Fired()


async def fire(name: str) -> None:
    """The job, which a store finds by its name; it does nothing but say that it ran."""
    FIRED.note(name)


def filled(file: Path, load: Load) -> float:
    """Make a store with all the jobs; how many were added a second, one by one."""
    return asyncio.run(_filled(_store(file), load))


def filled_ahead(file: Path, load: Load) -> float:
    """The same in a file with a write-ahead log, as the bot has it: one wait for the disk a transaction instead of several."""
    with _store(file).engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode = WAL"))
    return filled(file, load)


async def _filled(store: SQLAlchemyJobStore, load: Load) -> float:
    now = datetime.now(UTC).replace(microsecond=0)
    scheduler = _scheduler(store)
    scheduler.start(paused=True)
    triggers = _triggers(load, now)
    sample = list(itertools.islice(triggers, SAMPLE))
    began = time.perf_counter()
    jobs = [scheduler.add_job(fire, trigger, args=[name], next_run_time=at) for name, at, trigger in sample]
    rate = len(jobs) / (time.perf_counter() - began)
    with store.engine.begin() as connection:
        while rows := [_row(jobs[0], *each) for each in itertools.islice(triggers, CHUNK)]:
            connection.execute(store.jobs_t.insert(), rows)
    scheduler.shutdown(wait=False)
    return rate


def _triggers(load: Load, now: datetime) -> Iterator[tuple[str, datetime, Any]]:
    for number in range(load.rules):
        at = now if number < load.due else now + FAR + timedelta(seconds=number)
        weekly = CronTrigger(day_of_week=at.weekday(), hour=at.hour, minute=at.minute, second=at.second, start_date=at, timezone=UTC)
        yield f"job {number}", at, weekly if load.weekly else DateTrigger(at)


def _row(like: Job, name: str, at: datetime, trigger: Any) -> dict[str, object]:
    """What the store would write of a job like this one."""
    state = {**like.__getstate__(), "id": uuid.uuid4().hex, "trigger": trigger, "args": (name,), "next_run_time": at}
    return {"id": state["id"], "next_run_time": datetime_to_utc_timestamp(at), "job_state": pickle.dumps(state, pickle.HIGHEST_PROTOCOL)}


def delivered(file: Path, load: Load) -> Delivered:
    """Let everything that is due run."""
    return asyncio.run(_delivered(file, load))


async def _delivered(file: Path, load: Load) -> Delivered:
    FIRED.wanted = load.due
    scheduler = _scheduler(_store(file))
    scheduler.start(paused=True)
    began = time.perf_counter()
    scheduler.resume()
    await FIRED.all.wait()
    taken = time.perf_counter() - began
    scheduler.shutdown(wait=False)
    return Delivered(taken, peak())


def idle(file: Path, rounds: int) -> float:
    """Median seconds of a wake-up with nothing due."""
    return asyncio.run(_idle(file, rounds))


async def _idle(file: Path, rounds: int) -> float:
    scheduler = _scheduler(_store(file))
    scheduler.start()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        scheduler.wakeup()
        await asyncio.sleep(0)
        taken.append(time.perf_counter() - began)
    scheduler.shutdown(wait=False)
    return median(taken)


def synchronous(file: Path) -> int:
    """How the store's connections wait for the disk (`PRAGMA synchronous`): 2 is FULL."""
    with _store(file).engine.connect() as connection:
        found: int = connection.execute(text("PRAGMA synchronous")).scalar_one()
    return found


def _store(file: Path) -> SQLAlchemyJobStore:
    return SQLAlchemyJobStore(url=f"sqlite:///{file}")


def _scheduler(store: SQLAlchemyJobStore) -> AsyncIOScheduler:
    return AsyncIOScheduler(jobstores={"default": store}, timezone=UTC, job_defaults=SETTINGS)
