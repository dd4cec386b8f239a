"""How the way of a proposal reads: what became of it, what is to be done next, and the steps so far."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import proposals, sessions
from bot.coalition.deadlines import Deadline
from bot.coalition.members import Author, Member, shown
from bot.coalition.proposals import Step
from bot.coalition.sessions import Session, SessionState
from bot.message import Block, Bold, Button, Buttons, Message, Moment, Span, Spans, bullets, buttons, facts, text

LABELS = {
    "accept": "Accepted", "reject": "Rejected", "pending": "More is asked", "merge": "Merging is asked", "merged": "It was merged",
    "screen": "Passed screening", "fail": "Failed screening", "evaluate": "Under evaluation", "answer": "Answered",
    "hold": "Mark as held", "file": "Report is filed",
}  # fmt: skip
AT_ONCE = 4
"""Steps that the page offers at once; the others stand beside the steps so far."""
RARE = frozenset({"merge", "merged", "cancel", "withdraw"})
"""Steps that the page offers beside the steps so far only."""
BY_ITSELF = frozenset({("accepted", "hold"), ("held", "file"), ("held", "reopen")})
"""Steps that another one takes along, or that come later than this state's next."""
NEXT: Mapping[SessionState, str] = {
    "idea": "Write what it is about, then develop it into a draft.",
    "submitted": "The IGF screens it within about a week. What is changed now is to be changed in the IGF's form too.",
    "screened": "It has what the call requires, and is evaluated next.",
    "failed screening": "The IGF found that it lacks what the call requires. Some years have an appeal.",
    "under evaluation": "The MAG scores it, which took three to four weeks in earlier years.",
    "pending": "Answer in the IGF's form, then note here that it was answered.",
    "merge asked": "Agree with the other organisers, tell the IGF, then note here what came of it.",
    "accepted": "Confirm those who have a role, and note time and room when the IGF gives them.",
    "scheduled": "Have its speakers confirm, and run it by its agenda when it begins.",
    "rejected": "Its text can begin another proposal.",
    "merged": "Its text and people may serve what it goes on as.",
    "held": "File its report.",
}
"""What follows in a state. The lengths are those of 2016, 2019, 2020 and 2023."""


def label(verb: str) -> str:
    """What a step's button is called."""
    return LABELS.get(verb, verb.capitalize())


def said(session: Session, deadline: Deadline | None, zone: str, *, outsider: bool = False) -> list[tuple[str, Span | Spans]]:
    """What the IGF asks, why it came so, and by when what is to be done, as rows of facts; an `outsider` is not told people's words."""
    return [
        ("To merge with" if session.state == "merge asked" else "Asked for", "" if outsider else session.asked),
        ("Reason", "" if outsider else session.reason),
        ("Merged into", (Bold(session.merged_into),) if session.merged_into else ""),
        ("Next", NEXT.get(session.state, "")),
        ("Until", until(deadline, zone) if deadline else ""),
    ]


def until(deadline: Deadline, zone: str) -> Spans:
    """When a deadline is, and which one."""
    when: Spans = (Moment(deadline.at, deadline.zone, zone), " ") if deadline.at else ()
    return (*when, f"({deadline.id} {deadline.title})")


def steps(session: Session, reader: Author, now: datetime) -> list[Button]:
    """The next steps that the reader may take, the likely ones first."""
    verbs = proposals.likely(sessions.verbs(session, reader, now))
    rare = () if session.state == "merge asked" else RARE
    likely = [verb for verb in verbs if verb not in rare and (session.state, verb) not in BY_ITSELF][:AT_ONCE]
    more = [Button("Other steps", f"proposal states {session.id}")] if len(verbs) > len(likely) else []
    return [*_moves(session, likely), *more]


def _moves(session: Session, verbs: Sequence[str]) -> list[Button]:
    return [Button(label(verb), f"proposal {verb} {session.id}") for verb in verbs]


def history(session: Session, steps: Sequence[Step], members: Mapping[str, Member], reader: Author, now: datetime) -> Message:
    """The steps so far, the newest first, and all that can follow."""
    blocks: list[Block] = [bullets([_step(step, members, reader) for step in steps]) if steps else text("No step was noted.")]
    offered = _moves(session, proposals.likely(sessions.verbs(session, reader, now)))
    return Message(
        f"{session.id} {session.title}: {session.state}", (*blocks, Buttons((*offered, Button(f"Show {session.id}", session.id))))
    )


def _step(step: Step, members: Mapping[str, Member], reader: Author) -> Spans:
    change = step.change
    who = shown(members[change.member], reader) if change.member and change.member in members else str(change.account)
    moved = f"{change.old} -> {change.new}" if change.old else f"{change.new}, its first state"
    words = f": {step.said}" if step.said and "member" in reader.roles else ""
    return (Moment(change.at, "UTC", reader.zone), ": ", Bold(moved), f" ({who}){words}")


def news(session: Session, merged: Sequence[Session], deadline: Deadline | None, reader: Member | None) -> Message:
    """To an organiser: how their proposal stands, what is to be done about it, and which others go on in it."""
    zone = reader.zone if reader else ""
    rows = [*said(session, deadline, zone), ("Goes on from", ", ".join(f"{other.id} {other.title}" for other in merged))]
    offers = {
        "pending": (("Change it", f"proposal change {session.id}"), ("It is answered", f"proposal answer {session.id}")),
        "merge asked": (("It was merged", f"proposal merged {session.id}"), ("It stays apart", f"proposal answer {session.id}")),
        "accepted": (("Its roles", f"slots {session.id}"), ("Give it its time", f"proposal schedule {session.id}")),
        "rejected": (("Begin another with it", f"proposal copy {session.id}"),),
        "failed screening": (("Begin another with it", f"proposal copy {session.id}"),),
    }.get(session.state, ())
    return Message(
        f"{session.id} {session.title}: now {session.state}",
        (facts(rows), buttons((f"Show {session.id}", f"session {session.id}"), *offers, ("Steps so far", f"proposal states {session.id}"))),
        private=True,
    )


def invited(session: Session, by: str, reader: Member | None) -> Message:
    """To a new editor: that they may change a proposal now, and who asked them."""
    return Message(
        f"You can change {session.id} {session.title} now.",
        (
            text(f"{by} organises it with you. Its state: {session.state}, for {session.cycle}."),
            buttons((f"Show {session.id}", f"session {session.id}"), ("Change it", f"proposal change {session.id}")),
        ),
        private=True,
    )
