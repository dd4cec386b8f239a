"""How lessons and activities read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import ids, zones
from bot.coalition.lessons import Lesson, headline, may_change
from bot.coalition.members import Author, Member, shown
from bot.lines import compose
from bot.message import Bold, Button, Buttons, Code, Message, Moment, Spans, buttons, facts, text
from bot.views.common import web
from bot.views.lists import details, member_only
from bot.views.lists import listing as page_of
from bot.views.replies import done


def counted(shared: int) -> str:
    """How much was shared, in words; "" for nothing."""
    return "" if not shared else "1 lesson or activity" if shared == 1 else f"{shared} lessons and activities"


def by(lesson: Lesson, members: Mapping[str, Member], reader: Author | None) -> str:
    """Who shared it, as the reader may see them (None: everybody); "" where nobody is named."""
    return shown(members[lesson.author], reader) if lesson.author and lesson.author in members else ""


def row(lesson: Lesson, members: Mapping[str, Member], reader: Author, now: datetime, *, mixed: bool) -> Spans:
    """One lesson in one line; `mixed` rows say whether they are a lesson or an activity."""
    notes = [lesson.kind if mixed else "", by(lesson, members, reader), lesson.project or "", zones.ago(lesson.at, now)]
    return (Bold(lesson.id), f" {headline(lesson)} ({', '.join(filter(None, notes))})")


def listing(
    of: str,
    rows: Sequence[Lesson],
    members: Mapping[str, Member],
    reader: Author,
    now: datetime,
    *,
    whole: bool,
    total: int,
    page: int,
) -> Message:
    """A page of lessons, or (`whole`) of lessons and activities; `of` a project or member, or "" of everybody."""
    words, title = ("activities", "Lessons and activities") if whole else ("lessons", "Lessons learnt")
    others = [] if whole else [Button("Activities too", compose("activities", *([of] if of else [])))]
    return page_of(
        f"{title}{f' of {of}' if of else ''}",
        [row(lesson, members, reader, now, mixed=whole) for lesson in rows],
        total=total,
        page=page,
        line=compose(words, *([of] if of else [])),
        empty="Nothing was shared yet. Members share what they did, or learnt:",
        after=[*details("lesson", rows), *others, member_only(reader, "Share something", _share_line(of))],
    )


def _share_line(of: str) -> str:
    return compose("share", options=[("project", of)] if ids.letter(of) == "P" else [])


def one(lesson: Lesson, members: Mapping[str, Member], reader: Author, said: str = "") -> Message:
    """Everything about a lesson or activity. `said` tells what was just done."""
    mine = [Button("Change it", f"lesson change {lesson.id}"), Button("Remove it", f"lesson remove {lesson.id}")]
    project = [Button(f"Show {lesson.project}", lesson.project)] if lesson.project else []
    return Message(
        f"{lesson.id} {lesson.kind}",
        (
            *done(said),
            text(lesson.text),
            facts(
                (
                    ("Shared by", by(lesson, members, reader)),
                    ("When", Moment(lesson.at, "UTC", reader.zone)),
                    ("Project", lesson.project or ""),
                    ("Link", web(lesson.link)),
                )
            ),
            Buttons((*project, *(mine if may_change(lesson, reader) else ()), Button("Lessons", "lessons"))),
        ),
    )


def removed(lesson: Lesson) -> Message:
    return Message(
        f"Removed {lesson.id}.",
        (text("Its number is not given again. To take it back: ", Code("undo")), buttons(("Lessons", "lessons"))),
    )
