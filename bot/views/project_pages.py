"""How the page of a project reads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.coalition.members import Author, Member, shown
from bot.coalition.projects import HEALTHS, RUNNING, UNDER_WAY, Milestone, Project, Update, Voice, may_change, may_update, possible
from bot.lines import compose
from bot.message import Block, Bold, Message, Spans, bullets, buttons, facts
from bot.views import milestones
from bot.views.lists import ROWS
from bot.views.projects import counted, people, update_row
from bot.views.replies import done
from bot.views.sharing import counted as counted_shared

BRIEF = frozenset({"State", "Cycle", "Leads", "Helpers", "Asked to lead it", "Outcome", "Voices", "Hand-over note", "Goes on as"})
"""What is said of a project after a step that leaves its text alone, so that the answer fits a phone."""
SOME = 3
"""The latest milestones that such an answer shows."""
AT_ONCE = 5
"""Buttons that a page has beside the one to all the others."""
OWN_WORDS = {"finish": "Finish", "carry": "Carry over"}
"""What a state verb is called on its button, where that is not the verb."""
NEXT = ("choose", "start", "resume", "carry", "reopen")
"""The state verbs that a state waits for; the others end or interrupt what goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """A project with what its page shows. `shared` is how many lessons and activities belong to it, `later` the project that carries
    it on; `open_to` whether somebody else may take it over, as its leads are away or silent."""

    project: Project
    milestones: Sequence[Milestone]
    updates: Sequence[Update]
    voices: Sequence[Voice]
    members: Mapping[str, Member]
    shared: int
    later: Project | None
    open_to: bool


def one(whole: Whole, reader: Author, said: str = "", also: Sequence[Block] = (), *, brief: bool = False) -> Message:
    """Everything about a project, or in brief how it stands. `said` tells what was just done, `also` what follows from it."""
    project = whole.project
    rows = _facts(whole, reader)
    if brief:
        whole = replace(whole, milestones=whole.milestones[-SOME:], updates=whole.updates[:1])
        rows = [(label, value) for label, value in rows if label in BRIEF]
    return Message(
        f"{project.id} {project.title}",
        (
            *done(said),
            *also,
            facts(rows),
            *((bullets(milestones.row(each) for each in whole.milestones),) if whole.milestones else ()),
            *((bullets(update_row(each, whole.members, reader) for each in whole.updates),) if whole.updates else ()),
            *_voices(whole, reader),
            buttons(*_first(whole, reader, brief=brief)),
        ),
    )


def steps(whole: Whole, reader: Author) -> Message:
    """Everything that the reader may do with a project, and where to read on."""
    project = whole.project
    said = f"What you can do with {project.id} {project.title}"
    back = (f"Show {project.id}", f"project {project.id}")
    return Message(said, (buttons(*_offers(whole, reader), *_more(whole), back, ("All projects", "projects")),))


def _first(whole: Whole, reader: Author, *, brief: bool) -> list[tuple[str, str]]:
    """The steps that fit best, and one to all the others where there are more."""
    project = whole.project
    offers = _offers(whole, reader)
    show = [(f"Show {project.id}", f"project {project.id}")] if brief else _more(whole)
    found = [*offers[: AT_ONCE - 1], *show, *offers[AT_ONCE - 1 :]] if brief else [*offers, *show]
    found.append(("All projects", "projects"))
    more = ("More steps", compose("project", project.id, options=[("steps", "")]))
    return found if len(found) <= AT_ONCE + 1 else [*found[:AT_ONCE], more]


def _facts(whole: Whole, reader: Author) -> list[tuple[str, str]]:
    project = whole.project
    return [
        ("State", project.state),
        ("Cycle", project.cycle),
        ("Leads", people(project.leads, whole.members, reader) or "nobody yet"),
        ("Helpers", people(project.helpers, whole.members, reader)),
        ("Asked to lead it", people([project.heir], whole.members, reader) if project.heir and _concerned(project, reader) else ""),
        ("About", project.summary),
        ("Outcome", project.outcome),
        ("Voices", counted(Counter(voice.view for voice in whole.voices))),
        ("Hand-over note", project.handover if _concerned(project, reader) else ""),
        ("Tags", ", ".join(project.tags)),
        ("Links", " ".join(project.links)),
        ("Carries on", project.continues or ""),
        ("Goes on as", f"{whole.later.id} ({whole.later.cycle})" if whole.later else ""),
        ("Shared", counted_shared(whole.shared)),
        ("Source", project.source),
    ]


