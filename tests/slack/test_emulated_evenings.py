"""A chair's evening on a Slack that is not ours, which never says who began a thread."""

import io
from datetime import timedelta

import docx
import pytest
from icalendar import Calendar

from tests.slack.emulated import Workspace
from tests.slack.emulator import BOT, CHAIR, MEMBER, Emulator, Json, shown

pytestmark = pytest.mark.parametrize("workspace", ["socket"], indirect=True)


async def ask(slack: Emulator, line: str, *texts: str, user: str = CHAIR) -> Json:
    """The answer to a line."""
    await slack.command(line, user=user)
    return await slack.message(*texts)


def in_thread(slack: Emulator, *texts: str) -> Json | None:
    """The newest message in a thread that holds the texts."""
    return next((one for one in slack.said(*texts) if one.get("thread_ts")), None)


async def file(slack: Emulator, ending: str) -> tuple[Json, Json]:
    """The newest file whose name ends so, with the message that holds it."""
    found = await slack.until(
        lambda: next(((m, f) for m in slack.said() for f in m.get("files") or () if f["name"].endswith(ending)), None)
    )
    return found


async def test_who_nominates_what_is_there_already_joins_it_with_one_button(workspace: Workspace) -> None:
    slack = workspace.slack
    line = 'project nominate "Example: directory of hotlines" --summary "One list of reporting hotlines"'
    nominated = await ask(slack, line, "P4 Example: directory of hotlines", "Perhaps you would rather join forces", user=MEMBER)
    assert "Talk to M1 Amina Example" in shown(nominated)
    await slack.press(nominated, "Join P1 instead", user=MEMBER)
    assert (await slack.message("You are in. P4 is withdrawn in its favour"))["ephemeral_to"] == MEMBER
    await ask(slack, "project P1", "Helpers:", "Bogdan Example", user=CHAIR)
    await slack.command("timeline", user=MEMBER)
    picture, drawn = await file(slack, ".png")
    assert slack.is_direct(picture["channel"])
    assert "P1 1 of 3 milestones reached, at risk" in drawn["alt_txt"]


async def test_a_session_goes_from_its_form_by_its_agenda_and_its_thread_to_minutes_and_a_calendar(workspace: Workspace) -> None:
    slack = workspace.slack
    await ask(slack, "room bind work", "This room is now for work")
    await slack.command("proposal new", user=CHAIR)
    await slack.until(lambda: slack.modal)
    filled = {"Working title": "Safer apps", "What it is about": "What an app must have"}
    await slack.submit({**filled, "Length of its slot": "a while"}, user=CHAIR)
    assert "minutes" in await slack.until(lambda: slack.errors)
    await slack.submit({**filled, "Length of its slot": "60"}, user=CHAIR)
    await slack.until(lambda: "S6 Safer apps is a draft for 2027" in shown(slack.modal))
    thread = (await slack.message("S6 Safer apps", "What changes is told in this thread"))["ts"]

    await ask(slack, "agenda suggest S6 “Toolkits in schools” 20m —who M2", "S6.g1 Toolkits in schools is suggested", user=MEMBER)
    assert not [one for one in slack.said("Toolkits") if "ephemeral_to" not in one]
    await slack.press(await ask(slack, "agenda suggestions S6", "Suggested for S6"), "Publish it", user=CHAIR)
    await slack.message("Published: A13")
    await workspace.passes(timedelta(minutes=15))
    published = await slack.until(
        lambda: next((m for m in slack.said("S6: changed by", "Toolkits in schools") if m.get("thread_ts")), None)
    )
    assert published["thread_ts"] == thread
    await ask(slack, "agenda agree A13", "Now pre-agreed")
    await ask(slack, "agenda schedule A13", "Now scheduled")
    await workspace.passes(timedelta(minutes=15))
    asked = await slack.message("you are on its agenda", "Toolkits in schools")
    assert slack.is_direct(asked["channel"])
    await slack.press(asked, "Confirm", user=MEMBER)
    await slack.until(lambda: "You chose: Confirm" in shown(slack.messages[asked["ts"]]))

    await ask(slack, 'session change S6 --start "2026-11-21 13:00" --zone UTC --room "Room 3"', "Changed.")
    await slack.say("next", user=CHAIR, thread=thread)
    await ask(slack, "agenda run S6 --early", "S6 Safer apps runs")
    sheet = await slack.until(lambda: in_thread(slack, "Now: A13"))
    assert sheet["thread_ts"] == thread
    for user, line, answer in (
        (MEMBER, "Agreed: we write it down", "S6.n1 with A13, agreed: we write it down"),
        (MEMBER, "I think we agreed on that long ago", ""),
        (CHAIR, "action Bogdan: ask three hotlines by Friday", "T1 ask three hotlines: Bogdan Example, by Fri 27 Nov 2026"),
        (CHAIR, "agenda S6", "Agenda of S6 Safer apps"),
        (CHAIR, "extend 5", "A13 Toolkits in schools: until"),
    ):
        said = await slack.say(line, user=user, thread=thread)
        if answer:
            answered = await slack.until(lambda: next((m for m in slack.said(answer) if m["ts"] > said["ts"]), None))  # noqa: B023
            assert (answered["thread_ts"], answered.get("ephemeral_to")) == (thread, None)
    task = await slack.message("T1 is yours: ask three hotlines")
    await slack.press(task, "Done", user=MEMBER)
    await slack.until(lambda: "You chose: Done" in shown(slack.messages[task["ts"]]))
    await ask(slack, "agenda end S6", "S6 Safer apps has ended")
    await slack.say(f"<@{BOT}> minutes S6 --format docx", user=CHAIR, thread=thread)
    handed, paper = await file(slack, ".docx")
    assert handed["thread_ts"] == thread
    words = [each.text for each in docx.Document(io.BytesIO(await slack.fetch(paper))).paragraphs]
    assert any("we write it down" in each for each in words)
    assert not any("long ago" in each for each in words)

    await slack.command("calendar S6", user=MEMBER)
    kept, calendar = await file(slack, ".ics")
    events = {str(event["SUMMARY"]): event for event in Calendar.from_ical(await slack.fetch(calendar)).walk("VEVENT")}
    assert (str(events["Safer apps"]["LOCATION"]), slack.is_direct(kept["channel"])) == ("Room 3", True)
    assert all(one["text"] or one.get("files") for one in slack.said())
