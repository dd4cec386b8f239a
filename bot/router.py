"""From a line to a route and its values. Help, forms and the README's table are made from the same declarations."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from rapidfuzz import fuzz, process

from bot import lines
from bot.coalition import ids, zones
from bot.coalition.members import Author
from bot.coalition.outbox import Letter
from bot.coalition.record import Record
from bot.coalition.store import Records
from bot.deployment import Deployment
from bot.errors import Refused, UnknownLine, WrongValue
from bot.fields import NUMBER, Field, Reading
from bot.message import Form, Message, Question, Reply
from bot.request import Place

FEW = 5
"""Words of a line that may be a mistyped command, a name or a topic; longer ones are talk."""
_MANNERS = {"please", "pls", "show", "list", "me", "the", "all"}
"""Words of politeness before what is asked. They are dropped only where the line is not known with them."""

Who = Literal["anyone", "member", "chair", "operator", "chair or operator"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler has: the records of this transaction, who asks, the clock (aware) and where the question was asked.

    `names` is what people call the accounts that were mentioned.
    """

    records: Records
    author: Author
    now: datetime
    place: Place
    router: "Router"
    deployment: Deployment
    names: Mapping[str, str]

    @property
    def zone(self) -> str:
        return self.author.zone

    @property
    def reading(self) -> Reading:
        """What the fields of the line are read with."""
        return Reading(self.now, self.zone, self.records, self.names)

    @property
    def today(self) -> date:
        """The day on the asker's calendar."""
        return self.now.astimezone(zones.tz(self.zone)).date()


Handler = Callable[..., Reply]
Check = Callable[[Context], None]
"""Raises Refused where answering would be in vain, before a form asks for anything."""
May = Callable[[Any, Author], None]
"""Raises NotAllowed where the author may not do this to the record that the route's first field names."""
Begin = Callable[[Context, "Call"], Mapping[str, str]]
"""The texts that a form begins with where the line says nothing."""
Arrange = Callable[[Sequence[lines.Token], Reading], Mapping[str, str]]
"""Which text each field gets of the words that are no options, for a route that must look at what they mean."""


def _nothing_else(context: Context, record: Any) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Edits:
    """What a route changes: the record that a call of it names, None while it names none.

    `names` are the record's names for fields that it calls something else. `others` gives the texts of fields that stand for more than
    one field of the record.
    """

    record: Callable[[Context, "Call"], Record | None]
    names: Mapping[str, str]
    others: Callable[[Context, Any], Mapping[str, str]] = _nothing_else


MARK = Field("as_of", "", NUMBER, required=False, option=True)
"""What a form that changes a record carries: the last transaction when it was begun."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a composer of letters has: the records as they are at the moment of sending, the clock (aware), this installation."""

    records: Records
    now: datetime
    deployment: Deployment


Compose = Callable[[Writing, Sequence[Letter]], Mapping[str, Message]]
"""Writes letters of one kind: by key, those that are still wanted. The others are withdrawn."""


