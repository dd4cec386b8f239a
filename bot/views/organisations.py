"""How organisations and published names read."""

from collections.abc import Mapping, Sequence

from bot.coalition.agendas import Item
from bot.coalition.members import Author, Member, shown
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.programmes import Programme
from bot.coalition.reports import Report
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.message import Bold, Button, Buttons, Message, Spans, bullets, facts
from bot.views.common import some, web
from bot.views.lists import details, member_only
from bot.views.lists import listing as page_of
from bot.views.members import open_to
from bot.views.replies import done


def listing(rows: Sequence[Organisation], reader: Author, *, total: int, page: int) -> Message:
    shown_rows: list[Spans] = [(Bold(row.id), f" {row.name}{f' ({row.country})' if row.country else ''}") for row in rows]
    after = [*details("organisation", rows), member_only(reader, "Add an organisation", "organisation add")]
    return page_of(f"Organisations: {total}", shown_rows, total=total, page=page, line="organisations", empty="None yet.", after=after)


def one(
    organisation: Organisation,
    *,
    members: Sequence[Member],
    names: Sequence[PublishedName],
    programmes: Sequence[Programme],
    sessions: Sequence[Session],
    reader: Author,
    said: str = "",
) -> Message:
    """One organisation. Its members are told to members alone, and only those listed in full."""
    seen = [member for member in members if reader.roles and open_to(member, reader)]
    buttons = [Button("Organisations", "organisations")]
    if reader.chairs or (reader.member and organisation.id in reader.member.organisations):
        buttons += [
            Button("Change it", f"organisation change {organisation.id}"),
            Button("Add a programme", f"programme add --organisation {organisation.id}"),
        ]
    return Message(
        f"{organisation.id} {organisation.name}",
        (
            *done(said),
            facts(
                (
                    ("Also written", ", ".join(organisation.aliases)),
                    ("Website", web(organisation.site)),
                    ("Country", organisation.country),
                    ("Notes", organisation.notes),
                    ("Members", some(f"{member.id} {shown(member, reader)}" for member in seen)),
                    ("Published names", some(f"{name.id} {name.name}" for name in names)),
                    ("Programmes", some(f"{programme.id} {programme.name}" for programme in programmes)),
                    ("Organiser of", some(f"{session.id} {session.title} ({session.cycle})" for session in sessions)),
                    ("Source", organisation.source),
                )
            ),
            Buttons(tuple(buttons)),
        ),
    )


def names(rows: Sequence[PublishedName], organisations: Mapping[str, Organisation], reader: Author, *, total: int, page: int) -> Message:
    shown_rows: list[Spans] = [(Bold(row.id), f" {row.name}{_affiliation(row, organisations)}") for row in rows]
    after = [*details("name", rows), member_only(reader, "Claim a name", "name claim")]
    return page_of(f"Published names: {total}", shown_rows, total=total, page=page, line="names", empty="None yet.", after=after)


def _affiliation(name: PublishedName, organisations: Mapping[str, Organisation]) -> str:
    found = ", ".join(organisations[identity].name for identity in name.organisations if identity in organisations)
    return f" ({found})" if found else ""


def name(
    name: PublishedName,
    *,
    organisations: Sequence[Organisation],
    slots: Sequence[RoleSlot],
    reports: Sequence[Report],
    items: Sequence[Item],
    sessions: Mapping[str, Session],
    claimant: Member | None,
    reader: Author,
    said: str = "",
) -> Message:
    """One published name with every place it was published. Who claimed it is told as far as that member's listing goes."""
    seen = claimant if claimant and reader.roles and open_to(claimant, reader) else None
    places: dict[str, list[str]] = {}
    for slot in slots:
        places.setdefault(slot.session, []).append(slot.role + (f" ({slot.label})" if slot.label not in {"", name.name} else ""))
    for item in items:
        places.setdefault(item.session, []).append(f"agenda item {item.id} {item.title}")
    for report in reports:
        places.setdefault(report.session, []).append(f"report {report.id}")
    return Message(
        f"{name.id} {name.name}",
        (
            *done(said),
            facts(
                (
                    ("Also written", ", ".join(name.aliases)),
                    ("Organisations", ", ".join(f"{found.id} {found.name}" for found in organisations)),
                    ("Claim", f"{name.claim}: {seen.id} {shown(seen, reader)}" if seen else ""),
                    ("Source", name.source),
                )
            ),
            *((bullets(_place(sessions[session], roles) for session, roles in places.items()),) if places else ()),
            Buttons(tuple(_name_buttons(name, seen, reader))),
        ),
    )


def _place(session: Session, roles: Sequence[str]) -> Spans:
    return (Bold(session.id), f" {session.title} ({session.cycle}): {'; '.join(roles)}")


def _name_buttons(name: PublishedName, claimant: Member | None, reader: Author) -> list[Button]:
    buttons = [Button("Names", "names")]
    if name.member is None and "member" in reader.roles and reader.id:
        buttons.append(Button("This is me", f"name claim {name.id}"))
    if name.claim == "claimed" and reader.chairs:
        buttons.append(Button("Confirm", f"name confirm {name.id}"))
    if claimant and (reader.chairs or reader.id == claimant.id):
        buttons.append(Button("End the claim", f"name unclaim {name.id}"))
    return buttons
