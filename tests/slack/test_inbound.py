"""Everything that Slack sends becomes one neutral request, or nothing where it is not for the bot."""

from dataclasses import asdict, replace

import msgspec
import pytest

from bot import plugins
from bot.adapters.slack import inbound
from bot.adapters.slack.modals import Origin
from bot.adapters.slack.render import SHARE
from bot.adapters.slack.ways import Heard
from bot.message import Form
from bot.request import Account, Place, Profile
from bot.testing import Rig
from tests.slack import payloads
from tests.slack.payloads import AT, BOT, RESPONSE_URL, ROOT, TRIGGER

ROOM = Place("slack", "C1")
ALONE = Place("slack", "U1", private=True)
ANA = Account("slack", "U1")
ROUTER = plugins.router()


def heard(found: Heard | None) -> Heard:
    assert found is not None
    return found


def line(found: Heard | None) -> str:
    return heard(found).request.line


def test_a_slash_command_is_a_line_in_its_channel() -> None:
    found = heard(inbound.command(payloads.command("projects 2016")))
    assert (found.what, found.request.line, found.request.sender, found.request.place) == ("line", "projects 2016", ANA, ROOM)
    assert (found.way.channel, found.way.direct, found.way.response_url, found.way.trigger_id) == ("C1", False, RESPONSE_URL, TRIGGER)


@pytest.mark.parametrize("channel", ["directmessage", "D1"])
def test_a_slash_command_in_a_direct_chat_is_asked_alone(channel: str) -> None:
    found = heard(inbound.command(payloads.command("me", channel_id="D1", channel_name=channel)))
    assert found.request.place == ALONE
    assert (found.way.channel, found.way.direct) == ("D1", True)


def test_an_empty_slash_command_is_an_empty_line() -> None:
    assert line(inbound.command(payloads.command(""))) == ""


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("remind &lt;b&gt; &amp;amp; c", "remind <b> &amp; c"),
        ("member <@U2|ben>", "member slack:U2"),
        ("member <@U2>", "member slack:U2"),
        ('remind <@U2|ben> "call <@U3>" tomorrow', 'remind slack:U2 "call slack:U3" tomorrow'),
        ("search <#C1|general>", "search #general"),
        ("project change P1 --links <https://example.org/a?b=1&amp;c=2>", "project change P1 --links https://example.org/a?b=1&c=2"),
        ("share see <http://example.org|example.org>", "share see example.org"),
        ("me change --email <mailto:ana@example.org|ana@example.org>", "me change --email ana@example.org"),
        ("project add “Hotlines” —summary x", "project add “Hotlines” —summary x"),
        ("share a\0b", "share a\ufffdb"),
    ],
)
def test_a_line_is_what_the_person_typed(sent: str, meant: str) -> None:
    assert line(inbound.command(payloads.command(sent))) == meant


def test_a_repeated_command_has_the_same_key_and_another_one_has_not() -> None:
    first, again = (heard(inbound.command(payloads.command("projects"))).request.key for _ in range(2))
    other = heard(inbound.command(payloads.command("projects", trigger_id="900.111.other"))).request.key
    assert first == again != other
    assert TRIGGER not in first


@pytest.mark.parametrize("text", ["<@U0BOT> projects", "  <@U0BOT|coalition>: projects", "<@U0BOT>, <@U0BOT> projects"])
def test_a_mention_that_leads_is_stripped(text: str) -> None:
    found = heard(inbound.message(payloads.mentioned(text), BOT))
    assert (found.request.line, found.request.place, found.request.overheard) == ("projects", ROOM, False)


def test_a_mention_alone_asks_for_help() -> None:
    assert line(inbound.message(payloads.mentioned("<@U0BOT>"), BOT)) == ""


@pytest.mark.parametrize("text", ["Hey <@U0BOT> projects 2016", "projects 2016 <@U0BOT>"])
def test_a_mention_further_on_is_overheard(text: str) -> None:
    found = heard(inbound.message(payloads.mentioned(text), BOT)).request
    assert (found.line, found.overheard) == ("projects 2016", True)


def test_a_mention_that_arrives_as_both_events_is_one_request() -> None:
    text = "<@U0BOT> projects"
    one, other = inbound.message(payloads.said(text), BOT), inbound.message(payloads.mentioned(text), BOT)
    assert one == other
    assert heard(one).request.key == f"slack:C1:{AT}"


@pytest.mark.parametrize("text", ["projects 2016", "!coalition projects 2016", "<@U0BOT> projects 2016"])
def test_a_direct_message_needs_no_prefix(text: str) -> None:
    found = heard(inbound.message(payloads.told(text), BOT))
    assert (found.request.place, found.request.overheard, found.way.channel, found.way.direct) == (ALONE, False, "D1", True)
    assert ROUTER.resolve(found.request.line).route.words == "projects"


