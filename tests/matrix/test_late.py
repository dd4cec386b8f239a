"""What was said while the bot was away for long is declined expressly; an answer to a form goes on with it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.matrix.chat import Chat, shown
from tests.matrix.clients import plain

pytestmark = [pytest.mark.asyncio(loop_scope="module"), plain]


async def test_an_old_line_is_declined_and_an_old_answer_is_taken(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    (question,) = await chat.says("!c project add", chat.bogdan)
    monkeypatch.setattr(chat.adapter, "_now", lambda: datetime.now(UTC) + timedelta(hours=13))
    thread = question.thread
    assert "(2 of" in shown(*await chat.says("A safer net", chat.bogdan, thread=thread))
    (declined,) = await chat.says("!c cancel R1", chat.bogdan, thread=thread)
    assert "too old to carry out" in shown(declined)
    assert "Cancelled" in shown(*await chat.says("cancel", chat.bogdan, thread=thread))
    (declined,) = await chat.says("!c project add Directory")
    assert "Nothing was changed" in shown(declined)
    monkeypatch.undo()
    assert "Directory" in shown(*await chat.picks(declined, "project add Directory"))