@dataclass(frozen=True, slots=True)
class Route:
    """One thing the bot can be asked. `shows` are the id letters whose bare id asks it; `also` are other words for it;
    `topic` is its router's; `may` says whose record it must be; `begin` and `edits` say what its form begins with; `arrange` reads the
    words where they do not fill the fields in order."""

    words: str
    help: str
    fields: tuple[Field, ...]
    handler: Handler
    who: Who
    writes: bool
    undoable: bool
    shows: tuple[str, ...]
    examples: tuple[str, ...]
    check: Check | None = None
    may: May | None = None
    also: tuple[str, ...] = ()
    topic: str = ""
    arrange: Arrange | None = None
    begin: Begin | None = None
    edits: Edits | None = None

    @property
    def usage(self) -> str:
        """`project add TITLE [--summary …]`: for a person's eye, not to be typed."""
        return " ".join([self.words, *(_usage(field) for field in self.fields if field.label)])

    def field(self, name: str) -> Field | None:
        wanted = name.casefold().replace("-", "_")
        return next((field for field in self.fields if field.name == wanted), None)

    def allows(self, author: Author) -> bool:
        return self.who == "anyone" or not author.roles.isdisjoint(self.who.split(" or "))

    def form(
        self, values: Mapping[str, str], records: Records, problems: Mapping[str, str] = {}, said: Mapping[str, str] | None = None
    ) -> Form:
        """The form that asks for what is missing, with what is known filled in; its example holds what was `said`, or else all of it."""
        questions = tuple(
            Question(
                field.name, field.label, field.required, field.options(records), field.kind.long, field.shown_example,
                _shown(field, values), problems.get(field.name, ""), field.kind.many, field.kind.shape,
            )
            for field in self.fields
            if field.label
        )  # fmt: skip
        line = lines.compose(self.words, options=[("as-of", values[MARK.name])] if MARK.name in values else [])
        return Form(line, self.help, questions, self._example(values if said is None else said, records, problems))

    def _example(self, values: Mapping[str, str], records: Records, problems: Mapping[str, str]) -> str:
        """A whole line: what was given, with examples for what is missing or wrong."""
        texts = {}
        for field in self.fields:
            if field is MARK:
                continue
            good = field.name in values and field.name not in problems and (values[field.name] or field.kind.flag)
            if good:
                texts[field.name] = values[field.name]
            elif field.required:
                texts[field.name] = _placeholder(field, records)
        if texts == values:  # Nothing is missing or wrong: whatever may be left out can still be said.
            spare = [field for field in self.fields if field.label and field.name not in texts]
            texts |= {field.name: _placeholder(field, records) for field in spare[:1]}
        return Call(self, texts).line()


def _shown(field: Field, values: Mapping[str, str]) -> str:
    """What a form begins with; a flag that was only named is a yes."""
    text = values.get(field.name, "")
    return "yes" if field.kind.flag and field.name in values and not text else text


def _placeholder(field: Field, records: Records) -> str:
    """What stands for a field's value in an example."""
    return field.shown_example or next(iter(field.options(records)), field.label)


def _usage(field: Field) -> str:
    name = field.name.replace("_", "-")
    if field.option:
        return f"[--{name}]" if field.kind.flag else f"[--{name} …]"
    return name.upper() if field.required else f"[{name.upper()}]"


@dataclass(frozen=True, slots=True)
class Call:
    """A route with the texts that a line gave its fields; `words` are those that the route has yet to arrange."""

    route: Route
    texts: Mapping[str, str]
    words: tuple[lines.Token, ...] = ()

    def arranged(self, reading: Reading) -> "Call":
        """The call with every word in its field."""
        if self.route.arrange is None:
            return self
        return Call(self.route, {**self.route.arrange(self.words, reading), **self.texts})

    @property
    def missing(self) -> list[Field]:
        return [field for field in self.route.fields if field.required and not self.texts.get(field.name, "").strip()]

    def values(self, reading: Reading) -> dict[str, Any]:
        """The typed values for the handler. Raises WrongValue for the first text that cannot be read."""
        return {
            field.name: field.read(self.texts[field.name], reading) if field.name in self.texts else field.default
            for field in self.route.fields
            if field is not MARK
        }

    def problems(self, reading: Reading) -> dict[str, WrongValue]:
        """What is wrong with each text, by field."""
        found = {}
        for field in self.route.fields:
            try:
                if field.name in self.texts:
                    field.read(self.texts[field.name], reading)
            except WrongValue as problem:
                found[field.name] = problem
        return found

    def example(self, name: str) -> str:
        """A good text for a field; "" for one that has none."""
        field = self.route.field(name)
        return field.shown_example if field else ""

    def check_named(self, reading: Reading, author: Author) -> None:
        """Raises NotFound or NotAllowed where a form would be in vain: its record is not there, or not the author's to change."""
        for field in self.route.fields:
            if field.kind.letters and (found := ids.canonical(self.texts.get(field.name, ""))) and ids.letter(found) in field.kind.letters:
                record = reading.records.any(found)
                if self.route.may and field is self.route.fields[0]:
                    self.route.may(record, author)

    def with_text(self, name: str, text: str) -> str:
        """The line of this call with one text replaced."""
        return self.line({**self.texts, name: text})

    def line(self, texts: Mapping[str, str] | None = None) -> str:
        """The line that gives this call: positional texts in order while there is no gap, the others by name."""
        texts = self.texts if texts is None else texts
        positional = [lines.quoted(word.text, always=word.quoted) for word in self.words]
        named: list[str] = []
        gap = False
        for field in self.route.fields:
            if field.name not in texts:
                gap = gap or not field.option
            elif field.option or gap:
                named.append(_option(field, texts[field.name]))
            else:
                positional.append(lines.quoted(texts[field.name], always=self.route.arrange is not None and bool(positional)))
        return " ".join([self.route.words, *positional, *named])


