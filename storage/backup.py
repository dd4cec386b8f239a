"""Copies of an SQLite database and the way back, safe while the bot runs.

PostgreSQL has tools of its own for this (`pg_dump`, `pg_restore`), and every database has `coalition export`.
"""

from datetime import datetime
from pathlib import Path

from bot import errors
from storage import database, files, health, opening


def back_up(text: str, target: Path | None, now: datetime) -> Path:
    """Copy the database of a URL to `target`, or beside itself; where the checked copy is. Raises ConfigError or StoreError."""
    file = _file(text, "pg_dump")
    _check(file, "Go back to an older backup: coalition restore FILE")
    target = target or files.beside(file, "backup", now)
    if target.exists():
        raise errors.ConfigError(f"{target} exists already. Name another file for the backup.")
    files.check(target)
    files.copy(file, target)
    return target


def restore(text: str, source: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database of a URL; where the replaced one was kept, None when there was none.

    The backup is checked and brought to the newest version before anything is replaced; a bot that runs sees it at once.
    Raises ConfigError or StoreError; then nothing was replaced.
    """
    file = _file(text, "pg_restore")
    files.check(file)
    _check(source, "Try another backup.")
    ready = file.with_name(f"{file.name}.restoring")
    try:
        files.copy(source, ready)
        opening.upgrade_store(database.url_of(ready), keep_old=False)
        return _replace(ready, file, files.beside(file, "replaced", now))
    finally:
        ready.unlink(missing_ok=True)


def _file(text: str, instead: str) -> Path:
    url = database.database_url(text)
    if not database.is_sqlite(url):
        raise errors.ConfigError(f"The database is on PostgreSQL. Use {instead} of PostgreSQL, or coalition export and import.")
    return database.file_of(url)


def _check(file: Path, otherwise: str) -> None:
    """Whether a file is a whole database of the bot. Raises ConfigError or StoreError."""
    if not file.is_file():
        raise errors.ConfigError(f"There is no file {file}. Check its name.")
    url = database.url_of(file)
    try:
        version, problems = opening.found_version(url), health.damage(url)
    except errors.StoreDamaged as error:
        raise errors.StoreDamaged(f"{file} is damaged, or no database of the bot. {otherwise}") from error
    if not version:
        raise errors.StoreDamaged(f"{file} is empty. {otherwise}")
    if problems:
        raise errors.StoreDamaged(f"{file} is damaged: {problems[0]}. {otherwise}")


def _replace(ready: Path, file: Path, kept: Path) -> Path | None:
    if not file.exists():
        ready.replace(file)
        return None
    try:
        files.pour(ready, file, before=lambda: files.copy(file, kept))
    except errors.StoreDamaged:
        for suffix in ("-wal", "-shm", ""):  # What was not yet written to the damaged file must not reach the new one.
            part = Path(f"{file}{suffix}")
            if part.exists():
                part.replace(f"{kept}{suffix}")
        ready.replace(file)
    return kept
