"""Rule sets that chairs added, in their table."""

from bot.coalition.rulesets import RuleSet
from storage.kept import kept

RULE_SETS = kept(RuleSet, "rule_sets")
