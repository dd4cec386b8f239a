"""The words of a line into the fields of its route."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile

from bot import lines
from bot.errors import Refused, WrongValue
from bot.fields import MINUTES, Field
from bot.router.route import Call, Route

UNITS = frozenset({"m", "min", "mins", "minute", "minutes", "h", "hour", "hours"})
"""Words that a number before them makes a length of time."""


def filled(route: Route, tokens: Sequence[lines.Token], values: Mapping[str, str]) -> Call:
    """The call of a route with these words and the `values` of a form. Raises Refused for what the route does not take."""
    tokens = _lengths(route, tokens)
    named, words = _options(route, tokens)
    _check_values(route, tokens, named)
    texts = named if route.arrange else {**_in_order(route, words, named), **named}
    for name, value in values.items():
        field = route.field(name) or _later(route, name)
        if field is None:
            raise WrongValue(name, f"is not a field of “{route.words}”", lines=[f"help {route.words}"])
        texts[field.name] = value
    return Call(route, texts, tuple(words) if route.arrange else ())


def _lengths(route: Route, tokens: Sequence[lines.Token]) -> list[lines.Token]:
    """The words with each length of time in one (`10 min`), where the route takes such, and no text that may hold them."""
    if any(field.rest for field in route.fields) or all(field.kind is not MINUTES for field in route.fields):
        return [*tokens]
    found: list[lines.Token] = []
    for token in tokens:
        if found and not token.quoted and token.text.casefold() in UNITS and found[-1].text.isdigit():
            found[-1] = lines.Token(found[-1].text + token.text.casefold()[0])
        else:
            found.append(token)
    return found


def _option(route: Route, token: lines.Token) -> tuple[str, str | None] | None:
    """The name and value of an option; None also for a phone's long dash before a word of a text, which names no field."""
    found = lines.option(token)
    if found is None or token.text.startswith("--") or route.more or not any(field.rest for field in route.fields):
        return found
    return found if route.field(found[0]) else None


def _options(route: Route, tokens: Sequence[lines.Token]) -> tuple[dict[str, str], list[lines.Token]]:
    """The texts that are given by name, and the other words."""
    named: dict[str, str] = {}
    others: list[lines.Token] = []
    words = iter(tokens)
    for token in words:
        option = _option(route, token)
        if option is None:
            others.append(token)
            continue
        name, value = option
        field = _named(route, name)
        named[field.name] = value if value is not None else "" if field.kind.flag else _next_value(field, words)
    return named, others


def _check_values(route: Route, tokens: Sequence[lines.Token], named: Collection[str]) -> None:
    """Raises Refused where words after the value of an option may be the rest of it, or of the text that was begun before it."""
    before = [not field.rest for field in route.fields if not field.option and field.name not in named]
    if not route.writes or route.arrange or all(before):
        return
    begun = before.index(False)
    for at, token in enumerate(tokens):
        option = _option(route, token)
        words = list(takewhile(lambda word: not _option(route, word), tokens[at + 1 :]))
        if not option or option[1] is not None or len(words) < 2 or words[0].quoted or _named(route, option[0]).kind.flag:
            continue
        if len(lines.unnamed(tokens[:at])) > begun:
            raise Refused(
                f"I cannot tell how much of “{' '.join(word.text for word in words)[:60]}” belongs to --{option[0]}. "
                "Put a text with blanks in quotes.",
                lines=[_joined(route, tokens, at, words), f"help {route.words}"],
            )


def _joined(route: Route, tokens: Sequence[lines.Token], at: int, words: Sequence[lines.Token]) -> str:
    """The line with all these words as the value of the option before them."""
    value = lines.Token(" ".join(word.text for word in words), quoted=True)
    return filled(route, [*tokens[: at + 1], value, *tokens[at + 1 + len(words) :]], {}).line()


def _in_order(route: Route, words: Sequence[lines.Token], named: Collection[str]) -> dict[str, str]:
    """The fields that are not `named`, filled by the words in order."""
    texts: dict[str, str] = {}
    open_fields = [field for field in route.fields if not field.option and field.name not in named]
    for at, token in enumerate(words):
        if open_fields and open_fields[0].rest:
            if route.writes and token.quoted and open_fields[0].name in texts and not _amid(words, at) and _other_texts(route):
                raise _left_over(route, token)
            # Quotes within a text are its own.
            name = open_fields[0].name
            texts[name] = f"{texts[name]} {token.typed or token.text}" if name in texts else token.text
        elif open_fields and not open_fields[0].rest:
            texts[open_fields.pop(0).name] = token.text
        else:
            raise _left_over(route, token)
    return texts


def _amid(words: Sequence[lines.Token], at: int) -> bool:
    """Whether a quoted text stands between other words: `it went “well” then`. After another quoted text, or as the last, it may be
    another field's: joined to the first it would be kept in the wrong place."""
    return at + 1 < len(words) and not words[at - 1].quoted and not words[at + 1].quoted


def _other_texts(route: Route) -> bool:
    """Whether a quoted text may be for an option of the route."""
    return any(field.option and field.label and not field.kind.flag and not field.kind.letters for field in route.fields)


def _left_over(route: Route, token: lines.Token) -> Refused:
    return Refused(
        f"“{route.words}” does not know what to do with “{token.text[:40]}”. {_how(route, token)}", lines=[f"help {route.words}"]
    )


def _how(route: Route, token: lines.Token) -> str:
    """What to do with a word that is left over."""
    options = ", ".join(f"--{field.name.replace('_', '-')}" for field in route.fields if field.option and field.label)
    name = f"Name what it is, with one of {options}, or put all of a text in quotes."
    return name if token.quoted and options else "Put a text with blanks in quotes."


def _named(route: Route, name: str) -> Field:
    field = route.field(name) or route.field(name.removesuffix("s"))
    if field is None:
        begun = [field for field in route.fields if field.name.startswith(name.replace("-", "_"))]
        field = begun[0] if len(begun) == 1 else None
    return field or _later(route, name) or route.expect(name)


def _later(route: Route, name: str) -> Field | None:
    """A field in the place of one that only the records know, where a route has such; whether it is there is asked of them."""
    return Field(name.casefold().replace("-", "_"), "", required=False, option=True) if route.more else None


def _next_value(field: Field, words: Iterator[lines.Token]) -> str:
    token = next(words, None)
    if token is None:
        raise WrongValue(field.name, "has no value", field.shown_example)
    return token.text
