"""A proposal that begins as a copy of an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.coalition import checking, rulesets
from bot.coalition.checking import Finding
from bot.coalition.cycles import Cycle
from bot.coalition.entries import Entry
from bot.coalition.ids import CycleId, PersonId, SessionId
from bot.coalition.proposals import suggested
from bot.coalition.sessions import DONE, Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records

KEPT = (
    "kind", "theme_question", "policy_questions", "description", "gain", "format", "minutes", "organisers", "organiser_note",
    "format_note", "diversity", "hybrid", "sdgs", "tags", "background",
)  # fmt: skip
"""What a copy takes as it stands. Its themes must be of its own cycle; its dates, number and state are never those of another year."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A new proposal, how many seats it has, and what of the earlier one does not fit its year: themes, and rules that it fails."""

    session: Session
    seats: int
    themes: tuple[str, ...]
    fails: Sequence[Finding]


def copy(records: Records, earlier: Session, cycle: Cycle, title: str, editor: PersonId | None, *, people: bool) -> Copy:
    """Begin a draft for a cycle with what an earlier one says; with `people`, everybody is suggested for the role they had.

    Otherwise each role is an empty seat.
    """
    fit = tuple(theme for theme in earlier.themes if theme in cycle.themes or not cycle.themes)
    own = [earlier.link] if earlier.link and earlier.cycle != cycle.id else []
    links = tuple(dict.fromkeys((*earlier.earlier, *own)))
    session = records.add(
        Session(
            cycle=CycleId(cycle.id),
            title=title or earlier.title,
            themes=fit,
            earlier=links,
            organised_before=True if earlier.state in DONE else earlier.organised_before,
            additional=earlier.additional if people else "",
            editors=(editor,) if editor else (),
            copied_from=SessionId(earlier.id),
            **{name: getattr(earlier, name) for name in KEPT},
        )
    )
    for entry in records.all(Entry, session=earlier.id):
        records.add(replace(entry, id="", session=SessionId(session.id)))
    seats = [slot for slot in records.all(RoleSlot, session=earlier.id) if slot.state != "withdrew"]
    for slot in seats:
        records.add(suggested(slot, session.id) if people else RoleSlot(session=SessionId(session.id), role=slot.role))
    rules = rulesets.of(records, session)
    fails = [finding for finding in checking.check(records, session, rules) if finding.verdict == "failed"] if rules else []
    return Copy(session, len(seats), tuple(theme for theme in earlier.themes if theme not in fit), fails)
