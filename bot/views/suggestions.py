"""How suggestions for an agenda read, to those who may know of them. Every answer is private."""

from collections.abc import Sequence

from bot.coalition import sessions
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.coalition.suggestions import Suggestion
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Message, Spans, bullets, text
from bot.views import people as persons
from bot.views.items import details
from bot.views.lists import ROWS
from bot.views.replies import done


def suggested(suggestion: Suggestion, session: Session) -> Message:
    """What somebody has just suggested, and who learns of it."""
    name = "without your name" if suggestion.anonymous else "with your name, as you are listed"
    return Message(
        f"{suggestion.id} {suggestion.title} is suggested for {session.id} {session.title}",
        (
            *done(f"The chairs and the editors of {session.id} see it, and nobody else. It is published together with the others, {name}."),
            Buttons(
                (
                    Button("What I suggested", f"agenda suggestions {session.id}"),
                    Button("Take it back", f"agenda unsuggest {suggestion.id}"),
                    Button("Agenda", f"agenda {session.id}"),
                )
            ),
        ),
        private=True,
    )


def listing(session: Session, found: Sequence[Suggestion], people: People, reader: Author, said: str = "") -> Message:
    """The suggestions that the reader may know of; whoever sets up the agenda can publish them, now or when they are reminded."""
    sets_up = sessions.may_change(session, reader)
    title = f"Suggested for {session.id} {session.title}" if sets_up else f"What you suggested for {session.id} {session.title}"
    after = [Button("Suggest an item", f"agenda suggest {session.id}"), Button("Agenda", f"agenda {session.id}")]
    if found and sets_up:
        note = f"Publish what was suggested: agenda publish {session.id}"
        after = [
            Button(f"Publish {'it' if len(found) == 1 else f'all {len(found)}'}", f"agenda publish {session.id}"),
            Button("Remind me to publish", compose("remind me", note)),
            *after,
        ]
    else:
        after += [Button(f"Take back {each.id}", f"agenda unsuggest {each.id}") for each in found[:3]]
    known = "Nobody but the chairs and the session's editors sees these." if sets_up else "Only you, the chairs and its editors see these."
    rows = bullets(_row(each, people, reader, sets_up=sets_up) for each in found[:ROWS])
    rest = [text(f"and {len(found) - ROWS} more")] if len(found) > ROWS else []
    body: tuple[Block, ...] = (rows, *rest, text(known)) if found else (text("Nothing waits here."),)
    return Message(title, (*done(said), *body, Buttons(tuple(after))), private=True)


def _row(suggestion: Suggestion, people: People, reader: Author, *, sets_up: bool) -> Spans:
    by = f"\nSuggested by {persons.name(suggestion.by, '', people, reader, 'somebody')}" if sets_up else ""
    hidden = ", to be published without a name" if suggestion.anonymous else ""
    return (Bold(suggestion.id), details(suggestion, people, reader, f", part {suggestion.part}"), by + (hidden if by else hidden[2:]))
