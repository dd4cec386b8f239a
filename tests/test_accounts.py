"""What an account looks like on its platform is asked of the platform's plugin."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from bot import accounts, installed
from bot.__main__ import main
from bot.adapters.accounts import MATRIX, SLACK
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.errors import ConfigError
from bot.testing import OPERATOR, Rig

RIGHT = (
    "slack:U0123ABCD", "slack:W0123ABCD", "matrix:@amina:example.org", "matrix:@amina:localhost:8448", "matrix:@amina:[::1]:8448",
    "telex:amina", "console:amina",
)  # fmt: skip
WRONG = ("slack:amina", "slack:@amina", "slack:C0123ABCD", "matrix:amina", "matrix:@amina", "matrix:amina:example.org", "matrix:@amina:")


@pytest.mark.parametrize("account", RIGHT)
def test_what_can_be_an_account_is_taken(account: str) -> None:
    assert accounts.mistaken(account) is None


@pytest.mark.parametrize("account", WRONG)
def test_a_name_in_the_place_of_an_account_is_refused(account: str) -> None:
    wanted = accounts.mistaken(account)
    assert wanted == {"slack": SLACK, "matrix": MATRIX}[account.partition(":")[0]]
    assert accounts.mistaken(f"{account.partition(':')[0]}:{wanted.example}") is None


def test_a_chair_who_links_a_name_is_told_what_an_account_is(rig: Rig) -> None:
    said = rig.say("member link M2 matrix:amina")
    assert "is no account: “matrix:amina”" in said
    assert "Write, for example, matrix:@amina:example.org" in said
    assert "slack:U0123ABCD is now an account of M2" in rig.say("member link M2 slack:U0123ABCD")


def test_an_account_that_was_linked_under_a_name_can_still_be_taken_away(rig: Rig) -> None:
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "member link", undoable=False)) as records:
        records.add(AccountLink(id="slack:amina", member=MemberId("M2")))
    assert "slack:amina is no longer an account of M2" in rig.say("member unlink M2 slack:amina")


@pytest.mark.parametrize("setting", ["chairs", "operators"])
def test_the_configuration_names_accounts_not_people(setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "coalition.toml"
    file.write_text(f'{setting} = ["slack:U0123ABCD", "slack:amina"]\n', "utf-8")
    assert main(["check", "--config", str(file)]) != 0
    assert f"{setting}: “slack:amina” is no account" in capsys.readouterr().err


def test_setup_takes_no_name_for_an_account(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", "--chair", "Amina Example", "--account", "slack:amina", "--database", sqlite_url]) != 0
    assert "Write, for example, slack:U0123ABCD" in capsys.readouterr().err


def test_a_broken_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("broken", "no.such.module:LOOK", accounts.ACCOUNTS)
    monkeypatch.setattr("bot.installed.entry_points", lambda group: [broken])
    with pytest.raises(ConfigError, match="plugin broken"):
        accounts.refuse_mistaken("chairs", ["broken:amina"])
    assert installed.found(accounts.ACCOUNTS) == [broken]
