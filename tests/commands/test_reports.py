"""Reports: composed from the record, written field by field by several people, measured by their form, filed and taken away."""

import asyncio
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from docx2python import docx2python

from bot.coalition import templates
from bot.coalition.ids import ItemId, PersonId, SessionId
from bot.coalition.members import Member
from bot.coalition.minutes import Note, NoteKind
from bot.coalition.reports import Answer, Passage, Report
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Stamp
from bot.message import Buttons, File, Form, Message
from bot.shell import demo
from bot.testing import FakeClock, Rig
from bot.testing.rig import OPERATOR
from storage.store import SqlStore

SEEDS = {
    answer["label"]: answer["text"]
    for line in files("bot.sample").joinpath("sessions.jsonl").read_text("utf-8").splitlines()
    for answer in json.loads(line).get("answers", [])
}
"""The fields of the two published reports, as the sample record holds their words."""


def _hold(rig: Rig) -> None:
    rig.say('proposal new "Safer apps" --description "What app stores can do" --organiser-note ECCOS')
    rig.say('proposal change S1 --start "2026-11-20 10:00" --zone Africa/Nairobi')
    rig.say("slot add S1 rapporteur M2")
    rig.say('slot add S1 speaker --label "Ana Example" --affiliation ICMEC')
    rig.say('agenda add S1 "What stores do" --minutes 10m --who "Ana Example (ICMEC)"')
    rig.say('agenda add S1 "Open floor" --minutes 20m')
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup")) as records:
        hidden = PersonId(records.add(Member(name="Zoe Hidden", visibility="group", group="Civil Society", state="active")).id)
        records.add(RoleSlot(session=SessionId("S1"), role="speaker", person=hidden, label="Zoe Hidden", affiliation="Secret NGO"))
        records.change(records.get(Session, "S1"), state="scheduled")
        said: tuple[tuple[NoteKind, str, str], ...] = (
            ("note", "A1", "Ana showed the age ratings."),
            ("note", "A2", "Many asked for a checklist"),
            ("agreed", "A2", "We draft it by May"),
        )
        for kind, item, text in said:
            records.add(Note(session=SessionId("S1"), item=ItemId(item), kind=kind, text=text, at=rig.clock()))


@pytest.fixture
def held(rig_after: Callable[..., Rig]) -> Rig:
    """S1 with Ben as its rapporteur, an agenda that was run, and a speaker whose name is not shown to others."""
    return rig_after(_hold)


@pytest.fixture
def sample(store: SqlStore, clock: FakeClock) -> Any:
    demo.load(store, clock())
    found = Rig(store, clock)
    yield found
    found.close()


def test_before_it_is_begun_a_report_is_composed_and_nothing_is_kept(held: Rig) -> None:
    said = held.say("report S1 --whole")
    assert said.startswith("S1 Safer apps: draft of its report\nForm: IGF 2016 Workshop Report Template")
    assert "Date (from the record)\n20 November 2026\nTime (from the record)\n10:00 Africa/Nairobi" in said
    assert "Rapporteur/Notetaker (from the record)\nBen Example" in said
    assert "Ana Example, ICMEC\na member (Civil Society)" in said
    assert "Zoe" not in said
    assert "Secret" not in said
    assert "(proposed by the minutes)\nAna Example (ICMEC): What stores do. Ana showed the age ratings." in said
    assert "(proposed by the minutes)\nMany asked for a checklist." in said
    assert "(proposed by the minutes)\nWe draft it by May." in said
    assert "Key Issues raised (1 sentence per issue):\n(empty; one sentence each, an empty line between two entries)" in said
    assert "Begin it: `report begin S1 --template igf-2016`" in said
    assert "There is no report yet." in held.say("reports S1")


def test_a_report_is_begun_with_what_the_minutes_propose_and_written_field_by_field(held: Rig) -> None:
    begun = held.say("report begin S1", sender="member")
    assert "Proposed by the minutes; read it over: presentations, discussions, takeaways" in begun
    assert "To write: chair, key-issues" in begun
    written = held.say('report write S1.t1 key-issues "Ratings help. They are rare."', sender="member")
    assert (
        "key-issues: 5 words, 2 sentences, 1 paragraph. Outside the form's limits, kept as it is: entry 1: 2 sentences, at most 1"
        in written
    )
    assert "Still to write: chair." in written
    assert "Taken back: report write (key-issues of S1.t1)." in held.say("undo", sender="member")
    held.say('report write S1.t1 date --text "20/11/26"', sender="member")
    assert "Date\n20/11/26" in held.say("S1.t1 date")
    held.say('report write S1.t1 date ""', sender="member")
    assert "Date (from the record)\n20 November 2026" in held.say("S1.t1 --whole")
    assert "S1 has this report already: S1.t1." in held.say("report begin S1")


