"""`coalition setup`: the first day of a deployment - the coalition, its first chair, the current cycle and its members."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.app import system_clock
from bot.coalition import coalitions, cycles, membership, organisations
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.members import AccountLink, Member
from bot.coalition.store import Records, Stamp
from bot.commands.common import YEAR, option
from bot.commands.profile import ACCOUNT
from bot.errors import CoalitionError, ConfigError, ImportFailed, Refused, WrongValue
from bot.fields import TEXT, Reading, many
from bot.request import Account
from bot.shell import roster
from bot.shell.common import choose_database, rehearsal, settings
from bot.shell.import_ import OPERATOR
from storage.opening import open_store

QUESTIONS = (
    replace(option("name", "Name of the coalition"), example="Example Coalition"),
    option("aliases", "Its other names and codes, separated by commas", many(TEXT, "DCCOS, DC-Children")),
    replace(option("chair", "Name of the first chair"), example="Ana Example"),
    option("account", "Account of the first chair", ACCOUNT),
    option("cycle", "Year of the current cycle", YEAR),
    replace(option("members", "CSV file of members"), example="members.csv"),
)
SHOWN = 20


class NothingKept(CoalitionError):
    """Ends a transaction whose changes were only to be shown."""


@dataclass
class Said:
    """What was done, in sentences, and what is wrong in the file of members."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    for question in QUESTIONS:
        parser.add_argument(f"--{question.name}", metavar="TEXT", help=f"{question.label} ({question.shown_example})")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done, and which lines of the file are wrong")
    parser.epilog = (
        f"Without these options it asks, on a terminal. Columns of the CSV file, in any order: {', '.join(roster.FIELDS)}; only name is "
        "needed. It may be run again: who is there, by e-mail address or name, is left as they are."
    )


def run(options: argparse.Namespace) -> int:
    texts = {question.name: getattr(options, question.name) for question in QUESTIONS if getattr(options, question.name) is not None}
    if not texts and sys.stdin.isatty():
        texts = dict(_asked())
    if not any(texts.values()):
        raise ConfigError("nothing to set up. Give at least one of: " + ", ".join(f"--{question.name}" for question in QUESTIONS))
    said = Said()
    with rehearsal(settings(options).database, dry=options.dry_run) as url:
        _keep(url, texts, said, dry=options.dry_run)
    for line in (*said.problems, *said.lines):
        print(line)
    return 1 if said.problems else 0


def _keep(url: str, texts: Mapping[str, str], said: Said, *, dry: bool) -> None:
    """Do what the texts say, or nothing of it when it is only tried or something is wrong."""
    store = open_store(url)
    try:
        with store.transaction(Stamp(OPERATOR, None, system_clock(), "setup", undoable=False)) as records:
            set_up(records, texts, said)
            if dry or said.problems:
                raise NothingKept
    except NothingKept:
        said.lines.append("Nothing was kept." if dry else "Nothing was kept. Correct the file, then repeat.")
    finally:
        store.close()


def _asked() -> Iterator[tuple[str, str]]:
    """(question, answer) from the terminal; an empty answer leaves a thing as it is."""
    print("Setting up. Enter alone leaves a question out; Ctrl-C ends without a change.")
    for question in QUESTIONS:
        yield question.name, input(f"{question.label} ({question.shown_example}): ").strip()


def set_up(records: Records, texts: Mapping[str, str], said: Said) -> None:
    """Carry out what the texts ask for. Raises CoalitionError; wrong lines of the file of members go into `said`."""
    reading = Reading(system_clock(), "UTC", records)
    values = {question.name: _value(question.name, texts[question.name], reading) for question in QUESTIONS if texts.get(question.name)}
    if "name" in values or "aliases" in values:
        said.lines.append(_coalition(records, values))
    if "cycle" in values:
        said.lines.append(_cycle(records, values["cycle"]))
    if "members" in values:
        _members(records, Path(values["members"]), reading, said)
    if "chair" in values or "account" in values:
        said.lines.append(_chair(records, values.get("chair"), values.get("account"), reading.now.date()))


