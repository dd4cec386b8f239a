"""How rule sets read, and what a proposal passes and fails by one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.coalition.checking import EMPTY, FILLED, ORDER, Finding
from bot.coalition.measures import Verdict
from bot.coalition.members import Author
from bot.coalition.rulefiles import Rule, RuleField, Rules
from bot.coalition.sessions import PREPARED, Session, may_change
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Code, File, Link, Message, Span, Spans, bullets, buttons, text
from bot.views.replies import done

HEADS: Mapping[Verdict, str] = {"failed": "Failed", "warned": "Warned", "unknown": "Not known, so off", "passed": "Passed"}


def unchecked(session: Session, near: str, reader: Author) -> Message:
    """What is said where the rules of a proposal's year are not known: by which it could be checked, those of the year `near`."""
    pairs = [(f"Check by {near}", f"proposal check {session.id} --rules {near}")]
    if may_change(session, reader):
        pairs += [(f"{session.id} follows {near}", f"proposal rules {session.id} {near}")]
    if reader.chairs:
        pairs += [(f"All of {session.cycle} follow {near}", compose("cycle change", session.cycle, options=[("rules", near)]))]
    pairs += [("Known rules", "rules"), (f"Show {session.id}", session.id)]
    said = f"I have no rules of {session.cycle}, so nothing of {session.id} is checked."
    told = f"The nearest are those of {near}, which are of that year: take them for now, or a chair adds those of {session.cycle}."
    return Message(said, (text(told), buttons(*pairs)))


def elsewhere(session: Session, rules: Rules) -> Message:
    """What is said of a session that the rules are not about."""
    return Message(
        f"{session.id} is not checked: the rules of {rules.year} are for {_kinds(rules)}, and it is a {session.kind}.",
        (
            text(session.title),
            buttons(
                ("Check it all the same", _line("check", session, rules)),
                (f"Rules of {rules.year}", f"rules {rules.year}"),
                (f"Show {session.id}", f"session {session.id}"),
            ),
        ),
    )


def _kinds(rules: Rules) -> str:
    return " and ".join(f"{kind}s" for kind in rules.kinds)


def listing(known: Mapping[str, Rules], unreadable: Sequence[str], reader: Author) -> Message:
    """Every rule set, the newest first, and why those that cannot be read are off."""
    rows = [*(_row(known[year]) for year in reversed(list(known))), *((f"Off: {reason}",) for reason in unreadable)]
    after = [("Rules of " + year, f"rules {year}") for year in list(known)[-2:]]
    after += [("Add rules", "rules import"), ("A file to begin with", "rules template")] if reader.chairs else []
    return Message("Rules of the calls for proposals", (bullets(rows), text("One of them: ", Code("rules 2023")), buttons(*after)))


def _row(rules: Rules) -> Spans:
    known, unknown = rules.checks
    said = f" {rules.title}: {len(rules.fields)} fields, {known} checks known, {unknown} not known. "
    return (Bold(rules.year), said, Link(rules.source, "Source"))


def one(rules: Rules, said: str = "") -> Message:
    """Everything of a rule set."""
    known, unknown = rules.checks
    about = f" For {_kinds(rules)}." if rules.kinds else ""
    blocks: list[Block] = [*done(said), text(Link(rules.source, "Source"), f". {known} checks known, {unknown} not known.{about}")]
    blocks += [bullets(rules.notes)] if rules.notes else []
    for part in rules.parts:
        blocks += [text(Bold(part.title or "The form")), bullets(_field(rules, field) for field in part.fields)]
    if rules.rules:
        blocks += [text(Bold("Rules")), bullets(_rule(rules, rule) for rule in rules.rules)]
    after = [Button("The file", f"rules export {rules.year}"), Button("All years", "rules")]
    return Message(f"Rules of {rules.year}: {rules.title}", (*blocks, Buttons(tuple(after))))


def _field(rules: Rules, field: RuleField) -> Spans:
    facts = ["required"] if field.required else []
    facts += [_limit(limit, unit) for limit, unit in ((field.words, "words"), (field.characters, "characters")) if limit is not None]
    facts += [f"one of {'; '.join(field.options)}"] if field.options else []
    facts += [f"one of the {field.offers}"] if field.offers else []
    facts += [f"role slots: {', '.join(field.roles)}"] if field.roles else []
    facts += [field.hint] if field.hint else []
    source: Spans = (" ", Link(rules.address(field.source), field.source)) if field.source else ()
    return (field.label, f" ({', '.join(facts)})" if facts else "", *source)


def _limit(limit: object, unit: str) -> str:
    return f"the limit of {unit} is not known" if limit == "unknown" else f"{limit} {unit}"


def _rule(rules: Rules, rule: Rule) -> Spans:
    return (*_said(rule), " ", Link(rules.address(rule.source), rule.source))


