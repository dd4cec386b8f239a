"""How the coalition, its rooms and this installation read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coalition import zones
from bot.coalition.coalitions import PURPOSES, Coalition, Purpose, Room
from bot.coalition.cycles import Cycle
from bot.coalition.members import Author, Member, shown
from bot.coalition.outbox import Mailbag
from bot.coalition.store import Pulse
from bot.deployment import VERSION, Deployment, Health
from bot.message import Block, Bold, Button, Buttons, Code, Message, Moment, RoomName, Span, Spans, bullets, buttons, facts, text
from bot.request import Place
from bot.views.common import web
from bot.views.post import held
from bot.views.replies import done

MISSED_DAYS = 30
"""Over how many days missed reminders are counted: what is older is no sign of how the bot is doing."""
MINUTE = timedelta(minutes=1)
"""How far two machines' clocks may differ without a word."""


def one(
    coalition: Coalition,
    *,
    chairs: Sequence[Member],
    representatives: Sequence[Member],
    rooms: Sequence[Room],
    reader: Author,
    said: str = "",
) -> Message:
    """Everything about the coalition. `said` tells what was just done."""
    change = [Button("Change it", "coalition change")] if reader.chairs else []
    return Message(
        coalition.name,
        (
            *done(said),
            facts(
                (
                    ("Also known as", ", ".join(coalition.aliases)),
                    ("Formed", str(coalition.formed or "")),
                    ("Aims", coalition.aims),
                    ("Chairs", ", ".join(f"{member.id} {shown(member, reader)}" for member in chairs)),
                    ("Representatives", ", ".join(f"{member.id} {shown(member, reader)}" for member in representatives)),
                    ("Mailing list", web(coalition.mailing_list)),
                    ("Archive", web(coalition.archive)),
                    ("Last post to the list", Moment(coalition.posted, "UTC", reader.zone) if coalition.posted else ""),
                    ("Page", web(coalition.page)),
                    ("Rooms", "; ".join(f"{room.purpose} on {room.platform}" for room in rooms)),
                    ("Source", coalition.source),
                )
            ),
            *((text("Objectives"), bullets(coalition.objectives)) if coalition.objectives else ()),
            Buttons((Button("Members", "members"), Button("Projects", "projects"), *change)),
        ),
    )


def rooms(found: Sequence[Room], reader: Author, said: str = "") -> Message:
    """The rooms that are bound, and how to bind one."""
    rows: list[Spans] = [(Bold(room.purpose), ": ", _name(room), f" on {room.platform}") for room in found]
    free = _binding(PURPOSES)
    return Message(
        "Rooms",
        (
            *done(said),
            bullets(rows) if rows else text("No room is bound yet. A chair binds one by saying so in that room."),
            Buttons((*(free if reader.chairs and not said else ()), Button("Coalition", "coalition"))),
        ),
    )


def _name(room: Room) -> RoomName:
    return RoomName(Place(room.platform, room.room), room.name or "a room")


def _binding(purposes: Sequence[Purpose]) -> list[Button]:
    return [Button(f"Use this room for {purpose}", f"room bind {purpose}") for purpose in purposes]


def introduction(coalition: Coalition | None, unbound: Sequence[Purpose]) -> Message:
    """What the bot says where it is new. `unbound` is what this room may be used for."""
    whose = coalition.name if coalition else "an IGF Dynamic Coalition"
    chairs = text("Chairs: one of you says what this room is for, so that I know where to announce things, and where we work.")
    return Message(
        f"Hello, I am the bot of {whose}",
        (
            text("I remember the coalition's year: projects, session proposals, agendas, deadlines, who knows what. I remind in time."),
            text("Ask me like this: ", Code("projects"), ", ", Code("help"), ". In a direct chat with me the first word is not needed."),
            text(
                "I keep what you tell me to keep, and nothing else of what is said here: no data on minors, no reports of abuse. What I "
                "keep about you I show, give and erase when you ask: ",
                Code("me"), ", ", Code("me export"), ", ", Code("me forget"),
            ),
            *((chairs,) if unbound else ()),
            buttons(("The coalition", "coalition"), ("What you can ask", "help"), ("Join", "join")),
            *((Buttons(tuple(_binding(unbound))),) if unbound else ()),
        ),
    )  # fmt: skip


