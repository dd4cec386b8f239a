"""Rule files given to the bot from the shell."""

from pathlib import Path

import pytest

from bot.__main__ import main
from bot.coalition import rulesets
from storage.opening import open_store


def test_a_rule_file_is_kept_and_a_mistake_in_it_is_told(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    file, bad = tmp_path / "2027.toml", tmp_path / "bad.toml"
    file.write_text(rulesets.template(), "utf-8")
    bad.write_text(rulesets.template().replace("{ most = 300 }", '"many"'), "utf-8")
    assert main(["rules", "import", str(file), "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith(
        "Would keep the rules of 2027, IGF 2027 workshop proposal: 4 fields, 2 checks known, 2 not known"
    )
    assert main(["rules", "import", str(file), "--database", sqlite_url]) == 0
    store = open_store(sqlite_url)
    with store.transaction() as records:
        assert rulesets.named(records, "2027").title == "IGF 2027 workshop proposal"
    store.close()
    assert main(["rules", "import", str(file), "--database", sqlite_url]) == 1
    assert "The rules of 2027 are these already." in capsys.readouterr().err
    assert main(["rules", "import", str(bad)]) == 1
    assert "bad.toml, line 51, fields[2].words: “many” cannot stand here. Write { most = 250 }" in capsys.readouterr().err
    assert main(["rules", "import", str(tmp_path / "none.toml")]) == 1
    assert "none.toml: cannot be read" in capsys.readouterr().err
