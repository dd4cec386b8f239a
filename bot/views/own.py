"""How one's own page reads. Everything here is for the asker alone."""

from collections.abc import Sequence

from bot.coalition import zones
from bot.coalition.members import Author, Member, shown
from bot.coalition.organisations import Organisation
from bot.coalition.own import Belongings
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.message import Button, Buttons, File, Message, Span, Spans, bullets, buttons, facts, text
from bot.views import invitations
from bot.views.common import some
from bot.views.members import confidential, profile
from bot.views.replies import done
from bot.views.sharing import counted


def me(
    member: Member,
    organisations: Sequence[Organisation],
    mine: Belongings,
    asked: Sequence[tuple[RoleSlot, Session]],
    reader: Author,
    said: str = "",
) -> Message:
    """One's own profile, what one leads, speaks in and owes, what one is `asked` to be, and what others see of it."""
    personal: list[tuple[str, Span | Spans]] = [
        ("Quiet hours", _quiet(member)),
        ("Letters go to", member.prefers or ""),
        ("Light prompts", f"at most {member.budget} in 30 days" if member.budget is not None else ""),
        ("Gender", "declared; used in totals only and never shown" if member.gender else ""),
        ("Others see", _seen(member)),
        ("Projects", some(f"{project.id} {project.title} ({project.state})" for project in mine.projects)),
        ("Sessions", some(_slots(mine))),
        ("Looks after", some(f"{deadline.id} {deadline.title}" for deadline in mine.deadlines)),
        ("Tasks", some(f"{task.id} {task.text}" for task in mine.tasks)),
        ("Shared", counted(mine.shared)),
    ]
    return Message(
        f"You are {member.id} {member.name}",
        (
            *done(said),
            facts([*profile(member, organisations, mine.names), *confidential(member, mine.accounts), *personal]),
            *invitations.mine(asked, reader.zone),
            Buttons((*_next(member), *([Button("What I shared", f"activities {member.id}")] if mine.shared else ()))),
        ),
        private=True,
    )


def when_to_write(member: Member, said: str) -> Message:
    """When the bot may write to somebody, who just changed that."""
    back = [Button("I am back", "away off")] if member.away_until else []
    return Message(
        f"You are {member.id} {member.name}",
        (
            *done(said),
            facts(
                (
                    ("Zone", member.zone or "UTC"),
                    ("Quiet hours", _quiet(member) or "none"),
                    ("Away until", zones.day(member.away_until) if member.away_until else ""),
                )
            ),
            Buttons((*back, Button("My reminders", "reminders"), Button("All about me", "me"))),
        ),
        private=True,
    )


def _quiet(member: Member) -> str:
    return f"{member.quiet} {member.zone or 'UTC'}" if member.quiet else ""


def _seen(member: Member) -> str:
    if member.state != "active":
        return "nothing: you are not listed"
    return "your name and profile" if member.visibility == "full" else f"{shown(member)} and your expertise tags"


def _slots(mine: Belongings) -> list[str]:
    return [f"{slot.id} {slot.role} in {mine.sessions[slot.session].title} ({slot.state})" for slot in mine.slots]


def _next(member: Member) -> list[Button]:
    listed = ("List me in full", "full") if member.visibility == "group" else ("List me by group only", "group")
    return [
        *([Button("Ask to join again", "join")] if member.state in {"refused", "inactive"} else ()),
        *([Button(listed[0], f"me change --visibility {listed[1]}")] if member.state == "active" else ()),
        *([Button("I am back", "me change --back")] if member.away_until else ()),
        *([Button("Change my profile", "me change")] if member.state == "active" else ()),
        *([Button("Use another account", "link")] if member.state == "active" else ()),
        Button("Copy of my data", "me export"),
        Button("Forget me", "me forget"),
    ]


def exported(data: bytes, records: int, changes: int) -> Message:
    """The copy of one's data."""
    return Message(
        f"Everything that is kept about you: {records} records and {changes} changes of your own.",
        (File("my-data.json", data, "application/json"), buttons(("Me", "me"), ("Forget me", "me forget"))),
        private=True,
    )


def about_to_forget(member: Member, shared: int) -> Message:
    """What being forgotten means, before it happens. `shared`: how many lessons and activities they shared."""
    stays = f"What you shared ({counted(shared)}) stays as well, without your name, unless you want it gone too."
    gone = [("Forget me and what I shared", "me forget --yes --shared")] if shared else []
    return Message(
        f"{member.id} {member.name}: do you want to be forgotten? Nothing was changed yet.",
        (
            bullets(
                (
                    "Your name, accounts, profile and their history are erased. This cannot be undone, not even by an operator.",
                    f"Projects, updates and deadlines stay and say “a former member” where they say {member.id} now.",
                    *([stays] if shared else []),
                    "Names that session records published stay as they were published, and belong to nobody here.",
                    "Backups made before keep their contents until they are deleted.",
                    "You can join again later, as somebody new.",
                )
            ),
            text("A copy to take along comes first:"),
            buttons(("Copy of my data", "me export"), ("Yes, forget me", "me forget --yes"), *gone, ("No", "me")),
        ),
        private=True,
    )


def forgotten(member: Member) -> Message:
    """The last answer to somebody who is forgotten."""
    return Message(
        f"You are forgotten: {member.id} is now “a former member”.",
        (text("This account belongs to nobody any more."), buttons(("About", "about"), ("Join again", "join"))),
        private=True,
    )