def about(coalition: Coalition | None, reader: Author) -> Message:
    """What the bot is, in a few lines, for somebody who meets it."""
    whose = coalition.name if coalition else "an IGF Dynamic Coalition"
    return Message(
        f"The bot of {whose}",
        (
            text(
                f"It remembers the coalition's year: projects, session proposals, agendas, deadlines and who knows what. "
                f"coalition-bot {VERSION}, free software (Apache-2.0)."
            ),
            text("It keeps no data on minors. Everything a chair does is in a history that members can read."),
            buttons(("The coalition", "coalition"), ("What you can ask", "help"), ("Me", "me") if reader.id else ("Join", "join")),
        ),
    )


@dataclass(frozen=True, slots=True)
class Post:
    """How reminders and letters are doing; `missed` are reminders that could not come in time, in MISSED_DAYS."""

    pulse: Pulse
    bag: Mailbag
    missed: int


def status(
    counts: Mapping[str, int], *, cycle: Cycle | None, last: datetime | None, post: Post, deployment: Deployment, now: datetime,
    reader: Author,
) -> Message:  # fmt: skip
    """How the installation is doing; operators also see where things are and who is named in the configuration."""
    changed: Spans = (Moment(last, "UTC", reader.zone), f", {zones.ago(last, now)}") if last else ("nothing yet",)
    outbox = [("Outbox", "outbox")] if reader.roles & {"chair", "operator"} else []
    return Message(
        f"coalition-bot {VERSION} is running.",
        (
            facts(
                (
                    ("Now", (Moment(now, "UTC", reader.zone),)),
                    ("Database", f"{deployment.engine}, version {deployment.schema or 'unknown'}"),
                    ("Last change", changed),
                    ("Kept", ", ".join(f"{word} {count:,}" for word, count in counts.items())),
                    ("Current cycle", cycle.id if cycle else "none yet"),
                    ("Adapters", ", ".join(deployment.adapters)),
                    *((name.capitalize(), _health(health, reader)) for name, health in deployment.health.items()),
                    *_post(post, now, reader),
                    *(_for_operators(deployment) if "operator" in reader.roles else ()),
                )
            ),
            *_problems(deployment),
            buttons(("About", "about"), ("Help", "help"), *outbox),
        ),
    )


def _health(health: Health, reader: Author) -> Spans:
    """How an adapter of this process is doing, and since when; nothing for one that has no connection."""
    since = (", since ", Moment(health.since, "UTC", reader.zone)) if health.since else ()
    heard = ("; it last answered ", Moment(health.heard, "UTC", reader.zone)) if health.heard else ()
    return (health.state, *since, *heard) if since or heard else ("",)


def _problems(deployment: Deployment) -> Iterator[Block]:
    """What is wrong with adapters, and what to do about it: whoever sees it may know whom to tell."""
    found = [(name, said) for name, health in deployment.health.items() for said in tuple(health.problems.values())]
    if found:
        yield bullets((Bold(name.capitalize()), f": {said}") for name, said in found)


def _post(post: Post, now: datetime, reader: Author) -> list[tuple[str, Span | Spans]]:
    """When reminders were last looked at and are next, and which letters have not arrived."""
    ahead = [process for process, at in post.pulse.beats.items() if at > now + MINUTE]
    tick, due, oldest = max(post.pulse.beats.values(), default=None), post.pulse.next, post.bag.oldest
    letters = f"{post.bag.waiting:,} on their way, {post.bag.parked:,} could not be delivered"
    return [
        ("Last tick", (Moment(tick, "UTC", reader.zone),) if tick else "none yet"),
        ("Clock", f"it went back: {', '.join(sorted(ahead))} was at work later than now" if ahead else ""),
        (
            "Next due",
            "nothing" if due is None else "now" if due <= now else (Moment(due, "UTC", reader.zone), f", {zones.until(due, now)}"),
        ),
        ("Letters", letters),
        ("Held back", held(post.bag, reader) if post.bag.held else ""),
        ("Oldest on its way", (Moment(oldest.since, "UTC", reader.zone),) if oldest and oldest.since else ""),
        ("Missed reminders", f"{post.missed:,} in {MISSED_DAYS} days" if post.missed else ""),
    ]


def _for_operators(deployment: Deployment) -> list[tuple[str, str]]:
    return [
        ("Database address", deployment.database),
        ("Chairs by configuration", ", ".join(sorted(deployment.chairs)) or "none"),
        ("Operators by configuration", ", ".join(sorted(deployment.operators)) or "none"),
    ]
