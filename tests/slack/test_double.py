"""The double refuses what Slack refuses: else a test over it could not fail."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Posted, Response
from tests.slack.double import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, TEAM, Ack, Channel, Delivery, Slack, User
from tests.slack.double.limits import of_blocks, of_view
from tests.slack.double.posting import signature
from tests.slack.double.seeing import seen_message

GENERAL: dict[str, Any] = {"channel": "C0GENERAL", "text": "Hello"}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": marked(text), **more}


def button(label: str = "Go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": "go", "value": "help", **more}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def asked(block_id: str = "title", **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "value", **more}
    return {"type": "input", "block_id": block_id, "label": plain("Title"), "element": element}


def choice(label: str, value: str) -> dict[str, Any]:
    return {"text": plain(label), "value": value}


def select(*options: Any, kind: str = "static_select", **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "pick", "options": list(options), **more}


def modal(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send"), "blocks": list(blocks), **more}


def table(rows: int, columns: int = 2) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


class App:
    """A bot without an adapter: it remembers what Slack brings, and answers what it is told to answer."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.client = AsyncWebClient(BOT_TOKEN, base_url=slack.api_url)
        self.posted: list[Posted] = []
        self.answer = Response()
        self.posting = slack.posts_to(self._heard)

    async def _heard(self, posted: Posted) -> Response:
        self.posted.append(posted)
        return self.answer

    async def refused(self, method: str, arguments: Any) -> str:
        """Slack's word for why it does not take a call; "" where it takes it."""
        with suppress(SlackApiError):
            await self.client.api_call(method, json=arguments)
        return self.noted()

    def noted(self) -> str:
        """What was refused since the last time."""
        noted = " ".join(one.error for one in self.slack.refused)
        self.slack.refused.clear()
        return noted

    async def trigger(self) -> str:
        """A fresh trigger_id of Ana's."""
        return str((await self.brought(self.slack.human.command("C0GENERAL", "U0ANA", "help")))["trigger_id"])

    async def brought(self, delivery: Delivery | None) -> dict[str, Any]:
        """What was brought, once it is acknowledged."""
        assert delivery
        await self.slack.settled()
        return delivery.payload

    async def answered(self, url: str, **body: Any) -> int:
        """The status of an answer to a response_url."""
        async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
            return response.status


@pytest_asyncio.fixture
async def app(slack: Slack) -> AsyncIterator[App]:
    yield App(slack)


@pytest.mark.parametrize(
    ("blocks", "wrong"),
    [
        ([section()] * 51, "has 51 items"),
        ([section("x" * 3_001)], "has 3001 characters"),
        ([section("")], "has 0 characters"),
        ([{"type": "section"}], "without text and fields"),
        ([{"type": "section", "fields": [marked("x")] * 11}], "has 11 items"),
        ([{"type": "section", "fields": [marked("x" * 2_001)]}], "has 2001 characters"),
        ([section(colour="red")], "unknown field colour"),
        ([{"type": "header", "text": plain("x" * 151)}], "has 151 characters"),
        ([{"type": "header", "text": marked("x")}], "type 'mrkdwn'"),
        ([{"type": "heading", "text": plain("x")}], "type 'heading'"),
        ([section(block_id="a"), section(block_id="a")], "block_id 'a' twice"),
        ([section(block_id="a" * 256)], "has 256 characters"),
        ([actions(button(), button("Stop"))], "action_id 'go' twice"),
        ([actions(*(button(action_id=f"a{n}") for n in range(26)))], "has 26 items"),
        ([actions()], "has 0 items"),
        ([actions(button("x" * 76))], "has 76 characters"),
        ([actions(button(value="x" * 2_001))], "has 2001 characters"),
        ([actions(button(style="green"))], "'green'"),
        ([actions(button(url="x" * 3_001))], "has 3001 characters"),
        ([actions(select(choice("x" * 76, "a")))], "has 76 characters"),
        ([actions(select(choice("x", "a" * 151)))], "has 151 characters"),
        ([actions(select(*(choice(str(n), str(n)) for n in range(101))))], "has 101 items"),
        ([actions(select(choice("x", "a"), choice("y", "a")))], "option value 'a' twice"),
        ([actions(select(choice("x", "a"), initial_option=choice("y", "b")))], "none of the options"),
        ([actions(select(choice("x", "a"), placeholder=plain("x" * 151)))], "has 151 characters"),
        ([actions(select(*(choice(str(n), str(n)) for n in range(11)), kind="checkboxes"))], "has 11 items"),
        ([actions(select(*(choice(str(n), str(n)) for n in range(11)), kind="radio_buttons"))], "has 11 items"),
        ([actions(select(*(choice(str(n), str(n)) for n in range(6)), kind="overflow"))], "has 6 items"),
        ([{"type": "context", "elements": [marked("x")] * 11}], "has 11 items"),
        ([{"type": "image", "image_url": "https://example.org/x.png"}], "alt_text is missing"),
        ([{"type": "image", "alt_text": "x"}], "either image_url or slack_file"),
        ([table(101)], "has 101 items"),
        ([table(1, 21)], "has 21 items"),
        ([table(1), table(1)], "only_one_table_allowed"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}], "has 0 characters"),
        ([{"type": "markdown", "text": "x" * 12_001}], "has 12001 characters"),
        ([{"type": "markdown", "text": "x" * 7_000}] * 2, "markdown blocks have more"),
        ([section("x" * 2_999)] * 5, "msg_blocks_too_long"),
        ([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}]}], "0 characters"),
        ("hello", "must be a list"),
        ([["section"]], "type None"),
    ],
)
def test_blocks_that_slack_does_not_take(blocks: Any, wrong: str) -> None:
    assert wrong in " ".join(of_blocks(blocks))