def _said(rule: Rule) -> Spans:
    name = Bold(rule.check[:1].upper() + rule.check[1:])
    if not rule.known:
        return (name, f": not known ({rule.note})" if rule.note else ": not known")
    bounds = [f"at least {rule.least}" if rule.least is not None else "", f"at most {rule.most}" if rule.most is not None else ""]
    facts = [
        *bounds,
        rule.state if rule.state != "suggested" else "",
        f"{' or '.join(map(str, rule.minutes))} minutes" if rule.minutes else "",
        f"for formats with {' or '.join(rule.formats)}" if rule.formats else "",
        {"must": "", "liked": "asked for, not a condition", "noted": "not a condition"}[rule.asked],
        rule.note,
    ]
    told = ", ".join(filter(None, facts))
    return (name, f": {told}" if told else "")


def template(content: str, reader: Author) -> Message:
    """A file to begin with, and where it goes."""
    given: tuple[Span, ...] = (" gives it back: ", Code("rules import")) if reader.chairs else (" gives it back.",)
    told = text("Change what does not fit. A chair", *given)
    return Message("A rule file to begin with", (told, File("rules.toml", content.encode(), "application/toml")))


def exported(rules: Rules, content: str) -> Message:
    """The file of a rule set."""
    return Message(f"Rules of {rules.year}: {rules.title}", (File(f"{rules.year}.toml", content.encode(), "application/toml"),))


def checked(
    session: Session, rules: Rules, found: Sequence[Finding], later: Rules | None, coming: Sequence[Finding], reader: Author
) -> Message:
    """What a proposal passes and fails; `coming` is what it would be told by the `later` rules."""
    tally = Counter(finding.verdict for finding in found)
    counts = [] if tally["failed"] else ["nothing failed"]
    counts += [f"{tally[verdict]} {verdict}" for verdict in ORDER if tally[verdict]]
    blocks: list[Block] = [text(session.title)]
    if not rules.about(session.kind):
        blocks.append(text(f"These rules are for {_kinds(rules)}; this is a {session.kind}."))
    for verdict in ORDER:
        rows = [finding for finding in found if finding.verdict == verdict]
        blocks += [text(Bold(HEADS[verdict])), bullets(_findings(rows))] if rows else []
    if later:
        blocks.append(_coming(later, coming))
    ready = may_change(session, reader) and not tally["failed"] and session.state in PREPARED
    after = [Button("Submit", f"proposal submit {session.id}")] if ready else []
    after += [Button("Fill in the form", _line("fill", session, rules))] if may_change(session, reader) else []
    after += [Button(f"By the rules of {later.year}", _line("check", session, later))] if later else []
    after += [Button(f"Rules of {rules.year}", f"rules {rules.year}"), Button(f"Show {session.id}", f"session {session.id}")]
    return Message(f"{session.id} by the rules of {rules.year}: {', '.join(counts)}", (*blocks, Buttons(tuple(after))))


def _line(verb: str, session: Session, rules: Rules) -> str:
    return compose(f"proposal {verb}", session.id, options=[("rules", rules.year)])


def _findings(rows: Sequence[Finding]) -> list[Spans]:
    """A line for each that has a figure, one for all that are merely filled in, one for those that are empty and filled in together."""
    measured = [_finding(row) for row in rows if row.said not in (EMPTY, FILLED)]
    together = groupby((row for row in rows if row.said in (EMPTY, FILLED)), lambda row: (row.said, row.line))
    return [*measured, *(_together(said, [row.name for row in same], line) for (said, line), same in together)]


def _together(said: str, names: Sequence[str], line: str) -> Spans:
    mends: tuple[Span, ...] = (" - ", Code(line)) if line else ()
    return (Bold("Empty" if said == EMPTY else "Filled in"), f": {', '.join(names)}", *mends)


def _finding(finding: Finding) -> Spans:
    mends: tuple[Span, ...] = (" - ", Code(finding.line)) if finding.line else ()
    return (Bold(finding.name), f": {finding.said}", *mends)


def _coming(later: Rules, coming: Sequence[Finding]) -> Block:
    failed = [f"{finding.name} ({finding.said})" for finding in coming if finding.verdict == "failed"]
    if not failed:
        return text(Bold(f"Next, by the rules of {later.year}"), ": nothing that is known would fail.")
    return text(Bold(f"Next, by the rules of {later.year}"), f", would fail: {'; '.join(failed)}.")


def followed(session: Session, rules: Rules, reader: Author) -> Message:
    """Which rules a proposal follows from now on."""
    shown = [Button("Check it", f"proposal check {session.id}"), Button(f"Rules of {rules.year}", f"rules {rules.year}")]
    return Message(f"{session.id} follows the rules of {rules.year}", (*done("Changed."), Buttons(tuple(shown))))
