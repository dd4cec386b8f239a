"""What was brought back from other people's sessions: who represented the coalition there is asked for it once it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import anchors, ladders, signposts
from bot.coalition.ids import SubjectId
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.signposts import SignPost
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge, Subject, To


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackNudge(Nudge):
    """A session that is over, where its reader represented the coalition."""

    post: SignPost


class FeedbackWatcher:
    """Sessions of others at which somebody represents the coalition, and of which nothing was told yet: that member alone."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        posts = [post for post in records.all(SignPost, cycle=reminder.cycle, feedback="") if post.representative and post.start]
        ends = [(SubjectId(post.id), Anchor(at=signposts.ends(post), zone=post.zone or "UTC")) for post in posts]
        return [Subject(about, anchors.written(records, reminder.timing, about, end, now)) for about, end in ends]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        member = records.get(SignPost, subject.about or "").representative
        return ladders.standing(records, [member] if member else [], now)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        post = records.find(SignPost, occurrence.about or "")
        if post is None or post.feedback or ladders.acted(records, occurrence):
            return None
        goes = post.representative is not None and (occurrence.by is not None or occurrence.member == post.representative)
        return FeedbackNudge(post=post) if goes else None