def test_a_direct_message_in_a_thread_is_answered_there() -> None:
    found = heard(inbound.message(payloads.told("projects", thread_ts=ROOT, parent_user_id="U1"), BOT))
    assert (found.request.place, found.way.thread) == (Place("slack", "U1", ROOT, private=True), ROOT)


@pytest.mark.parametrize("text", ["!coalition projects", "/coalition projects", "!c projects", "/dc projects"])
def test_a_typed_prefix_is_meant_for_the_bot_in_any_thread(text: str) -> None:
    found = heard(inbound.message(payloads.in_thread(text, root="U2"), BOT, "/dc"))
    assert (found.request.place, found.request.overheard, found.way.thread) == (Place("slack", "C1", ROOT), False, ROOT)
    assert ROUTER.resolve(found.request.line).route.words == "projects"


@pytest.mark.parametrize(
    ("body", "manner"),
    [
        (payloads.in_thread("P3 update all fine"), "overheard"),
        (payloads.in_thread("P3 update all fine", root=""), "stray"),
        (payloads.in_thread("coalition projects", root=""), "overheard"),
        (payloads.in_thread("<@U0BOT> next", root=""), "told"),
        (payloads.in_thread("is it like that <@U0BOT>?", root=""), "overheard"),
        (payloads.said("coalition projects"), "overheard"),
        (payloads.in_thread("nice work", root="U2"), None),
        (payloads.said("The coalition projects look good"), None),
        (payloads.said("projects"), None),
        (payloads.said(""), None),
        (payloads.in_thread("", files=[{"id": "F1"}], subtype="file_share"), None),
    ],
)
def test_talk_among_people_is_at_most_overheard(body: payloads.Json, manner: str | None) -> None:
    found = inbound.message(body, BOT)
    how = {(False, False): "told", (True, False): "overheard", (True, True): "stray"}
    assert (how[found.request.overheard, found.request.stray] if found else None) == manner


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B9"},
        {"bot_profile": {"id": "B9"}},
        {"user": "U0BOT"},
        {"user": "USLACKBOT"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"hidden": True},
        {"edited": {"user": "U1", "ts": AT}},
        {"user": None},
        {"ts": "yesterday"},
        {"channel": ""},
    ],
)
def test_what_no_person_said_anew_is_ignored(changes: payloads.Json) -> None:
    assert inbound.message(payloads.told("projects", **changes), BOT) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_a_message_with_a_file_or_sent_to_the_channel_too_is_said_by_a_person(subtype: str) -> None:
    assert line(inbound.message(payloads.told("projects", subtype=subtype), BOT)) == "projects"


def test_a_channel_shared_with_another_organisation_is_known_as_one() -> None:
    body = payloads.mentioned("<@U0BOT> projects") | {"is_ext_shared_channel": True}
    assert heard(inbound.message(body, BOT)).way.shared


def test_the_root_of_a_thread_is_no_message_in_it() -> None:
    assert heard(inbound.message(payloads.mentioned("<@U0BOT> projects", thread_ts=AT), BOT)).way.thread == ""


def test_a_group_of_people_is_a_room() -> None:
    found = heard(inbound.message(payloads.mentioned("<@U0BOT> projects", channel="G1", channel_type="mpim"), BOT))
    assert found.request.place == Place("slack", "G1")


def test_a_button_is_its_line() -> None:
    found = heard(inbound.action(payloads.pressed("project P1")))
    assert (found.what, found.request.line, found.request.place) == ("line", "project P1", ROOM)
    assert (found.way.message, found.way.ephemeral, found.way.trigger_id) == (AT, False, TRIGGER)


def test_an_option_is_its_line() -> None:
    assert line(inbound.action(payloads.chosen("projects 2016"))) == "projects 2016"


def test_a_button_that_only_the_presser_sees_says_so() -> None:
    body = payloads.pressed("project P1")
    del body["message"]
    body["container"] |= {"is_ephemeral": True, "thread_ts": ROOT}
    found = heard(inbound.action(body))
    assert (found.way.ephemeral, found.way.thread, found.request.place) == (True, ROOT, Place("slack", "C1", ROOT))


def test_sharing_asks_for_the_line_that_shows_the_same_again() -> None:
    found = heard(inbound.action(payloads.pressed("projects 2016", SHARE)))
    assert (found.what, found.request.line) == ("share", "projects 2016")


