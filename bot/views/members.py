"""How members read. What a member keeps to themselves is left out here, whoever asks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import zones
from bot.coalition.groups import brief
from bot.coalition.members import AccountLink, Author, Expertise, Member, intimate, shown
from bot.coalition.membership import STATES
from bot.coalition.organisations import Organisation, PublishedName
from bot.message import Bold, Button, Buttons, Message, Moment, Span, Spans, buttons, facts, text
from bot.views.lists import details
from bot.views.lists import listing as page_of
from bot.views.replies import done


def listing(rows: Sequence[Member], reader: Author, *, total: int, page: int, line: str) -> Message:
    """The directory; those listed by group only stand as such at its end."""
    after = [*details("member", rows), Button("Find an expert", "experts"), *([Button("Newest members", "joins")] if reader.chairs else ())]
    title = f"Members: {total}"
    return page_of(title, [_row(member, reader) for member in rows], total=total, page=page, line=line, empty="Nobody yet.", after=after)


def _row(member: Member, reader: Author) -> Spans:
    if not open_to(member, reader):
        return (Bold(member.id), f" {shown(member, reader)}")
    tags = ", ".join(known.tag for known in member.expertise[:3])
    about = "; ".join(filter(None, [", ".join(map(brief, filter(None, [member.group, member.region]))), tags]))
    office = ", chair" if member.chair else ""
    return (Bold(member.id), f" {shown(member, reader)}{office}{f' ({about})' if about else ''}")


def open_to(member: Member, reader: Author) -> bool:
    """Whether more than group, region and tags may be shown where the reader asks."""
    return member.visibility == "full" or (reader.alone and intimate(member, reader))


def totals(by_group: Mapping[str, int], by_region: Mapping[str, int], total: int) -> Message:
    """What strangers are told: how many members there are, and nobody's name."""
    return Message(
        f"Members: {total}",
        (
            facts((label, str(count)) for label, count in by_group.items() if count),
            facts((label, str(count)) for label, count in by_region.items() if count),
            text("Members see who they are."),
            buttons(("Join", "join"), ("About", "about")),
        ),
    )


def joins(rows: Sequence[Member], *, total: int, page: int) -> Message:
    """For chairs: who waits for an answer, then the newest members."""
    asked = [member for member in rows if member.state == "asked"]
    after = [Button(f"Admit {member.id}", f"member admit {member.id}") for member in asked[:3]]
    after += [Button(f"Refuse {member.id}", f"member refuse {member.id}") for member in rows[:3] if not member.chair][:1]
    return page_of(
        "Newest members", [_joined_row(member) for member in rows], total=total, page=page, line="joins", empty="Nobody yet.",
        after=after, private=True,
    )  # fmt: skip


def _joined_row(member: Member) -> Spans:
    when = f", joined {zones.day(member.joined)}" if member.joined else ""
    asks = ", asks to join again" if member.state == "asked" else when
    return (Bold(member.id), f" {member.name} ({', '.join(filter(None, [member.group, member.region])) or 'no group yet'}){asks}")


def expertise(known: Sequence[Expertise]) -> str:
    """`hotlines: runs one; takedown`, as it is also written."""
    return "; ".join(f"{item.tag}: {item.evidence}" if item.evidence else item.tag for item in known)


def profile(member: Member, organisations: Sequence[Organisation], names: Sequence[PublishedName]) -> list[tuple[str, Span | Spans]]:
    """The rows of a profile that every member may see of one who is listed in full."""
    return [
        ("Office", "chair" if member.chair else ""),
        ("Organisations", ", ".join(f"{found.id} {found.name}" for found in organisations)),
        ("Group", member.group),
        ("Region", member.region),
        ("Country", member.country),
        ("Languages", ", ".join(member.languages)),
        ("Expertise", expertise(member.expertise)),
        ("Zone", member.zone),
        ("Comes in person", "" if member.onsite is None else "yes" if member.onsite else "no"),
        ("Away until", zones.day(member.away_until) if member.away_until else ""),
        ("Published as", ", ".join(f"{name.id} {name.name} ({name.claim})" for name in names)),
    ]


def by_group_only(member: Member) -> list[tuple[str, Span | Spans]]:
    """The rows of a profile that is listed by group only."""
    tags = ", ".join(known.tag for known in member.expertise)
    return [("Group", member.group), ("Region", member.region), ("Expertise", tags)]


def confidential(member: Member, accounts: Sequence[AccountLink]) -> list[tuple[str, Span | Spans]]:
    """The rows that only the member and the chairs see."""
    return [
        ("Other names", ", ".join(member.aliases)),
        ("E-mail", member.email),
        ("Accounts", ", ".join(f"{account.id} (closed)" if account.gone else account.id for account in accounts)),
        ("Listed", "in full" if member.visibility == "full" else "by group and region only"),
        ("Joined", zones.day(member.joined) if member.joined else ""),
        ("State", member.state if member.state != "active" else ""),
        ("Refused because", member.refusal if member.state in {"refused", "asked"} else ""),
        ("Source", member.source),
    ]


def one(
    member: Member,
    *,
    organisations: Sequence[Organisation],
    names: Sequence[PublishedName],
    accounts: Sequence[AccountLink],
    heard: datetime | None,
    now: datetime,
    reader: Author,
    said: str = "",
    undo: bool = True,
) -> Message:
    """One member as `reader` may see them. `said` tells what was just done; `undo` whether that can be taken back."""
    private = intimate(member, reader)
    full = private or open_to(member, reader)
    rows = profile(member, organisations, names) if full else by_group_only(member)
    if full and member.zone:
        rows.append(("Their clock", (Moment(now, member.zone, reader.zone),)))
    if private:
        last: Spans = (Moment(heard, "UTC", reader.zone), f", {zones.ago(heard, now)}") if heard else ("never",)
        rows += [*confidential(member, accounts), ("Last heard from", last)]
    return Message(
        f"{member.id} {member.name if private else shown(member, reader)}",
        (*done(said, undo=undo), facts(rows), Buttons(tuple(_next(member, reader)))),
        private=private or bool(said),
    )


def _next(member: Member, reader: Author) -> list[Button]:
    lines = [Button("Members", "members")]
    if reader.id == member.id:
        lines.append(Button("Change it", "me change"))
    if reader.chairs:
        lines.append(Button("Link an account", f"member link {member.id}"))
        lines += [Button(verb.capitalize(), f"member {verb} {member.id}") for verb in STATES.verbs(member.state) if not member.chair]
    return lines


def joined(member: Member) -> Message:
    """What somebody who joined is told: who they are now, what a chair may do, what comes next."""
    if member.state == "asked":
        return Message(
            f"You have asked to join again as {member.id} {member.name}.",
            (text("A chair reads it and answers. You see the answer here:"), buttons(("What is known of me", "me"))),
            private=True,
        )
    return Message(
        f"Welcome, {member.name}: you are {member.id}, a member.",
        (
            text("Members see your profile; to be listed by group and region only: change it. A chair can refuse a new member."),
            text("Under-18s take part through an adult organisation; write nothing here about minors."),
            buttons(
                ("My profile", "me"), ("List me by group only", "me change --visibility group"), ("Projects", "projects"), ("Help", "help")
            ),
        ),
        private=True,
    )
