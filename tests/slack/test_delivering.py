"""A letter to Slack arrives once: whatever drops, fails or is missing, nothing is lost and nothing comes twice that can be looked for."""

from collections.abc import Sequence

import pytest

from bot.adapters.slack import delivering
from bot.adapters.slack.delivering import HISTORIES, Delivery
from bot.adapters.slack.faults import SlackError
from bot.adapters.slack.web_api import WebApi
from bot.message import File, Message, Picture, text
from bot.request import Place
from tests.slack.double import Channel, Said, Slack

HALL = Place("slack", "C0GENERAL")
ANA = Place("slack", "U0ANA", private=True)
NEWS = Message("The call is on Tuesday")
LONG = Message("Minutes", tuple(text(f"Point {number}: " + "agreed " * 300) for number in range(20)))


@pytest.fixture
def delivery(api: WebApi) -> Delivery:
    return Delivery(api, api.health)


def _there(slack: Slack, channel: str = HALL.room) -> Sequence[Said]:
    """The bot's messages in a conversation, oldest first."""
    return [said for said in slack.workspace.messages if said.bot and said.channel == channel]


def _keys(said: Sequence[Said]) -> list[str]:
    return [one.metadata["event_payload"]["key"] for one in said]


async def _fails(delivery: Delivery, place: Place, message: Message = NEWS, key: str = "k", *, doubtful: bool = False) -> SlackError:
    with pytest.raises(SlackError) as found:
        await delivery.send(place, message, key, doubtful=doubtful)
    return found.value


def _refused(slack: Slack) -> list[str]:
    """What Slack refused, which was meant."""
    found = [refusal.error for refusal in slack.refused]
    slack.refused.clear()
    return found


async def test_a_letter_carries_its_key_and_goes_into_its_thread(delivery: Delivery, slack: Slack) -> None:
    root = await delivery.send(HALL, NEWS, "root")
    ts = await delivery.send(Place("slack", HALL.room, root), NEWS, "reply")
    said = _there(slack)
    assert _keys(said) == ["root", "reply"]
    assert [(one.ts, one.thread) for one in said] == [(root, ""), (ts, root)]


async def test_what_is_said_aloud_in_a_thread_is_shown_in_the_channel_as_well(delivery: Delivery, slack: Slack) -> None:
    root = slack.human.says("C0GENERAL", "U0ANA", "What is new?")
    for key, aloud in (("letter-1", True), ("letter-2", False)):
        await delivery.send(Place("slack", "C0GENERAL", root.ts), Message("S1 is accepted", aloud=aloud), key)
    assert [(said.thread, said.broadcast) for said in slack.workspace.messages[-2:]] == [(root.ts, True), (root.ts, False)]
    await delivery.send(Place("slack", "C0GENERAL"), Message("S1 is accepted", aloud=True), "letter-3")
    assert not slack.last("C0GENERAL").broadcast


async def test_what_belongs_into_a_thread_that_is_gone_stands_by_itself_once(delivery: Delivery, api: WebApi, slack: Slack) -> None:
    root = await delivery.send(HALL, NEWS, "root")
    await api.call("chat.delete", channel=HALL.room, ts=root)
    gone = Place("slack", HALL.room, root)
    ts = await delivery.send(gone, NEWS, "k")
    assert await delivery.send(gone, NEWS, "k", doubtful=True) == ts
    assert [(said.thread, said.gone) for said in _there(slack)] == [("", True), ("", False)]
    assert set(_refused(slack)) == {"thread_not_found"}


async def test_a_direct_chat_is_opened_once_a_person(delivery: Delivery, slack: Slack) -> None:
    for key in ("first", "second"):
        await delivery.send(ANA, NEWS, key)
    assert _keys(_there(slack, slack.direct("U0ANA"))) == ["first", "second"]
    assert [call.method for call in slack.api.calls].count("conversations.open") == 1


@pytest.mark.parametrize("place", [HALL, ANA], ids=["channel", "direct"])
@pytest.mark.parametrize("wrong", ["unanswered", "unread", "broken"])
async def test_a_letter_in_doubt_is_looked_for_and_arrives_once(delivery: Delivery, slack: Slack, place: Place, wrong: str) -> None:
    slack.faults.add(wrong, times=1)  # type: ignore[arg-type]
    assert (await _fails(delivery, place)).doubtful
    ts = await delivery.send(place, NEWS, "k", doubtful=True)
    [said] = _there(slack, await delivery.channel_of(place))
    assert said.ts == ts


