"""A route, one thing the bot can be asked, and a call of it: the texts that a line gives its fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot import lines
from bot.coalition import ids
from bot.coalition.members import Author
from bot.coalition.record import Record
from bot.errors import Refused, WrongValue
from bot.fields import NUMBER, Field, Reading
from bot.message import Reply
from bot.router.context import Context

Who = Literal["anyone", "member", "chair", "operator", "chair or operator"]
Handler = Callable[..., Reply | None]
"""Answers a call; None where there is nothing to say."""
May = Callable[[Any, Author], object]
"""Raises Refused where a form would ask in vain: the author may not do this to the record that the route's first field names; to None
where that field names none."""
Begin = Callable[[Context, "Call"], Mapping[str, str]]
"""The texts that a form begins with where the line says nothing."""
More = Callable[[Context, "Call"], tuple[str, Sequence[Field]]]
"""What a call's form is called, "" for the help of its route, and what records say of its fields: those beside the fields of its route, and
in the place of one of these another of its name. One without a label is not asked, but carried."""
Arrange = Callable[[Sequence[lines.Token], Reading], Mapping[str, str]]
"""Which text each field gets of the words that are no options, for a route that must look at what they mean."""


Others = Callable[[Context, Any, int | None], Mapping[str, str]]
"""What texts a form shows beside the fields of its record; for the record as it was when a transaction was the newest."""


def _nothing_else(context: Context, record: Any, newest: int | None) -> Mapping[str, str]:
    return {}


Placed = Callable[[Context, Any], tuple[str, str]]
"""What people call the record that a form changes, and the line that shows it."""


def _itself(context: Context, record: Any) -> tuple[str, str]:
    return record.id, record.id


@dataclass(frozen=True, slots=True)
class Edits:
    """What a route changes: the record that a call of it names, None while it names none.

    `names` are the record's names for fields that it calls something else. `others` gives the texts of fields that stand for more than
    one field of the record, or for another record; for one that was begun earlier, as they were when a transaction was the newest.
    `grows`: the record is there once somebody writes it, so that a form may have begun before; until then `record` gives one without an id.
    """

    record: Callable[[Context, "Call"], Record | None]
    names: Mapping[str, str]
    others: Others = _nothing_else
    placed: Placed = _itself
    grows: bool = False


MARK = Field("as_of", "", NUMBER, required=False, option=True)
"""What a form that changes a record carries: the last transaction when it was begun."""


@dataclass(frozen=True, slots=True)
class Route:
    """One thing the bot can be asked. `shows` are the id letters whose bare id asks it; `also` are other words for it;
    `topic` is its router's; `may` says who can do it, and to which record; `begin` and `edits` say what its form begins with;
    `arrange` reads the words where they do not fill the fields in order; `more` are fields that only the records know; `alone`: what its
    form asks is for nobody else to read, so that it is asked where nobody else is."""

    words: str
    help: str
    fields: tuple[Field, ...]
    handler: Handler
    who: Who
    writes: bool
    undoable: bool
    shows: tuple[str, ...]
    examples: tuple[str, ...]
    may: May | None = None
    also: tuple[str, ...] = ()
    topic: str = ""
    arrange: Arrange | None = None
    begin: Begin | None = None
    edits: Edits | None = None
    more: More | None = None
    alone: bool = False

    @property
    def usage(self) -> str:
        """`project add TITLE [--summary …]`: for a person's eye, not to be typed."""
        return " ".join([self.words, *(_usage(field) for field in self.fields if field.label)])

    def field(self, name: str) -> Field | None:
        wanted = name.casefold().replace("-", "_")
        return next((field for field in self.fields if field.name == wanted), None)

    def expect(self, name: str) -> Field:
        """The field of this name. Raises Refused where there is none."""
        field = self.field(name)
        if field is None:
            known = ", ".join(map(_dashed, (field.name for field in self.fields if field.label)))
            raise Refused(f"“{self.words}” has no option {_dashed(name[:40])}. It has: {known or 'none'}.", lines=[f"help {self.words}"])
        return field

    def allows(self, author: Author) -> bool:
        return self.who == "anyone" or not author.roles.isdisjoint(self.who.split(" or "))


def _dashed(name: str) -> str:
    return "--" + name.replace("_", "-")


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

    def widened(self, context: Context) -> "Call":
        """The call with the fields that the records give its route. Raises Refused for a text that is of none of them."""
        if self.route.more is None:
            return self
        title, fields = self.route.more(context, self)
        known = {field.name: field for field in (*self.route.fields, *fields)}
        route = replace(self.route, help=title or self.route.help, fields=tuple(known.values()))
        for name in self.texts:
            route.expect(name)
        return replace(self, route=route)

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
        """Raises Refused where a form would be in vain: a record that it names is not there, or the author may not do this to the first.
        Of private records it tells nothing."""
        found = {field.name: identity for field in self.route.fields if (identity := self._identity(field))}
        named = {name: reading.records.any(each) for name, each in found.items() if not reading.records.kind(each).private}
        first = self.route.fields[0]
        if self.route.may and (first.name in named or not first.kind.letters):
            self.route.may(named.get(first.name), author)

    def _identity(self, field: Field) -> str:
        """The id that a field is given which takes some; "" where it is given none of these."""
        found = ids.canonical(self.texts.get(field.name, "")) if field.kind.letters else None
        return found if found and ids.letter(found) in field.kind.letters else ""

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
