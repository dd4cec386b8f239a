"""What people do on Slack, and what they see of the whole bot over it."""

import re

import pytest

from bot.request import Account, Place, Request
from tests.slack.chat import ANA, BEN, GENERAL, GUEST, STRANGER, Chat, said
from tests.slack.double import Channel


async def test_a_slash_command_is_answered_to_its_person_alone(chat: Chat) -> None:
    (answer,) = await chat.command("projects")
    assert (answer.kind, answer.only) == ("ephemeral", ANA)
    assert "Projects of 2027" in answer.text
    assert chat.slack.deliveries.log[-1].acks[0].body == ""


async def test_a_command_is_answered_also_where_the_bot_is_not(chat: Chat) -> None:
    (answer,) = await chat.command("projects", channel="C0OTHER")
    assert (answer.channel, answer.only) == ("C0OTHER", ANA)


async def test_a_mention_is_answered_in_its_thread(chat: Chat) -> None:
    root = chat.slack.human.says(GENERAL, BEN, "What about this year?")
    (answer,) = await chat.says("@coalition projects", thread=root.ts)
    assert (answer.kind, answer.channel, answer.thread, answer.only) == ("message", GENERAL, root.ts, "")


async def test_plain_text_in_a_thread_of_the_bot_is_answered_and_talk_is_not(chat: Chat) -> None:
    posted = await chat.slack_post("What shall we do?")
    (answer,) = await chat.says("projects", thread=posted.ts)
    assert (answer.thread, "Projects of 2027" in answer.text) == (posted.ts, True)
    assert await chat.says("I think that is a good idea, Ben", thread=posted.ts) == []


async def test_talk_of_people_is_not_answered(chat: Chat) -> None:
    root = chat.slack.human.says(GENERAL, BEN, "projects are nice")
    assert await chat.says("yes, projects", thread=root.ts) == []


async def test_a_direct_message_is_answered_in_the_direct_chat(chat: Chat) -> None:
    (answer,) = await chat.says("projects", channel=chat.slack.direct(ANA))
    assert (answer.kind, answer.channel) == ("message", chat.slack.direct(ANA))


async def test_what_the_bot_or_another_program_says_or_somebody_edits_is_not_answered(chat: Chat) -> None:
    direct = chat.slack.direct(ANA)
    asked = chat.slack.human.says(direct, ANA, "projects")
    await chat.news()
    chat.slack.human.edits(asked, "members")
    chat.slack.human.deletes(asked)
    chat.slack.human.says(GENERAL, BEN, "@coalition projects", bot_id="B0OTHER", subtype="bot_message")
    assert await chat.news() == []


async def test_what_is_personal_stays_with_the_asker_also_when_it_was_asked_among_people(chat: Chat) -> None:
    answers = await chat.says("@coalition me")
    assert "Ana Example" in said(answers)
    assert {one.only or one.channel for one in answers} <= {ANA, chat.slack.direct(ANA)}


async def test_a_form_of_a_command_is_a_modal_that_is_refused_then_taken(chat: Chat) -> None:
    (shown,) = await chat.command("project add")
    assert (shown.kind, shown.only) == ("modal", ANA)
    view = chat.slack.modal(ANA)
    errors = await chat.submits(title="Safer apps", links="nonsense")
    assert "nonsense" in said(errors)
    assert chat.slack.modal(ANA) is view
    assert "P1 Safer apps is nominated" in said(await chat.submits(links="https://example.org/"))
    assert "Safer apps" in said(await chat.command("projects"))


async def test_a_modal_whose_record_went_meanwhile_says_so_at_its_field_and_keeps_what_was_typed(chat: Chat) -> None:
    await chat.command('project add "Safer apps"')
    await chat.command("project update P1")
    chat.slack.human.fills(chat.slack.modal(ANA), {"line": "A long story that took me half an hour"})
    await chat.app_line("undo")
    assert "names nothing that is there: P1; “projects” shows what there is" in said(await chat.submits())
    await chat.app_line("undo")
    assert "A long story that took me half an hour" in said(await chat.submits())


