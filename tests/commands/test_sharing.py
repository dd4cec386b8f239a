"""Sharing activities and lessons learnt, and asking for them."""

import json
from datetime import timedelta

import pytest

from bot import plugins
from bot.message import File, Form, Message, lines
from bot.testing import HOSTILE, Rig
from tests.commands.test_own import everything


def test_what_is_shared_is_an_activity_unless_it_is_said_to_be_a_lesson(rig: Rig) -> None:
    assert rig.say('share "We trained 40 teachers in Accra"').startswith("L1 activity\nShared as L1")
    assert rig.say("share Ask the ministry first --lesson", sender="member").startswith("L2 lesson\nShared as L2")
    assert "L2 Ask the ministry first (Ben Example, today)" in rig.say("lessons")
    assert "L1" not in rig.say("lessons")
    assert rig.say("activities") == rig.say("lessons --all")
    assert "L1 We trained 40 teachers in Accra (activity, Ana Example, today)" in rig.say("activities")


def test_the_newest_stands_first_and_ten_fit_a_page(rig: Rig) -> None:
    for number in range(1, 13):
        rig.say(f"share Number {number} --lesson")
        rig.clock.move(timedelta(hours=1))
    first, second = rig.say("lessons"), rig.say("lessons --page 2")
    assert first.splitlines()[1].startswith("- L12 Number 12")
    assert ("L3" in first, "L2 " in first) == (True, False)
    assert [line[:5] for line in second.splitlines() if line.startswith("- ")] == ["- L2 ", "- L1 "]


def test_a_project_and_a_member_have_lessons_of_their_own(rig: Rig) -> None:
    rig.say("project add Directory")
    rig.say("share Ask twice --lesson --project P1 --link www.example.org/ask", sender="member")
    rig.say("share Ask once --lesson")
    assert "Ask twice" in rig.say("lessons P1")
    assert "Ask once" not in rig.say("lessons P1")
    assert "Ask once" not in rig.say("lessons M2")
    assert "Shared: 1 lesson or activity" in rig.say("P1")
    assert "https://www.example.org/ask" in rig.say("L1")
    assert "Shared: 1 lesson or activity" in rig.say("me", sender="member")


@pytest.mark.parametrize("line", ["share P1 is in print", "P1 share is in print", "share p1: is in print"])
def test_a_text_that_begins_with_a_project_belongs_to_it(rig: Rig, line: str) -> None:
    rig.say("project add Directory")
    rig.say(line)
    assert "is in print (activity, Ana Example, P1, today)" in rig.say("activities P1")


def test_a_text_that_begins_with_something_else_belongs_to_no_project(rig: Rig) -> None:
    assert "Project:" not in rig.say("share P9 is no project of ours")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("share X --project P9", "There is no project P9."),
        ("share X --link nowhere", "is not a web address"),
        ("lessons D1", "is not the id of a project or member"),
        ("lesson L9", "There is no lesson L9."),
        ('share ""', "Still needed: text"),
    ],
)
def test_a_slip_is_answered_and_nothing_is_shared(rig: Rig, line: str, said: str) -> None:
    assert said in rig.say(line)
    assert "Nothing was shared yet" in rig.say("activities")


def test_a_text_is_never_emptied_and_never_longer_than_a_chat_can_show(rig: Rig) -> None:
    rig.say("share X")
    assert "cannot be empty" in rig.say('lesson change L1 --text ""')
    assert "1,001 characters long" in rig.say(f"share {'x' * 1001}")


def test_what_is_shared_belongs_to_its_author_and_the_chairs(rig: Rig) -> None:
    rig.say("share Mine")
    rig.say("share Theirs", sender="member")
    assert "Only who shared L1" in rig.say("lesson change L1 --text Yours", sender="member")
    assert "Only who shared L1" in rig.say("lesson remove L1", sender="member")
    assert "Ours" in rig.say("L2 change --text Ours --kind lesson")
    assert rig.say("lesson remove L2", sender="member").startswith("Removed L2.")
    assert "Taken back: lesson remove (L2)" in rig.say("undo", sender="member")
    assert "Ours" in rig.say("L2")


