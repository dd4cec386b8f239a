"""What happens around a proposal: what the IGF asks, mergers, its number, and who changes it together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.coalition import deadlines, ladders, reaching, sessions
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.ids import MemberId, PersonId, SessionId
from bot.coalition.members import Author, Member
from bot.coalition.sessions import PREPARED, STATES, WITH_IGF, Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Change, Records
from bot.coalition.texts import shortened
from bot.coalition.when import Written
from bot.errors import Refused

NEWS, JOINED = "proposal", "co-organiser"
"""The letters of this file: what became of a proposal, and that somebody may change it from now on."""
OF_TYPE: Mapping[str, str] = {"workshop": "workshop proposals"}
"""The deadline by which a proposal of a type is submitted; the others have a call of their own."""
QUESTION = "other"
"""The kind of the deadline by which the IGF is to be answered; its source is the proposal's id."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a proposal's state, from None where it began, with what was said of it."""

    change: Change
    said: str


def call_for(session: Session, calls: Sequence[Deadline], now: datetime) -> Deadline | None:
    """Of these deadlines in their order, the next one by which a proposal is submitted: that of its type where there is one."""
    ahead = [call for call in calls if deadlines.ahead(call, now)]
    kind = OF_TYPE.get(session.kind, "session request")
    return next((call for call in ahead if call.kind == kind), next(iter(ahead), None))


def concerning(records: Records, session: Session, now: datetime) -> Deadline | None:
    """The deadline that a proposal or session has to meet next."""
    if session.state in PREPARED:
        calls = records.all(Deadline, cycle=session.cycle, kind=("workshop proposals", "session request"), done=None, order=["at"])
        return call_for(session, calls, now)
    if session.state == "held":
        return next(iter(records.all(Deadline, cycle=session.cycle, kind="session report", done=None, order=["-at"], limit=1)), None)
    return next(iter(_questions(records, session)), None)


def _questions(records: Records, session: Session) -> list[Deadline]:
    return records.all(Deadline, cycle=session.cycle, kind=QUESTION, source=session.id, done=None)


def move(
    records: Records, session: Session, verb: str, author: Author, now: datetime, *, by: Written | None = None, **said: object
) -> Session:
    """Carry out a state verb; what the IGF asked for until a date is a deadline from now on, and over with the next move.

    Raises NotAllowed, Refused or WrongValue.
    """
    moved = sessions.move(records, session, verb, author, now, **said)
    for question in _questions(records, session):
        records.change(question, done=now)
    if by:
        title = shortened(f"{session.id}: {moved.asked}", 120)
        asked = Deadline(cycle=session.cycle, kind=QUESTION, title=title, owner=_first_editor(session), source=session.id)
        deadlines.add(records, records.get(Cycle, session.cycle), asked, by, now)
    return moved


def _first_editor(session: Session) -> MemberId | None:
    return next((MemberId(editor) for editor in session.editors if editor.startswith("M")), None)


def merge_into(
    records: Records, session: Session, into: Session, author: Author, now: datetime, *, reason: str, line_up: bool, editors: bool
) -> Session:
    """Note that a proposal goes on as another one of ours, which can take over its line-up and editors. Raises NotAllowed, Refused."""
    if into.id == session.id or into.state in sessions.OVER:
        why = "is the same proposal" if into.id == session.id else f"is {into.state}"
        raise Refused(f"{session.id} cannot go on as {into.id}, which {why}.", lines=["sessions", f"session {into.id}"])
    if line_up or editors:
        sessions.check_may_change(into, author)
    merged = move(records, session, "merged", author, now, reason=reason, merged_into=SessionId(into.id))
    if line_up:
        _take_over(records, session, into)
    if editors:
        records.change(into, editors=tuple(dict.fromkeys((*into.editors, *session.editors))))
    return merged


def _take_over(records: Records, session: Session, into: Session) -> None:
    """Give a proposal the roles of another one that it does not have already; nobody has confirmed anything there yet."""
    held = {(slot.role, slot.person, slot.label) for slot in records.all(RoleSlot, session=into.id)}
    for slot in records.all(RoleSlot, session=session.id):
        if slot.state != "withdrew" and (slot.role, slot.person, slot.label) not in held:
            records.add(suggested(slot, into.id))


def suggested(slot: RoleSlot, session: str) -> RoleSlot:
    """The same role in another session, of which nobody was asked."""
    return replace(slot, id="", session=SessionId(session), state="suggested", invited=None, answer="", source="")


def numbered(records: Records, session: Session, number: str, link: str | None, author: Author) -> tuple[Session, list[Session]]:
    """Give a proposal the IGF's number and page; also the proposals of its cycle that have the number. Raises NotAllowed."""
    sessions.check_may_change(session, author)
    twins = [other for other in records.all(Session, cycle=session.cycle, number=number) if other.id != session.id]
    return records.change(session, number=number, **({"link": link} if link else {})), twins


