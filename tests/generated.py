"""The generated parts of the documents: the tables of commands, scopes and events, and every conversation's replies.

`python -m tests.generated` writes them anew; the tests fail where a document and the code differ.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import plugins
from bot.adapters.slack.scopes import EVENTS, SCOPES, Event
from bot.router import Route
from bot.shell import demo
from bot.testing import FakeClock, Rig, Sent
from storage.opening import open_store
from tests.transcript import Arrival, replayed

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CONVERSATIONS = [ROOT / "README.md", *sorted((ROOT / "tests" / "transcripts").glob("*.md"))]
PAGES = [*CONVERSATIONS, ROOT / "docs" / "slack.md"]


class Conversation:
    """A whole bot over the sample record."""

    def __init__(self, rig: Rig, clock: FakeClock) -> None:
        self._rig = rig
        self._clock = clock

    def say(self, line: str, *, sender: str = "chair", room: str = "", thread: str = "") -> str:
        return self._rig.say(line, sender=sender, room=room, thread=self._thread(room, thread))

    def arrived(self) -> list[Arrival]:
        asyncio.run(self._rig.rounds.sweep())
        return [self._arrival(self._clock.at, sent) for sent in self._rig.deliver()]

    def wait(self, by: timedelta) -> list[Arrival]:
        return [self._arrival(at, sent) for at, sent in self._rig.pass_time(by)]

    def sleep(self, by: timedelta) -> None:
        self._clock.move(by)

    def _thread(self, room: str, record: str) -> str:
        """The thread that a record has in a room."""
        with self._rig.store.transaction() as records:
            return next((card.place.thread for card in records.cards(record) if card.place.room == room), "")

    def _arrival(self, at: datetime, sent: Sent) -> Arrival:
        with self._rig.store.transaction() as records:
            record = records.carded(sent.place)
        return Arrival(at, f"{sent.place.room}, in the thread of {record}" if record else sent.place.room, sent.message)


@contextmanager
def conversation() -> Iterator[Conversation]:
    """A fresh conversation on the sample record, at the instant NOW."""
    clock = FakeClock(NOW)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/coalition.db")
        demo.load(store, clock())
        rig = Rig(store, clock, rooms="slack")
        yield Conversation(rig, clock)
        rig.close()
        store.close()


def _row(route: Route) -> str:
    who = "" if route.who == "anyone" else route.who
    return f"| `{route.usage}` | {route.help} | {who} |".replace("<", "&lt;")


def command_table() -> str:
    """Every route as a row, sorted by its words, in a table for each topic, in the order of the help."""
    topics: dict[str, list[Route]] = {}
    for route in plugins.router():
        topics.setdefault(route.topic, []).append(route)
    return "\n".join(_table(topic, routes) for topic, routes in topics.items())


def _table(topic: str, routes: Sequence[Route]) -> str:
    rows = sorted(routes, key=lambda route: route.words.removesuffix("s").split())
    title = topic[:1].upper() + topic[1:]
    return "\n".join([f"### {title}", "", "| line | what it does | who |", "|---|---|---|", *map(_row, rows), ""])


def scope_table() -> str:
    """Every scope of the Slack app as a row."""
    rows = [f"| `{scope.name}` | {scope.reason} | {scope.without or 'needed'} |" for scope in SCOPES]
    return "\n".join(["| scope | what for | without it |", "|---|---|---|", *rows, ""])


def event_table() -> str:
    """Every event of the Slack app as a row."""
    rows = [f"| `{event.name}` | {event.reason} | {_scopes(event)} |" for event in EVENTS]
    return "\n".join(["| event | when | scopes |", "|---|---|---|", *rows, ""])


def _scopes(event: Event) -> str:
    return ", ".join(f"`{name}`" for name in event.scopes) + (" (optional)" if event.optional else "")


TABLES = {"commands": command_table, "scopes": scope_table, "events": event_table}


def _between(name: str, table: str, text: str) -> str:
    """The text with a table between the marks of its name."""
    return re.sub(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", lambda _: table, text, flags=re.DOTALL)


def renewed(path: Path) -> str:
    """The document with its generated parts as the code gives them now."""
    text = path.read_text("utf-8")
    for name, table in TABLES.items():
        text = _between(name, table(), text)
    if path not in CONVERSATIONS:
        return text
    with conversation() as bot:
        return replayed(text, bot)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(renewed(page), "utf-8")
