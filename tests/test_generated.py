"""The README's table and every conversation are what the bot says today. To write them anew: make docs."""

from pathlib import Path

import pytest

from tests.generated import CONVERSATIONS, renewed


@pytest.mark.parametrize("page", CONVERSATIONS, ids=lambda page: page.name)
def test_a_document_shows_what_the_bot_says(page: Path) -> None:
    assert page.read_text("utf-8") == renewed(page)
