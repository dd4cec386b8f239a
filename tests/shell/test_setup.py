"""The first day: setup from the shell, and members from a spreadsheet."""

import io
import re
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.coalition.coalitions import ours
from bot.coalition.cycles import Cycle, current
from bot.coalition.members import AccountLink, Member, identify
from bot.coalition.organisations import Organisation
from bot.coalition.record import R
from bot.errors import ImportFailed
from bot.request import Account
from bot.shell import roster
from storage.opening import open_store

DOCUMENT = Path(__file__).parents[2] / "docs" / "setup.md"
CHAIR = ["--chair", "Ana Example", "--account", "slack:U1"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _all(url: str, kind: type[R]) -> list[R]:
    store = open_store(url)
    with store.transaction() as records:
        found = records.all(kind)
    store.close()
    return found


def _file(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "members.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def _documented() -> str:
    found = re.search(r"```csv\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_a_first_day_names_the_coalition_its_chair_and_its_year(sqlite_url: str) -> None:
    words = ["setup", "--name", "Example Coalition", "--aliases", "EC, Ex-Co", "--cycle", "2027", *CHAIR, "--database", sqlite_url]
    assert main(words) == 0
    store = open_store(sqlite_url)
    with store.transaction() as records:
        coalition = ours(records)
        assert coalition
        assert (coalition.name, coalition.aliases) == ("Example Coalition", ("EC", "Ex-Co"))
        assert current(records).id == "2027"
        assert identify(records, Account("slack", "U1")).chairs
    store.close()


def test_setup_may_be_repeated(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["setup", "--name", "Example Coalition", "--cycle", "2027", *CHAIR, "--database", sqlite_url]
    for _ in range(2):
        assert main(words) == 0
    assert "Coalition: Example Coalition, as before.\nCycle: 2027 is current, as before." in capsys.readouterr().out
    assert len(_all(sqlite_url, Member)) == len(_all(sqlite_url, AccountLink)) == 1


def test_a_new_year_makes_the_former_one_past(sqlite_url: str) -> None:
    for year in ("2026", "2027"):
        assert main(["setup", "--cycle", year, "--database", sqlite_url]) == 0
    assert [(cycle.id, cycle.state) for cycle in _all(sqlite_url, Cycle)] == [("2026", "past"), ("2027", "current")]


def test_members_come_from_the_documented_file_once(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["setup", "--members", _file(tmp_path, _documented()), "--database", sqlite_url]
    assert main(words) == 0
    assert "Members: 2 added (M1 Ana Example, M2 Ben Example). Already here: 0." in capsys.readouterr().out
    assert main(words) == 0
    assert "Members: nobody to add. Already here: 2." in capsys.readouterr().out
    ana, ben = _all(sqlite_url, Member)
    assert (ana.group, ana.region, ana.languages) == ("Civil Society", "African Group", ("English", "Kiswahili"))
    assert [(known.tag, known.evidence) for known in ana.expertise] == [("hotlines", "runs one since 2015"), ("training", "")]
    assert len(ben.organisations) == 2
    assert len(_all(sqlite_url, Organisation)) == 3
    assert [link.id for link in _all(sqlite_url, AccountLink)] == ["slack:U123"]


def test_every_column_is_documented() -> None:
    rows = re.findall(r"^\| (`.*?) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(roster.FIELDS)


def test_the_first_chair_may_stand_in_the_file(tmp_path: Path, sqlite_url: str) -> None:
    assert main(["setup", *CHAIR, "--members", _file(tmp_path, _documented().replace("slack:U123", "")), "--database", sqlite_url]) == 0
    ana, _ = _all(sqlite_url, Member)
    assert (ana.chair, ana.email) == (True, "ana@example.org")


def test_a_dry_run_shows_everything_and_keeps_nothing(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["setup", "--name", "Example", "--members", _file(tmp_path, _documented()), "--dry-run", "--database", sqlite_url]
    assert main(words) == 0
    assert capsys.readouterr().out.endswith("Members: 2 added (M1 Ana Example, M2 Ben Example). Already here: 0.\nNothing was kept.\n")
    assert _all(sqlite_url, Member) == []


WRONG = """name,email,region,zone,onsite
Ana Example,ana@example.org,Africa,Africa/Nairobi,yes
Ben Example,ben at example,Africa,,
,cid@example.org,Atlantis,,
Dan Example,ANA@example.org,,Africa/Nowhere,maybe
"""


def test_every_wrong_line_is_named_and_nothing_is_kept(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", "--name", "Example", "--members", _file(tmp_path, WRONG), "--database", sqlite_url]) == 1
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    assert shown.endswith("Members: 1 added (M1 Ana Example). Already here: 0.\nNothing was kept. Correct the file, then repeat.\n")
    found = [line.removeprefix("members.csv, ") for line in lines if line.startswith("members.csv")]
    assert [problem.rsplit(":", 1)[0] if "same person" in problem else ":".join(problem.split(":")[:2]) for problem in found] == [
        "line 3: email", "line 4: name", "line 4: region", "line 5: zone", "line 5: onsite", "line 5",
    ]  # fmt: skip
    assert _all(sqlite_url, Member) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_spreadsheet_programs_save_is_read(encoding: str, separator: str) -> None:
    text = "\r\n".join(
        separator.join(cells) for cells in (["E-Mail", "Name", "Stakeholder group"], ["j@example.org", "João", "NGO"], ["", "", ""])
    )
    assert roster.read("members.csv", text.encode(encoding)) == [(2, {"email": "j@example.org", "name": "João", "group": "NGO"})]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "line 1: the first line must name each column once"),
        (b"email\nx@example.org\n", "line 1: the first line must name"),
        (b"name,Name\n", "line 1: the first line must name"),
        (b"name,shoe size\n", "line 1: there is no column “shoe size”"),
        (b"name\nJos\xe9\n", "is not UTF-8 text"),
        (b'name\n"Ana\n', "line 2: is not CSV"),
    ],
)
def test_what_is_no_list_of_members_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ImportFailed) as refused:
        roster.read("members.csv", data)
    assert str(refused.value).startswith("members.csv")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "nothing to set up. Give at least one of: --name"),
        (["--cycle", "next"], "--cycle: is not a year"),
        (["--chair", "Ana", "--account", "Ana"], "--account: is not an account"),
        (["--chair", "slack:U1"], "--chair: “slack:U1” is an account. Write the chair's name, and the account after --account."),
        (["--account", "slack:U1"], "--account: nobody has it yet. Say whose it is with --chair."),
        (["--aliases", "EC"], "--aliases: the coalition has no name yet"),
        (["--members", "missing.csv"], "missing.csv: cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    words: list[str], reason: str, sqlite_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["setup", *words, "--database", sqlite_url]) == 1
    assert reason in capsys.readouterr().err


def test_a_chair_without_an_account_is_said_to_need_one(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", "--chair", "Ana Example", "--database", sqlite_url]) == 0
    assert "No account is known" in capsys.readouterr().out


def test_an_account_stays_with_the_person_who_has_it(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["setup", *CHAIR, "--database", sqlite_url])
    assert main(["setup", "--chair", "Ben Example", "--account", "slack:U1", "--database", sqlite_url]) == 1
    assert "slack:U1 is the account of M1 Ana Example, not of Ben Example." in capsys.readouterr().err


def test_a_terminal_is_asked_one_question_after_the_other(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("Example Coalition\n\nAna Example\nconsole:ana\n2027\n\n"))
    assert main(["setup", "--database", sqlite_url]) == 0
    shown = capsys.readouterr().out
    assert "Name of the coalition (Example Coalition): " in shown
    assert shown.endswith("Cycle: 2027 is now current.\nChair: M1 Ana Example, who asks as console:ana.\n")


def test_a_dry_run_makes_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "coalition.db"
    arguments = ["--database", f"sqlite:///{missing}", "--dry-run"]
    assert main(["setup", "--name", "Example Coalition", *arguments]) == 0
    assert "Nothing was kept." in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