async def test_a_modal_that_was_closed_before_the_answer_came_is_answered_all_the_same(chat: Chat) -> None:
    await chat.command("project add")
    view = chat.slack.human.fills(chat.slack.modal(ANA), {"title": "Safer apps"})
    chat.slack.human.submits(view)
    chat.slack.human.closes(view)
    (answer,) = await chat.news()
    assert (answer.only, "P1 Safer apps is nominated" in answer.text) == (ANA, True)
    assert [one.error for one in chat.slack.refused] == ["not_found"]
    chat.slack.refused.clear()


async def test_a_button_does_what_its_line_does(chat: Chat) -> None:
    await chat.command('project add "Safer apps"')
    await chat.command("P1 --steps")
    news = await chat.presses("Drop")
    assert "P1 Safer apps" in said(news)


async def test_what_is_pressed_in_a_thread_is_answered_in_it(chat: Chat) -> None:
    await chat.command('project add "Safer apps"')
    root = chat.slack.human.says(GENERAL, BEN, "What about it?")
    await chat.says("@coalition P1", thread=root.ts)
    (answer,) = await chat.presses("Choose")
    assert (answer.thread, answer.only) == (root.ts, ANA)


async def test_an_answer_is_shared_by_whoever_wants_to(chat: Chat) -> None:
    await chat.command("projects")
    (shared,) = await chat.presses("Share in channel")
    assert (shared.kind, shared.channel, shared.only) == ("message", GENERAL, "")
    assert "Projects of 2027" in shared.text
    assert "Share in channel" not in shared.text


async def test_what_is_personal_cannot_be_shared(chat: Chat) -> None:
    (answer,) = await chat.command("me")
    assert "Ana Example" in answer.text
    assert "Share in channel" not in answer.text


@pytest.mark.parametrize("user", [GUEST, STRANGER])
@pytest.mark.parametrize("line", ["members", "member M1", "search Ben", "me"])
async def test_guests_and_people_of_other_organisations_see_no_personal_data(chat: Chat, user: str, line: str) -> None:
    news = said(await chat.command(line, user=user)) + said(await chat.says(f"@coalition {line}", user=user))
    assert news
    assert "Example" not in news.replace("Example Coalition", "")


@pytest.mark.parametrize("user", [GUEST, STRANGER])
async def test_guests_and_people_of_other_organisations_see_nobody_whom_a_member_wrote_down(chat: Chat, user: str) -> None:
    await chat.command('proposal new "Safer apps" --description Words')
    await chat.command('agenda suggest S1 Toolkits 10m --who "Carol Secret (Helpline)"')
    await chat.command("agenda publish S1")
    await chat.command('slot add S1 speaker --label "Dora Secret"')
    for line in ("agenda S1", "S1", "A1", "search Secret", "search Toolkits", "slots S1"):
        answer = said(await chat.command(line, user=user))
        assert answer
        assert "Secret" not in answer.replace("“Secret”", "")
        assert "Helpline" not in answer
    assert "Carol Secret (Helpline)" in said(await chat.command("agenda S1", user=BEN))


async def test_somebody_of_whom_slack_says_nothing_sees_no_personal_data(chat: Chat) -> None:
    await chat.command('proposal new "Safer apps" --description Words')
    await chat.command('agenda suggest S1 Toolkits 10m --who "Carol Secret (Helpline)"')
    await chat.command("agenda publish S1")
    chat.slack.api.scopes -= {"users:read"}
    answer = said(await chat.command("agenda S1", user=STRANGER))
    assert "Toolkits" in answer
    assert "Secret" not in answer
    chat.slack.refused.clear()


async def test_a_zone_that_changes_on_slack_changes_with_the_bot_until_its_person_says_another(chat: Chat) -> None:
    ben = chat.slack.workspace.users[BEN]
    for zone, line, follows in (("Asia/Tokyo", "timezone Asia/Seoul", "Asia/Tokyo"), ("Asia/Dhaka", "me", "Asia/Seoul")):
        ben.zone = zone
        chat.slack.human.changes_profile(ben)
        assert await chat.news() == []
        assert follows in said(await chat.command("me", user=BEN))
        await chat.command(line, user=BEN)


