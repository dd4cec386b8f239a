"""How help reads."""

from collections.abc import Sequence

from bot.message import Bold, Code, Message, Spans, bullets, text
from bot.router import Route


def overview(routes: Sequence[Route]) -> Message:
    """One line a word: what one may ask first."""
    words: dict[str, Route] = {}
    for route in routes:
        words.setdefault(_word(route), route)
    return Message(
        "What you can ask",
        (
            bullets((Code(route.words), f" {route.help}") for route in words.values()),
            text("More of one word: ", Code("help projects"), ". What is missing in a line is asked for."),
        ),
        private=True,
    )


def _word(route: Route) -> str:
    return route.words.split()[0].removesuffix("s")


def word(routes: Sequence[Route]) -> Message:
    """Everything one may do with a word, with examples."""
    return Message(f"Help: {routes[0].words}", (bullets(_usage(route) for route in routes),), private=True)


def _usage(route: Route) -> Spans:
    examples: list[Bold | Code | str] = []
    for line in route.examples:
        examples += ["\nfor example ", Code(line)]
    options = [
        f"\n{field.name.replace('_', '-')}: {field.label}" for field in route.fields if field.label and len(routes_fields(route)) > 1
    ]
    return (Bold(route.usage), f" - {route.help}", *options, *examples)


def routes_fields(route: Route) -> list[str]:
    return [field.name for field in route.fields if field.label]
