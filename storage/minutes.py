"""Run sheets and the lines of minutes in their tables."""

from bot.coalition.minutes import Note, RunSheet
from storage.kept import Entry, kept

NOTES = kept(Note, "minutes", indexes=[("session",)], search=lambda note: Entry(note.text))
RUN_SHEETS = kept(RunSheet, "run_sheets", indexes=[("session",)])