async def test_a_form_that_a_mention_asks_for_opens_by_a_button(chat: Chat) -> None:
    root = chat.slack.human.says(GENERAL, BEN, "Ideas?")
    asked = await chat.says("@coalition project add", thread=root.ts)
    assert [(one.kind, one.thread) for one in asked] == [("ephemeral", root.ts)]
    (modal,) = await chat.presses("Fill in")
    assert modal.kind == "modal"
    assert "Safer apps is nominated" in said(await chat.submits(title="Safer apps"))


async def test_a_shortcut_opens_a_form_with_the_message_and_changes_nothing_before_it_is_sent(chat: Chat) -> None:
    message = chat.slack.human.says(GENERAL, BEN, "Call the hotline in Nairobi")
    chat.slack.human.shortcut("remind_me", message, ANA)
    (shown,) = await chat.news()
    assert (shown.kind, shown.only) == ("modal", ANA)
    assert "Call the hotline in Nairobi" in shown.text
    assert "Call the hotline" not in said(await chat.command("reminders"))


async def test_a_shortcut_that_comes_too_late_for_a_modal_keeps_the_message(chat: Chat) -> None:
    message = chat.slack.human.says(GENERAL, BEN, "Call the hotline in Nairobi")
    chat.slack.human.shortcut("remind_me", message, ANA)
    chat.slack.clock.move(4)
    (offered,) = await chat.news()
    assert ("[Fill in]" in offered.text, offered.only) == (True, ANA)
    assert [one.error for one in chat.slack.refused] == ["expired_trigger_id"]
    chat.slack.refused.clear()
    (form,) = await chat.presses("Fill in")
    assert "Call the hotline in Nairobi" in form.text


async def test_the_app_home_is_ones_own_page_and_its_buttons_open_forms(chat: Chat) -> None:
    await chat.command('project add "Safer apps"')
    chat.slack.human.opens_home(ANA)
    (home,) = await chat.news()
    assert (home.kind, home.only, "P1 Safer apps" in home.text) == ("home", ANA, True)
    (form,) = await chat.presses("Update P1", where=chat.slack.workspace.homes[ANA])
    assert (form.kind, form.only) == ("modal", ANA)
    assert "P1" in said(await chat.submits(line="Half of the hotlines answered"))
    assert "Half of the hotlines answered" in said(await chat.command("updates P1"))


async def test_only_the_home_tab_draws_the_home(chat: Chat) -> None:
    chat.slack.human.opens_home(ANA, tab="messages")
    assert await chat.news() == []


async def test_the_home_of_a_guest_shows_nobody(chat: Chat) -> None:
    chat.slack.human.opens_home(GUEST)
    (home,) = await chat.news()
    assert home.only == GUEST
    assert "Example" not in home.text.replace("Example Coalition", "")


async def test_an_account_on_another_platform_is_joined_by_a_code(chat: Chat) -> None:
    code = re.search(r"link ([A-Z0-9-]{6,})", said(await chat.command("link", user=ANA)))
    assert code
    request = Request(f"link {code[1]}", Account("matrix", "@ana:example.org"), Place("matrix", "@ana:example.org", private=True))
    await chat.app.desk.answer(request)
    assert "matrix:@ana:example.org" in said(await chat.command("me"))


async def test_an_event_that_arrives_three_times_minutes_apart_has_one_effect(chat: Chat) -> None:
    (answer,) = await chat.says('project add "Safer apps"', channel=chat.slack.direct(ANA))
    event = next(one for one in chat.slack.deliveries.log if one.payload["event"].get("user") == ANA)
    for seconds in (60, 300):
        chat.slack.clock.move(seconds)
        chat.slack.deliveries.again(event)
        assert await chat.news() == []
    assert "P1 Safer apps is nominated" in answer.text
    assert "P2" not in said(await chat.command("projects"))


