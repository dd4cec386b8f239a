"""The tables of the documents and every conversation are what the bot says today. To write them anew: make docs."""

from pathlib import Path

import pytest

from tests.generated import PAGES, renewed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_document_shows_what_the_bot_says(page: Path) -> None:
    assert page.read_text("utf-8") == renewed(page)
