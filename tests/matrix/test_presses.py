"""A reaction or a reply presses a button of the message that it refers to, as that message shows it."""

import pytest

from bot.adapters.matrix import presses, render
from bot.adapters.matrix.presses import Button
from bot.message import Bullets, Message, buttons, text

REMINDER = (
    ("Done", "done R9.3"),
    ("Snooze 1 h", "snooze R9.3 1h"),
    ("Tomorrow", "snooze R9.3 tomorrow"),
    ("Reassign", "reassign R9.3"),
)
CARD = (("Details", "P3"), ("Give update", "project update P3"), ("All (2016)", "projects 2016"))
HOME = (("Done R9.3", "done R9.3"), ("Done R10.1", "done R10.1"))
MANY = tuple((f"Show P{n}", f"P{n}") for n in range(1, 13))

TASK = (("Done", "task done T1"), ("Not me", "task decline T1"))


def shown(*pairs: tuple[str, str]) -> tuple[Button, ...]:
    """The buttons of a message as they are read from its event."""
    listed = Bullets((("first",), ("second: `done R9.3`",)), numbered=True)
    message = Message("A reminder", (text("1. Done"), listed, buttons(*pairs)))
    (page,) = render.pages(message, "!c ")
    return presses.buttons(render.content(page, "m.text", {}))


def test_the_buttons_of_a_message_are_read_from_its_event() -> None:
    assert shown(*REMINDER) == tuple(Button(line, label) for label, line in REMINDER)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("1\ufe0f\u20e3", "done R9.3"),
        ("1\u20e3", "done R9.3"),
        ("1", "done R9.3"),
        ("3\ufe0f\u20e3", "snooze R9.3 tomorrow"),
        ("✅", "done R9.3"),
        ("✅\ufe0f", "done R9.3"),
        ("☑️", "done R9.3"),
        ("💤", "snooze R9.3 1h"),
        ("5\ufe0f\u20e3", ""),
        ("0\ufe0f\u20e3", ""),
        ("👍", ""),
        ("✔️", ""),
        ("", ""),
        ("\ufe0f", ""),
        ("1" * 500, ""),
    ],
)
def test_a_reaction_presses_a_button(key: str, line: str) -> None:
    assert presses.reacted(presses.meaning(key), shown(*REMINDER)) == line


@pytest.mark.parametrize(("key", "line"), [("🔟", "P10"), ("9️⃣", "P9"), ("10", "P10"), ("11", "")])
def test_the_tenth_button_has_a_sign_of_its_own(key: str, line: str) -> None:
    assert presses.reacted(presses.meaning(key), shown(*MANY)) == line


def test_a_task_is_done_by_the_same_sign() -> None:
    assert presses.reacted(presses.meaning("✅"), shown(*TASK)) == "task done T1"
    assert presses.reacted("done", shown(*TASK, *REMINDER)) == "done R9.3"


def test_what_may_mean_several_records_presses_nothing() -> None:
    assert presses.reacted("done", shown(*HOME)) == presses.replied("done", shown(*HOME)) == ""
    assert presses.reacted("done", shown(*CARD)) == presses.reacted("snooze", shown(*CARD)) == ""
    assert presses.reacted("2", shown(*HOME)) == "done R10.1"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("2", "snooze R9.3 1h"),
        (" #2. ", "snooze R9.3 1h"),
        ("12", ""),
        ("0", ""),
        ("done", "done R9.3"),
        ("Done", "done R9.3"),
        ("!done", "done R9.3"),
        ("tomorrow", "snooze R9.3 tomorrow"),
        ("snooze  1 h", "snooze R9.3 1h"),
        ("snooze", "snooze R9.3 1h"),
        ("snooze 2h", "snooze R9.3 2h"),
        ("Snooze until “next Friday”", "snooze R9.3 until “next Friday”"),
        ("done with\nthanks", "done R9.3 with\nthanks"),
        ("snooze R9.3 2h", ""),
        ("reassign", "reassign R9.3"),
        ("reassign Ben", "reassign R9.3 Ben"),
        ("no", ""),
        ("", ""),
        ("!", ""),
    ],
)
def test_a_reply_presses_a_button(said: str, line: str) -> None:
    assert presses.replied(said, shown(*REMINDER)) == line


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("give update", "project update P3"),
        ("project update all is fine", "project update P3 all is fine"),
        ("update all is fine", ""),
        ("all (2016)", "projects 2016"),
        ("projects 2017", ""),
        ("p3", "P3"),
    ],
)
def test_a_reply_to_a_card_presses_what_it_names(said: str, line: str) -> None:
    assert presses.replied(said, shown(*CARD)) == line


def test_a_number_that_stands_on_another_page_presses_nothing() -> None:
    offered = presses.buttons({"body": "2. Done - `done R9.3`", render.LINES: ["", "done R9.3"]})
    assert [presses.numbered(said, offered) for said in ("1", "2", "3")] == ["", "done R9.3", ""]
    assert presses.replied("done", offered) == "done R9.3"