async def test_a_letter_in_doubt_is_looked_for_in_its_thread_page_by_page(delivery: Delivery, slack: Slack) -> None:
    slack.api.page = 2
    thread = Place("slack", HALL.room, await delivery.send(HALL, NEWS, "root"))
    for number in range(4):
        await delivery.send(thread, NEWS, f"before {number}")
    slack.faults.add("unanswered", times=1)
    await _fails(delivery, thread)
    await delivery.send(thread, NEWS, "after")
    await delivery.send(thread, NEWS, "k", doubtful=True)
    assert _keys(_there(slack)).count("k") == 1


async def test_a_search_that_slack_does_not_answer_leaves_the_letter_in_doubt(delivery: Delivery, slack: Slack) -> None:
    slack.faults.add("unanswered", times=1)
    await _fails(delivery, HALL)
    slack.faults.add("limited", "conversations.history", times=1, retry_after=0)
    assert (await _fails(delivery, HALL, doubtful=True)).doubtful
    await delivery.send(HALL, NEWS, "k", doubtful=True)
    assert len(_there(slack)) == 1


async def test_of_a_long_letter_only_the_missing_pages_are_sent_again(delivery: Delivery, slack: Slack) -> None:
    slack.faults.add("limited", every=3, times=1, retry_after=0)
    error = await _fails(delivery, HALL, LONG)
    assert (error.doubtful, len(_there(slack))) == (True, 2)
    first = await delivery.send(HALL, LONG, "k", doubtful=True)
    said = _there(slack)
    assert _keys(said) == ["k", *(f"k#{number}" for number in range(2, len(said) + 1))]
    assert said[0].ts == first
    seen = "".join(one.seen for one in said)
    assert [number for number in range(20) if seen.count(f"Point {number}:") != 1] == []


async def test_without_the_history_a_letter_in_doubt_goes_again_and_status_names_the_scope(delivery: Delivery, slack: Slack) -> None:
    slack.api.scopes -= {"channels:history"}
    slack.faults.add("unanswered", times=1)
    await _fails(delivery, HALL)
    await delivery.send(HALL, NEWS, "k", doubtful=True)
    assert len(_there(slack)) == 2
    assert "may come twice" in delivery.health.problems["channels:history"]
    assert (_refused(slack), delivery.settles_doubt) == (["missing_scope"], False)
    slack.api.scopes |= {"channels:history"}
    await delivery.send(HALL, NEWS, "another")
    assert (delivery.health.problems, delivery.settles_doubt) == ({}, True)


async def test_scopes_that_were_not_granted_are_said_beforehand(delivery: Delivery, api: WebApi, slack: Slack) -> None:
    delivery.say_what_is_missing()
    assert api.health.problems == {}
    slack.api.scopes -= HISTORIES
    await api.hello()
    delivery.say_what_is_missing()
    assert api.health.problems.keys() == HISTORIES


async def test_who_has_left_and_what_is_archived_is_not_tried_again(delivery: Delivery, slack: Slack) -> None:
    slack.workspace.users["U0ANA"].deleted = True
    slack.workspace.channels[HALL.room].archived = True
    assert [(await _fails(delivery, place)).retry_after for place in (ANA, HALL)] == [None, None]
    assert "unarchive" in delivery.health.problems[HALL.room]
    assert _refused(slack) == ["user_disabled", "is_archived"]


async def test_a_person_who_left_after_the_chat_was_opened_is_not_tried_again(delivery: Delivery, slack: Slack) -> None:
    await delivery.send(ANA, NEWS, "before")
    slack.workspace.users["U0ANA"].deleted = True
    assert (await _fails(delivery, ANA)).retry_after is None
    assert _refused(slack) == ["user_disabled"]


async def test_a_letter_waits_while_the_token_is_revoked(delivery: Delivery, slack: Slack) -> None:
    slack.api.revoked = "token_revoked"
    error = await _fails(delivery, HALL)
    assert (error.retry_after is not None, error.doubtful) == (True, False)
    assert _refused(slack) == ["token_revoked"]
    slack.api.revoked = ""
    await delivery.send(HALL, NEWS, "k")
    assert len(_there(slack)) == 1


async def test_a_card_is_changed_where_it_stands(delivery: Delivery, slack: Slack) -> None:
    ts = await delivery.send(HALL, NEWS, "card")
    assert await delivery.edit(HALL, ts, Message("The call is on Friday"), "card/2") == ts
    [said] = _there(slack)
    assert "Friday" in said.seen
    assert said.edited