@pytest.mark.parametrize(
    ("view", "wrong"),
    [
        (modal(*[section()] * 101), "has 101 items"),
        (modal(title=plain("x" * 25)), "has 25 characters"),
        (modal(submit=plain("x" * 25)), "has 25 characters"),
        (modal(close=plain("x" * 25)), "has 25 characters"),
        (modal(private_metadata="x" * 3_001), "has 3001 characters"),
        (modal(callback_id="x" * 256), "has 256 characters"),
        (modal(table(1)), "type 'table'"),
        (modal(asked(), asked()), "block_id 'title' twice"),
        (modal(asked(max_length=3_001)), "from 1 to 3000"),
        (modal(asked(min_length=9, max_length=8)), "min_length is more"),
        (modal(asked(placeholder=plain("x" * 151))), "has 151 characters"),
        (modal(asked(initial="x")), "unknown field initial"),
        (modal({**asked(), "label": plain("x" * 2_001)}), "has 2001 characters"),
        (modal({**asked(), "element": button()}), "type 'button'"),
        (modal(asked(focus_on_load=True), asked("summary", focus_on_load=True)), "focus_on_load twice"),
        ({"type": "modal", "title": plain("x"), "blocks": [asked()]}, "submit is missing"),
        ({"type": "home", "title": plain("x"), "blocks": []}, "unknown field title"),
        ({"type": "page", "blocks": []}, "type 'page'"),
    ],
)
def test_views_that_slack_does_not_take(view: Any, wrong: str) -> None:
    assert wrong in " ".join(of_view(view))