def test_a_report_is_a_line_for_each_field_and_each_can_be_read_alone(held: Rig) -> None:
    held.say("report begin S1", sender="member")
    said = held.say("S1.t1", sender="member")
    assert "Still to write: 2 of 11 fields" in said
    assert "- date (from the record): 20 November 2026\n" in said
    assert "- key-issues: empty; one sentence each, an empty line between two entries - `report write S1.t1 key-issues`\n" in said
    assert "- speakers (from the record): Ana Example, ICMEC; a member (Civil Society)\n" in said
    alone = held.say("report S1.t1 speakers", sender="member")
    assert "Ana Example, ICMEC\na member (Civil Society)" in alone
    assert "Write it anew: `report write S1.t1 speakers`\nNext: key-issues: `report S1.t1 key-issues`" in alone
    held.say("report write S1.t1 chair Ana Example", sender="member")
    assert "- chair: Ana Example\n" in held.say("S1.t1")
    assert "Chair/Moderator\nAna Example" in held.say("S1.p5")
    assert "Write" not in held.say("report S1.t1 chair", sender="stranger")


def test_the_form_of_a_field_asks_that_field_alone_in_the_words_of_its_template(held: Rig) -> None:
    held.say("report begin S1")
    form = held.ask("report write S1.t1 takeaways")
    assert isinstance(form, Form)
    assert [(each.name, each.value) for each in form.questions] == [("text", "We draft it by May.")]
    assert form.questions[0].label.endswith("key takeaways: (3 paragraphs) [at most 3 paragraphs, an empty line between two entries]")
    assert "takeaways written" in held.say(form.line, values={"text": "We draft it by June."})
    assert "We draft it by June." in held.say("S1.t1")


def test_what_is_missing_is_written_by_parts(held: Rig) -> None:
    held.say("report begin S1 --template igf-2012")
    form = held.ask("report fill S1.t1")
    assert isinstance(form, Form)
    assert [each.label for each in form.questions][:2] == [
        "Gender Report Card: Please estimate the overall number of women participants present at the session",
        "Gender Report Card: To what extent did the session discuss gender equality and/or women's empowerment?",
    ]
    assert form.questions[0].choices[-1] == "The majority of participants were women"
    assert not form.questions[1].choices
    said = held.say(
        form.line, values={"women": form.questions[0].choices[1], "gender_discussed": "It was a main theme", "organised_before": ""}
    )
    assert "women, gender-discussed written." in said
    assert "Outside" not in said
    assert "Still to write: organised-before, remote-moderators." in said


def test_two_rapporteurs_write_at_once_and_only_the_same_field_tells_the_second(held: Rig) -> None:
    held.say("slot add S1 rapporteur M1")
    held.say("report begin S1")
    forms = {who: held.ask("report write S1.t1 chair", sender=who) for who in ("chair", "member")}
    parts = {who: held.ask("report fill S1.t1", sender=who) for who in ("chair", "member")}
    assert isinstance(parts["chair"], Form)
    assert isinstance(parts["member"], Form)
    assert isinstance(forms["member"], Form)
    assert "key-issues written" in held.say(parts["chair"].line, values={"key_issues": "Ratings help."})
    assert "chair written" in held.say(parts["member"].line, values={"chair": "Ben"}, sender="member")
    again = held.say(parts["member"].line, values={"key_issues": "Others"}, sender="member")
    assert "key-issues of S1.t1 was written by Ana Example meanwhile" in again
    assert "key-issues, now: Ratings help.\nkey-issues, yours: Others" in again
    insisted = re.search(r"Write mine: `(report fill S1.t1 --anew \d+ --key-issues Others)`", again)
    assert insisted
    held.say('report write S1.t1 key-issues "Ratings are rare."')
    once_more = held.say(insisted[1], sender="member")
    assert "key-issues, now: Ratings are rare.\nkey-issues, yours: Others" in once_more
    insisted = re.search(r"Write mine: `(.*)`", once_more)
    assert insisted
    assert "key-issues written" in held.say(insisted[1], sender="member")
    held.say('report write S1.t1 chair --text "Ana"')
    assert held.say(forms["member"].line, values={"text": "Carl"}, sender="member").splitlines() == [
        "“Chair/Moderator” of S1.t1 was changed by Ana Example meanwhile.", "Nothing of yours was written yet.",
        "Chair/Moderator, now: Ana", "Chair/Moderator, yours: Carl",
        "Keep theirs: `report S1.t1 chair`", "Write mine: `report write S1.t1 chair --text Carl`",
    ]  # fmt: skip
    assert "- chair: Ana\n" in held.say("S1.t1")


