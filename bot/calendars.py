"""Calendars as iCalendar (RFC 5545), with zones and alarms, by the library icalendar."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.coalition import zones
from bot.coalition.calendars import Entry

if TYPE_CHECKING:
    from icalendar import Alarm, Event, Timezone

MIME = "text/calendar"
PRODUCT = "-//coalition-bot//calendar//EN"
DOMAIN = "coalition-bot"
"""What the uids of entries end with (RFC 7986, 5.3, advises against naming a host)."""
REFRESH = timedelta(hours=1)
"""How often an application is asked to look again."""


def written(entries: Iterable[Entry], name: str, now: datetime, *, whose: str = "", alarm: int | None = None) -> bytes:
    """The calendar as a file. `name` is what it is called, `whose` the `uid` of the coalition, `now` aware, `alarm` minutes before each
    entry that has a time."""
    import icalendar  # noqa: PLC0415 - eight megabytes, and seldom needed

    events = [_event(entry, now, alarm) for entry in entries]
    calendar = icalendar.Calendar.new(prodid=PRODUCT, method="PUBLISH", calscale="GREGORIAN", subcomponents=events, uid=f"{whose}@{DOMAIN}")
    for called in ("NAME", "X-WR-CALNAME"):
        calendar.add(called, icalendar.vText(name))
    calendar.add("REFRESH-INTERVAL", icalendar.vDuration(REFRESH), parameters={"VALUE": "DURATION"})  # Which RFC 7986, 5.7, requires.
    calendar.add("X-PUBLISHED-TTL", icalendar.vDuration(REFRESH))  # What Outlook reads instead.
    days = [event.start.date() if isinstance(event.start, datetime) else event.start for event in events]
    if days:
        calendar.add_missing_timezones(min(days) - timedelta(days=366), max(days) + timedelta(days=366))
    for zone in calendar.timezones:
        _onsets(zone)
    data: bytes = calendar.to_ical()
    return data


def _onsets(zone: "Timezone") -> None:
    """Have clocks that go forward do so at the time they showed until then (RFC 5545, 3.6.5); the library says the time after it."""
    from icalendar import TimezoneDaylight, TimezoneStandard  # noqa: PLC0415 - see above

    for part in zone.subcomponents:
        if not isinstance(part, TimezoneDaylight | TimezoneStandard):
            continue
        forward = part.TZOFFSETTO - part.TZOFFSETFROM
        if forward > timedelta():
            part.DTSTART -= forward
            part.rdates = [day - forward for day, *_ in part.rdates]


def _event(entry: Entry, now: datetime, alarm: int | None) -> "Event":
    import icalendar  # noqa: PLC0415 - see above

    lines = [entry.about, *([f"Join: {entry.join}"] if entry.join else ())]
    event = icalendar.Event.new(
        uid=f"{entry.uid}@{DOMAIN}",
        stamp=entry.changed or now,  # So that what did not change reads the same, byte for byte.
        last_modified=entry.changed,
        sequence=entry.revision,
        summary=entry.title,
        description="\n".join(filter(None, lines)) or None,
        location=entry.where or entry.join or None,
        url=entry.join or entry.page or None,
        status=icalendar.STATUS(entry.standing.upper()),
        transparency=None if entry.start and entry.minutes else icalendar.TRANSP.TRANSPARENT,
    )
    if entry.start:
        event.start = entry.start.astimezone(_zone(entry.zone))
        if entry.minutes:
            event.end = (entry.start.astimezone(UTC) + timedelta(minutes=entry.minutes)).astimezone(_zone(entry.zone))
        if alarm is not None and entry.standing != "cancelled":
            event.add_component(_alarm(entry, alarm))
    elif entry.day:
        event.start = entry.day
        event.end = (entry.until or entry.day) + timedelta(days=1)  # RFC 5545, 3.6.1: the end of whole days is not part of them.
    return event


def _alarm(entry: Entry, minutes: int) -> "Alarm":
    import icalendar  # noqa: PLC0415 - see above

    alarm = icalendar.Alarm.new(description=entry.title)
    alarm.add("ACTION", "DISPLAY")
    alarm.TRIGGER = timedelta(minutes=-minutes)
    return alarm


def _zone(name: str) -> tzinfo:
    """The zone as an application knows it; an offset or an abbreviation has no name there, so its instants are in UTC."""
    found = zones.tz(name)
    return found if isinstance(found, ZoneInfo) else UTC
