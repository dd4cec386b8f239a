"""Merging two published names, or two organisations, into one: whatever pointed at the one points at the other."""

from typing import Any, TypeVar

from bot.coalition.organisations import ClaimState, Organisation, PublishedName
from bot.coalition.record import Record, pointing, redirected
from bot.coalition.slots import RoleSlot, SlotState
from bot.coalition.store import Records
from bot.errors import Refused

Named = TypeVar("Named", Organisation, PublishedName)
CLAIMS: tuple[ClaimState, ...] = ("unclaimed", "claimed", "confirmed")
FURTHEST: tuple[SlotState, ...] = ("withdrew", "suggested", "contacted", "provisionally confirmed", "confirmed", "no-show", "attended")
"""Of two slots of one person in one role, the one whose state stands later here says what became of it."""


def check(one: Record, two: Record) -> None:
    """Raises Refused for what cannot be one: itself, things of different kinds, names that two members claim."""
    if one.id == two.id:
        raise Refused(f"{one.id} is itself already. Name two.", lines=[f"aliases {one.id}"])
    if type(one) is not type(two):
        raise Refused(f"{one.id} is {_a(one)} and {two.id} {_a(two)}, so they cannot be one.", lines=["aliases"])
    if isinstance(one, PublishedName) and isinstance(two, PublishedName) and one.member and two.member and one.member != two.member:
        raise Refused(
            f"{one.id} and {two.id} are claimed by two different members. End the claim that is wrong first.",
            lines=[f"name {one.id}", f"name {two.id}", f"name unclaim {one.id}"],
        )


def _a(record: Record) -> str:
    return "an organisation" if isinstance(record, Organisation) else "a published name"


def merge(records: Records, gone: Named, kept: Named) -> tuple[Named, list[str]]:
    """Make the one a spelling of the other, which is kept; the kept one, and the ids of what pointed at the one that is gone.

    Raises Refused; see `check`.
    """
    check(gone, kept)
    moved = pointing_at(records, gone.id)
    for identity in moved:
        if identity != kept.id:
            _redirect(records, records.any(identity), {gone.id: kept.id})
    one = records.change(kept, **_together(gone, kept))
    freed = records.change(gone, different=())
    if isinstance(one, PublishedName):
        _join_slots(records, one)
    records.remove(freed)
    return one, moved


def pointing_at(records: Records, identity: str) -> list[str]:
    """The ids of what names a record, each once."""
    return list(dict.fromkeys(where for where, _ in records.referrers(identity) if where != identity))


def _redirect(records: Records, record: Record, to: dict[str, str]) -> None:
    """Have a record point elsewhere, in each of its lists only once."""
    new = redirected(record, to)
    records.change(record, **{name: _once(getattr(new, name), record.id) for name in pointing(type(record))})


def _once(value: Any, own: str) -> Any:
    """A list without what points a second time at the same record, or at the record itself; any other value as it is."""
    if not isinstance(value, tuple):
        return value
    found: dict[object, Any] = {}
    for entry in value:
        found.setdefault(_target(entry) or object(), entry)
    return tuple(entry for target, entry in found.items() if target != own)


def _target(entry: Any) -> str:
    """What an entry of a list points at: an id, or the person of a speaker; "" for nothing."""
    return entry if isinstance(entry, str) else getattr(entry, "person", None) or ""


def _together(gone: Named, kept: Named) -> dict[str, Any]:
    """The fields of the kept record with what only the other one says."""
    spellings = dict.fromkeys((*kept.aliases, gone.name, *gone.aliases))
    both: dict[str, Any] = {
        "aliases": tuple(spelling for spelling in spellings if spelling != kept.name),
        "different": tuple(dict.fromkeys(other for other in (*kept.different, *gone.different) if other not in (kept.id, gone.id))),
        "source": "; ".join(dict.fromkeys(filter(None, [*kept.source.split("; "), *gone.source.split("; ")]))),
    }
    if isinstance(gone, PublishedName) and isinstance(kept, PublishedName):
        both["organisations"] = tuple(dict.fromkeys((*kept.organisations, *gone.organisations)))
        both["member"] = kept.member or gone.member
        both["claim"] = max(kept.claim, gone.claim, key=CLAIMS.index)
    if isinstance(gone, Organisation) and isinstance(kept, Organisation):
        both["site"] = kept.site or gone.site
        both["country"] = kept.country or gone.country
        both["notes"] = "\n".join(dict.fromkeys(filter(None, [kept.notes, gone.notes])))
    return both


def _join_slots(records: Records, name: PublishedName) -> None:
    """Make one slot of several that the name now has in the same role of a session."""
    held: dict[tuple[str, str], RoleSlot] = {}
    for slot in records.referring(RoleSlot, "person", name.id):
        twin = held.get((slot.session, slot.role))
        held[slot.session, slot.role] = _joined(records, twin, slot) if twin else slot


def _joined(records: Records, one: RoleSlot, two: RoleSlot) -> RoleSlot:
    """The slot that went further, with what the other one says beside; the other one is gone."""
    weaker, kept = sorted((one, two), key=lambda slot: FURTHEST.index(slot.state))
    for identity in pointing_at(records, weaker.id):
        _redirect(records, records.any(identity), {weaker.id: kept.id})
    filled = {name: getattr(kept, name) or getattr(weaker, name) for name in ("affiliation", "group", "region", "invited", "answer")}
    notes = {name: "; ".join(dict.fromkeys(filter(None, [getattr(kept, name), getattr(weaker, name)]))) for name in ("note", "source")}
    onsite = weaker.onsite if kept.onsite is None else kept.onsite
    records.remove(weaker)
    return records.change(kept, **filled, **notes, onsite=onsite)


def dismiss(records: Records, one: Organisation | PublishedName, two: Organisation | PublishedName) -> None:
    """Remember that the two are different. Raises Refused for what cannot be one anyway, or is remembered already."""
    check(one, two)
    if two.id in one.different or one.id in two.different:
        raise Refused(f"{one.id} and {two.id} are known to be different already.", lines=["aliases"])
    records.change(one, different=(*one.different, two.id))
