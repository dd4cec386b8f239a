"""Fields and small steps that several words share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.coalition import groups, ids, organisations, rulesets
from bot.coalition.ids import OrganisationId
from bot.coalition.members import Member, names_account
from bot.coalition.organisations import PublishedName
from bot.coalition.record import Record
from bot.coalition.rulefiles import Rules
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.coalition.texts import clean
from bot.errors import Ambiguous, Incomplete, NotFound, Refused, WrongValue
from bot.fields import NUMBER, TEXT, Field, Kind, Parse, Reading, identity, one_of
from bot.lines import compose
from bot.router import Call, Context, Edits, Others

ROOMS_TOPIC = "the coalition, its rooms, and this bot"
PROJECT_TOPIC = "the year's projects, their milestones and updates"
YEAR_TOPIC = "the IGF years, their deadlines, calls and calendars"
SESSION_TOPIC = "proposals and sessions, their roles and reports, and sign-posts to others"
PEOPLE_TOPIC = "members, and what is known about you"
BODIES_TOPIC = "organisations and their programmes, and people that public records name"
REMINDER_TOPIC = "reminders, and when the bot may write to you"
TRAIL_TOPIC = "help, who changed what, and taking it back"
"""Topics of the help that several routers share."""


def _year(text: str, name: str, _: Reading) -> str:
    value = text.strip()
    if not ids.is_year(value):
        raise WrongValue(name, f"is not a year: “{value[:20]}”", "2016")
    return value


def _organisation(text: str, name: str, reading: Reading) -> OrganisationId:
    """An organisation by its id, or by a name or alias that it has."""
    value = TEXT.parse(text, name, reading)
    try:
        found = organisations.named(reading.records, value)
    except NotFound as missing:
        raise WrongValue(name, f"names no organisation: {value[:40]}", ORGANISATION.example, lines=missing.lines) from None
    if found is None:
        near = ", ".join(f"{other.id} {other.name}" for other in organisations.near(reading.records, value))
        hint = f"; did you mean {near}?" if near else ""
        raise WrongValue(name, f"is no organisation I know: “{value[:40]}”{hint}", "O3", lines=[compose("organisation add", value)])
    return OrganisationId(found.id)


def _rules(text: str, name: str, reading: Reading) -> str:
    """The year of rules that are known, also as `igf-2016`."""
    year, known = rulesets.year_of(TEXT.parse(text, name, reading)), rulesets.known(reading.records)
    if year in known:
        return year
    had = f"names no rules that I have: “{text.strip()[:40]}”. I have those of {', '.join(known)}"
    if not year:
        raise WrongValue(name, had, lines=["rules", "rules import"])
    near = rulesets.nearest(reading.records, year)
    raise Ambiguous(name, f"{had}. The nearest, which are those years' own:", [(f"Rules of {other}", other) for other in near])


def known_years(records: Records) -> tuple[str, ...]:
    """The years whose rules are known: what a form offers."""
    return tuple(rulesets.known(records))


def rules_of(records: Records, session: Session, year: str | None) -> Rules:
    """The rules of a year, else those that a session follows. Raises Refused where nobody knows them."""
    found = rulesets.known(records)[year] if year else rulesets.of(records, session)
    if found is None:
        near = rulesets.nearest(records, session.cycle)[0]
        raise Refused(
            f"I have no rules of {session.cycle}, so nothing of {session.id} is checked. The nearest are those of {near}, which "
            "are of that year: take them for now, or a chair adds those of this one.",
            lines=[
                *(f"proposal {verb} {session.id} --rules {near}" for verb in ("check", "fill")),
                f"proposal rules {session.id} {near}",
                f"cycle change {session.cycle} --rules {near}",
                "rules",
            ],
        )
    return found


YEAR = Kind(_year, "2016")
RULES = Kind(_rules, "2023")
NOTHING = object()
"""What a person means who empties a field."""
GROUP = one_of(*groups.STAKEHOLDERS, aliases=groups.aliases(groups.STAKEHOLDERS))
REGION = one_of(*groups.REGIONS, aliases=groups.aliases(groups.REGIONS))
ORGANISATION = Kind(_organisation, "O3")
CYCLE = Field("cycle", "Year of the cycle; this one when left out", YEAR, required=False, default="")
PAGE = Field("page", "", NUMBER, required=False, option=True, default=1)
"""A field without a label is no part of help and forms."""


def clearable(kind: Kind, to: Any = NOTHING) -> Kind:
    """A kind whose field may be emptied: `none` or `unknown` gives `to`; `given` turns NOTHING into no value."""

    def parse(text: str, name: str, reading: Reading) -> Any:
        return to if text.strip().casefold() in {"none", "nobody", "unknown", "tbc"} else kind.parse(text, name, reading)

    return replace(kind, parse=parse, empty="none", choices=(*kind.choices, "unknown") if kind.choices else ())


def _named(ctx: Context, call: Call) -> Record | None:
    """The record that the first field of a line names."""
    first = call.route.fields[0]
    text = call.texts.get(first.name, "")
    return ctx.records.any(first.read(text, ctx.reading)) if text.strip() else None


def edits(names: Mapping[str, str] = {}, others: Others | None = None) -> Edits:
    """What a route changes whose first field names the record; `names` are the record's names for fields called otherwise."""
    return Edits(_named, names, others) if others else Edits(_named, names)


