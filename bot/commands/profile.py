"""The fields of a member's profile, as joining, one's own changes and a chair's ask for them."""

import re
from datetime import timedelta
from typing import Any

from bot.accounts import mistaken
from bot.coalition import groups, when
from bot.coalition.members import Expertise, tag
from bot.coalition.texts import clean
from bot.commands.common import GROUP, NOTHING, ORGANISATION, REGION, clearable, option
from bot.errors import WrongValue
from bot.fields import FUTURE_DAY, TEXT, YES_OR_NO, ZONE, Field, Kind, Reading, many
from bot.request import Account
from bot.views.members import expertise

MAX_TAG = 60
_QUIET = re.compile(r"(?:(?:from|between)\s+)?(.+?)\s*(?:-|–|—|\bto\b|\buntil\b|\band\b)\s*(.+)")  # noqa: RUF001
_QUIET_EXAMPLE = "22:00-07:00, or none"


def _expertise(text: str, name: str, _: Reading) -> tuple[Expertise, ...]:
    """`hotlines: runs one since 2015; takedown, training`: parts at semicolons or new lines, the evidence after a colon."""
    found: dict[str, str] = {}
    for part in re.split(r"[;\n]", clean(text)):
        tags, *evidence = re.split(r":(?!//)", part, maxsplit=1)
        for word in filter(None, map(tag, tags.split(","))):
            if len(word) > MAX_TAG:
                raise WrongValue(name, f"has a tag of {len(word)} characters, at most {MAX_TAG} fit", EXPERTISE.example)
            found[word] = " ".join("".join(evidence).split()) or found.get(word, "")
    return tuple(Expertise(word, evidence) for word, evidence in found.items())


def _quiet(text: str, name: str, _: Reading) -> str:
    value = clean(text).casefold()
    if value in {"", "no", "none", "off"}:
        return ""
    match = _QUIET.fullmatch(value)
    begin, end = (_clock(part, name) for part in match.groups()) if match else ("", "")
    if not begin or not end:
        raise WrongValue(name, f"are not hours I can read: “{value[:40]}”", _QUIET_EXAMPLE)
    if begin == end:
        raise WrongValue(name, f"begin and end at {begin}", _QUIET_EXAMPLE)
    return f"{begin}-{end}"


def _clock(text: str, name: str) -> str:
    """`22`, `22:00`, `10pm` as `22:00`; "" for anything else."""
    found = when.split_clock(when.spelt(f"at {text}", name, _QUIET_EXAMPLE), name, _QUIET_EXAMPLE)
    if found is None or found[0]:
        return ""
    minutes = (found[1] or timedelta()) // timedelta(minutes=1) % when.MAX_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _hours(text: str, name: str, reading: Reading) -> Any:
    """Quiet hours; NOTHING for `off`."""
    return (_quiet(text, name, reading) or NOTHING) if clean(text) else ""


def _away(text: str, name: str, reading: Reading) -> Any:
    """`until 10 January`, `10 January`; NOTHING for `off`."""
    words = clean(text)
    if words.casefold() in {"off", "no", "back"}:
        return NOTHING
    return FUTURE_DAY.parse(re.sub(r"^(?:until|till)\s+", "", words, flags=re.IGNORECASE), name, reading)


def _email(text: str, name: str, _: Reading) -> str:
    value = clean(text)
    if value and not re.fullmatch(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}", value):
        raise WrongValue(name, f"is not an e-mail address: “{value[:40]}”", "ana@example.org")
    return value


def _account(text: str, name: str, _: Reading) -> Account:
    match = re.fullmatch(r"([a-z][a-z0-9_-]*):(\S{1,255})", clean(text))
    if match is None:
        raise WrongValue(name, f"is not an account: “{text[:40]}”", "slack:U123")
    return Account(match[1], match[2])


def _somebodys(text: str, name: str, reading: Reading) -> Account:
    account = _account(text, name, reading)
    if wanted := mistaken(str(account)):
        raise WrongValue(name, f"is no account: “{account}”; {wanted.where}", f"{account.platform}:{wanted.example}")
    return account


EXPERTISE = Kind(_expertise, "hotlines: runs one since 2015; takedown", long=True, write=expertise, empty="")
QUIET = Kind(_quiet, "22:00-07:00", empty="none")
HOURS = Kind(_hours, QUIET.example)
AWAY = Kind(_away, "until 2027-01-10")
EMAIL = Kind(_email, "ana@example.org", empty="")
ACCOUNT = Kind(_somebodys, "slack:U0123ABCD")
OLD_ACCOUNT = Kind(_account, ACCOUNT.example)
"""One that was given before, and may be wrong."""

NAME = Field("name", "Name", rest=True, example="Ana Example")


GROUPS = (
    option("group", "Stakeholder group, as you declare it", clearable(GROUP, to=""), choices=tuple(groups.STAKEHOLDERS)),
    option("region", "Regional group, as you declare it", clearable(REGION, to=""), choices=tuple(groups.REGIONS)),
)
PROFILE = (
    *GROUPS,
    option("country", "Country"),
    option("zone", "Time zone", clearable(ZONE, to="")),
    option("languages", "Languages, separated by commas", many(TEXT, "English, Français")),
    option("expertise", "What you know, each with a line of evidence", EXPERTISE),
    option("onsite", "Coming to the next IGF in person", clearable(YES_OR_NO)),
    option("email", "E-mail address; chairs see it", EMAIL),
    option("aliases", "Other names you go by", many(TEXT)),
)
ORGANISATIONS = option("organisations", "Organisations you belong to, by id or name", many(ORGANISATION))
