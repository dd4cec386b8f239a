"""What a digest says and does not say, and its plain text for the mailing list."""

from datetime import date, datetime, timedelta

import pytest

from bot import plugins
from bot.coalition import coalitions, digests
from bot.coalition.coalitions import Coalition, Room
from bot.coalition.ids import ReminderId
from bot.coalition.lessons import Lesson
from bot.coalition.members import Member
from bot.coalition.reminders import Occurrence, OccurrenceState, Reminder
from bot.coalition.sessions import Session
from bot.coalition.store import Records, Stamp
from bot.coalition.timing import Timing
from bot.coalition.watchers import WATCHERS
from bot.coalition.watching import Subject
from bot.message import File, Message, lines, width
from bot.request import Account, Place
from bot.testing import HOSTILE, Rig

CHAIR = Account("console", "chair")


def _stamp(rig: Rig) -> Stamp:
    return Stamp(CHAIR, None, rig.clock(), "test")


def _mail(rig: Rig, line: str = "digest") -> str:
    """The text for the list, as the preview carries it."""
    reply = rig.ask(line)
    assert isinstance(reply, Message)
    return next(block.data for block in reply.blocks if isinstance(block, File)).decode()


def _rule(records: Records, at: datetime) -> Reminder:
    return records.add(Reminder(kind="digest", timing=Timing("UTC", "2026-01-01T09:00", rrule="FREQ=MONTHLY"), made=at))


def _sent(records: Records, rule: Reminder, due: datetime, room: str = "main", state: OccurrenceState = "posted") -> Occurrence:
    key = f"{rule.id}-{due.isoformat()}-{room}"
    place = Place("slack", room)
    return records.add(Occurrence(reminder=ReminderId(rule.id), key=key, due=due, at=due, place=place, state=state))


def test_a_digest_says_what_was_shared_and_what_comes_next(rig: Rig) -> None:
    rig.say("project add Directory")
    rig.say("project update P1 at risk: no translator")
    rig.say("share We trained 40 teachers")
    rig.say("share Ask the ministry first --lesson --project P1", sender="member")
    rig.say('deadline add "Yearly report" 2026-12-01 23:59 AoE --owner M2')
    said = rig.say("digest")
    assert "P1 Directory: at risk. no translator (Ana Example)" in said
    assert "L1 We trained 40 teachers (Ana Example)" in said
    assert "L2 Ask the ministry first (Ben Example, P1)" in said
    assert "D1 Yearly report: Tue 1 Dec 2026 23:59 AoE (Wed 2 Dec 2026 11:59 UTC), in 10 days (new date)" in said


def test_a_digest_names_neither_who_is_late_nor_who_owns_what_is_due(rig: Rig) -> None:
    rig.say("project add Directory --lead M2")
    rig.say("share Something")
    rig.say('deadline add "Yearly report" 2026-12-01 23:59 AoE --owner M2')
    rig.say('deadline add "Session report" 2026-11-25 23:59 AoE --owner M2 --backup M1')
    rig.clock.move(timedelta(days=6))
    said = rig.say("digest") + _mail(rig)
    assert "Yearly report" in said
    assert "Session report" not in said
    assert "Directory" not in said
    assert "Ben" not in said


def test_a_deadline_that_is_done_or_far_ahead_is_not_announced_again(rig: Rig) -> None:
    rig.say('deadline add "Done soon" 2026-12-01 23:59 UTC')
    rig.say('deadline add "Far ahead" 2027-05-01 23:59 UTC')
    rig.say("deadline done D1")
    assert "Far ahead" in rig.say("digest")
    rig.clock.move(timedelta(days=32))
    assert "there would be no digest" in rig.say("digest")


def test_sessions_with_a_time_are_told_when_they_come_near(rig: Rig) -> None:
    rig.say("proposal new Hotlines --description Words")
    with rig.store.transaction(_stamp(rig)) as records:
        session = records.all(Session)[0]
        records.change(session, state="scheduled", start=rig.clock() + timedelta(days=50), zone="Europe/Berlin")
    assert "there would be no digest" in rig.say("digest")
    rig.clock.move(timedelta(days=10))
    assert "S1 Hotlines: Sun 10 Jan 2027 13:00 Europe/Berlin (Sun 10 Jan 2027 12:00 UTC), in 40 days" in rig.say("digest")


def test_each_new_member_is_counted_in_one_digest_and_not_named(rig: Rig) -> None:
    rig.say("share Something")
    rig.say("join Cy", sender="new")
    rig.say("member admit M3")
    rig.clock.move(timedelta(days=1))
    assert "1 new member." in rig.say("digest")
    assert "Cy" not in rig.say("digest")
    with rig.store.transaction() as records:
        until = rig.clock()
        first = digests.of(records, until - timedelta(days=30), until, until)
        second = digests.of(records, until, until + timedelta(days=30), until + timedelta(days=30))
    assert (first.joined, second.joined) == (1, 0)


def test_nothing_new_and_nothing_coming_is_no_digest(rig: Rig) -> None:
    assert "there would be no digest" in rig.say("digest")
    with rig.store.transaction(_stamp(rig)) as records:
        rule = _rule(records, rig.clock())
        occurrence = _sent(records, rule, rig.clock())
        assert WATCHERS["digest"].nudge(records, rule, occurrence, rig.clock()) is None


