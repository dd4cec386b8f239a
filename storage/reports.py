"""Reports and their passages in their tables."""

from bot.coalition.reports import Passage, Report
from storage.kept import Entry, kept

REPORTS = kept(
    Report,
    "reports",
    indexes=[("session",)],
    search=lambda r: Entry(r.template, "\n".join(answer.text for answer in r.answers)),
)
PASSAGES = kept(Passage, "passages", indexes=[("report",)], search=lambda passage: Entry("", passage.text) if passage.text else None)