def test_whoever_overwrites_what_was_published_second_is_told_and_loses_nothing(sample: Rig) -> None:
    form = sample.ask("report write S4.t1 chair")
    assert isinstance(form, Form)
    assert [each.value for each in form.questions if each.name == "text"] == ["Ernie Allen"]
    assert "Nothing in the form was changed, so S4.t1 stays" in sample.say(form.line, values={"text": "Ernie Allen"})
    assert "chair written" in sample.say('report write S4.t1 chair "E. Allen"')
    refused = sample.say(form.line, values={"text": "Mr Allen"})
    assert "Chair/Moderator, now: E. Allen\nChair/Moderator, yours: Mr Allen" in refused
    assert "- chair: E. Allen\n" in sample.say("S4.t1")
    assert "Taken back" in sample.say("undo")
    assert "- chair: Ernie Allen\n" in sample.say("S4.t1")


def test_fields_that_are_written_in_the_same_moment_all_stay(rig_on_both: Rig) -> None:
    rig = rig_on_both
    rig.say('proposal new "Safer apps" --description Example --organiser-note ECCOS')
    rig.say("report begin S1")
    names = ("key-issues", "presentations", "discussions", "takeaways", "chair", "speakers")

    async def together() -> None:
        lines = [f'report write S1.t1 {name} --text "About {name}."' for name in names]
        await asyncio.gather(*(rig.answer(line) for line in lines))

    asyncio.run(together())
    with rig.store.transaction() as records:
        written = {passage.name: passage.text for passage in records.all(Passage, report="S1.t1") if passage.text}
    assert written == {name: f"About {name}." for name in names}


def test_a_stranger_reads_the_names_in_a_report_as_elsewhere(held: Rig) -> None:
    assert "Ben Example" in held.say("report S1 --template igf-2016", sender="member")
    assert "Ben Example" not in held.say("report S1 --template igf-2016", sender="stranger")


def test_another_form_than_that_of_a_begun_report_is_another_report(held: Rig) -> None:
    held.say("report begin S1 --template igf-2016")
    said = held.say("report S1.t1 --template igf-2012")
    assert "S1.t1 is written by igf-2016" in said
    assert "report begin S1 --template igf-2012" in said


def test_nobody_else_writes_a_report(held: Rig) -> None:
    held.say("report begin S1")
    for gone in ("slot withdraw S1.r1", "slot remove S1.r1"):
        assert held.ask(gone).ok
        for line in ("report begin S1", "report write S1.t1 chair", "report fill S1.t1", "report file S1.t1"):
            assert "is written by its rapporteur, its editors and the chairs" in held.say(line, sender="member")


def test_filing_says_what_is_outside_the_form_and_ends_the_reminders(held: Rig) -> None:
    held.say("cycle change 2027 --start 2027-11-16 --end 2027-11-20")
    held.clock.move(timedelta(days=364))
    assert "To be filed" not in held.say("reports"), "its IGF lasts to the end of this day"
    held.clock.move(timedelta(hours=34))  # It is the next day where the session is held.
    held.say("report begin S1", sender="member")
    held.say('report write S1.t1 key-issues --text "One. Two."', sender="member")
    assert "To be filed until Sat 4 Dec 2027:\n- S1 Safer apps: begun, `report S1.t1`" in held.say("reports")
    for day in ("2027-12-10", "2027-11-30"):
        held.say(f'deadline add Reports {day} --kind "session report"')
    assert "To be filed until Fri 10 Dec 2027" in held.say("reports")
    asked = held.say("report file S1.t1 --link https://www.example.org/r", sender="member")
    assert "S1.t1 is not noted as filed yet: 2 things are not as its form asks." in asked
    assert (
        "- chair: empty - `report write S1.t1 chair`\n- key-issues: entry 1: 2 sentences, at most 1 - `report write S1.t1 key-issues`"
        in asked
    )
    assert "File it as it is: `report file S1.t1 --link https://www.example.org/r --yes`" in asked
    filed = held.say("report file S1.t1 --link https://www.example.org/r --yes", sender="member")
    assert "Filed: Mon 22 Nov 2027\nPublished: https://www.example.org/r" in filed
    assert "State: report filed" in held.say("S1")
    listed = held.say("reports")
    assert "To be filed" not in listed
    assert "S1.t1 igf-2016 of Safer apps, by Ben Example, filed on Mon 22 Nov 2027" in listed
    assert "was filed on Mon 22 Nov 2027 already" in held.say("report file S1.t1 --yes")


