"""Checking a proposal by a rule set: what passes, fails, is warned of or cannot be known, each with its figure."""

from dataclasses import dataclass

from bot.coalition import entries, groups, rulesets
from bot.coalition.cycles import Cycle
from bot.coalition.limits import words
from bot.coalition.measures import MEASURES, Case, Verdict, case_of, counted
from bot.coalition.rulefiles import CheckName, Limit, Rule, RuleField, Rules, Unknown
from bot.coalition.sessions import Session
from bot.coalition.store import Records

EMPTY, FILLED = "is empty", "is filled in"
ORDER: tuple[Verdict, ...] = ("failed", "warned", "unknown", "passed")


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, as it was measured. `said` has the figure; `line` is what mends it, "" where nothing does."""

    verdict: Verdict
    name: str
    said: str
    line: str = ""


def check(records: Records, session: Session, rules: Rules) -> list[Finding]:
    """What a proposal passes and fails by a rule set, failures first."""
    case = case_of(records, session, rules)
    written = [_written(case, field, text) for field, text in entries.filled(records, session, rules)]
    found = [finding for finding in (*written, *(_ruled(case, rule) for rule in rules.rules)) if finding]
    return sorted(found, key=lambda finding: ORDER.index(finding.verdict))


def measured(field: RuleField, text: str) -> tuple[Verdict, str] | None:
    """How long a field's text is against its limits; None where it has none."""
    found = [_limited(field.words, words(text), "word"), _limited(field.characters, len(text), "character")]
    said = [told for told in found if told]
    return (min((verdict for verdict, _ in said), key=ORDER.index), "; ".join(told for _, told in said)) if said else None


def options(records: Records, session: Session, field: RuleField) -> tuple[str, ...]:
    """What a form offers for a field: its own options, or those of the cycle or of the IGF's lists."""
    match field.offers:
        case "themes":
            cycle = records.find(Cycle, session.cycle)
            return cycle.themes if cycle else ()
        case "stakeholder groups":
            return tuple(groups.STAKEHOLDERS)
        case "regional groups":
            return tuple(groups.REGIONS)
        case _:
            return field.options


def _written(case: Case, field: RuleField, text: str) -> Finding | None:
    """What is to be said of a field; None for one that may be empty, has no limit and keeps to the options."""
    if not text:
        return Finding("failed", field.label, EMPTY, _filling(case, field, alone=False)) if field.required else None
    found = measured(field, text) or _chosen(case, field, text)
    if found is None:
        return Finding("passed", field.label, FILLED) if field.required else None
    return Finding(found[0], field.label, found[1], _filling(case, field) if found[0] in ("failed", "warned") else "")


def _limited(limit: Limit | Unknown | None, figure: int, unit: str) -> tuple[Verdict, str] | None:
    if limit is None:
        return None
    if not isinstance(limit, Limit):
        return "unknown", f"{counted(figure, unit)}; the limit is not known"
    return "passed" if limit.holds(figure) else "failed", f"{counted(figure, unit)}, {limit}"


def _chosen(case: Case, field: RuleField, text: str) -> tuple[Verdict, str] | None:
    """Which of the values is no option of the form; None where all are, or where the form has none."""
    offered = options(case.records, case.session, field)
    known = {option.casefold() for option in offered}
    strange = [value for value in text.split("\n") if offered and value.casefold() not in known]
    said = f"“{strange[0]}”" if strange and field.keeps else "what is there"  # What an entry holds is personal.
    return ("warned", f"{said} is none of {'; '.join(offered)}") if strange else None


def _filling(case: Case, field: RuleField, *, alone: bool = True) -> str:
    """The line that fills in a field alone, or the part of the form in which it stands."""
    if field.roles:
        return f"slot add {case.session.id}"
    part = field.key if alone else str(case.rules.part_of(field.key))
    own = rulesets.of(case.records, case.session)
    by = "" if own and own.year == case.rules.year else f" --rules {case.rules.year}"
    return f"proposal fill {case.session.id} --part {part}{by}"


def _ruled(case: Case, rule: Rule) -> Finding | None:
    """A rule as it was measured, or as one that is off; None for one that is not about this proposal."""
    name = rule.check[:1].upper() + rule.check[1:]
    if not rule.known:
        return Finding("unknown", name, f"not known for {case.rules.year}: {rule.note or 'nobody has found the figure'}")
    found = MEASURES[rule.check](case, rule)
    if found is None:
        return None
    verdict, said = found
    if verdict == "failed" and rule.asked != "must":
        verdict = "warned" if rule.asked == "liked" else "passed"
    line = _LINES.get(rule.check, "proposal change {0}").format(case.session.id) if verdict in ("failed", "warned") else ""
    return Finding(verdict, name, f"{said} ({rule.note})" if rule.note else said, line)


_LINES: dict[CheckName, str] = {
    "number of speakers": "slot add {0}", "most speakers": "slots {0}", "sessions of a speaker": "slots {0}", "gender mix": "slot add {0}",
    "moderators onsite": "slots {0}", "speakers onsite": "slots {0}",
}  # fmt: skip
"""What mends a rule that a change of the proposal itself does not."""
