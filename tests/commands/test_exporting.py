"""A proposal as a file: in the order of a form, for a reader and for a program."""

import io
import json
import re

import pytest
from docx2python import docx2python

from bot.coalition.entries import Entry
from bot.coalition.ids import SessionId
from bot.coalition.store import Stamp
from bot.message import File, Message
from bot.testing import HOSTILE, OPERATOR, Rig

LONG = "First paragraph.\n\nSecond <b>one</b> with | bars, *stars* and [links](https://a.example)."


@pytest.fixture
def filled(rig: Rig) -> Rig:
    """S1 of Ben, who is listed by group only and takes notes; Ana speaks, and a seat has no name."""
    rig.say(
        "proposal new", sender="member", values={"title": "Safer apps", "description": LONG, "question": "Why?; How?", "format": "panel"}
    )
    rig.say('proposal change S1 --organiser-note "Example Foundation" --earlier https://www.intgovforum.org/60', sender="member")
    for line in (
        'slot add S1 speaker M1 --affiliation "GSMA | ICMEC"',
        'slot add S1 speaker --label "VGT representative"',
        "slot add S1 moderator",
    ):
        rig.say(line, sender="member")
    rig.say('slot add S1 rapporteur M2 --affiliation "Secret House" --label "Ben E."', sender="member")
    rig.say("me change --visibility group --group ngo --region africa", sender="member")
    return rig


def _exported(rig: Rig, options: str, sender: str = "chair") -> bytes:
    reply = rig.ask(f"proposal export S1 {options}", sender=sender)
    assert isinstance(reply, Message), reply
    assert reply.ok, reply
    return next(block.data for block in reply.blocks if isinstance(block, File))


def _in_order(text: str, wanted: list[str]) -> None:
    found = 0
    for part in wanted:
        found = text.index(part, found)


def test_a_word_file_holds_the_form_of_its_year_in_its_order(filled: Rig) -> None:
    with docx2python(io.BytesIO(_exported(filled, "--rules 2015"))) as found:
        text = found.text
    fields = json.loads(_exported(filled, "--rules 2015 --format json"))["fields"]
    _in_order(
        text,
        [part for field in fields for part in ([field["label"], field["value"]] if isinstance(field["value"], str) else [field["label"]])][
            :-1
        ],
    )
    _in_order(
        text,
        ["Primary contact", "Nationality", "Secondary contact", "First paragraph.", "Second <b>one</b> with | bars", "Example Foundation"],
    )
    _in_order(text, ["Links to earlier sessions", "https://www.intgovforum.org/60", "Ana Example", "VGT representative", "to be named"])
    assert "a member (Civil Society, African Group)" in text
    assert not re.search("Ben|Secret House", text)


def test_markdown_has_every_field_as_a_heading_and_no_markup_of_ours(filled: Rig) -> None:
    text = _exported(filled, "--format markdown").decode()
    labels = [field["label"] for field in json.loads(_exported(filled, "--format json"))["fields"]]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [label for label in labels if label != "Other roles"]
    assert "- Why?\n- How?" in text
    assert "Second \\<b\\>one\\</b\\> with \\| bars, \\*stars\\* and \\[links\\]" in text
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in text.splitlines() if row.startswith("| ")] == [6] * 6


def test_a_program_reads_the_fields_by_name(filled: Rig) -> None:
    filled.say("proposal number S1 125 --link https://www.intgovforum.org/125")
    found = json.loads(_exported(filled, "--format json"))
    assert (found["schema"], found["id"], found["number"], found["state"]) == ("coalition-bot/proposal/1", "S1", "125", "draft")
    values = {field["name"]: field["value"] for field in found["fields"]}
    assert values["description"] == LONG
    assert values["policy_questions"] == ["Why?", "How?"]
    assert [(seat["role"], seat["name"], seat["group"]) for seat in values["people"]] == [
        ("speaker", "Ana Example", "Civil Society"), ("speaker", "VGT representative", None), ("moderator", None, None),
        ("rapporteur", "a member (Civil Society, African Group)", "Civil Society"),
    ]  # fmt: skip


def test_what_the_form_alone_knows_is_for_its_organisers(filled: Rig) -> None:
    with filled.store.transaction(Stamp(OPERATOR, None, filled.clock(), "test")) as records:
        records.add(Entry(session=SessionId("S1"), name="primary_nationality", text="Kenyan"))
        records.change(records.any("S1"), editors=())
    assert b"Kenyan" in _exported(filled, "--rules 2015 --format json")
    assert b"Kenyan" not in _exported(filled, "--rules 2015 --format json", sender="member")
    assert "left to its organisers" in filled.say("proposal export S1", sender="member")


def test_a_hostile_title_names_no_file_and_is_no_markup(filled: Rig) -> None:
    filled.ask("proposal change", values={"proposal": "S1", "title": HOSTILE[:200]})
    reply = filled.ask("proposal export S1 --format markdown")
    assert isinstance(reply, Message)
    file = next(block for block in reply.blocks if isinstance(block, File))
    assert file.name == "S1-2027-proposal.md"
    assert "<script" not in file.data.decode().replace("\\<", "")


def test_unknown_rules_and_formats_say_what_there_is(filled: Rig) -> None:
    assert "I have no rules of 1999" in filled.say("proposal export S1 --rules 1999")
    assert "docx, markdown, json" in filled.say("proposal export S1 --format pdf")