def test_what_is_within_the_limits_is_taken() -> None:
    most = [section("x" * 3_000), actions(*(button(action_id=f"a{n}") for n in range(25))), table(100, 20), {"type": "divider"}]
    assert of_blocks(most) == []
    assert of_view(modal(asked(max_length=3_000), *[section()] * 99, private_metadata="x" * 3_000)) == []


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMesage", {}, "unknown_method"),
        ("chat.postMessage", {"chanel": "C0GENERAL", "text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": 3}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0GENERAL"}, "no_text"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": " ", "blocks": [section()]}, "no_text"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", GENERAL | {"blocks": [section("")]}, "invalid_blocks"),
        ("chat.postMessage", GENERAL | {"blocks": [section("x" * 2_999)] * 5}, "msg_blocks_too_long"),
        ("chat.postMessage", GENERAL | {"parse": "full"}, "invalid_arguments"),
        ("chat.postMessage", GENERAL | {"metadata": {"key": "letter-1"}}, "invalid_metadata_format"),
        ("chat.postMessage", GENERAL | {"metadata": {"event_type": "x", "event_payload": {"x": "x" * 9_000}}}, "metadata_too_large"),
        ("chat.postMessage", GENERAL | {"thread_ts": "1.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0OTHER", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "U0BOT", "text": "x"}, "cannot_dm_bot"),
        ("chat.postMessage", {"channel": "U0GONE", "text": "x"}, "user_disabled"),
        ("chat.postEphemeral", {"channel": "C0OLD", "user": "U0ANA", "text": "x"}, "is_archived"),
        ("chat.postEphemeral", GENERAL | {"user": "U0GONE"}, "user_not_in_channel"),
        ("chat.postEphemeral", GENERAL | {"user": "U0NOBODY"}, "user_not_found"),
        ("chat.postEphemeral", GENERAL | {"user": "U0ANA", "metadata": {}}, "invalid_arguments"),
        ("chat.update", GENERAL | {"ts": "1.000001"}, "message_not_found"),
        ("conversations.open", {"users": "U0BOT"}, "cannot_dm_bot"),
        ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.info", {"channel": "C0SECRET"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0OTHER"}, "not_in_channel"),
        ("conversations.history", {"channel": "C0GENERAL", "limit": 0}, "invalid_limit"),
        ("conversations.history", {"channel": "C0GENERAL", "cursor": "x"}, "invalid_cursor"),
        ("conversations.replies", {"channel": "C0GENERAL", "ts": "1.000001"}, "thread_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("views.open", {"trigger_id": "1.2.3", "view": modal()}, "invalid_trigger_id"),
        ("views.open", {"trigger_id": "1.2.3", "view": modal(asked(), submit=plain(""))}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
        ("views.update", {"view_id": "V1", "view": modal()}, "not_found"),
        ("views.publish", {"user_id": "U0NOBODY", "view": {"type": "home", "blocks": []}}, "user_not_found"),
        ("views.publish", {"user_id": "U0ANA", "hash": "old", "view": {"type": "home", "blocks": []}}, "hash_conflict"),
        ("files.completeUploadExternal", {"files": [{"id": "F1"}]}, "file_not_found"),
    ],
)
async def test_a_bad_call_is_refused(app: App, method: str, arguments: dict[str, Any], error: str) -> None:
    app.slack.workspace.add_channel(Channel("C0SECRET", "secret", "group", {"U0ANA"}))
    app.slack.workspace.add_channel(Channel("C0OLD", "old", members={"U0BOT", "U0ANA"}, archived=True))
    app.slack.workspace.add_user(User("U0GONE", "Gone", deleted=True))
    assert await app.refused(method, arguments) == error


async def test_a_good_message_is_taken_and_seen(app: App) -> None:
    assert await app.refused("chat.postMessage", GENERAL | {"blocks": [section("*Hello*"), actions(button())]}) == ""
    assert [one.text for one in app.slack.news()] == ["Hello\n[Go]"]


@pytest.mark.parametrize(("token", "error"), [("xoxb-another", "invalid_auth"), ("", "not_authed"), (APP_TOKEN, "not_allowed_token_type")])
async def test_a_wrong_token_is_refused(app: App, token: str, error: str) -> None:
    app.client.token = token
    assert await app.refused("auth.test", {}) == error


async def test_a_scope_that_was_not_granted_is_named(app: App) -> None:
    app.slack.api.scopes -= {"chat:write", "channels:history"}
    with pytest.raises(SlackApiError) as caught:
        await app.client.chat_postMessage(**GENERAL)
    assert caught.value.response["needed"] == "chat:write"
    assert "chat:write" not in caught.value.response.headers["x-oauth-scopes"]
    assert await app.refused("conversations.history", {"channel": "C0GENERAL"}) == "missing_scope missing_scope"
    app.slack.human.says("C0GENERAL", "U0ANA", "hello")
    assert app.slack.deliveries.log == []


async def test_only_an_own_message_can_be_changed(app: App) -> None:
    said = app.slack.human.says("C0GENERAL", "U0ANA", "hello")
    assert await app.refused("chat.update", GENERAL | {"ts": said.ts}) == "cant_update_message"
    posted = await app.client.chat_postMessage(**GENERAL)
    assert await app.refused("chat.update", {"channel": "C0GENERAL", "ts": posted["ts"], "text": "Bye"}) == ""
    assert app.slack.news()[-1].text == "Bye"