def add_editor(records: Records, session: Session, member: Member, author: Author) -> Session:
    """Let a member change a proposal. Raises NotAllowed or Refused."""
    sessions.check_may_change(session, author)
    if member.id in session.editors:
        raise Refused(f"{member.id} may change {session.id} already.", lines=[f"session {session.id}"])
    return records.change(session, editors=(*session.editors, PersonId(member.id)))


def remove_editor(records: Records, session: Session, member: str, author: Author) -> Session:
    """Have a member change a proposal no more; somebody is always left to look after it. Raises NotAllowed or Refused."""
    sessions.check_may_change(session, author)
    if member not in session.editors:
        raise Refused(f"{member} is no editor of {session.id}.", lines=[f"session {session.id}"])
    left = tuple(editor for editor in session.editors if editor != member)
    if not left and not author.chairs:
        raise Refused(
            f"{member} is the last editor of {session.id}. Add another one first, or ask a chair.",
            lines=[f"proposal editor add {session.id}"],
        )
    return records.change(session, editors=left)


def tell(records: Records, what: str, about: Sequence[Session], author: Author, platforms: Sequence[str], to: Sequence[str] = ()) -> None:
    """Write to the editors of these proposals, or to these members, what this transaction did; not to the author."""
    for session in about:
        reaching.tell(records, what, session.id, to or ladders.editors(records, session), author, platforms)


def steps(records: Records, session: Session) -> list[Step]:
    """How a proposal went from state to state, the newest first."""
    every = records.trail.history(session.id, limit=max(records.trail.transactions(session.id), 1))
    own = [change for change in every if change.record == session.id and change.new]
    said: dict[int, list[str]] = {}
    for change in own:
        if change.field in {"asked", "reason", "merged_into"}:
            said.setdefault(change.transaction, []).append(str(change.new))
    return [Step(change, "; ".join(said.get(change.transaction, []))) for change in own if change.field == "state"]


AT_ONCE = timedelta(minutes=10)
"""Who changes what somebody else wrote so shortly before may not have seen it, and is told."""


def overwritten(records: Records, session: Session, fields: Mapping[str, object], author: Author, now: datetime) -> list[Change]:
    """What somebody else wrote just now in a proposal's fields that are about to be written anew."""
    return [
        change
        for change in records.trail.history(session.id, limit=5)
        if change.record == session.id
        and change.member not in (None, author.id)
        and now - change.at < AT_ONCE
        and change.old is not None
        and isinstance(change.new, str)
        and change.new == getattr(session, change.field) != fields.get(change.field, change.new)
    ]


OURS = frozenset({"start", "day", "zone", "time_as_written", "room", "join", "number", "link", "editors", "submitted", "source", "cycle"})
"""What no form asks for: the IGF gives it, or it is our own affair."""


def formed(session: Session, fields: Collection[str]) -> bool:
    """Whether the IGF's own form holds one of these fields too, so that what is changed here is to be changed there."""
    return session.state in (*WITH_IGF, *sessions.PLACED) and not OURS.issuperset(fields)


_ORDER = ("develop", "submit", "answer", "schedule", "hold", "file", "accept", "pending", "reject", "evaluate", "appeal", "reopen")


def likely(verbs: Sequence[str]) -> list[str]:
    """The steps in the order in which they are mostly taken."""
    return sorted(verbs, key=lambda verb: _ORDER.index(verb) if verb in _ORDER else len(_ORDER) + list(STATES.moves).index(verb))
