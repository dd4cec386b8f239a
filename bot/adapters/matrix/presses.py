"""Reactions and replies to a message of the bot, read as the button that they press. Pure, and total.

Matrix has no buttons: a message lists their lines by number, carries them in its content, and each is pressed by a reaction or a reply.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot import lines
from bot.adapters.matrix.inbound import Content, text, texts
from bot.adapters.matrix.render import LINES
from bot.coalition import ids

DONE = frozenset("✅☑")
SNOOZE = "💤"
ANSWERS = frozenset({"yes", "no", "maybe"})
"""What people say to the question of a letter without looking for its buttons."""
LONGEST_KEY = 20
"""Characters of a reaction that are looked at; people also react with sentences."""

_SELECTORS = re.compile("[\ufe0e\ufe0f]")
_KEYCAP = re.compile("([1-9])\u20e3?|10|🔟")
_NUMBER = re.compile(r"#?([1-9][0-9]?)[.)]?")


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a message: its line and, where the message shows one, its label."""

    line: str
    label: str = ""


def buttons(content: Content) -> tuple[Button, ...]:
    """The buttons that the content of a message of the bot carries, in the order of their numbers."""
    shown = text(content, "body")
    return tuple(Button(line, _label(shown, number, line)) for number, line in enumerate(texts(content, LINES), 1))


def meaning(key: str) -> str:
    """What a reaction says: a number, `done` or `snooze`; "" for what presses nothing."""
    key = _SELECTORS.sub("", key.strip()) if len(key) <= LONGEST_KEY else ""
    if found := _KEYCAP.fullmatch(key):
        return found[1] or "10"
    return "done" if key in DONE else "snooze" if key == SNOOZE else ""


def reacted(meant: str, offered: Sequence[Button]) -> str:
    """The line that a reaction presses by its meaning; "" for none."""
    return numbered(meant, offered) or _by_word(meant, offered)


def is_number(said: str) -> bool:
    """Whether nothing but a button's number was said."""
    return _NUMBER.fullmatch(said.strip()) is not None


def replied(said: str, offered: Sequence[Button]) -> str:
    """The line that a reply presses: by number, by label, or by its own first words with other ones after them; "" for none."""
    said = said.strip().removeprefix("!")
    return numbered(said, offered) or _labelled(said, offered) or _worded(said, offered)


def numbered(said: str, offered: Sequence[Button]) -> str:
    """The line of the button whose number was said, and nothing else; "" for none."""
    found = _NUMBER.fullmatch(said.strip())
    return _numbered(int(found[1]), offered) if found else ""


def is_answer(said: str) -> bool:
    """Whether nothing but yes, no or maybe was said."""
    return _plain(said) in ANSWERS


def answered(said: str, offered: Sequence[Button]) -> str:
    """The line of the only button that says yes, no or maybe, as was said; "" for none."""
    found = [button.line for button in offered if _head(button.line)[0][-1:] == [_plain(said)]]
    return found[0] if is_answer(said) and len(found) == 1 else ""


def _plain(said: str) -> str:
    return said.strip().rstrip(".!").casefold()


def numbers(offered: Sequence[Button]) -> tuple[int, ...]:
    """The numbers that press something."""
    return tuple(number for number, button in enumerate(offered, 1) if button.line)


def _numbered(number: int, offered: Sequence[Button]) -> str:
    return offered[number - 1].line if number <= len(offered) else ""


def _labelled(said: str, offered: Sequence[Button]) -> str:
    folded = " ".join(said.split()).casefold()
    return next((button.line for button in offered if folded and folded in (button.label.casefold(), button.line.casefold())), "")


def _by_word(word: str, offered: Sequence[Button]) -> str:
    """The first of the buttons whose lines begin with a word, else with it for a task; "" where they are about several records, so that it
    is not clear which."""
    heads = [(_head(button.line), button.line) for button in offered]
    said = next((verb for verb in ([word], ["task", word]) if any(head == verb for (head, _), _ in heads)), [])
    found = [(record, line) for (head, record), line in heads if said and head == said]
    return found[0][1] if len({record for record, _ in found}) == 1 else ""


def _worded(said: str, offered: Sequence[Button]) -> str:
    """`snooze 2h`, where a button says `snooze R9.3 1d`, is `snooze R9.3 2h`; `snooze` alone is that button. Not clear where the buttons
    are about several records, and a line of its own where it names one."""
    words = [word.casefold() for word in said.split()]
    heads = [(_head(button.line), button.line) for button in offered]
    found = [(verb, record, line) for (verb, record), line in heads if verb and record and words[: len(verb)] == verb]
    if len({(*verb, record) for verb, record, _ in found}) != 1:
        return ""
    verb, record, line = found[0]
    rest = said.split(maxsplit=len(verb))[len(verb) :]
    if rest and ids.canonical(words[len(verb)]):
        return ""
    return " ".join((*verb, record, *rest)) if rest else line


def _head(line: str) -> tuple[list[str], str]:
    """The words of a line before the id of a record, and that id; a line without one is all words."""
    words = [token.text for token in lines.split(line)]
    at = next((place for place, word in enumerate(words) if ids.canonical(word)), len(words))
    return [word.casefold() for word in words[:at]], words[at] if at < len(words) else ""


def _label(shown: str, number: int, line: str) -> str:
    """What stands between a button's number and its line where a message lists it."""
    found = re.search(rf"^\s*{number}[.)]\s+(.{{1,200}}?)\s[:–—-]\s*`?(?:!\S+ )?{re.escape(line)}", shown, re.MULTILINE)  # noqa: RUF001
    return found[1].strip() if found else ""