def test_a_stranger_reads_and_does_not_share(rig: Rig) -> None:
    rig.say("share Open to all", sender="member")
    assert "Open to all (activity, a member (not named), today)" in rig.say("activities", sender="stranger")
    assert not rig.ask("share X", sender="stranger").ok


def test_an_author_who_is_listed_by_group_only_is_not_named(rig: Rig) -> None:
    rig.say("me change --visibility group --group civil", sender="member")
    rig.say("share Ask twice --lesson", sender="member")
    rig.say("join Cy", sender="other")
    rig.say("member admit M3")
    for line in ("lessons", "L1", "search twice"):
        assert "Ben" not in rig.say(line, sender="other")
    assert "a member (Civil Society)" in rig.say("lessons", sender="other")


def test_search_finds_what_was_shared_to_its_end_and_says_its_word(rig: Rig) -> None:
    rig.say(f"share {'long ' * 50} zebra")
    rig.say("share Ask the ministry --lesson")
    assert "L2 Ask the ministry (lesson)" in rig.say("search ministry")
    assert "L1" in rig.say("search zebra --in lessons")


def test_hostile_text_is_kept_inert(rig: Rig) -> None:
    rig.ask("share", values={"text": f"{HOSTILE}\nTo: everybody"})
    shown = rig.say("L1") + rig.say("activities")
    assert "<!channel>" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


def test_every_line_that_is_offered_about_lessons_resolves(rig: Rig) -> None:
    rig.say("project add Directory")
    for line in ("share X --project P1", "lessons", "lessons P1", "activities M1", "L1", "lesson change L1 --text Y", "lesson remove L1"):
        reply = rig.ask(line)
        assert isinstance(reply, Message)
        for offered in lines(reply):
            assert plugins.router().resolve(offered), offered


def test_a_copy_of_ones_data_holds_what_one_shared(rig: Rig) -> None:
    rig.say("share Ask twice", sender="member")
    reply = rig.ask("me export", sender="member")
    assert isinstance(reply, Message)
    data = next(block.data for block in reply.blocks if isinstance(block, File))
    assert "Ask twice" in [record.get("text") for record in json.loads(data)["records"]]


def test_a_forgotten_members_lessons_stay_without_their_name(rig: Rig) -> None:
    rig.say("share Formerword --lesson", sender="member")
    rig.say("lesson change L1 --text Laterword", sender="member")
    assert "What you shared (1 lesson or activity) stays" in rig.say("me forget", sender="member")
    rig.say("me forget --yes", sender="member")
    assert "L1 Laterword (a former member, today)" in rig.say("lessons")
    assert "formerword" not in everything(rig.store)  # type: ignore[arg-type]


def test_who_is_forgotten_may_have_what_they_shared_go_too(rig: Rig) -> None:
    rig.say("share Shareword --lesson", sender="member")
    rig.say("me forget --yes --shared", sender="member")
    assert "There is no lesson L1." in rig.say("L1")
    assert "shareword" not in everything(rig.store)  # type: ignore[arg-type]


def test_lessons_are_asked_for_in_the_same_way_on_both_engines(rig_on_both: Rig) -> None:
    for number in range(3):
        rig_on_both.say(f"share Number {number} --lesson")
        rig_on_both.clock.move(timedelta(days=1))
    assert [line[:5] for line in rig_on_both.say("lessons M1").splitlines() if line.startswith("- ")] == ["- L3 ", "- L2 ", "- L1 "]


def test_the_form_of_a_lesson_says_that_it_is_one_and_a_yes_or_no_is_chosen(rig: Rig) -> None:
    form = rig.ask("share --lesson")
    assert isinstance(form, Form)
    lesson = next(question for question in form.questions if question.name == "lesson")
    assert (lesson.value, lesson.choices) == ("yes", ("yes", "no"))
