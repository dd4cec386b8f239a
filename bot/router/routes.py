"""The routes that are declared, and the composers of letters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bot.coalition import ids
from bot.coalition.outbox import Letter
from bot.errors import UnknownLine
from bot.fields import Field
from bot.lines import Token
from bot.message import Message
from bot.router.context import Writing
from bot.router.route import MARK, Arrange, Begin, Edits, Handler, May, More, Route, Who

Compose = Callable[[Writing, Sequence[Letter]], Mapping[str, Message]]
"""Writes letters of one kind: by key, those that are still wanted. The others are withdrawn."""


class Routes:
    """What was declared. `topic` says in a few words what they are about; help groups by it."""

    def __init__(self, topic: str = "") -> None:
        self._topic = topic
        self._routes: dict[tuple[str, ...], Route] = {}
        self._declared: list[Route] = []
        self.letters: dict[str, Compose] = {}

    def command(
        self,
        words: str,
        help: str,
        *fields: Field,
        who: Who = "anyone",
        writes: bool = False,
        undoable: bool = True,
        shows: Iterable[str] = (),
        examples: Iterable[str] = (),
        may: May | None = None,
        also: Iterable[str] = (),
        arrange: Arrange | None = None,
        begin: Begin | None = None,
        edits: Edits | None = None,
        more: More | None = None,
        alone: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a route. A handler of one that `writes` runs in a transaction that may change records."""

        def declare(handler: Handler) -> Handler:
            route = Route(
                words, help, (*fields, MARK) if edits else fields, handler, who, writes, undoable, tuple(shows), tuple(examples),
                may, tuple(also), self._topic, arrange, begin, edits, more, alone,
            )  # fmt: skip
            self.add(route)
            return handler

        return declare

    def letter(self, what: str) -> Callable[[Compose], Compose]:
        """Declare who writes the letters that are `what`."""

        def declare(compose: Compose) -> Compose:
            if what in self.letters:
                raise ValueError(f"the letters {what!r} are declared twice")
            self.letters[what] = compose
            return compose

        return declare

    def add(self, route: Route) -> None:
        for words in (route.words, *route.also):
            key = tuple(words.split())
            if key in self._routes:
                raise ValueError(f"the words {words!r} are declared twice")
            self._routes[key] = route
        self._declared.append(route)

    def include(self, other: "Routes") -> None:
        for route in other:
            self.add(route)
        for what, compose in other.letters.items():
            self.letter(what)(compose)

    def __iter__(self) -> Iterator[Route]:
        return iter(self._declared)

    def words(self) -> list[str]:
        """The words of every route, and the other words for it."""
        return [" ".join(key) for key in self._routes]

    def route(self, words: str) -> Route | None:
        """The route of exactly these words."""
        return self._routes.get(tuple(words.casefold().split()))

    def beginning(self, words: str) -> list[Route]:
        """The routes whose words begin like this, singular and plural (`project` also finds `projects`, and the other way round)."""
        first = words.casefold().split()
        other = f"{' '.join(first)}s" if words.casefold()[-1:] != "s" else words.casefold()[:-1]
        found = (route for key, route in self._routes.items() if list(key[: len(first)]) == first or key[0] == other)
        return list({route.words: route for route in found}.values())

    def headed(self, tokens: Sequence[Token], size: int) -> Route | None:
        """The route of exactly these `size` words."""
        head = tuple(token.text.casefold() for token in tokens if not token.quoted)
        return self._routes.get(head) if len(head) == size else None

    def expect(self, words: str) -> Route:
        """The route of exactly these words. Raises UnknownLine where there is none."""
        route = self.route(words)
        if route is None:
            raise UnknownLine(f"I do not know “{words}”.", lines=["help"])
        return route

    def showing(self, text: str) -> Route | None:
        """The route that a bare id asks."""
        letter = ids.letter(ids.canonical(text) or "")
        return next((route for route in self if letter in route.shows), None)
