"""From a line to the call of a route."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot import lines
from bot.coalition import ids
from bot.errors import Refused, UnknownLine
from bot.router import threads
from bot.router.closest import closest, guess_verb
from bot.router.filling import filled
from bot.router.route import Call, Route
from bot.router.routes import Routes
from bot.router.spoken import answers, exact, spoken


class Router(Routes):
    """The routes of one word, or of all of them, and what a line asks of them."""

    def resolve(self, line: str, values: Mapping[str, str] | None = None) -> Call:
        """The route a line asks for, with its texts. Raises Refused for what cannot be understood; never anything else."""
        if len(line) > lines.MAX_LENGTH:
            raise Refused(
                f"That line is {len(line):,} characters long; at most {lines.MAX_LENGTH:,} can be read. Send long texts in a form."
            )
        tokens = self._ordered(self._unprefixed(lines.split(lines.unprefixed(line))))
        if not tokens:
            return filled(self.expect("help"), [], {})
        call = self._begun(tokens, values or {}) or self._begun(self._ordered(spoken(tokens)), values or {})
        if call:
            return call
        begun = " ".join(token.text.casefold() for token in tokens[:2] if not lines.option(token))
        raise UnknownLine(f"I do not know “{begun[:60] or line.strip()[:20]}”.", lines=closest(self, tokens))

    def _begun(self, tokens: Sequence[lines.Token], values: Mapping[str, str]) -> Call | None:
        """The call of a line that begins with a year, an id or the words of a route."""
        if ids.is_year(tokens[0].text) and not tokens[0].quoted:
            return filled(self.expect("cycle"), tokens, values)
        if ids.canonical(tokens[0].text) and not tokens[0].quoted:
            head = self._page(tokens[0])
            return filled(self._shown_by(head.text), [head, *tokens[1:]], values)
        size = self._own(tokens)
        if not size:
            return None
        noun = " ".join(token.text for token in tokens[:size])
        route = self.expect(noun)
        guess_verb(self, route, tokens[size:], noun.casefold())
        return filled(route, tokens[size:], values)

    def _own(self, tokens: Sequence[lines.Token]) -> int:
        """How many of the first words are those of a route."""
        return next((size for size in (3, 2, 1) if self.headed(tokens[:size], size)), 0)

    def clear(self, line: str) -> bool:
        """Whether a line that was said among people is clearly a command: it has a prefix, or is understood as it stands and holds
        nothing beside the words of its route but ids, options, quoted texts and what begins with a digit. A bare `done` is conversation."""
        if lines.prefixed(line):
            return True
        tokens = self._ordered(self._unprefixed(lines.split(lines.unprefixed(line))))
        try:
            begun = bool(tokens) and self._begun(tokens, {}) is not None
        except Refused:
            return False
        own = self._own(tokens) if begun else 0
        return (
            begun
            and not threads.talk(tokens)
            and not answers(tokens)
            and (own > 0 or not ids.is_year(tokens[0].text))
            and all(map(exact, lines.unnamed(tokens[own:])))
        )

    def is_word(self, line: str, word: str) -> bool:
        """Whether a line is this word alone, with or without a prefix."""
        return [token.text.casefold() for token in self._unprefixed(lines.split(lines.unprefixed(line)))] == [word]

    def _unprefixed(self, tokens: list[lines.Token]) -> list[lines.Token]:
        """Without the bare word `coalition`, unless it is the whole question or begins a route of its own."""
        if len(tokens) < 2 or tokens[0].quoted or tokens[0].text.casefold() != "coalition":
            return tokens
        own = lines.option(tokens[1]) or self.headed(tokens[:2], 2) or self.headed(tokens[:3], 3)
        return tokens if own else tokens[1:]

    def _ordered(self, tokens: list[lines.Token]) -> list[lines.Token]:
        """`P3 update …` and `project P3 update …` as `project update P3 …`: people put the id first."""
        tokens = self._without_show(tokens)
        at = next((place for place, token in enumerate(tokens[:2]) if not token.quoted and ids.canonical(token.text)), None)
        if at is None or len(tokens) < at + 2:
            return tokens
        shown = self.showing(tokens[at].text)
        nouns = tokens[:at] or (lines.split(shown.words) if shown else [])
        for verb in (tokens[at + 1 : at + 3], tokens[at + 1 : at + 2]):  # The longer one first: `P3 on track`.
            for head in ([*nouns, *verb], verb):
                if self.headed(head, len(head)) and not self._takes_more(tokens[:at]):
                    return [*head, tokens[at], *tokens[at + 1 + len(verb) :]]
        return tokens

    def _without_show(self, tokens: list[lines.Token]) -> list[lines.Token]:
        """`project show P3` as `project P3`, and `project list` as `projects`."""
        said = "" if len(tokens) < 2 or tokens[1].quoted else tokens[1].text.casefold()
        route = self.headed(tokens[:1], 1)
        if said not in {"show", "list"} or self.headed(tokens[:2], 2) or not route or not route.fields or not route.fields[0].kind.letters:
            return tokens
        plural = said == "list" and self.route(f"{route.words}s")
        return [lines.Token(plural.words) if plural else tokens[0], *tokens[2:]]

    def _takes_more(self, head: Sequence[lines.Token]) -> bool:
        """Whether a route takes further words after an id, so that one which looks like a verb may be meant as a text."""
        route = self.headed(head, len(head))
        return route is not None and sum(not field.option for field in route.fields) > 1

    def _page(self, identity: lines.Token) -> lines.Token:
        """The id on whose page a record stands: its own, or that of its parent where only the parent has one (`P1.u2`)."""
        return identity if self.showing(identity.text) else replace(identity, text=identity.text.partition(".")[0])

    def _shown_by(self, text: str) -> Route:
        route = self.showing(text)
        if route:
            return route
        raise UnknownLine(f"“{text[:20]}” is not the id of a record.", lines=["help"])
