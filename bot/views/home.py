"""How one's own page reads: short, the most urgent first. Everything here is for the asker alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.coalition import zones
from bot.coalition.coalitions import Coalition
from bot.coalition.home import Page
from bot.coalition.members import Author, Member
from bot.coalition.reminding import Listed
from bot.message import Block, Bold, Button, Buttons, Message, Moment, Spans, bullets, buttons, text
from bot.views.deadlines import row as deadline_row
from bot.views.reminders import short, titled
from bot.views.tasks import row as task_row

BUTTONS = 3
"""Rows of a part that get a button of their own."""


def page(member: Member, mine: Page, reader: Author, now: datetime) -> Message:
    """A member's page."""
    today = now.astimezone(zones.tz(reader.zone)).date()
    return Message(
        f"{member.name}, {member.id}",
        (
            *_waiting(mine, reader),
            *_to_decide(mine),
            *_part(
                "Next deadlines", [deadline_row(each, reader, now) for each in mine.deadlines[:BUTTONS]], [("All deadlines", "deadlines")]
            ),
            *_part(
                "My tasks",
                [task_row(each, {}, reader, today) for each in mine.tasks],
                [*((f"{each.id} is done", f"task done {each.id}") for each in mine.tasks[:BUTTONS]), ("All tasks", "tasks")],
            ),
            *_part(
                "My projects",
                [(Bold(each.id), f" {each.title} ({each.state})") for each in mine.projects],
                [*((f"Update {each.id}", f"project update {each.id}") for each in mine.projects[:BUTTONS]), ("All projects", "projects")],
            ),
            *_part(
                "My reminders",
                [_reminder(each, reader, now) for each in mine.reminders],
                [("Set a reminder", "remind"), *([("All my reminders", "reminders")] if mine.reminders else [])],
            ),
            *_settings(member, mine, reader),
        ),
        private=True,
    )


def _part(title: str, rows: Sequence[Spans], next_: Iterable[tuple[str, str]]) -> tuple[Block, ...]:
    """A part of the page, with what to do next; without a row it says so in one line."""
    body = (text(Bold(title)), bullets(rows)) if rows else (text(Bold(title), ": none."),)
    return (*body, buttons(*next_))


def _waiting(mine: Page, reader: Author) -> tuple[Block, ...]:
    """What waits for the member, if anything does."""
    slots: list[Spans] = [(Bold(slot.id), f" {slot.role} in {session.id} {session.title} ({slot.state})") for slot, session in mine.slots]
    came: list[Spans] = [(Bold(each.id), f" {short(titled(rule))}: ", Moment(each.due, "UTC", reader.zone)) for each, rule in mine.came]
    asking: list[Spans] = [(Bold(each.id), f" {each.name} asks to join again") for each in mine.asking]
    pressed = [
        *(Button(f"Yes to {slot.id}", f"slot yes {slot.id}") for slot, _ in mine.slots[:BUTTONS]),
        *(Button(f"Done {each.id}", f"done {each.id}") for each, _ in mine.came[:BUTTONS]),
        *(Button(f"Admit {each.id}", f"member admit {each.id}") for each in mine.asking[:BUTTONS]),
    ]
    rows = [*slots, *came, *asking]
    return (text(Bold("Waits for you")), bullets(rows), Buttons(tuple(pressed))) if rows else ()


def _to_decide(mine: Page) -> tuple[Block, ...]:
    """What waits for a chair, if anything does."""
    suggested = [(session, f"{count} suggestion{'' if count == 1 else 's'}") for session, count in mine.suggested]
    rows: list[Spans] = [(Bold(session.id), f" {session.title}: {count} to publish") for session, count in suggested]
    rows += [(Bold(each.id), f" {each.title}: nominated, to choose or not") for each in mine.nominated]
    pressed = [
        *(Button(f"{count} for {session.id}", f"agenda suggestions {session.id}") for session, count in suggested[:BUTTONS]),
        *(Button(f"Look at {each.id}", f"project {each.id}") for each in mine.nominated[:BUTTONS]),
    ]
    return (text(Bold("Waits for a chair")), bullets(rows), Buttons(tuple(pressed))) if rows else ()


def _reminder(row: Listed, reader: Author, now: datetime) -> Spans:
    words = f" {short(titled(row.reminder))}"
    if row.next is None:
        return (Bold(row.reminder.id), words)
    return (Bold(row.reminder.id), f"{words}: ", Moment(row.next, reader.zone, reader.zone), f", {zones.until(row.next, now)}")


def _settings(member: Member, mine: Page, reader: Author) -> tuple[Block, ...]:
    """When and where the bot writes, with what changes most; the rest stands with one's profile."""
    listed = ("List me by group only", "group") if member.visibility == "full" else ("List me in full", "full")
    return (
        text(Bold("When I write to you: "), "; ".join(_told(member, mine, reader)), "."),
        buttons(
            ("I am back", "away off") if member.away_until else ("I am away", "away"),
            ("Quiet hours", "quiet"),
            (listed[0], f"me change --visibility {listed[1]}"),
            ("My profile", "me"),
        ),
    )


def _told(member: Member, mine: Page, reader: Author) -> list[str]:
    """When and where the member is written to, and how they are listed, in a few words each."""
    open_ = [account.id.partition(":")[0] for account in mine.accounts if not account.gone]
    where = member.prefers or next(iter(open_), "")
    return [
        f"on {where}" if where else "nowhere, as no account is open",
        f"by the clock of {reader.zone}",
        f"quiet hours {member.quiet}" if member.quiet else "no quiet hours",
        *([f"away until {zones.day(member.away_until)}"] if member.away_until else []),
        "listed in full" if member.visibility == "full" else "listed by group and region only",
    ]


def stranger(coalition: Coalition | None, reader: Author) -> Message:
    """What somebody is shown who is no member: what this is, and how to come in."""
    whose = coalition.name if coalition else "an IGF Dynamic Coalition"
    if reader.member:
        how, pressed = (
            f"You are no active member now ({reader.member.state}).",
            [("What is known of me", "me"), ("Ask to join again", "join")],
        )
    elif reader.outsider:
        how, pressed = "You are a guest here, or of another organisation: a chair lets you in.", []
    else:
        how, pressed = "Join to see who is who, set reminders and share what you do.", [("Join", "join")]
    return Message(
        f"Welcome to {whose}",
        (
            text("I remember the coalition's year: projects, session proposals, agendas, deadlines and who knows what."),
            text(how),
            buttons(*pressed, ("The coalition", "coalition"), ("Next deadlines", "deadlines"), ("What you can ask", "help")),
        ),
        private=True,
    )
