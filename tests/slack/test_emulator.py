"""The three flows of the product, on a Slack that is not ours, over Socket Mode and over HTTP."""

from datetime import timedelta

from tests.slack import emulator
from tests.slack.emulated import Workspace
from tests.slack.emulator import BOT, CHAIR, CHANNEL, MEMBER, shown


async def test_a_member_asks_for_the_projects_and_gives_an_update(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("projects", user=MEMBER)
    listed = await slack.message("Projects of 2027", "directory of reporting hotlines")
    assert (listed["channel"], listed["ephemeral_to"]) == (CHANNEL, MEMBER)
    await slack.press(listed, "P2 details", user=MEMBER)
    assert (await slack.message("safer apps checklist", "Leads"))["ephemeral_to"] == MEMBER

    await slack.press(listed, "P2 give update", user=MEMBER)
    asked = await slack.until(lambda: slack.modal)
    await slack.submit({"Which project": "S5", "What happened": "Half of the questions are agreed"}, user=MEMBER)
    assert "project" in await slack.until(lambda: slack.errors)
    assert slack.modal == asked
    await slack.submit(
        {"Which project": "P2", "What happened": "Half of the questions are agreed", "How it is doing": "at risk"}, user=MEMBER
    )
    await slack.until(lambda: "Noted: at risk" in shown(slack.modal))
    await slack.command("updates P2", user=CHAIR)
    assert (await slack.message("Half of the questions are agreed", "Bogdan Example"))["ephemeral_to"] == CHAIR


async def test_a_list_is_shared_with_the_channel_on_request(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("projects", user=MEMBER)
    listed = await slack.message("Projects of 2027")
    await slack.press(listed, "Share in channel", user=MEMBER)
    shared = await slack.until(lambda: next((m for m in slack.said("Projects of 2027") if "ephemeral_to" not in m), None))
    assert shared["channel"] == CHANNEL


async def test_a_mention_in_a_thread_is_answered_there(workspace: Workspace) -> None:
    slack = workspace.slack
    root = await slack.say("What are we doing this year?", user=CHAIR)
    await slack.say(f"<@{BOT}> projects", user=MEMBER, thread=root["ts"])
    assert (await slack.message("Projects of 2027"))["thread_ts"] == root["ts"]


async def test_plain_text_in_the_direct_chat_is_answered_there(workspace: Workspace) -> None:
    slack = workspace.slack
    said = await slack.say("projects", user=MEMBER, channel=MEMBER)
    assert (await slack.message("Projects of 2027"))["channel"] == said["channel"]


async def test_the_home_tab_shows_what_concerns_its_reader(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.open_home(MEMBER)
    home = await slack.until(lambda: slack.homes.get(MEMBER))
    assert "safer apps checklist" in shown(home)


async def test_a_chair_schedules_what_a_member_suggests(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("agenda S5", user=CHAIR)
    assert (await slack.message("hotlines that people can find", "55 of 60 minutes"))["ephemeral_to"] == CHAIR
    await slack.command('agenda add S5 "Toolkits in capacity building" 10m --part 2', user=CHAIR)
    await slack.message("Toolkits in capacity building", "65 of 60 minutes: 5 over")

    await slack.command('agenda suggest S5 "Helplines and hotlines together" 5m', user=MEMBER)
    await slack.message("S5.g1 Helplines and hotlines together is suggested for S5")
    await slack.command("agenda suggestions S5", user=CHAIR)
    await slack.press(await slack.message("Suggested for S5"), "Publish it", user=CHAIR)
    agenda = await slack.message("Suggested, not counted", "A14")
    await slack.press(agenda, "Agree to A14", user=CHAIR)
    await slack.press(await slack.message("Now pre-agreed", "A14"), "Schedule", user=CHAIR)
    await slack.message("Now scheduled", "A14")


async def test_a_session_has_a_card_in_its_channel_that_is_kept_current(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("room bind work", user=CHAIR)
    await slack.message("This room is now for work")
    await slack.command("agenda change A10 --minutes 12", user=CHAIR)
    card = await slack.message("hotlines that people can find", "52 of 60 minutes")
    assert "ephemeral_to" not in card
    await slack.command("agenda change A11 --minutes 5", user=CHAIR)
    await slack.until(lambda: "42 of 60 minutes" in shown(slack.messages[card["ts"]]))
    assert slack.messages[card["ts"]]["edited"]
    await workspace.passes(timedelta(minutes=6))
    assert (await slack.message("A11", "length 5 minutes (was 15 minutes)"))["thread_ts"] == card["ts"]


async def test_a_reminder_comes_with_its_buttons_is_snoozed_and_done(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command('remind me "Send the draft" in 10 minutes', user=MEMBER)
    await slack.message("R1", "is set")
    await workspace.passes(timedelta(minutes=11))
    reminder = await slack.message("Send the draft (R1.1)")
    assert slack.is_direct(reminder["channel"])

    await slack.press(reminder, "Snooze 1 h", user=MEMBER)
    await slack.message("R1.1 comes again")
    await workspace.passes(timedelta(hours=2))
    again = await slack.message("Send the draft (R1.2)")
    await slack.press(again, "Done", user=MEMBER)
    await slack.until(lambda: "You chose: Done" in shown(slack.messages[again["ts"]]))
    assert emulator.buttons(slack.messages[again["ts"]]) == []


async def test_a_reminder_is_passed_on_to_another_member(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command('remind me "Send the draft" in 10 minutes', user=CHAIR)
    await slack.message("R1 is set")
    await workspace.passes(timedelta(minutes=11))
    reminder = await slack.message("Send the draft (R1.1)")
    await slack.press(reminder, "Reassign", user=CHAIR)
    await slack.until(lambda: slack.modal)
    await slack.submit({"To whom": "M2"}, user=CHAIR)
    passed_on = await slack.message("Send the draft (R1.2)", "Passed on to you by Amina Example")
    assert slack.is_direct(passed_on["channel"])
    assert passed_on["channel"] != reminder["channel"]


async def test_the_plan_reminds_the_owner_of_a_deadline(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("plan on", user=CHAIR)
    await slack.message("reminders are on now")
    await workspace.passes(timedelta(days=14))
    reminder = await slack.message("Example call for session proposals: due in 21 days")
    assert slack.is_direct(reminder["channel"])


async def test_a_member_takes_a_copy_of_their_data_as_a_file(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("me export", user=MEMBER)
    handed = await slack.until(lambda: next((m for m in slack.said() if m.get("files")), None))
    assert slack.is_direct(handed["channel"])
    assert "Bogdan Example" in await slack.read(handed["files"][0])
