"""Reports as people ask for them."""

import pytest

from bot.coalition.ids import PersonId, SessionId
from bot.coalition.sessions import Answer, Report
from bot.coalition.store import Stamp
from bot.testing import OPERATOR, Rig


@pytest.fixture
def reported(rig: Rig) -> Rig:
    """S1 has a report by Ben."""
    rig.say('proposal new "Yearly meeting" --description Example')
    answers = (Answer("Key issues", "One.\nTwo."), Answer("Gender report card", ""), Answer("Next steps", "*Meet* @room <b>more</b>"))
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        records.add(Report(session=SessionId("S1"), template="igf-2012", answers=answers, reporter=PersonId("M2"), source="page"))
    return rig


def test_a_report_shows_the_fields_of_its_template_in_order_and_the_blank_ones_too(reported: Rig) -> None:
    reply = reported.say("S1.t1")
    assert reply == reported.say("report s1.t1")
    assert "Reported by: Ben Example" in reply
    assert "Key issues\nOne.\nTwo.\nGender report card\n(left blank)\nNext steps\n*Meet* @room <b>more</b>" in reply


def test_reports_are_listed_with_their_session_and_alone(reported: Rig) -> None:
    row = "S1.t1 igf-2012 of Yearly meeting, by Ben Example"
    assert row in reported.say("reports S1")
    assert row in reported.say("reports")
    assert "Report S1.t1: `report S1.t1`" in reported.say("S1")


def test_a_session_without_a_report_says_so(reported: Rig) -> None:
    reported.say('proposal new "Other" --description Example')
    assert "There is no report yet." in reported.say("reports S2")
    assert "There is no report S2.t1." in reported.say("S2.t1")