def _option(field: Field, value: str) -> str:
    """A field's option; a flag takes no word after it, so its value is joined on."""
    name = field.name.replace("_", "-")
    joined = bool(value) if field.kind.flag else not value
    return lines.named(name, value) if joined else lines.compose("", options=[(name, value)])


class Router:
    """The routes of one word, or of all of them. `topic` says in a few words what they are about; help groups by it."""

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
        check: Check | None = None,
        may: May | None = None,
        also: Iterable[str] = (),
        arrange: Arrange | None = None,
        begin: Begin | None = None,
        edits: Edits | None = None,
    ) -> Callable[[Handler], Handler]:
        """Declare a route. A handler of one that `writes` runs in a transaction that may change records."""

        def declare(handler: Handler) -> Handler:
            route = Route(
                words, help, (*fields, MARK) if edits else fields, handler, who, writes, undoable, tuple(shows), tuple(examples), check,
                may, tuple(also), self._topic, arrange, begin, edits,
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

    def include(self, other: "Router") -> None:
        for route in other:
            self.add(route)
        for what, compose in other.letters.items():
            self.letter(what)(compose)

    def __iter__(self) -> Iterator[Route]:
        return iter(self._declared)

    def route(self, words: str) -> Route | None:
        """The route of exactly these words."""
        return self._routes.get(tuple(words.casefold().split()))

    def beginning(self, words: str) -> list[Route]:
        """The routes whose words begin like this, singular and plural (`project` also finds `projects`)."""
        first = words.casefold().split()
        found = (route for key, route in self._routes.items() if list(key[: len(first)]) == first or key[0] == f"{' '.join(first)}s")
        return list({route.words: route for route in found}.values())

    def resolve(self, line: str, values: Mapping[str, str] | None = None) -> Call:
        """The route a line asks for, with its texts. Raises Refused for what cannot be understood; never anything else."""
        if len(line) > lines.MAX_LENGTH:
            raise Refused(
                f"That line is {len(line):,} characters long; at most {lines.MAX_LENGTH:,} can be read. Send long texts in a form."
            )
        tokens = self._ordered(self._unprefixed(lines.split(lines.unprefixed(line))))
        if not tokens:
            return self._call(self._expect("help"), [], {})
        call = self._begun(tokens, values or {}) or self._begun(self._ordered(_spoken(tokens)), values or {})
        if call:
            return call
        begun = " ".join(token.text.casefold() for token in tokens[:2] if not lines.option(token))
        raise UnknownLine(f"I do not know “{begun[:60] or line.strip()[:20]}”.", lines=self.closest(tokens))

    def _begun(self, tokens: Sequence[lines.Token], values: Mapping[str, str]) -> Call | None:
        """The call of a line that begins with a year, an id or the words of a route."""
        if ids.is_year(tokens[0].text) and not tokens[0].quoted:
            return self._call(self._expect("cycle"), tokens, values)
        if ids.canonical(tokens[0].text) and not tokens[0].quoted:
            head = self._page(tokens[0])
            return self._call(self._shown_by(head.text), [head, *tokens[1:]], values)
        size = self._own(tokens)
        if not size:
            return None
        route = self._routes[tuple(token.text.casefold() for token in tokens[:size])]
        self._guess_verb(route, tokens[size:])
        return self._call(route, tokens[size:], values)

    def _own(self, tokens: Sequence[lines.Token]) -> int:
        """How many of the first words are those of a route."""
        return next((size for size in (3, 2, 1) if self._headed(tokens[:size], size)), 0)

    def clear(self, line: str) -> bool:
        """Whether a line that was said among people is clearly a command: it has a prefix, or is understood as it stands and holds
        nothing beside the words of its route but ids, options, quoted texts and what begins with a digit."""
        if lines.prefixed(line):
            return True
        tokens = self._ordered(self._unprefixed(lines.split(lines.unprefixed(line))))
        try:
            begun = bool(tokens) and self._begun(tokens, {}) is not None
        except Refused:
            return False
        own = self._own(tokens) if begun else 0
        return begun and (own > 0 or not ids.is_year(tokens[0].text)) and all(map(_exact, lines.unnamed(tokens[own:])))

    def is_word(self, line: str, word: str) -> bool:
        """Whether a line is this word alone, with or without a prefix."""
        return [token.text.casefold() for token in self._unprefixed(lines.split(lines.unprefixed(line)))] == [word]

    def _headed(self, tokens: Sequence[lines.Token], size: int) -> Route | None:
        """The route of exactly these `size` words."""
        head = tuple(token.text.casefold() for token in tokens if not token.quoted)
        return self._routes.get(head) if len(head) == size else None

    def _unprefixed(self, tokens: list[lines.Token]) -> list[lines.Token]:
        """Without the bare word `coalition`, unless it is the whole question or begins a route of its own."""
        if len(tokens) < 2 or tokens[0].quoted or tokens[0].text.casefold() != "coalition":
            return tokens
        own = lines.option(tokens[1]) or self._headed(tokens[:2], 2) or self._headed(tokens[:3], 3)
        return tokens if own else tokens[1:]

    def _ordered(self, tokens: list[lines.Token]) -> list[lines.Token]:
        """`P3 update …` and `project P3 update …` as `project update P3 …`: people put the id first."""
        tokens = self._without_show(tokens)
        at = next((place for place, token in enumerate(tokens[:2]) if not token.quoted and ids.canonical(token.text)), None)
        if at is None or len(tokens) < at + 2:
            return tokens
        shown = self._showing(tokens[at].text)
        nouns = tokens[:at] or (lines.split(shown.words) if shown else [])
        for head in ([*nouns, tokens[at + 1]], [tokens[at + 1]]):
            if self._headed(head, len(head)) and not self._takes_more(tokens[:at]):
                return [*head, tokens[at], *tokens[at + 2 :]]
        return tokens

    def _without_show(self, tokens: list[lines.Token]) -> list[lines.Token]:
        """`project show P3` as `project P3`, and `project list` as `projects`."""
        said = "" if len(tokens) < 2 or tokens[1].quoted else tokens[1].text.casefold()
        route = self._headed(tokens[:1], 1)
        if said not in {"show", "list"} or self._headed(tokens[:2], 2) or not route or not route.fields or not route.fields[0].kind.letters:
            return tokens
        plural = said == "list" and self.route(f"{route.words}s")
        return [lines.Token(plural.words) if plural else tokens[0], *tokens[2:]]

    def _takes_more(self, head: Sequence[lines.Token]) -> bool:
        """Whether a route takes further words after an id, so that one which looks like a verb may be meant as a text."""
        route = self._headed(head, len(head))
        return route is not None and sum(not field.option for field in route.fields) > 1

    def closest(self, tokens: Sequence[lines.Token]) -> list[str]:
        """Lines that may have been meant, best first: those of routes whose words look like these, with the rest of the line;
        else words that stand in it, and a search for it; `help` when there is neither."""
        spoken = _spoken(tokens)
        near = [line for size in (3, 2, 1) for line in self._mistyped(spoken, size)]
        if near:
            return list(dict.fromkeys(near))[:3]
        begun = " ".join(token.text.casefold() for token in spoken[:2] if not lines.option(token))
        known = [" ".join(key) for key in self._routes]
        within = [match[0] for match in process.extract(begun[:60], known, scorer=fuzz.WRatio, limit=2, score_cutoff=70)]
        return (within if len(spoken) <= FEW else []) or [*self._searched(spoken), "help"]

    def _mistyped(self, tokens: Sequence[lines.Token], size: int) -> list[str]:
        """Lines that put one of our words of this size in the place of the first ones."""
        head = [token.text.casefold()[:20] for token in tokens[:size] if not token.quoted and not ids.canonical(token.text)]
        if len(head) < size:
            return []
        known = [" ".join(key) for key in self._routes if len(key) == size]
        near = process.extract(" ".join(head), known, scorer=fuzz.ratio, limit=2, score_cutoff=75)
        return [line for words, _, _ in near if (line := self._completed(words, tokens[size:]))]

    def _completed(self, words: str, rest: Sequence[lines.Token]) -> str:
        """The line of a route with the rest of another line; "" when it does not take that."""
        try:
            return self._call(self._expect(words), rest, {}).line()
        except Refused:
            return ""

    def _searched(self, tokens: Sequence[lines.Token]) -> list[str]:
        """A search for the words of a line, where they are few enough to be a name or a topic."""
        words = " ".join(token.text for token in tokens)
        few = len(tokens) <= FEW and len(words) <= 60 and words.isprintable() and any(map(str.isalnum, words))
        return [lines.compose("search", words)] if few and self.route("search") else []

    def _expect(self, words: str) -> Route:
        route = self.route(words)
        if route is None:
            raise UnknownLine(f"I do not know “{words}”.", lines=["help"])
        return route

    def _showing(self, text: str) -> Route | None:
        letter = ids.letter(ids.canonical(text) or "")
        return next((route for route in self if letter in route.shows), None)

    def _page(self, identity: lines.Token) -> lines.Token:
        """The id on whose page a record stands: its own, or that of its parent where only the parent has one (`P1.u2`)."""
        return identity if self._showing(identity.text) else replace(identity, text=identity.text.partition(".")[0])

    def _shown_by(self, text: str) -> Route:
        route = self._showing(text)
        if route:
            return route
        raise UnknownLine(f"“{text[:20]}” is not the id of a record.", lines=["help"])

    def _guess_verb(self, route: Route, rest: Sequence[lines.Token]) -> None:
        """`project ad X`, `project P1 updat`: a route that wants an id and no more got a word that looks like one of its verbs."""
        if not route.fields or not route.fields[0].kind.letters:
            return
        named: list[lines.Token] = []
        if rest and ids.canonical(rest[0].text) and sum(not field.option for field in route.fields) == 1:
            named, rest = [rest[0]], rest[1:]
        if not rest or rest[0].quoted or lines.option(rest[0]) or ids.canonical(rest[0].text):
            return
        word = rest[0].text.casefold()
        verbs = [" ".join(key[1:]) for key in self._routes if len(key) > 1 and key[0] == route.words]
        near = process.extract(word, verbs, scorer=fuzz.ratio, limit=3, score_cutoff=65)
        if near:
            meant = [f"{route.words} {verb}" for verb, _, _ in near]
            lines_ = [self._completed(words, [*named, *rest[1:]]) or words for words in meant]
            raise UnknownLine(f"I do not know “{route.words} {word[:40]}”.", lines=lines_)

    def _call(self, route: Route, tokens: Sequence[lines.Token], values: Mapping[str, str]) -> Call:
        named, words = _options(route, tokens)
        texts = named if route.arrange else {**_in_order(route, words, named), **named}
        for name, value in values.items():
            field = route.field(name)
            if field is None:
                raise WrongValue(name, f"is not a field of “{route.words}”", lines=[f"help {route.words}"])
            texts[field.name] = value
        return Call(route, texts, tuple(words) if route.arrange else ())


def _exact(token: lines.Token) -> bool:
    """Whether a word is none of a sentence: a quoted text, an id, or what begins with a digit (`3`, `2h`, `2027-03-31`)."""
    return token.quoted or token.text[:1].isdigit() or ids.canonical(token.text) is not None


def _spoken(tokens: Sequence[lines.Token]) -> list[lines.Token]:
    """The tokens without the manners and marks of a sentence around what is asked: `please show P1.`, `“projects”`, `help!`."""
    if len(tokens) == 1 and tokens[0].quoted:
        tokens = lines.split(tokens[0].text) or tokens
    said = [token if token.quoted else lines.Token(token.text.rstrip(".,;:!?…") or token.text) for token in tokens[:4]]
    manners = 0
    while manners < len(said) - 1 and not said[manners].quoted and said[manners].text.casefold() in _MANNERS:
        manners += 1
    return [*said[manners:], *tokens[4:]]


def _options(route: Route, tokens: Sequence[lines.Token]) -> tuple[dict[str, str], list[lines.Token]]:
    """The texts that are given by name, and the other words."""
    named: dict[str, str] = {}
    others: list[lines.Token] = []
    words = iter(tokens)
    for token in words:
        option = lines.option(token)
        if option is None:
            others.append(token)
            continue
        name, value = option
        field = _named(route, name)
        named[field.name] = value if value is not None else "" if field.kind.flag else _next_value(field, words)
    return named, others


def _in_order(route: Route, words: Sequence[lines.Token], named: Collection[str]) -> dict[str, str]:
    """The fields that are not `named`, filled by the words in order."""
    texts: dict[str, str] = {}
    open_fields = [field for field in route.fields if not field.option and field.name not in named]
    for token in words:
        if open_fields and open_fields[0].rest and not (route.writes and token.quoted and open_fields[0].name in texts):
            # Of two quoted texts the second is another field's: joined to the first it would be kept in the wrong place.
            name = open_fields[0].name
            texts[name] = f"{texts[name]} {token.text}" if name in texts else token.text
        elif open_fields and not open_fields[0].rest:
            texts[open_fields.pop(0).name] = token.text
        else:
            raise Refused(
                f"“{route.words}” does not know what to do with “{token.text[:40]}”. {_how(route, token)}",
                lines=[f"help {route.words}"],
            )
    return texts


def _how(route: Route, token: lines.Token) -> str:
    """What to do with a word that is left over."""
    options = ", ".join(f"--{field.name.replace('_', '-')}" for field in route.fields if field.option and field.label)
    return f"Name what it is, with one of {options}." if token.quoted and options else "Put a text with blanks in quotes."


def _named(route: Route, name: str) -> Field:
    field = route.field(name) or route.field(name.removesuffix("s"))
    if field is None:
        begun = [field for field in route.fields if field.name.startswith(name.replace("-", "_"))]
        field = begun[0] if len(begun) == 1 else None
    if field is None:
        known = ", ".join("--" + field.name.replace("_", "-") for field in route.fields if field.label)
        raise Refused(f"“{route.words}” has no option --{name[:40]}. It has: {known or 'none'}.", lines=[f"help {route.words}"])
    return field


def _next_value(field: Field, words: Iterator[lines.Token]) -> str:
    token = next(words, None)
    if token is None:
        raise WrongValue(field.name, "has no value", field.shown_example)
    return token.text