def test_the_report_of_2012_is_given_field_by_field_with_its_gender_card(sample: Rig) -> None:
    said = sample.say("report S3 --template igf-2012 --whole")
    template = templates.known()["igf-2012"]
    fields = [next((label for label in SEEDS if field.called(label)), "") for field in template.fields]
    assert fields[:2] == ["", ""]
    assert list(filter(None, fields)) == list(SEEDS)[:11]
    places = [said.index(f"{field.label}\n{SEEDS[label]}") for field, label in zip(template.fields, fields, strict=True) if label]
    assert places == sorted(places)
    assert "Submitted by (from the record)\nSubmitted by anjanbose on Mon, 2012-07-23 11:37" in said
    assert "Outside" not in said
    assert "Write it" not in said


def test_the_report_of_2016_is_given_field_by_field_and_its_fourth_block_is_told(sample: Rig) -> None:
    said = sample.say("report S4 --template igf-2016 --whole")
    template = templates.known()["igf-2016"]
    labels = [next(label for label in SEEDS if field.called(label)) for field in template.fields]
    assert labels == list(SEEDS)[11:]
    places = [said.index(f"{field.label}\n{SEEDS[label]}") for field, label in zip(template.fields, labels, strict=True)]
    assert places == sorted(places)
    assert said.count("Outside the form's limits: ") == 1
    assert "Outside the form's limits: 4 paragraphs, at most 3." in said
    assert "- takeaways: 253 words, 8 sentences, 4 paragraphs; outside the form's limits: 4 paragraphs, at most 3\n" in sample.say("S4.t1")


def test_what_the_record_composes_is_what_was_published(sample: Rig) -> None:
    with sample.store.transaction(Stamp(OPERATOR, None, sample.clock(), "test")) as records:
        for report in records.all(Report):
            records.remove(report)
    first, second = sample.say("report S3 --template igf-2012 --whole"), sample.say("report S4 --template igf-2016 --whole")
    for label in ("Meeting type", "Meeting Description", "Reported by", "Name of Remote Moderator(s)"):
        assert f"{label} (from the record)\n{SEEDS[label]}" in first
    organisers = next(text for label, text in SEEDS.items() if label.startswith("Provide the name of the organiser(s)"))
    assert f"stakeholder groups (from the record)\n{organisers}" in first
    for label in ("Session Title", "Time", "Session Organizer", "Chair/Moderator", "Rapporteur/Notetaker"):
        assert f"{label} (from the record)\n{SEEDS[label]}\n" in second
    assert " ".join(second.split()).count(SEEDS["List of Speakers and their institutional affiliations"]) == 1
    assert "Bautista" not in second


def _file(rig: Rig, line: str) -> File:
    reply = rig.ask(line)
    assert isinstance(reply, Message)
    return next(block for block in reply.blocks if isinstance(block, File))


def test_the_report_of_2016_leaves_as_a_table_that_another_library_reads_alike(sample: Rig) -> None:
    found = _file(sample, "report export S4.t1 --format docx")
    assert found.name == "S4.t1-igf-2016.docx"
    with docx2python(io.BytesIO(found.data)) as paper:
        table = next(table for table in paper.body if len(table[0]) == 2)
        rows = [("\n".join(left), "\n".join(right)) for left, right in table]
    expected: list[tuple[str, str]] = []
    for field in templates.known()["igf-2016"].fields:
        text = next(text for label, text in SEEDS.items() if field.called(label))
        entries = text.split("\n\n") if field.rows else [text]
        expected += [(field.label if not number else "", entry) for number, entry in enumerate(entries)]
    assert rows == expected
    assert len(rows) == 7 + 3 + 4 + 3 + 4


