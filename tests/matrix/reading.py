"""What a reader sees of an event's HTML, by the rules of others: the specification's list of tags, the sanitizer of a browser engine's
parser, and Python's own reader."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import nh3

_TAGS = {
    *("a", "b", "blockquote", "br", "caption", "code", "del", "details", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *("li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "span": {"data-mx-bg-color", "data-mx-color", "data-mx-spoiler", "data-mx-maths"},
    "a": {"target", "href"},
    "img": {"width", "height", "alt", "title", "src"},
    "ol": {"start"},
    "code": {"class"},
    "div": {"data-mx-maths"},
}
_SCHEMES = {"https", "http", "ftp", "mailto", "magnet"}
_LINES = {"p", "li", "br", "ul", "ol"}


class Reader(HTMLParser):
    """`said`: the texts in order, a line break where a line ends; `tags`: each tag that begins, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in _LINES:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def said(self) -> str:
        return "".join(self.pieces)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag."""
        return [attributes for found, attributes in self.tags if found == tag]


def kept(html: str) -> tuple[list[str], list[Any]]:
    """The texts and tags that a client keeps which keeps to the specification."""
    cleaned = Reader(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None))
    return list(_texts(cleaned)), cleaned.tags


def written(html: str) -> tuple[list[str], list[Any]]:
    """The texts and tags that are there."""
    found = Reader(html)
    return list(_texts(found)), found.tags


def _texts(reader: Reader) -> Iterator[str]:
    yield from "".join(reader.pieces).split("\n")
