"""How long a text is: what counts as a word, a sentence and a paragraph."""

import pytest

from bot.coalition import limits


def test_words_are_what_blanks_and_line_ends_separate() -> None:
    assert limits.words("Jim Prendergast, of  ICMEC\n(online) - 2 words.") == 8
    assert limits.words(" \n ") == 0


@pytest.mark.parametrize(
    "text",
    [
        "the grants helped build elements of a MNR EG: the creation of units in El Salvador, Jordan and others.",
        "For more visit www.weprotect.org Or Email: we@example.org",
        "EA described how this is central to SDG 16.2 to end violence against children.",
        "Dr. J. B. Example of the U.S. Mission spoke, e.g. of hotlines.",
        "A global response that brings together governments, the alliance is that response.",
        "It is workshop No. 125 vs. No. 126",
        "“Is it safe?” asked a child.",
        "It lists hotlines, portals, etc. and ends",
    ],
)
def test_one_sentence_is_counted_once(text: str) -> None:
    assert limits.sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four…", 4),
        ("It ended in 2012. The next one began.", 2),
        ("He named hotlines etc. The chair agreed. (So did all.) “Good.” Then it closed", 5),
        ("1) Good platform\n2) Avoid duplication.\n3. Propose panels", 3),
        ("A heading\n\nA sentence that\nruns over two lines", 2),
        ("儿童在线。保护。", 2),
        ("", 0),
    ],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    assert len(limits.sentences(text)) == count


def test_a_contact_line_is_a_paragraph_and_a_line_end_makes_none() -> None:
    text = "First.\nStill first.\n\n \nSecond.\n\nFor more visit www.example.org\n"
    assert limits.paragraphs(text) == ["First.\nStill first.", "Second.", "For more visit www.example.org"]