async def test_a_card_that_was_deleted_is_sent_anew_once(delivery: Delivery, api: WebApi, slack: Slack) -> None:
    ts = await delivery.send(HALL, NEWS, "card")
    await api.call("chat.delete", channel=HALL.room, ts=ts)
    slack.faults.add("unanswered", "chat.postMessage", times=1)
    with pytest.raises(SlackError):
        await delivery.edit(HALL, ts, NEWS, "card/2")
    new = await delivery.edit(HALL, ts, NEWS, "card/2")
    assert [said.ts for said in _there(slack) if not said.gone] == [new]
    assert _refused(slack) == ["message_not_found"] * 2


async def test_files_are_put_beside_what_names_them(delivery: Delivery, slack: Slack) -> None:
    chart = Picture("chart.png", "A chart of the week. " * 100, b"\x89PNG")
    root = await delivery.send(HALL, NEWS, "root")
    await delivery.send(Place("slack", HALL.room, root), Message("Minutes", (chart, File("minutes.txt", b"Agreed", "text/plain"))), "k")
    shown = [(said.thread, file["name"]) for said in _there(slack) for file in said.files]
    assert shown == [(root, "chart.png"), (root, "minutes.txt")]
    assert {file["name"]: file["data"] for file in slack.workspace.files.values()} == {"chart.png": b"\x89PNG", "minutes.txt": b"Agreed"}
    assert [file["alt_txt"][:22] for file in slack.workspace.files.values()] == ["A chart of the week. A", ""]


@pytest.mark.parametrize("thread", [True, False], ids=["thread", "channel"])
async def test_of_a_letter_in_doubt_only_the_missing_files_are_uploaded(delivery: Delivery, slack: Slack, thread: bool) -> None:
    place = Place("slack", HALL.room, await delivery.send(HALL, NEWS, "root") if thread else "")
    minutes, list_ = File("minutes.txt", b"Agreed", "text/plain"), File("list.txt", b"Ana, Ben", "text/plain")
    await delivery.send(place, Message("Minutes of the call before", (minutes, list_)), "before")
    await delivery.send(place, Message("Minutes", (minutes,)), "k")
    await delivery.send(place, Message("Minutes", (minutes, list_)), "k", doubtful=True)
    assert [file["name"] for said in _there(slack) for file in said.files] == ["minutes.txt", "list.txt", "minutes.txt", "list.txt"]


async def test_a_long_card_that_is_changed_again_after_a_failure_has_each_part_once(delivery: Delivery, slack: Slack) -> None:
    ts = await delivery.send(HALL, NEWS, "card")
    slack.faults.add("unanswered", "chat.postMessage", times=1)
    with pytest.raises(SlackError):
        await delivery.edit(HALL, ts, LONG, "card/2")
    assert await delivery.edit(HALL, ts, LONG, "card/2") == ts
    seen = "".join(one.seen for one in _there(slack))
    assert [number for number in range(20) if seen.count(f"Point {number}:") != 1] == []


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
async def test_a_file_that_cannot_be_put_there_is_said(delivery: Delivery, slack: Slack, step: str) -> None:
    slack.faults.add("broken", step)
    await delivery.send(HALL, Message("Minutes", (File("minutes.txt", b"Agreed", "text/plain"),)), "k")
    assert "minutes.txt may be missing here" in _there(slack)[-1].seen


async def test_a_file_without_its_scope_is_said_with_the_scope_in_status(delivery: Delivery, slack: Slack) -> None:
    slack.api.scopes -= {"files:write"}
    await delivery.upload(HALL.room, "", [File("minutes.txt", b"Agreed", "text/plain")], "Minutes")
    assert "could not be put here" in _there(slack)[-1].seen
    assert "files:write" in delivery.health.problems
    assert _refused(slack) == ["missing_scope"]


async def test_the_search_ends_after_so_many_pages(delivery: Delivery, slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "PAGES", 2)
    slack.api.page = 1
    for number in range(5):
        await delivery.send(HALL, NEWS, f"{number}")
    await delivery.send(HALL, NEWS, "k", doubtful=True)
    assert [call.method for call in slack.api.calls].count("conversations.history") == 2


async def test_a_private_channel_is_searched_with_its_own_scope(delivery: Delivery, slack: Slack) -> None:
    slack.workspace.add_channel(Channel("G0CHAIRS", "chairs", "group", {"U0ANA", "U0BOT"}))
    slack.api.scopes -= {"groups:history"}
    await delivery.send(Place("slack", "G0CHAIRS"), NEWS, "k", doubtful=True)
    assert delivery.health.problems.keys() == {"groups:history"}
    assert _refused(slack) == ["missing_scope"]