def test_a_button_in_a_direct_chat_is_pressed_alone() -> None:
    body = payloads.pressed("me", channel={"id": "D1", "name": "directmessage"})
    assert heard(inbound.action(body)).request.place == ALONE


def test_a_button_of_the_home_is_pressed_alone() -> None:
    body = payloads.pressed("projects", view=payloads.view("", "home"), container={"type": "view", "view_id": "V1"})
    del body["channel"], body["message"], body["response_url"]
    found = heard(inbound.action(body))
    assert (found.request.place, found.way.home, found.way.view, found.way.channel) == (ALONE, True, "", "")


def test_a_button_of_a_modal_belongs_to_where_the_modal_was_asked_for() -> None:
    origin = msgspec.json.encode(asdict(Origin("project add", "C1", thread=ROOT))).decode()
    body = payloads.pressed("project P1", view=payloads.view(origin), container={"type": "view", "view_id": "V1"})
    del body["channel"], body["message"]
    found = heard(inbound.action(body))
    assert (found.request.place, found.way.view, found.way.home) == (Place("slack", "C1", ROOT), "V1", False)


@pytest.mark.parametrize("action_id", ["link", "value", ""])
def test_what_is_no_line_is_no_request(action_id: str) -> None:
    assert inbound.action(payloads.pressed("projects", action_id)) is None


def test_a_form_comes_back_with_its_line_and_values() -> None:
    origin = msgspec.json.encode(asdict(Origin("project add", "C1", thread=ROOT, shared=True))).decode()
    found = heard(inbound.submission(payloads.submitted(origin)))
    assert (found.what, found.request.line, found.request.values) == ("form", "project add", {"title": "Hotlines & <b>"})
    assert (found.request.place, found.way.view, found.way.shared) == (Place("slack", "C1", ROOT), "V1", True)


def test_the_modal_of_somebody_else_is_no_form() -> None:
    assert inbound.submission(payloads.submitted("")) is None


@pytest.mark.parametrize(
    ("callback_id", "words", "field"),
    [("add_to_agenda", "agenda suggest", "title"), ("remind_me", "remind", "text"), ("share_as_lesson", "share", "text")],
)
async def test_a_shortcut_opens_the_form_of_its_line_with_the_message_in_it(rig: Rig, callback_id: str, words: str, field: str) -> None:
    found = heard(inbound.shortcut(payloads.shortcut(callback_id, "Ask <@U2> about R&amp;D", thread_ts=ROOT)))
    assert (found.what, found.request.place, found.way.trigger_id) == ("shortcut", Place("slack", "C1", ROOT), TRIGGER)
    form = await rig.desk.check(replace(found.request, sender=Account("console", "chair")))
    assert isinstance(form, Form)
    assert ROUTER.resolve(form.line).route.words == words
    asked = {question.name: question for question in form.questions}
    assert asked[field].value == "Ask slack:U2 about R&D"
    assert not any(question.error for question in form.questions)


def test_a_shortcut_on_a_message_without_a_text_opens_an_empty_form() -> None:
    assert heard(inbound.shortcut(payloads.shortcut("remind_me", ""))).request.values == {}


def test_an_unknown_shortcut_is_nothing() -> None:
    assert inbound.shortcut(payloads.shortcut("somebody_elses", "x")) is None


def test_the_home_is_shown_when_its_tab_is_opened() -> None:
    found = heard(inbound.home_opened(payloads.home_opened()))
    assert (found.what, found.request.line, found.request.place, found.request.key) == ("home", "home", ALONE, "")
    assert inbound.home_opened(payloads.home_opened("messages")) is None


def test_the_bot_says_hello_once_in_a_channel() -> None:
    found = heard(inbound.joined(payloads.joined(is_ext_shared_channel=True), BOT))
    assert (found.what, found.request.line, found.request.place, found.way.shared) == ("joined", "introduce", ROOM, True)
    again = heard(inbound.joined(payloads.joined() | {"event_id": "Ev9"}, BOT))
    assert again.request.key == found.request.key != ""
    assert inbound.joined(payloads.joined("U1"), BOT) is None


@pytest.mark.parametrize("kind", ["user_change", "user_profile_changed"])
def test_a_change_of_a_person_is_their_new_profile(kind: str) -> None:
    assert inbound.user_changed(payloads.user_changed(kind, deleted=True)) == (ANA, Profile("Ana Example", "Africa/Nairobi", gone=True))


def test_an_event_is_read_as_its_own_kind_only() -> None:
    for body in (payloads.home_opened(), payloads.joined(), payloads.user_changed()):
        assert inbound.message(body, BOT) is None
    for body in (payloads.told("projects"), payloads.joined()):
        assert inbound.home_opened(body) is None
        assert inbound.user_changed(body) is None
