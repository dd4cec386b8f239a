"""How help reads."""

from collections.abc import Sequence
from itertools import islice

from bot.lines import compose
from bot.message import Bold, Button, Code, Message, Span, Spans, bullets, buttons, text
from bot.router import Route
from bot.views.lists import ROWS, listing, offset

WORDS = 3
"""Words that a topic shows of itself in the overview."""
WHOLE = 5
"""Lines of a word that are shown with their fields; of more, only what each does."""


def overview(routes: Sequence[Route]) -> Message:
    """One line a topic: what one may ask first."""
    topics: dict[str, list[Route]] = {}
    for route in routes:
        topics.setdefault(route.topic or route.help, []).append(route)
    return Message(
        "What you can ask",
        (
            bullets(_topic(topic, found) for topic, found in topics.items()),
            text("What is missing in a line is asked for. All about a word: ", Code("help project")),
            buttons(("Every line", "help all")),
        ),
    )


def _topic(topic: str, routes: Sequence[Route]) -> Spans:
    words = [route for route in routes if " " not in route.words] or routes
    spans: list[Span] = []
    for route in islice(sorted(words, key=_asks), WORDS):
        spans += [Code(route.words), ", "]
    return (*spans[:-1], f" - {topic}")


def _asks(route: Route) -> bool:
    """Whether a route asks for something before it answers."""
    return any(field.required for field in route.fields)


def everything(routes: Sequence[Route], page: int) -> Message:
    """A page of all lines."""
    rows: list[Spans] = [(Code(route.words), f" {route.help}") for route in routes[offset(page) : offset(page) + ROWS]]
    return listing("Every line", rows, total=len(routes), page=page, line="help all", empty="Nothing.")


def word(said: str, routes: Sequence[Route], page: int) -> Message:
    """What one may do with a word, with fields and examples; where it is much, a page of lines to look at one by one."""
    if len(routes) <= WHOLE:
        return Message(f"Help: {said}", (bullets(_usage(route) for route in routes),))
    rows: list[Spans] = [(Code(_example(route)), f" - {route.help}") for route in routes[offset(page) : offset(page) + ROWS]]
    more = [Button(f"All about {route.words}", f"help {route.words}") for route in routes if " " in route.words][:2]
    return listing(f"Help: {said}", rows, total=len(routes), page=page, line=compose("help", *said.split()), empty="Nothing.", after=more)


def _example(route: Route) -> str:
    return route.examples[0] if route.examples else route.words


def _usage(route: Route) -> Spans:
    examples: list[Span] = []
    for line in route.examples:
        examples += ["\nfor example ", Code(line)]
    named = [field for field in route.fields if field.label]
    options = [f"\n{field.name.replace('_', '-')}: {field.label}" for field in named] if len(named) > 1 else []
    return (Bold(route.usage), f" - {route.help}", *options, *examples)
