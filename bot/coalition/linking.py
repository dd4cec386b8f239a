"""Joining the accounts of one person by a short code, which one account is given and the other one says."""

import hashlib
import secrets
import uuid
from datetime import datetime

from bot.coalition import membership, reaching
from bot.coalition.codes import LASTS, TRIES, Code, Codes
from bot.coalition.members import AccountLink, Author, Member
from bot.coalition.outbox import Letter
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused
from bot.request import Account

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that nobody takes for one another."""
LENGTH = 8
LINKED = "linked"
"""What the letters are: that an account acts as a member from now on."""
_KEYS = uuid.UUID("5b0f0c0e-3a0f-4a53-9a35-6f6f3a1f7d52")


class WrongCode(Refused):
    """A code that nobody has. That it was tried is kept."""


def give(codes: Codes, author: Author, now: datetime) -> str:
    """A new code for the author's account (`K7QF-2M9D`); the one before ends. Raises Refused for an account without a member."""
    if author.id is None or "member" not in author.roles:
        raise Refused(
            f"{author.account} belongs to no member yet. Type “link” in the account that does, then here “link” and the code from there.",
            lines=["join"],
        )
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    codes.give(Code(author.account, _hashed(code), author.id, now + LASTS), now)
    return f"{code[:4]}-{code[4:]}"


def use(records: Records, codes: Codes, author: Author, text: str, now: datetime) -> tuple[Member, AccountLink]:
    """Make the author's account one of the member's whose other account was given this code. Raises Refused, NotAllowed, WrongCode."""
    if codes.tries(author.account, now) >= TRIES:
        raise Refused(
            f"That were {TRIES} wrong codes. Wait ten minutes, then ask for a new one in your other account.", lines=["help link"]
        )
    code = codes.find(_hashed(text))
    if code is None:
        raise WrongCode("That is not a code I gave. Type “link” in your other account for a new one, and say it here.", lines=["help link"])
    _check(code, author, now)
    member, giver = records.find(Member, code.member), records.find(AccountLink, str(code.account))
    if giver is None or giver.member != code.member:
        raise Refused("That code is over: the account that was given it is not that member's any more.", lines=["help link"])
    if member is None or not codes.use(code):
        raise Refused("That code was used already. Ask for a new one in your other account with “link”.", lines=["help link"])
    return member, membership.link(records, member, author.account, author.profile)


def tell(records: Records, link: AccountLink, author: Author) -> None:
    """Have the member's other accounts told that a further one acts as them; not the account that says so itself.

    Each is told in its own direct chat or not at all: in another place the new account might be who reads it.
    """
    transaction = records.trail.begin()
    others = [
        other.id for other in records.all(AccountLink, member=link.member, gone=False) if other.id not in {link.id, str(author.account)}
    ]
    key = {other: uuid.uuid5(_KEYS, f"{link.id}/{transaction}/{other}").hex for other in others}
    records.outbox.post([Letter(key[other], reaching.direct(Account.parse(other)), LINKED, link.id) for other in others])


def _check(code: Code, author: Author, now: datetime) -> None:
    if code.account == author.account:
        raise Refused("This is the account that was given the code. Say it in the other one, which is to be yours too.", lines=["me"])
    if code.until <= now:
        raise Refused("That code is over: it held for ten minutes. Type “link” in your other account for a new one.", lines=["help link"])
    if author.id == code.member:
        raise Refused(f"{author.account} is yours already.", lines=["me"])
    if author.outsider:
        raise NotAllowed(
            "This account is a guest's, or of another organisation, so a code is not enough. "
            f"Ask a chair to join it to you: “member link {code.member} {author.account}”.",
            lines=["about"],
        )
    if author.member:
        raise Refused(
            f"{author.account} belongs to {author.id}, and the code to another member. If both are you, ask a chair: "
            f"they take the account from {author.id} and link it to the other.",
            lines=["coalition"],
        )


def _hashed(text: str) -> str:
    """What is kept of a code; blanks, hyphens and case do not matter."""
    plain = "".join(char for char in text.upper() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