async def test_a_modal_whose_field_somebody_changed_meanwhile_gives_back_what_was_typed(chat: Chat) -> None:
    await chat.command('project add "Safer apps"')
    await chat.command("project change P1")
    chat.slack.human.fills(chat.slack.modal(ANA), {"title": "Safer applications"})
    await chat.app_line('project change P1 --title "Safe apps"')
    news = said(await chat.submits())
    assert "“Title” of P1 was changed by you meanwhile" in news
    assert "Title, now: Safe apps\nTitle, yours: Safer applications\n[Keep theirs]\n[Write mine]" in news
    assert news.count("Safer applications") == 1
    assert "Safe apps" in said(await chat.command("P1"))


async def test_the_bot_says_hello_once_in_a_channel_that_it_joins(chat: Chat) -> None:
    chat.slack.workspace.add_channel(Channel("C0NEW", "new", members={ANA}))
    chat.slack.human.invites("C0NEW", ANA)
    hello = await chat.news()
    assert {one.channel for one in hello} == {"C0NEW"}
    assert hello[0].only == ""
    assert "work: #C0NEW" in said(await chat.presses("Use this room for work"))
    chat.slack.human.joins("C0NEW", BEN)
    chat.slack.human.invites("C0NEW", ANA)
    assert await chat.news() == []


async def test_a_report_of_abuse_typed_into_a_modal_is_not_echoed(chat: Chat) -> None:
    await chat.command("project add")
    news = await chat.submits(title="I found child abuse images at https://example.org/x")
    assert "https://example.org/x" not in said(news)


async def test_a_line_to_type_is_shown_as_it_is_typed_there(chat: Chat) -> None:
    assert "To take it back: /coalition undo" in said(await chat.command("project add Directory"))
    assert "To take it back: @coalition undo" in said(await chat.says("@coalition project add Other"))
    assert "To take it back: undo" in said(await chat.says("project add Third", channel=chat.slack.direct(ANA)))


async def test_an_answer_is_not_shared_where_another_organisation_reads_along(chat: Chat) -> None:
    await chat.command("projects")
    chat.slack.workspace.channels[GENERAL].shared = True
    news = await chat.presses("Share in channel")
    assert [one.only for one in news] == [ANA]
    assert "shared with another organisation" in said(news)


async def test_an_answer_is_not_shared_where_slack_does_not_say_who_reads_along(chat: Chat) -> None:
    await chat.command("projects")
    chat.slack.api.scopes -= {"channels:read"}
    news = await chat.presses("Share in channel")
    assert [one.only for one in news] == [ANA]
    assert "does not tell me whether another organisation reads along" in said(news)
    assert "channels:read" in "".join(chat.adapter.health.problems.values())
    chat.slack.refused.clear()


async def test_the_app_home_shows_what_was_just_changed_in_it(chat: Chat) -> None:
    chat.slack.human.opens_home(ANA)
    await chat.news()
    home = chat.slack.workspace.homes[ANA]
    news = await chat.presses("List me by group only", where=home)
    assert [one.kind for one in news] == ["modal", "home"]
    assert "by group" in news[-1].text


async def test_an_app_home_that_was_drawn_anew_meanwhile_is_not_drawn_over(chat: Chat) -> None:
    chat.slack.human.opens_home(ANA)
    await chat.news()
    chat.slack.human.opens_home(ANA)
    chat.slack.workspace.homes[ANA].hash = "newer"  # By another process.
    assert await chat.news() == []
    assert [one.error for one in chat.slack.refused] == ["hash_conflict"]
    chat.slack.refused.clear()


async def test_a_text_names_the_people_whom_it_mentions(chat: Chat) -> None:
    assert "Call @Ben Example" in said(await chat.command('remind me "Call @Ben Example" tomorrow 9:00'))
    assert "To: M2 Ben Example" in said(await chat.command('remind @Ben Example "Send the draft" tomorrow 9:00'))
    message = chat.slack.human.says(GENERAL, ANA, "Ask @Ben Example about it")
    chat.slack.human.shortcut("remind_me", message, ANA)
    (form,) = await chat.news()
    assert "Ask @Ben Example about it" in form.text