async def test_metadata_comes_back_only_when_it_is_asked_for_page_by_page(app: App) -> None:
    app.slack.api.page = 2
    for number in range(5):
        await app.client.chat_postMessage(**GENERAL, metadata={"event_type": "letter", "event_payload": {"key": str(number)}})
    found: list[str] = []
    cursor = ""
    while not found or cursor:
        page = await app.client.conversations_history(channel="C0GENERAL", cursor=cursor, include_all_metadata=True)
        found += [one["metadata"]["event_payload"]["key"] for one in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
    assert found == ["4", "3", "2", "1", "0"]
    page = await app.client.conversations_history(channel="C0GENERAL")
    assert not any("metadata" in one for one in page["messages"])


async def test_a_trigger_opens_one_modal_within_three_seconds(app: App) -> None:
    trigger = await app.trigger()
    assert await app.refused("views.open", {"trigger_id": trigger, "view": modal()}) == ""
    assert await app.refused("views.open", {"trigger_id": trigger, "view": modal()}) == "exchanged_trigger_id"
    late = await app.trigger()
    app.slack.clock.move(3.1)
    assert await app.refused("views.open", {"trigger_id": late, "view": modal()}) == "expired_trigger_id"


async def test_a_response_url_takes_five_answers_in_half_an_hour(app: App) -> None:
    url = (await app.brought(app.slack.human.command("C0OTHER", "U0ANA", "help")))["response_url"]
    assert [await app.answered(url, text="Hello") for _ in range(6)] == [200] * 5 + [404]
    assert app.noted() == "used_url"
    late = (await app.brought(app.slack.human.command("C0OTHER", "U0ANA", "help")))["response_url"]
    app.slack.clock.move(1_801)
    assert await app.answered(late, text="Hello") == 404
    assert app.noted() == "expired_url"
    assert [(one.kind, one.only) for one in app.slack.news()] == [("ephemeral", "U0ANA")] * 5


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x", "channel": "C0"}, {"text": "x", "response_type": "all"}])
async def test_an_answer_that_is_none_is_refused(app: App, body: dict[str, Any]) -> None:
    url = (await app.brought(app.slack.human.command("C0OTHER", "U0ANA", "help")))["response_url"]
    assert await app.answered(url, **body) == 404
    assert app.noted() in {"no_text", "invalid_payload"}


async def test_an_answer_takes_the_place_of_the_message_that_was_pressed(app: App) -> None:
    await app.client.chat_postMessage(**GENERAL, blocks=[actions(button())])
    pressed = await app.brought(app.slack.human.presses(app.slack.last(), "Go", "U0ANA"))
    assert pressed["actions"][0]["value"] == "help"
    assert await app.answered(pressed["response_url"], text="Done", blocks=[section("Done")], replace_original=True) == 200
    assert app.slack.last().seen == "Done"


async def test_a_modal_that_changed_or_is_gone_is_not_updated(app: App) -> None:
    opened = await app.client.views_open(trigger_id=await app.trigger(), view=modal(asked()))
    update = {"view_id": opened["view"]["id"], "view": modal(asked())}
    assert await app.refused("views.update", {**update, "hash": opened["view"]["hash"]}) == ""
    assert await app.refused("views.update", {**update, "hash": opened["view"]["hash"]}) == "hash_conflict"
    app.slack.human.closes(app.slack.modal("U0ANA"))
    assert await app.refused("views.update", update) == "not_found"


async def test_a_stack_has_three_modals(app: App) -> None:
    await app.client.views_open(trigger_id=await app.trigger(), view=modal(actions(button())))
    for _ in range(2):
        pressed = await app.brought(app.slack.human.presses(app.slack.modal("U0ANA"), "Go"))
        await app.client.views_push(trigger_id=pressed["trigger_id"], view=modal(actions(button())))
    pressed = await app.brought(app.slack.human.presses(app.slack.modal("U0ANA"), "Go"))
    assert await app.refused("views.push", {"trigger_id": pressed["trigger_id"], "view": modal()}) == "push_limit_reached"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"response_action": "errors", "errors": {"title": "Too short"}}, ""),
        ({"response_action": "errors", "errors": {"tilte": "Too short"}}, "invalid_errors"),
        ({"response_action": "errors", "errors": {"title": ""}}, "invalid_errors"),
        ({"response_action": "errors", "errors": {}}, "invalid_errors"),
        ({"response_action": "update", "view": modal(section("Saving"))}, ""),
        ({"response_action": "update", "view": modal(section(""))}, "invalid_arguments"),
        ({"response_action": "push", "view": modal(section("More"))}, ""),
        ({"response_action": "clear"}, ""),
        ({"response_action": "close"}, "invalid_response_action"),
        ({"text": "Saved"}, "invalid_response_action"),
    ],
)
async def test_the_answer_to_a_modal_is_one_of_four(app: App, body: dict[str, Any], error: str) -> None:
    await app.client.views_open(trigger_id=await app.trigger(), view=modal(asked()))
    view = app.slack.human.fills(app.slack.modal("U0ANA"), {"Title": "Safer apps"})
    app.answer = Response(body=json.dumps(body), headers={"content-type": "application/json"})
    sent = await app.brought(app.slack.human.submits(view))
    assert sent["view"]["state"]["values"] == {"title": {"value": {"type": "plain_text_input", "value": "Safer apps"}}}
    assert app.noted() == error