def test_a_digest_tells_what_came_since_the_one_before_in_every_room_alike(rig_on_both: Rig) -> None:
    rig, day = rig_on_both, timedelta(days=1)
    with rig.store.transaction(_stamp(rig)) as records:
        now, rule = rig.clock(), _rule(records, rig.clock())
        for days in (40, 10, 1):
            records.add(Lesson(text=f"{days} days ago", author=None, at=now - days * day))
        _sent(records, rule, now - 30 * day)
        _sent(records, rule, now - 5 * day, state="missed")
        for room in ("main", "other"):
            found = WATCHERS["digest"].nudge(records, rule, _sent(records, rule, now, room), now + day)
            assert isinstance(found, digests.Digest)
            assert [lesson.text for lesson in found.lessons] == ["1 days ago", "10 days ago"]


def test_every_platform_is_told_in_one_room(rig: Rig) -> None:
    with rig.store.transaction(_stamp(rig)) as records:
        rooms = (("work", "slack", "a"), ("announcements", "slack", "b"), ("work", "matrix", "c"))
        for purpose, platform, room in rooms:
            records.add(Room(id=f"{purpose}:{platform}", purpose=purpose, platform=platform, room=room))  # type: ignore[arg-type]
        told = coalitions.told(records)
        assert told == [Place("matrix", "c"), Place("slack", "b")]
        rule = _rule(records, rig.clock())
        assert WATCHERS["digest"].recipients(records, rule, Subject(), 0, rig.clock()) == told


def test_the_text_for_the_list_is_plain_and_narrow(rig: Rig) -> None:
    rig.say("coalition change --mailing_list list@example.org")
    rig.say(f"share {'word ' * 150}")
    rig.say(f"share {'字' * 120} --link https://example.org/{'a' * 100}")
    rig.say(f"share {'x' * 300} --lesson")
    text = _mail(rig)
    assert text.startswith("Subject: [ECCOS] Digest of Sat 21 Nov 2026\nTo: list@example.org\n\n")
    assert [line for line in text.splitlines() if width(line) > 72 and "https://" not in line] == []
    assert not {"*", "`", "<"} & set(text)
    assert text.count("word") == 150
    assert "x" * 300 in text.replace("\n  ", "")
    assert "To read one, tell the bot, for example: L3\n" in text


def test_hostile_text_stays_one_line_of_the_mail(rig: Rig) -> None:
    rig.ask("share", values={"text": f"{HOSTILE}\nBcc: everybody@example.org"})
    text = _mail(rig)
    assert not [line for line in text.splitlines() if line.startswith("Bcc:")]
    assert not {"\x1b", "\u202e"} & set(text)
    assert "<!channel>" in rig.say("digest")


def test_an_author_who_is_listed_by_group_only_is_not_named_in_public(rig: Rig) -> None:
    rig.say("me change --visibility group --group civil", sender="member")
    rig.say("share Ask twice --lesson", sender="member")
    assert "Ben" not in rig.say("digest", sender="member") + rig.say("digest") + _mail(rig)
    assert "L1 Ask twice (a member (Civil Society))" in rig.say("digest")


def test_a_preview_is_for_members_alone_and_its_lines_can_be_typed(rig: Rig) -> None:
    rig.say("share Something")
    reply = rig.ask("digest")
    assert isinstance(reply, Message)
    assert reply.private
    for offered in lines(reply):
        assert plugins.router().resolve(offered), offered
    assert not rig.ask("digest", sender="stranger").ok


def test_a_digest_is_asked_for_from_any_day(rig: Rig) -> None:
    rig.say("share Something")
    rig.clock.move(timedelta(days=100))
    assert "Something" not in rig.say("digest")
    assert "since Sun 1 Nov 2026" in rig.say("digest --since 2026-11-01")
    assert "is not over yet" in rig.say("digest --since 2030-01-01")


def test_a_chair_notes_that_the_list_was_told(rig: Rig) -> None:
    assert "Last post to the list: none is noted" in rig.say("digest")
    assert not rig.ask("digest posted", sender="member").ok
    assert rig.say("digest posted").startswith("The digest is posted to the list.")
    rig.clock.move(timedelta(days=3))
    assert "3 days ago" in rig.say("digest")
    rig.say("digest posted")
    assert rig.say("undo").startswith("Taken back: digest posted")
    assert "3 days ago" in rig.say("digest")


@pytest.mark.parametrize(
    ("mailing_list", "ago", "allowed", "warned"),
    [("a@b", 61, None, True), ("a@b", 60, None, False), ("a@b", None, None, True), ("", None, None, False), ("", 61, None, False),
     ("a@b", 20, 10, True), ("a@b", 61, 0, False)],
)  # fmt: skip
def test_a_silent_list_is_noticed(rig: Rig, mailing_list: str, ago: int | None, allowed: int | None, warned: bool) -> None:
    posted = None if ago is None else rig.clock() - timedelta(days=ago)
    found = Coalition(name="X", mailing_list=mailing_list, posted=posted, post_days=allowed)
    assert digests.unposted(found, rig.clock()) is warned


def test_members_who_left_are_not_counted(rig: Rig) -> None:
    with rig.store.transaction(_stamp(rig)) as records:
        records.add(Member(name="Cy", joined=date(2026, 11, 10), state="inactive"))
        assert digests.of(records, rig.clock() - timedelta(days=30), rig.clock(), rig.clock()).joined == 0


def test_without_a_rule_a_digest_begins_where_the_chair_posted_the_last_one(rig: Rig) -> None:
    rig.say("share Before")
    rig.say("digest posted")
    rig.clock.move(timedelta(days=50))
    rig.say("share After")
    said = rig.say("digest")
    assert "since Sat 21 Nov 2026" in said
    assert "After" in said
    assert "Before" not in said
