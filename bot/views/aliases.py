"""How proposals read that two spellings mean one and the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.coalition.blocking import Found, Proposal
from bot.coalition.members import Author
from bot.coalition.organisations import Organisation, PublishedName
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Code, Message, Spans, bullets, buttons, text
from bot.views.common import some
from bot.views.lists import DETAILS
from bot.views.lists import listing as page_of
from bot.views.replies import done

Named = Organisation | PublishedName

_PARTIAL = "So many are spelled alike that not all were compared. Merge or dismiss some of these, or ask for one name alone by its id."


def listing(rows: Sequence[Proposal], known: Mapping[str, Named], found: Found, *, page: int, of: str = "") -> Message:
    """A page of what was found, best first; `of` is the record whose proposals they are, "" for all."""
    total = len(found.proposals)
    line = compose("aliases", *([of] if of else []))
    after = [Button(f"{row.one} and {row.two}", f"aliases {row.one} {row.two}") for row in rows[:DETAILS]]
    whole = page_of(
        f"Perhaps one and the same: {'at least ' if found.partial else ''}{total}", [_row(row, known) for row in rows],
        total=total, page=page, line=line,
        empty="No two spellings look as if they meant the same.", after=after or [Button("Names", "names")],
    )  # fmt: skip
    return replace(whole, blocks=(text(_PARTIAL), *whole.blocks)) if found.partial else whole


def _row(row: Proposal, known: Mapping[str, Named]) -> Spans:
    return (
        Bold(f"{row.one} {known[row.one].name}"), " and ", Bold(f"{row.two} {known[row.two].name}"), f": {'; '.join(row.reasons)}",
        f". Against it: {'; '.join(row.against)}" if row.against else "", ". ", Code(f"aliases {row.one} {row.two}"),
    )  # fmt: skip


def pair(one: Named, two: Named, proposal: Proposal | None, moves: Mapping[str, Sequence[str]], refusal: str, reader: Author) -> Message:
    """Two records beside each other: why they may be one, what a merge would move in either order (`moves` are the ids of what names each),
    or why they cannot be merged."""
    reasons = proposal.reasons if proposal else ("nothing in their spelling says so",)
    blocks: list[Block] = [text(f"For it: {'; '.join(reasons)}.")]
    if proposal and proposal.against:
        blocks.append(text(f"Against it: {'; '.join(proposal.against)}."))
    orders = ((one, two), (two, one))
    blocks.append(bullets(_order(gone, kept, moves[gone.id]) for gone, kept in orders) if not refusal else text(refusal))
    merges = [] if refusal else [(f"Keep {kept.id}", f"aliases merge {gone.id} {kept.id}") for gone, kept in reversed(orders)]
    dismissal = [("They are different", f"aliases dismiss {one.id} {two.id}")] if not refusal else []
    chairs = [*merges, *dismissal] if reader.chairs else []
    shown = [(f"Show {each.id}", each.id) for each in (one, two)]
    return Message(f"{one.id} {one.name} and {two.id} {two.name}", (*blocks, buttons(*chairs, *shown, ("All proposals", "aliases"))))


def _order(gone: Named, kept: Named, moves: Sequence[str]) -> Spans:
    named = f" Named in {some(moves)}: these will name {kept.id}." if moves else f" Nothing names {gone.id}."
    return (Bold(f"Keep {kept.id} {kept.name}"), f": “{gone.name}” becomes another spelling of it, and {gone.id} goes.", named)


def merged(gone: Named, kept: Named, moves: Sequence[str]) -> Message:
    """That two are one now."""
    named = f" Moved: {some(moves)}." if moves else ""
    return Message(
        f"{kept.id} {kept.name} is also written {', '.join(kept.aliases)}.",
        (
            *done(f"{gone.id} {gone.name} is one with it, and gone.{named}"),
            Buttons((Button(f"Show {kept.id}", kept.id), Button("More proposals", "aliases"))),
        ),
    )


def dismissed(one: Named, two: Named) -> Message:
    return Message(
        f"{one.id} {one.name} and {two.id} {two.name} are different.",
        (*done("They are not proposed again."), buttons(("More proposals", "aliases"))),
    )
