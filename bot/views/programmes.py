"""How programmes read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from bot.coalition import zones
from bot.coalition.members import Author
from bot.coalition.organisations import Organisation
from bot.coalition.programmes import Programme
from bot.message import Bold, Button, Buttons, Message, Spans, facts
from bot.views.common import web
from bot.views.lists import details, member_only
from bot.views.lists import listing as page_of
from bot.views.replies import done


def listing(
    rows: Sequence[Programme], owners: Mapping[str, Organisation], reader: Author, now: datetime, *, total: int, page: int, line: str
) -> Message:
    """Programmes with their organisation, area and when somebody last looked."""
    after = [*details("programme", rows), member_only(reader, "Add a programme", "programme add")]
    shown = [_row(programme, owners[programme.organisation], now) for programme in rows]
    return page_of(f"Programmes: {total}", shown, total=total, page=page, line=line, empty="None here yet.", after=after)


def _row(programme: Programme, owner: Organisation, now: datetime) -> Spans:
    checked = f"checked {zones.ago(datetime.combine(programme.checked, time(), UTC), now)}" if programme.checked else "never checked"
    return (Bold(programme.id), f" {programme.name} ({owner.name}; area {_area(programme)}; {checked})")


def _area(programme: Programme) -> str:
    """The number of an area where it has one, its title otherwise."""
    number, _, _ = programme.area.partition(" ")
    return number if number.rstrip(".:").isdigit() else programme.area


def one(programme: Programme, owner: Organisation, reader: Author, said: str = "") -> Message:
    """One programme. `said` tells what was just done."""
    buttons = [Button(f"{owner.id} {owner.name}", f"organisation {owner.id}")]
    if reader.chairs or (reader.member and owner.id in reader.member.organisations):
        buttons += [
            Button("Still right", f"programme checked {programme.id}"),
            Button("Change it", f"programme change {programme.id}"),
        ]
    return Message(
        f"{programme.id} {programme.name}",
        (
            *done(said),
            facts(
                (
                    ("Organisation", f"{owner.id} {owner.name}"),
                    ("Area", programme.area),
                    ("Website", web(programme.website)),
                    ("Summary", programme.summary),
                    ("Countries", ", ".join(programme.countries)),
                    ("Last checked", zones.day(programme.checked) if programme.checked else "never"),
                    ("Source", programme.source),
                )
            ),
            Buttons(tuple(buttons)),
        ),
    )
