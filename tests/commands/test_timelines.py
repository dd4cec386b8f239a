"""The picture of the year's projects, and what it says in words."""

import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.message import Message, Picture
from bot.pictures import drawing, timelines
from bot.testing import Rig


def _picture(rig: Rig, line: str) -> Picture:
    reply = rig.ask(line)
    assert isinstance(reply, Message)
    return next(block for block in reply.blocks if isinstance(block, Picture))


@pytest.fixture
def project(rig: Rig) -> Rig:
    rig.say("cycle change 2027 --start 2027-06-07 --end 2027-06-11")
    for line in (
        'project nominate "Hotline directory"', "project choose P1", "milestone add P1 Draft --due 2026-12-01",
        "milestone add P1 Shown --due 2027-06-09", "milestone add P1 Someday", "milestone done P1.m1", "project at risk P1 no venue",
    ):  # fmt: skip
        rig.say(line)
    return rig


def test_a_year_without_projects_has_no_timeline(rig: Rig) -> None:
    assert "No project yet" in rig.say("timeline")


@pytest.mark.parametrize("line", ["timeline", "timeline 2027", "timeline P1"])
def test_the_picture_and_the_words_say_the_same(project: Rig, line: str) -> None:
    said, drawn = project.say(line), _picture(project, line)
    assert drawn.data.startswith(b"\x89PNG")
    assert "P1 1 of 3 milestones reached, at risk" in drawn.alt
    assert "Today: Sat 21 Nov 2026. The IGF: Mon 7 Jun 2027 to Fri 11 Jun 2027." in said
    assert "- P1.m1 Draft, reached Sat 21 Nov 2026\n- P1.m2 Shown, due Wed 9 Jun 2027\n- 1 without a day" in said


def test_a_milestone_whose_day_has_passed_is_open_and_nobody_is_named_with_it(project: Rig) -> None:
    project.say("milestone reopen P1.m1")
    project.say("milestone change P1.m1 --due 2026-11-01")
    said = project.say("timeline")
    assert "- P1.m1 Draft, open, was planned for Sun 1 Nov 2026" in said
    assert "late" not in said
    assert "Ana" not in said


TITLES = ("A title " * 30, "دليل خطوط الإبلاغ", "儿童上网安全", "$x^2 \\frac{", "W" * 200, "Emoji 🧒", "Ünïcødé")


def test_ten_projects_in_many_scripts_are_drawn_small_enough_by_threads_at_once(rig: Rig) -> None:
    for number in range(12):
        rig.say("project nominate", values={"title": TITLES[number % len(TITLES)]})
    assert "2 more projects are not shown here; each has a timeline of its own, such as `timeline P11`." in rig.say("timeline")
    with ThreadPoolExecutor(4) as threads:
        drawn = [picture.data for picture in threads.map(lambda _: _picture(rig, "timeline"), range(4))]
    assert len(set(drawn)) == 1
    assert struct.unpack(">II", drawn[0][16:24])[0] == timelines.WIDTH * drawing.DPI
    assert len(drawn[0]) < 300_000


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_colour_stands_off_the_ground_and_no_two_marks_share_a_shape_and_filling() -> None:
    ground = _luminance(drawing.GROUND)
    for colour in (drawing.INK, drawing.QUIET, *timelines.COLOURS.values()):
        assert (ground + 0.05) / (_luminance(colour) + 0.05) >= 4.5
    assert len({mark[:2] for mark in timelines.MARKS.values()}) == len(timelines.MARKS)