async def test_what_a_command_is_acknowledged_with_is_shown_to_its_person(app: App) -> None:
    app.answer = Response(body="Working on it")
    await app.trigger()
    assert [(one.text, one.only) for one in app.slack.news()] == [("Working on it", "U0ANA")]
    app.answer = Response(body='{"ok": true}')
    await app.trigger()
    assert app.noted() == "invalid_payload"
    app.answer = Response(status=500)
    await app.trigger()
    assert "operation_timeout" in app.slack.news()[-1].text


async def test_a_press_is_acknowledged_without_a_body(app: App) -> None:
    await app.client.chat_postMessage(**GENERAL, blocks=[actions(button())])
    app.answer = Response(body="Done")
    await app.brought(app.slack.human.presses(app.slack.last(), "Go", "U0ANA"))
    assert app.noted() == "unexpected_body"


async def test_nobody_presses_what_they_do_not_see(app: App) -> None:
    await app.client.chat_postEphemeral(**GENERAL, user="U0ANA", blocks=[actions(button())])
    with pytest.raises(AssertionError, match="does not see"):
        app.slack.human.presses(app.slack.last(), "Go", "U0BEN")
    with pytest.raises(AssertionError, match="no button"):
        app.slack.human.presses(app.slack.last(), "Stop")


async def test_slack_keeps_back_a_modal_that_lacks_an_answer(app: App) -> None:
    await app.client.views_open(trigger_id=await app.trigger(), view=modal(asked(min_length=5)))
    view = app.slack.modal("U0ANA")
    for text in ("", "one"):
        with pytest.raises(AssertionError, match="Slack asks for Title"):
            app.slack.human.submits(app.slack.human.fills(view, {"Title": text}))


async def test_a_request_carries_the_signature_of_its_time(app: App) -> None:
    await app.trigger()
    posted = app.posted[0]
    timestamp = posted.headers["x-slack-request-timestamp"]
    assert posted.headers["x-slack-signature"] == signature(SIGNING_SECRET, timestamp, posted.body)
    app.posting.forged, app.posting.age = True, 400
    await app.trigger()
    old = app.posted[1].headers["x-slack-request-timestamp"]
    assert int(timestamp) - int(old) == 400
    assert app.posted[1].headers["x-slack-signature"] != signature(SIGNING_SECRET, old, app.posted[1].body)


async def test_an_event_comes_up_to_four_times_until_it_is_acknowledged(app: App) -> None:
    app.answer = Response(status=500)
    app.slack.human.says("C0GENERAL", "U0ANA", "hello")
    await app.slack.settled()
    assert len(app.posted) == 2  # The first time, and at once again.
    for seconds in (60, 300, 3_000):
        app.slack.clock.move(seconds)
        await app.slack.settled()
    assert [posted.headers.get("x-slack-retry-num", "") for posted in app.posted] == ["", "1", "2", "3"]
    assert len({json.loads(posted.body)["event_id"] for posted in app.posted}) == 1


async def test_an_event_that_is_acknowledged_late_comes_again(slack: Slack) -> None:
    held, tries = asyncio.Event(), []

    async def slow(posted: Posted) -> Response:
        tries.append(posted.headers.get("x-slack-retry-reason", ""))
        await held.wait()
        return Response()

    slack.posts_to(slow)
    slack.human.says("C0GENERAL", "U0ANA", "hello")
    await slack.rest()
    slack.clock.move(3)
    await slack.rest()
    held.set()
    await slack.settled()
    assert tries == ["", "http_timeout"]