def _value(name: str, text: str, reading: Reading) -> Any:
    try:
        return next(question for question in QUESTIONS if question.name == name).read(text, reading)
    except WrongValue as problem:
        example = f" Write, for example, {problem.example}." if problem.example else ""
        raise ConfigError(f"--{name}: {problem.reason}.{example}") from problem


def _coalition(records: Records, values: Mapping[str, Any]) -> str:
    wanted = {name: values[name] for name in ("name", "aliases") if name in values}
    found = coalitions.ours(records)
    if found is None and "name" not in wanted:
        raise ConfigError("--aliases: the coalition has no name yet. Give it one with --name.")
    if found is None:
        return f"Coalition: {records.add(Coalition(id='coalition', **wanted)).name}."
    changed = records.change(found, **wanted)
    return f"Coalition: {changed.name}{', as before' if changed == found else ''}."


def _cycle(records: Records, year: str) -> str:
    found = records.find(Cycle, year) or cycles.add(records, Cycle(id=year))
    if found.state == "current":
        return f"Cycle: {year} is current, as before."
    cycles.move(records, found, "open" if found.state == "planned" else "reopen")
    return f"Cycle: {year} is now current."


def _chair(records: Records, name: str | None, account: Account | None, today: date) -> str:
    link = records.find(AccountLink, str(account)) if account else None
    member = records.get(Member, link.member) if link else _somebody(records, name)
    if link and name and member and member.name.casefold() != name.casefold():
        raise Refused(f"{account} is the account of {member.id} {member.name}, not of {name}.")
    if member is None and name and ":" in name:
        raise ConfigError(f"--chair: “{name}” is an account. Write the chair's name, and the account after --account.")
    if member is None and name is None:
        raise ConfigError("--account: nobody has it yet. Say whose it is with --chair.")
    member = member or records.add(Member(name=name or "", joined=today, source="setup"))
    if not member.chair:
        member = membership.appoint(records, member)
    if account and not link:
        membership.link(records, member, account)
    accounts = ", ".join(found.id for found in records.referring(AccountLink, "member", member.id))
    known = f", who asks as {accounts}" if accounts else ". No account is known, so the bot cannot tell who that is: repeat with --account"
    return f"Chair: {member.id} {member.name}{known}."


def _somebody(records: Records, name: str | None, email: str = "") -> Member | None:
    """The member with this e-mail address, or else this name, in any case. Raises Refused for a name that several have."""
    everybody = [member for member in records.all(Member) if member.state != "forgotten"]
    by_email = [member for member in everybody if email and member.email.casefold() == email.casefold()]
    same_name = [member for member in everybody if name and member.name.casefold() == name.casefold()]
    found = by_email or [member for member in same_name if not (email and member.email)]
    if len(found) > 1:
        raise Refused(f"{', '.join(member.id for member in found)} are all {name}. Give an e-mail address that tells them apart.")
    return found[0] if found else None


def _members(records: Records, path: Path, reading: Reading, said: Said) -> None:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImportFailed(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    rows, problems = roster.checked(roster.read(path.name, data), reading)
    said.problems += [f"{path.name}, {problem}" for problem in problems]
    added: list[Member] = []
    for row in rows:
        try:
            if _somebody(records, row.values["name"], row.values.get("email", "")) is None:
                added.append(_enrol(records, row, reading.now.date()))
        except Refused as refusal:
            said.problems.append(f"{path.name}, line {row.line}: {refusal}")
    said.lines.append(f"Members: {_named(added) or 'nobody to add'}. Already here: {len(rows) - len(added)}.")


def _enrol(records: Records, row: roster.Row, today: date) -> Member:
    values = dict(row.values)
    account = values.pop("account", None)
    values["organisations"] = organisations.named_by_newcomer(records, values.get("organisations", ()))
    member = records.add(Member(**values, joined=today, source="setup"))
    if account:
        membership.link(records, member, account)
    return member


def _named(added: Sequence[Member]) -> str:
    names = ", ".join(f"{member.id} {member.name}" for member in added[:SHOWN])
    return f"{len(added)} added ({names}{', …' if len(added) > SHOWN else ''})" if added else ""
