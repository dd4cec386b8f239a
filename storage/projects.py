"""Projects, milestones and updates in their tables."""

from bot.coalition.projects import Milestone, Project, Update, Voice
from storage.kept import Entry, kept

PROJECTS = kept(
    Project, "projects", indexes=[("cycle", "state")], search=lambda p: Entry(p.title, " ".join([p.summary, p.outcome, *p.tags]))
)
MILESTONES = kept(Milestone, "milestones", indexes=[("project",)], search=lambda m: Entry(m.title, m.evidence))
UPDATES = kept(Update, "updates", indexes=[("project", "at")], search=lambda u: Entry(u.line))
VOICES = kept(Voice, "voices", indexes=[("project",)])