NEVER_EMPTY = ("title", "name", "kind")


def option(name: str, label: str, kind: Kind = TEXT, *, choices: tuple[str, ...] = ()) -> Field:
    """A field that may be left out and is given by name."""
    return Field(name, label, kind, required=False, option=True, choices=choices)


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that were given, for a new record."""
    return {name: value for name, value in values.items() if value is not None and value is not NOTHING}


def given(values: Mapping[str, Any], words: str, identity: str, **renamed: str) -> dict[str, Any]:
    """The fields a change names, under the record's names for them. Raises Incomplete when there are none."""
    named = {renamed.get(name, name): value for name, value in values.items() if value is not None}
    found = {name: None if value is NOTHING else value for name, value in named.items()}
    if not found:
        raise Incomplete(f"Say what to change in {identity}.", lines=[f"help {words}"])
    for name in NEVER_EMPTY:
        if found.get(name) == "":
            raise WrongValue(name, "is empty")
    return found


def _person(known: Kind, kinds: Sequence[type[Member] | type[PublishedName]], lists: Sequence[str]) -> Parse:
    """Reads an id of these kinds; a name that is known gets the ids it may mean proposed, never taken."""

    def parse(text: str, name: str, reading: Reading) -> Any:
        if _is_identity(text.rstrip(".,;:!?")):
            return known.parse(text, name, reading)
        wanted = TEXT.parse(text, name, reading)
        found = [person for kind in kinds for person in reading.records.all(kind, name=wanted, **_listed(kind))] or _called(wanted, reading)
        if not found:
            raise WrongValue(name, f"is neither an id nor a name I know: “{wanted[:40]}”", known.example, lines=lists)
        raise Ambiguous(name, "is a name, which several people may have. Whom do you mean?", [(f"{p.name}, {p.id}", p.id) for p in found])

    return parse


def _is_identity(text: str) -> bool:
    return ids.canonical(text) is not None or names_account(text) or text.casefold() == "me"


def _listed(kind: type[Member] | type[PublishedName]) -> dict[str, Any]:
    """Members who keep their name to themselves are not found by it."""
    return {"visibility": "full", "state": "active"} if kind is Member else {}


_PERSON_ID = identity("M", "N")
PERSON = replace(_PERSON_ID, parse=_person(_PERSON_ID, (Member, PublishedName), ("members", "names")), letters=())
"""The id of a member or of a published name; for a name that is known, the ids that it may mean are proposed."""
MEMBER = replace(identity("M"), parse=_person(identity("M"), (Member,), ("members",)))
"""The id of a member; for the name of one, the ids that it may mean are proposed."""


def _called(wanted: str, reading: Reading) -> list[Member]:
    """The members of this name, or of whose name it is a part."""
    folded = wanted.casefold()
    listed = reading.records.all(Member, **_listed(Member))
    return [member for member in listed if folded in {member.name.casefold(), *member.name.casefold().split()}]


def named_member(text: str, name: str, reading: Reading, example: str = "M4") -> str:
    """The member whom an id, a name or an account stands for: `M4`, `@Ben`, `Ben Example`, `slack:U1`; `example` is what else would do.

    Raises WrongValue, and Ambiguous for a name that several members have.
    """
    wanted = clean(text).removeprefix("@").rstrip(".,;:!?")
    if _is_identity(wanted):
        return str(identity("M").parse(wanted, name, reading))
    found = _called(wanted, reading)
    if not found:
        raise WrongValue(name, f"is no member I know: “{wanted[:40]}”", example, lines=["members"])
    if len(found) > 1:
        raise Ambiguous(name, "is a name that several people have. Whom do you mean?", [(f"{p.name}, {p.id}", p.id) for p in found])
    return found[0].id
