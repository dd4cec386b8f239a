"""What is installed is what pyproject.toml says, and it works outside the checkout."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_installed_entry_points_are_those_of_pyproject() -> None:
    groups = {**PROJECT["entry-points"], "console_scripts": PROJECT["scripts"]}
    installed = {(point.group, point.name, point.value) for point in distribution("coalition-bot").entry_points}
    assert installed == {(group, name, value) for group, points in groups.items() for name, value in points.items()}


@pytest.mark.parametrize("name", ["run", "dev", "postgresql", "synapse"])
def test_a_lock_file_pins_every_package_with_hashes_and_names_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    packages = text.replace("\\\n", " ").splitlines()
    assert all("==" in package and "--hash=sha256:" in package for package in packages)
    assert "://" not in text


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project installed from a built wheel, away from the checkout."""
    work = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(work)]
    subprocess.run([*pip, *build, str(_copy_of_the_sources(work))], check=True, capture_output=True)
    wheel = next(work.glob("*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--target", str(work / "site"), str(wheel)], check=True, capture_output=True)
    return work


def _copy_of_the_sources(work: Path) -> Path:
    """The files git knows, copied, so that building leaves nothing in the checkout."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        source = ROOT / name
        if source.exists():
            target = work / "source" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return work / "source"


def test_the_demo_works_outside_the_checkout(installed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--database", f"sqlite:///{installed / 'demo.db'}"],
        cwd=installed, env={**os.environ, "PYTHONPATH": str(installed / "site")}, input="projects\nagenda S1\n",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "95 minutes" in done.stdout