@pytest.mark.parametrize(("wrong", "arrives"), [("unread", 0), ("unanswered", 1)])
async def test_a_connection_drops_before_or_after_the_post_was_taken(app: App, wrong: Any, arrives: int) -> None:
    app.client.retry_handlers = []
    app.slack.faults.add(wrong, times=1)
    with pytest.raises(aiohttp.ClientError):
        await app.client.chat_postMessage(**GENERAL)
    assert len(app.slack.news()) == arrives
    await app.client.chat_postMessage(**GENERAL)


async def test_every_third_post_is_asked_to_wait_and_slack_fails_for_a_minute(app: App) -> None:
    app.slack.faults.add("limited", every=3, retry_after=7)
    said = []
    for _ in range(6):
        try:
            await app.client.chat_postMessage(**GENERAL)
            said.append("")
        except SlackApiError as error:
            said.append(error.response.headers["Retry-After"])
    assert said == ["", "", "7", "", "", "7"]
    app.slack.faults.clear()
    app.slack.faults.add("broken", "*", seconds=60)
    with pytest.raises(SlackApiError):
        await app.client.auth_test()
    app.slack.clock.move(60)
    await app.client.auth_test()


async def test_an_answer_is_held_until_it_is_released(app: App) -> None:
    app.slack.faults.add("held", times=1)
    posting = asyncio.create_task(app.client.chat_postMessage(**GENERAL))
    await app.slack.rest()
    assert len(app.slack.news()) == 1
    assert not posting.done()
    app.slack.faults.clear()
    await posting


async def test_a_file_is_uploaded_in_three_steps(app: App) -> None:
    posted = await app.client.chat_postMessage(**GENERAL)
    await app.client.files_upload_v2(channel="C0GENERAL", thread_ts=posted["ts"], filename="a.txt", content="hello", title="Minutes")
    assert [(one.kind, one.text, one.thread) for one in app.slack.news()][1:] == [("file", "Minutes", posted["ts"])]
    assert await app.refused("files.getUploadURLExternal", {"filename": "a.txt", "length": 0}) == "invalid_arguments"


async def test_profiles_tell_guests_and_strangers(app: App) -> None:
    guest = (await app.client.users_info(user="U0GUEST"))["user"]
    stranger = (await app.client.users_info(user="U0STRANGER"))["user"]
    assert (guest["is_restricted"], stranger["is_stranger"], stranger["team_id"] != TEAM) == (True, True, True)


class Socket:
    """A bot on Socket Mode: it gives back each envelope that it is not told to keep."""

    def __init__(self, session: aiohttp.ClientSession, slack: Slack) -> None:
        self.session, self.slack = session, slack

    async def address(self) -> str:
        client = AsyncWebClient(APP_TOKEN, base_url=self.slack.api_url)
        return str((await client.apps_connections_open(app_token=APP_TOKEN))["url"])

    async def open(self) -> aiohttp.ClientWebSocketResponse:
        socket = await self.session.ws_connect(await self.address())
        assert (await socket.receive_json())["type"] == "hello"
        return socket


@pytest_asyncio.fixture
async def socket(slack: Slack) -> AsyncIterator[Socket]:
    async with aiohttp.ClientSession() as session:
        yield Socket(session, slack)


async def test_an_envelope_goes_to_one_socket_and_its_answer_is_shown(slack: Slack, socket: Socket) -> None:
    sockets = [await socket.open() for _ in range(2)]
    slack.sockets.pick = lambda found: found[1]
    delivery = slack.human.command("C0GENERAL", "U0ANA", "help")
    envelope = await sockets[1].receive_json()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    await sockets[1].send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Hello"}})
    await slack.settled()
    assert (delivery.acks, slack.news()[0].text) == ([Ack(200, {"text": "Hello"})], "Hello")
    assert len(slack.sockets.sent) == 1


async def test_an_event_whose_socket_closed_comes_again_on_the_next(slack: Slack, socket: Socket) -> None:
    first = await socket.open()
    slack.human.says("C0GENERAL", "U0ANA", "hello")
    assert (await first.receive_json())["retry_attempt"] == 0
    await first.close()
    second = await socket.open()
    again = await second.receive_json()
    assert again["retry_attempt"] == 1
    await second.send_json({"envelope_id": again["envelope_id"]})
    await slack.settled()
    assert slack.deliveries.log[0].acked


