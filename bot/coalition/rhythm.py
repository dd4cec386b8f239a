"""The rhythm between the meetings: one light, private prompt a month, chosen from what is stale for a member."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.coalition import lateness, stale
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.reminders import Occurrence, Reminder, ReminderKind
from bot.coalition.stale import Ask, Prompt, Situation
from bot.coalition.store import After, Records
from bot.coalition.watching import Nudge, Subject, To

LIGHT: tuple[ReminderKind, ...] = ("rhythm", "update")
"""The kinds of reminders that count as light prompts. Invitations do, too; deadlines, confirmations and what
people asked for themselves do not."""
BUDGET = 2
"""Light prompts a member gets in SPAN unless they say otherwise: the monthly one, and one for a project that they lead. Members are
volunteers, and one who is asked weekly turns everything off."""
SPAN = timedelta(days=30)
MEMORY = timedelta(days=366)
"""How far back a prompt is remembered."""
ONCE: tuple[Ask, ...] = ("gap", "profile", "welcome")
"""What is asked once in MEMORY: it is about the member, and who says nothing has answered."""


def within_budget(records: Records, members: Collection[Member], now: datetime, but: Occurrence | None = None) -> list[Member]:
    """Those of the members who may get one more letter now that they did not ask for; `but` is one that is about to be sent."""
    had = taken(records, members, now, but)
    return [member for member in members if len(had[member.id]) < budget(member)]


def taken(records: Records, members: Collection[Member], now: datetime, but: Occurrence | None = None) -> dict[str, list[datetime]]:
    """When each of the members was prompted or invited in SPAN, the earliest first.

    What they snoozed themselves does not count. `but` is the occurrence that is about to be sent, before which only earlier ones count.
    """
    rules = {rule.id: rule for rule in records.all(Reminder, kind=LIGHT)}
    theirs, since = tuple(member.id for member in members), After(now - SPAN)
    posted = records.all(Occurrence, member=theirs, at=since, state=("posted", "done", "waiting")) if theirs else []
    others = {each.reminder for each in posted} - rules.keys()
    rules |= {rule.id: rule for rule in records.many(Reminder, others).values() if _invites(rule)}
    found: dict[str, list[datetime]] = {member.id: [] for member in members}
    for one in posted:
        rule = rules.get(one.reminder)
        if rule and (one.state != "waiting" or _invites(rule)) and one.at and one.snoozed is None and _earlier(one, but):
            found[one.member or ""].append(one.at)
    return {member: sorted(instants) for member, instants in found.items()}


def _invites(rule: Reminder) -> bool:
    """Whether a rule is one person's invitation, and not what a plan sends after it."""
    return rule.kind == "invitation" and rule.cycle is None


def budget(member: Member) -> int:
    """How many light prompts a member takes in SPAN."""
    return BUDGET if member.budget is None else member.budget


def _earlier(one: Occurrence, than: Occurrence | None) -> bool:
    """Whether an occurrence was posted before another that is about to be sent; of two at one instant only one was."""
    if than is None or not than.id or one.at is None:
        return True
    return one.id != than.id and (than.at is None or (one.at, one.id) < (than.at, than.id))


class RhythmWatcher:
    """The monthly prompt: every member. How things stand is read once in a transaction, which asks for one member after the other."""

    def __init__(self) -> None:
        self._read: tuple[Records, datetime, Situation] | None = None

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        return [Subject()]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        with_account = {link.member for link in records.all(AccountLink, gone=False)}
        active = [member for member in records.all(Member, state="active") if member.id in with_account]
        return [MemberId(member.id) for member in active if not lateness.is_away(member, now)]

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        member = records.find(Member, occurrence.member or "")
        if member is None or member.state != "active" or not within_budget(records, [member], now, occurrence):
            return None
        return chosen(stale.prompts(self._situation(records, now), member), _before(records, member, occurrence, now))

    def _situation(self, records: Records, now: datetime) -> Situation:
        read = self._read
        if read is None or read[0] is not records or read[1] != now:
            read = self._read = (records, now, stale.situation(records, now))
        return read[2]


def chosen(prompts: Sequence[Prompt], before: Sequence[Occurrence]) -> Prompt | None:
    """The best prompt, yet not the one of the month before while there is another, and nothing that another reminder was about.

    `before` are the newest first.
    """
    others = {one.about for one in before if not one.topic}
    topics = [one.topic for one in before if one.topic]
    open_ = [prompt for prompt in prompts if prompt.about not in others and not (prompt.ask in ONCE and prompt.topic in topics)]
    return next((prompt for prompt in open_ if prompt.topic not in topics[:1]), next(iter(open_), None))


def _before(records: Records, member: Member, occurrence: Occurrence, now: datetime) -> list[Occurrence]:
    """What the member was reminded of lately, the newest first: prompts in MEMORY, anything else in SPAN."""
    found = records.all(Occurrence, member=member.id, state=("posted", "done"), at=After(now - MEMORY), order=["-at"])
    ours = {occurrence.id, occurrence.snoozed}
    return [one for one in found if one.id not in ours and (one.topic or (one.at and one.at > now - SPAN))]
