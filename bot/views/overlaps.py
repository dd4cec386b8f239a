"""How overlaps read: what is similar, in which words, and whom to talk to."""

from collections.abc import Mapping, Sequence

from bot.coalition import persons
from bot.coalition.members import Author, Member, shown
from bot.coalition.organisations import Organisation
from bot.coalition.overlaps import Similar
from bot.coalition.persons import Person
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Message, Spans, bullets, buttons, text
from bot.views.replies import done


def blocks(known: Mapping[str, Person | Organisation], found: Sequence[Similar], own: str, reader: Author) -> tuple[Block, ...]:
    """What is similar to a record of the reader's own (or to a text, `own` is ""), with a button that joins instead; () for nothing."""
    if not found:
        return ()
    return (
        text("Similar to what is here already. Perhaps you would rather join forces:"),
        bullets(_row(each, known, reader) for each in found),
        Buttons(tuple(_button(each, own) for each in found)),
    )


def _row(each: Similar, known: Mapping[str, Person | Organisation], reader: Author) -> Spans:
    kind = " of ".join(filter(None, [each.word, each.cycle]))
    shared = ", ".join(f"“{words}”" for words in each.shared)
    who = "; ".join(_who(known[identity], reader) for identity in each.people if identity in known)
    return (Bold(each.id), f" {each.title} ({kind}): shares {shared}.", f" Talk to {who}." if who else "")


def _who(found: Person | Organisation, reader: Author) -> str:
    return f"{found.id} {found.name if isinstance(found, Organisation) else persons.shown(found, reader)}"


def _button(each: Similar, own: str) -> Button:
    return Button(f"Join {each.id} instead", f"instead {own} {each.id}") if own and each.open else Button(f"{each.id} details", each.id)


def listing(
    known: Mapping[str, Person | Organisation], found: Sequence[Similar], about: str, own: str, reader: Author, *, words: bool = False
) -> Message:
    """What a record or, as `words`, a text overlaps with, for who asks. A word that many records share is no overlap, but can be found."""
    named = f"“{about}”" if words else about
    search = [(f"Search {about}", compose("search", about))] if words else []
    if not found:
        return Message(
            f"Nothing here is similar to {named}.", (buttons(*search, ("Projects", "projects"), ("All sessions", "sessions --all")),)
        )
    return Message(f"Similar to {named}", blocks(known, found, own, reader)[1:])


def joined(given: str, to: str, title: str, *, taken: bool, programme: bool = False) -> Message:
    """That somebody joined in, or asked to, in place of what they had begun."""
    gone = f"{given} is {'removed' if programme else 'withdrawn'} in its favour."
    said = f"You are in. {gone}" if taken else f"Those who can take you in are asked by a letter. {gone}"
    return Message(f"{to} {title} instead of {given}.", (*done(said), buttons((f"Show {to}", to))))


def asks(member: Member, to: str, title: str, given: str, lines: Sequence[tuple[str, str]]) -> Message:
    """To somebody who can take the member in."""
    who = f"{member.id} {shown(member)}"
    return Message(
        f"{who} would like to join {to} {title}.",
        (text(f"They had begun {given} on the same thing and gave it up for yours."), buttons(*lines)),
        private=True,
    )