async def test_what_is_no_acknowledgement_is_refused(slack: Slack, socket: Socket) -> None:
    opened = await socket.open()
    for text in ("hello", '{"envelope_id": "envelope-9"}', "[]"):
        await opened.send_str(text)
    await slack.until(lambda: len(slack.refused) == 3)
    assert {one.error for one in slack.refused} == {"unknown_envelope"}
    slack.refused.clear()


async def test_a_ticket_opens_one_socket(slack: Slack, socket: Socket) -> None:
    opened = await socket.open()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await socket.session.ws_connect(f"{slack.api.base}/link/?ticket=ticket-1".replace("http", "ws", 1))
    assert [one.error for one in slack.refused] == ["invalid_ticket"]
    slack.refused.clear()
    await slack.sockets.disconnect("warning")
    assert (await opened.receive_json())["reason"] == "warning"


async def test_ten_sockets_are_enough(slack: Slack, socket: Socket) -> None:
    opened = [await socket.open() for _ in range(10)]
    eleventh = await socket.session.ws_connect(await socket.address())
    assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
    assert not any(one.closed for one in opened)


async def test_a_network_that_goes_away_says_nothing(slack: Slack, socket: Socket) -> None:
    opened = await socket.open()
    slack.sockets.cut()
    assert (await opened.receive()).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR, aiohttp.WSMsgType.CLOSE}
    await slack.until(lambda: not slack.sockets.open)


async def test_pings_are_answered_unless_slack_is_silent(slack: Slack, socket: Socket) -> None:
    opened = await socket.session.ws_connect(await socket.address(), autoping=False)
    await opened.receive_json()
    await opened.ping(b"one")
    assert (await opened.receive()).data == b"one"
    slack.sockets.silent = True
    await opened.ping(b"two")
    await slack.until(lambda: slack.sockets.pings == 2)
    await slack.sockets.disconnect("refresh_requested")
    assert (await opened.receive_json())["type"] == "disconnect"


async def test_what_is_chosen_comes_with_its_value(app: App) -> None:
    pick = select(choice("Ana", "M1"), choice("Ben", "M2"))
    await app.client.chat_postMessage(**GENERAL, blocks=[section(accessory=pick)])
    chosen = await app.brought(app.slack.human.chooses(app.slack.last(), "Ben", "U0ANA"))
    assert chosen["actions"][0]["selected_option"]["value"] == "M2"
    await app.client.views_open(trigger_id=await app.trigger(), view=modal({**asked(), "element": pick}, actions(button())))
    view = app.slack.human.fills(app.slack.modal("U0ANA"), {"Title": "Ben"})
    sent = await app.brought(app.slack.human.submits(view))
    assert sent["view"]["state"]["values"]["title"]["pick"]["selected_option"]["value"] == "M2"


@pytest.mark.parametrize(
    ("typed", "escaped", "plain"),
    [
        ("ask @Ben Example in #general", "ask <@U0BEN> in <#C0GENERAL|general>", "ask @Ben Example in #general"),
        ("a & b <c> https://example.org/x", "a &amp; b &lt;c&gt; <https://example.org/x>", "a & b <c> https://example.org/x"),
    ],
)
async def test_a_command_is_escaped_where_the_manifest_says_so(app: App, typed: str, escaped: str, plain: str) -> None:
    assert (await app.brought(app.slack.human.command("C0GENERAL", "U0ANA", typed)))["text"] == escaped
    app.slack.human.should_escape = False
    assert (await app.brought(app.slack.human.command("C0GENERAL", "U0ANA", typed)))["text"] == plain


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("*Hello* _there_ ~old~ `code *x*`", "Hello there old code *x*"),
        ("2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
        ("<https://example.org|the page> <https://example.org>", "the page <https://example.org> https://example.org"),
        ("<!date^1806537540^{date_short_pretty} at {time}|31 March 2027, 23:59 UTC>", "31 March 2027, 23:59 UTC"),
        ("<@U0ANA|Ana> <#C0GENERAL|general> <!channel>", "@Ana #general @channel"),
    ],
)
def test_markup_is_seen_as_a_person_sees_it(markup: str, seen: str) -> None:
    assert seen_message("", [section(markup)]) == seen
