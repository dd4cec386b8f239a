"""How joining two accounts reads. Everything here is for the asker alone."""

from datetime import datetime

from bot.coalition.members import AccountLink, Author, Member
from bot.lines import compose
from bot.message import Code, Message, Moment, buttons, text
from bot.request import Account


def given(code: str, until: datetime, reader: Author) -> Message:
    """The code, and what to do with it; `until` (aware) is when it ends."""
    return Message(
        f"Your code is {code}",
        (
            text("Say this in your other account, in a direct conversation with me: ", Code(f"link {code}")),
            text("It can be used once, until ", Moment(until, "UTC", reader.zone), ". Give it to nobody: who says it acts as you."),
            buttons(("A new code", "link"), ("My accounts", "me")),
        ),
        private=True,
    )


def linked(member: Member, link: AccountLink) -> Message:
    """An account became the member's."""
    return Message(
        f"This account is now yours: you are {member.id} {member.name}.",
        (
            text(f"{link.id} acts as you from now on. Where I write to you: ", Code("me change --prefers "
             + link.id.partition(":")[0]), " makes it this account."),
            buttons(("My page", "home"), ("My accounts", "me")),
        ),
        private=True,
    )  # fmt: skip


def told(link: AccountLink, since: datetime, zone: str) -> Message:
    """In another account of the member's: that this one acts as them too; `since` is aware, `zone` the reader's."""
    name = f" ({link.name})" if link.name else ""
    return Message(
        f"{link.id}{name} now acts as you.",
        (
            text("Since ", Moment(since, zone or "UTC", zone), " it can say and see all that you can here. Is that not you? "
                 "Take it away from you at once, and tell a chair."),
            buttons(("That is not me", compose("unlink", link.id)), ("My accounts", "me")),
        ),
        private=True,
    )  # fmt: skip


def unlinked(account: Account) -> Message:
    """An account is nobody's any more."""
    return Message(
        f"{account} is no longer yours.",
        (text("What was said from there stays as it is. To join it again: ", Code("link")), buttons(("My accounts", "me"))),
        private=True,
    )
