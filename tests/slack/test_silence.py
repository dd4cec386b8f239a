"""What people write on Slack, and what opens a way to them, stands in no log; of a report of suspected abuse nothing is kept."""

import logging

import pytest

from bot.adapters.slack.inbound import SHORTCUTS
from tests.slack.chat import ANA, BEN, GENERAL, Chat, said
from tests.slack.double import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.traces import everything_in

NONCE = "zq7vtkx"
REPORT = f"I found child porn at https://{NONCE}.example"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody would log, the libraries included."""
    caplog.set_level(logging.DEBUG)
    return caplog


async def _reported(chat: Chat) -> list[str]:
    """What is answered to a report on each way by which the bot can be told one."""
    direct = chat.slack.direct(ANA)
    found = [await chat.command(REPORT), await chat.says(f"@coalition {REPORT}"), await chat.says(REPORT, channel=direct)]
    root = chat.slack.human.says(GENERAL, BEN, "What is new?")
    found += [await chat.says(f"@coalition {REPORT}", thread=root.ts)]
    theirs = chat.slack.human.says(GENERAL, BEN, REPORT)
    for callback in SHORTCUTS:
        chat.slack.human.shortcut(callback, theirs, ANA)
        found += [await chat.news()]
    await chat.command("project add")
    found += [await chat.submits(title="Directory", summary=REPORT)]
    chat.slack.human.opens_home(ANA)
    await chat.news()
    await chat.presses("Set a reminder", where=chat.slack.workspace.homes[ANA])
    found += [await chat.submits(text=REPORT, when="tomorrow")]
    return [said(news) for news in found]


async def test_of_a_report_of_abuse_nothing_is_kept_or_logged_whichever_way_it_came(log: pytest.LogCaptureFixture, chat: Chat) -> None:
    answers = await _reported(chat)
    assert len(answers) == 6 + len(SHORTCUTS)
    for answer in answers:
        assert "call the police" in answer
        assert NONCE not in answer
    kept = everything_in(chat.app.store)
    assert "Ana Example" in kept
    assert NONCE not in kept
    assert NONCE not in log.text


async def test_neither_what_people_write_nor_what_opens_a_way_to_them_is_logged(log: pytest.LogCaptureFixture, chat: Chat) -> None:
    await chat.command(f'project add "{NONCE}"')
    await chat.says(f"@coalition search {NONCE}")
    await chat.says(f"search {NONCE}", channel=chat.slack.direct(ANA))
    await chat.command("project add")
    assert NONCE in said(await chat.submits(title=f"{NONCE} again"))
    await chat.command(f"search {NONCE}")
    await chat.presses("Share in channel")
    chat.slack.faults.add("broken", "*")
    await chat.command(f"search {NONCE}")
    chat.slack.faults.clear()
    secrets = (NONCE, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "/response/", *chat.slack.workspace.triggers)
    assert [word for word in secrets if word in log.text] == []
