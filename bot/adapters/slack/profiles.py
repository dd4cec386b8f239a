"""What Slack says of people, asked once an hour at most and never waited for long."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.adapters.slack.web_api import WebApi
from bot.coalition.texts import clean
from bot.errors import DeliveryError
from bot.recent import Recent
from bot.request import Profile

FRESH = 3_600.0
"""Seconds for which a profile is taken as it was read; Slack tells of changes meanwhile."""
FAILED = 60.0
"""Seconds before somebody of whom Slack said nothing is asked for again."""
PATIENCE = 1.5
"""Seconds that an answer waits for a profile: a modal must be opened within three of what was done."""
OUTSIDE = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")


class Profiles:
    """Profiles by user id. `now` is a clock in seconds, `patience` how many of them an answer waits."""

    def __init__(self, api: WebApi, now: Callable[[], float] = time.monotonic, *, patience: float = PATIENCE, most: int = 10_000) -> None:
        self._api = api
        self._now = now
        self._patience = patience
        self._known: Recent[str, tuple[Profile | None, float]] = Recent(most)
        self._asked: dict[str, asyncio.Task[Profile | None]] = {}

    async def of(self, user_id: str) -> Profile | None:
        """What Slack says of a person; None where it does not say, or not soon enough. Never raises."""
        profile, until = self._known.get(user_id) or (None, 0.0)
        if self._now() < until:
            return profile
        if user_id not in self._asked:
            self._asked[user_id] = asyncio.create_task(self._ask(user_id))
        done, _ = await asyncio.wait([self._asked[user_id]], timeout=self._patience)
        return next((task.result() for task in done), profile)

    async def end(self) -> None:
        """Ask no more."""
        asked = tuple(self._asked.values())
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    def note(self, user_id: str, profile: Profile) -> None:
        """Take what Slack told by itself, which is newer than any answer that is under way."""
        self._asked.pop(user_id, None)
        self._keep(user_id, profile, FRESH)

    async def _ask(self, user_id: str) -> Profile | None:
        """Ask Slack; unless it told by itself meanwhile, keep what it says."""
        profile, seconds = await self._answer(user_id)
        if self._asked.get(user_id) is not asyncio.current_task():
            return (self._known.get(user_id) or (profile, 0.0))[0]
        del self._asked[user_id]
        self._keep(user_id, profile, seconds)
        return profile

    async def _answer(self, user_id: str) -> tuple[Profile | None, float]:
        """A profile and how long it is fresh; where Slack does not say, the one that was known."""
        try:
            user = (await self._api.call("users.info", user=user_id)).get("user")
        except DeliveryError:
            user = None
        if isinstance(user, Mapping):
            return read(user, self._api.identity.team_id), FRESH
        return (self._known.get(user_id) or (None, 0.0))[0], FAILED

    def _keep(self, user_id: str, profile: Profile | None, seconds: float) -> None:
        self._known.keep(user_id, (profile, self._now() + seconds))


def read(user: Mapping[str, Any], home: str = "") -> Profile:
    """A user object (https://docs.slack.dev/reference/objects/user-object) as a profile. `home` is the bot's own workspace.

    The whole name goes before the one that is shown in chats: it is what stands in a directory. Programs, guests and people of other
    workspaces are outsiders; one of the same organisation is none.
    """
    shown, enterprise = user.get("profile"), user.get("enterprise_user")
    names = [*_texts(shown, "real_name"), *_texts(user, "real_name"), *_texts(shown, "display_name"), *_texts(user, "name")]
    teams = enterprise.get("teams") if isinstance(enterprise, Mapping) else None
    team = user.get("team_id")
    foreign = bool(home and team) and team != home and not (isinstance(teams, list) and home in teams)
    return Profile(
        name=next(filter(None, names), ""),
        zone=next(iter(_texts(user, "tz")), ""),
        outsider=foreign or any(user.get(mark) is True for mark in OUTSIDE),
        gone=user.get("deleted") is True,
    )


def _texts(found: object, *names: str) -> list[str]:
    """The values that are texts, as texts are kept."""
    values = (found.get(name) for name in names) if isinstance(found, Mapping) else ()
    return [clean(value) for value in values if isinstance(value, str)]