def test_the_report_of_2012_leaves_as_a_page_with_its_headings(sample: Rig) -> None:
    with docx2python(io.BytesIO(_file(sample, "report export S3.t1").data)) as paper:
        text = paper.text
    parts = ["Meeting type", "Report", "Reported by", "Gender Report Card", "Name of Remote Moderator(s)"]
    assert [text.index(f"\n{part}\n") for part in parts] == sorted(text.index(f"\n{part}\n") for part in parts)
    for label in list(SEEDS)[:11]:
        assert all(line in text for line in SEEDS[label].splitlines())
    written = _file(sample, "report export S4.t1 --format markdown").data.decode()
    assert "| Session Title | WePROTECT: Combating online child sexual abuse with the MNR |" in written
    assert "|  | Only a comprehensive, coordinated, global response" in written


def test_women_and_men_are_counted_from_what_members_say_of_themselves_and_not_below_three(rig: Rig) -> None:
    rig.say('proposal new "Safer apps" --description Example --organiser-note ECCOS')
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup")) as records:
        for number, gender in enumerate(("woman", "female", "", "man", "man"), 1):
            member = records.add(Member(name=f"Maria {number}", gender=gender, state="active"))
            records.add(RoleSlot(session=SessionId("S1"), role="panellist", person=PersonId(member.id)))
    assert "Number of women and men panellists\n(empty, may stay so)" in rig.say("report S1 --template igf-2014 --whole")
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup")) as records:
        member = records.add(Member(name="Maria 6", gender="woman", state="active"))
        records.add(RoleSlot(session=SessionId("S1"), role="panellist", person=PersonId(member.id)))
    said = rig.say("report S1 --template igf-2014 --whole")
    assert "Number of women and men panellists (from the record)\n3 women, 3 another gender, or none declared" in said


def test_a_form_that_nobody_wrote_down_shows_what_was_published(rig: Rig) -> None:
    rig.say('proposal new "Yearly meeting" --description Example')
    answers = (Answer("Key issues", "One.\nTwo."), Answer("Next steps", "*Meet* @room <b>more</b>"))
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        records.add(Report(session=SessionId("S1"), template="short", answers=answers, reporter=PersonId("M2"), source="page"))
        records.add(Report(session=SessionId("S1"), template="igf-2016", answers=answers[1:], reporter=PersonId("M2")))
    assert "Key issues\nOne.\nTwo.\nNext steps\n*Meet* @room <b>more</b>" in rig.say("S1.t1 --whole")
    assert "(3 paragraphs)\n(empty; at most 3 paragraphs, an empty line between two entries)" in rig.say("report S1 --whole")
    assert "Next steps\n*Meet* @room" in rig.say("S1.t2 --whole")
    assert "S1.t1 short of Yearly meeting, by Ben Example" in rig.say("reports S1")
    assert "Next steps" in rig.say('report write S1.t1 "Next steps" --text "Meet often."')


def test_a_wrong_template_or_field_names_those_that_there_are(held: Rig) -> None:
    assert "template: is none of igf-2016, igf-2014, igf-2012: “igf-1999”" in held.say("report S1 --template igf-1999")
    held.say("report begin S1")
    assert "field: is none of title, date, time" in held.say('report write S1.t1 nothing --text "x"')
    assert "There is no report S1.t9." in held.say("S1.t9")


def test_a_start_with_several_meanings_is_asked_one_after_the_other_the_igfs_day_and_zone_first(sample: Rig) -> None:
    def choices(line: str) -> list[tuple[str, str]]:
        reply = sample.ask(line)
        assert isinstance(reply, Message)
        assert not reply.ok
        return [(button.label, button.line) for block in reply.blocks if isinstance(block, Buttons) for button in block.buttons]

    days = choices('session change S4 --start "6/12/16 1200 CST"')
    assert [label for label, _ in days] == ["Tue 6 Dec 2016", "Sun 12 Jun 2016"]
    assert days[0][1] == 'proposal change S4 --start "2016-12-06 12:00 CST"'
    found = choices(days[0][1])
    assert [label for label, _ in found] == [
        "Tue 6 Dec 2016 12:00 UTC-6, as in America/Mexico_City", "Tue 6 Dec 2016 12:00 UTC+8", "Tue 6 Dec 2016 12:00 UTC-5",
    ]  # fmt: skip
    assert "When: Tue 6 Dec 2016 12:00 America/Mexico_City" in sample.say(found[0][1])
    with sample.store.transaction() as records:
        session = records.get(Session, "S4")
    assert (session.start, session.zone) == (datetime(2016, 12, 6, 18, 0, tzinfo=UTC), "America/Mexico_City")