def _concerned(project: Project, reader: Author) -> bool:
    """Whether a hand-over is the reader's business."""
    return may_update(project, reader) or (reader.id is not None and reader.id == project.heir)


def _voices(whole: Whole, reader: Author) -> tuple[Block, ...]:
    """What members said of it, objections first, for members; a word without a reason only counts."""
    said = [voice for voice in whole.voices if voice.reason or voice.view == "object"] if reader.roles else []
    rows = sorted(said, key=lambda voice: voice.view != "object")[:ROWS]
    return (bullets(_voice(voice, whole.members, reader) for voice in rows),) if rows else ()


def _voice(voice: Voice, members: Mapping[str, Member], reader: Author) -> Spans:
    who = shown(members[voice.member], reader) if voice.member in members else "somebody"
    return (Bold("Objection" if voice.view == "object" else "Support"), f", {who}{f': {voice.reason}' if voice.reason else ''}")


def _offers(whole: Whole, reader: Author) -> list[tuple[str, str]]:
    """What the reader may do now, first what the state of the project waits for."""
    project = whole.project
    name, member, running = project.id, "member" in reader.roles, project.state in RUNNING
    moves = _moves(whole, reader) if may_change(project, reader) else []
    waits = [move for move in moves if move[1] in {f"project {verb} {name}" for verb in NEXT}]
    own = next((voice.view for voice in whole.voices if voice.member == reader.id), "")
    views = [view for view in ("support", "object") if member and project.state == "nominated" and view != own]
    healths = HEALTHS if running and may_update(project, reader) else ()
    return [
        *_asked(whole, reader),
        *waits,
        *((each.capitalize(), f"project {each} {name}") for each in (*views, *healths)),
        *_joining(whole, reader),
        *(move for move in moves if move not in waits),
    ]


def _asked(whole: Whole, reader: Author) -> list[tuple[str, str]]:
    """What whoever was asked to lead it may answer, and what a helper may offer while nobody leads it."""
    project = whole.project
    if "member" in reader.roles and reader.id == project.heir:
        return [("Take it", f"project take {project.id}"), ("No thanks", f"project decline {project.id}")]
    open_ = whole.open_to and may_update(project, reader) and reader.id not in project.leads
    return [("Take it over", f"project take {project.id}")] if open_ else []


def _joining(whole: Whole, reader: Author) -> list[tuple[str, str]]:
    """Whether the reader can help, or leave."""
    project = whole.project
    if reader.id in project.helpers:
        return [("Leave it", f"project leave {project.id}")]
    goes_on = project.state in RUNNING or project.state == "nominated"
    if "member" not in reader.roles or not goes_on or reader.id in project.leads:
        return []
    return [("Help", f"project help {project.id}")]


def _moves(whole: Whole, reader: Author) -> list[tuple[str, str]]:
    """What who leads it and the chairs may do."""
    project = whole.project
    next_ = next((each for each in whole.milestones if each.done is None), None)
    reached = [(f"{next_.id} is done", f"milestone done {next_.id}")] if next_ and project.state in RUNNING else []
    early = whole.later is not None or project.state in UNDER_WAY
    verbs = [verb for verb in possible(project, reader) if not (verb == "carry" and early)]
    return [
        *reached,
        ("Add a milestone", f"milestone add {project.id}"),
        ("Change it", f"project change {project.id}"),
        *((OWN_WORDS.get(verb, verb.capitalize()), f"project {verb} {project.id}") for verb in verbs),
        *([("Hand it over", f"project handover {project.id}")] if project.state in RUNNING else []),
    ]


def _more(whole: Whole) -> list[tuple[str, str]]:
    """Where the whole lists are, of which a project shows the first rows, and the years before and after."""
    project = whole.project
    lists = (("Milestones", "milestones", whole.milestones), ("Updates", "updates", whole.updates or project.continues),
             ("What was shared", "activities", whole.shared))  # fmt: skip
    found = [(label, compose(word, project.id)) for label, word, rows in lists if rows]
    years = [(f"Show {other}", str(other)) for other in (project.continues, whole.later.id if whole.later else None) if other]
    return [*found, *([("Timeline", f"timeline {project.id}")] if whole.milestones else []), *years]
