"""The IGF's report templates: one TOML file for each form that it used, with the fields in the form's order and words.

`docs/reports.md` describes the files for those who add one.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from bot.coalition.limits import Limits
from bot.errors import WrongValue

Source = Literal[
    "", "title", "kind", "submitted", "date", "time", "description", "organisers", "organised before", "chair", "rapporteur", "speakers",
    "online moderators", "women and men among panellists", "women and men among moderators",
    "presentations", "discussion", "agreed",
]  # fmt: skip
"""What of the record fills a field: "" for one that somebody writes."""
DRAFTS: frozenset[Source] = frozenset({"presentations", "discussion", "agreed"})
"""What the agenda and the minutes only propose: whoever writes the report agrees to it, or words it anew."""
Layout = Literal["page", "table"]
DAYS = 14
"""A session report is due so many days after the IGF ends (the rule of 2015 and 2016), unless its cycle has a deadline for it."""


class TemplateField(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One field of a form. `name` is what lines call it, `label` the form's own words, `section` the heading that it stands under.

    `rows`: it holds several entries, each a paragraph, and each with a row of its own in a table. `short`: it is filled in one line.
    `options` are the form's own answers, where it offers some; `open`: it has others, which are not on record. An `optional` field may
    stay empty.
    """

    name: str
    label: str
    source: Source = msgspec.field(default="", name="from")
    section: str = ""
    rows: bool = False
    short: bool = False
    optional: bool = False
    options: tuple[str, ...] = ()
    open: bool = False
    sentences: int | None = None
    paragraphs: int | None = None
    words: int | None = None
    characters: int | None = None

    @property
    def drafted(self) -> bool:
        """Whether the record only proposes its text."""
        return self.source in DRAFTS

    @property
    def limits(self) -> Limits:
        """How much the form takes."""
        return Limits(self.sentences, self.paragraphs, self.words, self.characters, self.rows, () if self.open else self.options)

    def called(self, name: str) -> bool:
        """Whether a name or a published label means this field."""
        wanted = _folded(name)
        return wanted in {_folded(self.name), _folded(self.label), _folded(f"{self.section} {self.label}")}


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A form for session reports. `years` are the cycles that used it; a report is due `days` after their IGF ended."""

    name: str
    title: str
    years: tuple[int, ...]
    source: str
    layout: Layout = "page"
    days: int = DAYS
    fields: tuple[TemplateField, ...]

    def field(self, name: str) -> TemplateField:
        """The field of a name, of its label or of how either begins. Raises WrongValue."""
        wanted = _folded(name)
        found = [field for field in self.fields if field.called(name)]
        found = found or [field for field in self.fields if wanted and _folded(field.name).startswith(wanted)]
        if len(found) != 1:
            known = ", ".join(field.name for field in self.fields)
            raise WrongValue("field", f"is none of {known}: “{name[:40]}”", self.fields[0].name)
        return found[0]


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@cache
def known() -> dict[str, Template]:
    """Every template by its name, the newest first."""
    found = [_read(file.name, file.read_bytes()) for file in files(__name__).iterdir() if file.name.endswith(".toml")]
    return {template.name: template for template in sorted(found, key=lambda each: (each.years, each.name), reverse=True)}


def _read(name: str, data: bytes) -> Template:
    """A template file. Raises ValueError naming the file and what is wrong in it."""
    try:
        template = msgspec.toml.decode(data, type=Template)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{name}: {error}") from error
    names = [field.name for field in template.fields]
    if f"{template.name}.toml" != name or not template.years or len(set(names)) < len(names):
        raise ValueError(f"{name}: is not named {template.name}.toml, names no year, or has two fields of one name")
    return template


def named(name: str) -> Template | None:
    """The template of a name; None for one that nobody has written down."""
    return known().get(name.strip().casefold())


def of_year(year: str) -> Template:
    """The template that a cycle's reports follow: its own, else the newest one of the years before, else the oldest."""
    templates = list(known().values())
    used = (template for template in templates if int(year) in template.years)
    before = (template for template in templates if max(template.years) < int(year))
    return next(used, None) or next(before, templates[-1])
