"""Keeping the search tables: they follow every change of a record inside the same transaction."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import groupby, permutations
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Table, bindparam, delete, exists, insert, select

from bot.coalition import spelling
from bot.coalition.record import Record
from storage import stems
from storage.database import in_chunks, insert_into
from storage.kept import Entry, Kept
from storage.search_match import mark
from storage.search_schema import aliases, counts, documents, texts, vocabulary

MAX_WORDS = 300_000
"""Characters of normalised words that count of one document; PostgreSQL refuses a tsvector over 1 MiB."""


class Term(NamedTuple):
    """A word of the vocabulary."""

    word: str
    name: bool
    personal: bool


def index(connection: Connection, coalition: int, kept: Kept[Any], record: Record) -> None:
    """Put a record's text into the index, in place of what was there."""
    entry = kept.search(record)
    if entry is None:
        forget(connection, coalition, record.id)
        return
    new = _text_row(coalition, record, entry)
    old = _text(connection, coalition, record.id)
    if old == new:
        return
    connection.execute(_put(connection.dialect.name, texts), new)
    _set_aliases(connection, coalition, record.id, entry)
    _refresh(connection, coalition, {new["root"]})
    _learn(connection, coalition, _terms(entry, record.word))
    if old:
        _unlearn(connection, coalition, stems.held(old) - stems.held(new), personal=record.word == "member")


def index_new(connection: Connection, coalition: int, kept: Kept[Any], records: Iterable[Record]) -> None:
    """Put the text of new records of a kind into the index, all at once."""
    entries = [(record, entry) for record in records if (entry := kept.search(record))]
    rows = [_text_row(coalition, record, entry) for record, entry in entries]
    _insert(connection, texts, rows)
    _insert(connection, aliases, (row for record, entry in entries for row in _alias_rows(coalition, record.id, entry)))
    _refresh(connection, coalition, {row["root"] for row in rows})
    _learn(connection, coalition, {term for record, entry in entries for term in _terms(entry, record.word)})


def forget(connection: Connection, coalition: int, identity: str) -> None:
    """Take a record's text out of the index."""
    old = _text(connection, coalition, identity)
    if old is None:
        return
    connection.execute(delete(texts).where(texts.c.coalition == coalition, texts.c.record == identity))
    connection.execute(delete(aliases).where(aliases.c.coalition == coalition, aliases.c.record == identity))
    _refresh(connection, coalition, {old["root"]})
    _unlearn(connection, coalition, stems.held(old), personal=old["word"] == "member")


def erase(connection: Connection) -> None:
    """Leave no word behind of texts that are gone: SQLite's index keeps them until its parts are merged."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def rebuild(connection: Connection, kinds: Iterable[Kept[Any]]) -> None:
    """Make the search tables anew from the records, for every coalition: after a migration, a restore or a repair."""
    for table in (texts, documents, vocabulary, aliases, counts):
        connection.execute(delete(table))
    terms: set[tuple[int, Term]] = set()
    for kept in kinds:
        _rebuild_kind(connection, kept, terms)
    rows = connection.execute(select(texts).order_by(texts.c.coalition, texts.c.root, texts.c.record)).mappings().all()
    grouped = groupby(rows, key=lambda row: (row["coalition"], row["root"]))
    _insert(connection, documents, filter(None, (_document(root, list(parts)) for (_, root), parts in grouped)))
    _insert(connection, vocabulary, (_term_row(coalition, term) for coalition, term in sorted(terms)))
    _insert(connection, counts, stems.rows(connection))
    if connection.dialect.name == "postgresql":  # Until it looks by itself, the planner knows nothing of what is new.
        connection.exec_driver_sql("ANALYZE search_texts, search_documents, search_words, search_stems")
    if connection.dialect.name == "sqlite":  # The triggers trust that the index held what they take out of it.
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('rebuild')")


def stale(connection: Connection, kinds: Iterable[Kept[Any]]) -> list[str]:
    """The ids whose text does not stand in the search tables as their records have it, and the kinds whose words are not counted as they
    stand, of every coalition."""
    found = {(row["coalition"], row["record"]): dict(row) for row in connection.execute(select(texts)).mappings()}
    wrong = []
    for kept in kinds:
        for coalition, record, entry in _entries(connection, kept):
            if found.pop((coalition, record.id), None) != _text_row(coalition, record, entry):
                wrong.append(record.id)
    return wrong + [record for _, record in found] + [f"words of kind {word}" for word in stems.wrong(connection)]


def _rebuild_kind(connection: Connection, kept: Kept[Any], terms: set[tuple[int, Term]]) -> None:
    found: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for coalition, record, entry in _entries(connection, kept):
        found.append(_text_row(coalition, record, entry))
        names += _alias_rows(coalition, record.id, entry)
        terms.update((coalition, term) for term in _terms(entry, record.word))
    _insert(connection, texts, found)
    _insert(connection, aliases, names)


def _entries(connection: Connection, kept: Kept[Any]) -> Iterator[tuple[int, Record, Entry]]:
    """Every record of a kind that can be found, with its coalition."""
    for coalition, *values in connection.execute(select(kept.table.c.coalition, *kept.columns)):
        record = kept.kind(**dict(zip(kept.names, values, strict=True)))
        entry = kept.search(record)
        if entry is not None:
            yield coalition, record, entry


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    for chunk in in_chunks(list(rows)):
        connection.execute(insert(table), chunk)


def _joined(text: str) -> str:
    stems = " ".join(stem for word in spelling.words(text) for stem in dict.fromkeys(word.stems))
    return stems if len(stems) <= MAX_WORDS else stems[:MAX_WORDS].rpartition(" ")[0]


def _text_row(coalition: int, record: Record, entry: Entry) -> dict[str, Any]:
    return {
        "coalition": coalition, "record": record.id, "root": entry.root or (getattr(record, record.parent) if record.parent else record.id),
        "word": record.word, "title": _kept_text(entry.title), "body": _kept_text(entry.body), "title_words": _joined(entry.title),
        "name_words": _joined(entry.proper), "body_words": _joined(entry.body),
    }  # fmt: skip


def _kept_text(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())


def _text(connection: Connection, coalition: int, identity: str) -> dict[str, Any] | None:
    row = connection.execute(select(texts).where(texts.c.coalition == coalition, texts.c.record == identity)).mappings().one_or_none()
    return dict(row) if row else None


@cache
def _put(dialect: str, table: Table) -> Any:
    """An insert that replaces the row with the same key."""
    query = insert_into(dialect, table)
    keys = ("coalition", "root") if table is documents else tuple(column.name for column in table.primary_key)
    kept = {column.name: query.excluded[column.name] for column in table.c if column.name not in (*keys, "id")}
    return query.on_conflict_do_update(index_elements=keys, set_=kept)


def _refresh(connection: Connection, coalition: int, roots: Collection[str]) -> None:
    """Make the documents of records from their texts; one without a text of its own has none."""
    for chunk in in_chunks(sorted(roots)):
        query = select(texts).where(texts.c.coalition == coalition, texts.c.root.in_(chunk))
        # Ordered here: for an order of its own SQLite walks every text of the coalition, along the table's key.
        rows_of = sorted(connection.execute(query).mappings(), key=lambda row: (str(row["root"]), str(row["record"])))
        grouped = groupby(rows_of, key=lambda row: str(row["root"]))
        found = {root: document for root, rows in grouped if (document := _document(root, list(rows)))}
        theirs = (documents.c.coalition == coalition, documents.c.root.in_(chunk))
        before = connection.execute(select(documents).where(*theirs)).mappings().all()
        if found:
            connection.execute(_put(connection.dialect.name, documents), list(found.values()))
        if any(row["root"] not in found for row in before):
            connection.execute(delete(documents).where(*theirs, documents.c.root.not_in(list(found))))
        stems.follow(connection, coalition, before, found.values())


def _document(root: str, rows: list[Any]) -> dict[str, Any] | None:
    own = next((row for row in rows if row["record"] == root), None)
    if own is None:
        return None
    children = [row for row in rows if row is not own]
    names, whose = " ".join(row["name_words"] for row in rows), own["coalition"]
    body = " ".join(
        [mark(whose, own["word"]), mark(whose), own["body_words"], *(f"{row['title_words']} {row['body_words']}" for row in children)]
    )
    return {
        "coalition": whose, "root": root, "word": own["word"], "title": own["title"], "title_words": own["title_words"],
        "name_words": names[:MAX_WORDS], "body_words": body[:MAX_WORDS],
    }  # fmt: skip


def _set_aliases(connection: Connection, coalition: int, identity: str, entry: Entry) -> None:
    connection.execute(delete(aliases).where(aliases.c.coalition == coalition, aliases.c.record == identity))
    rows = _alias_rows(coalition, identity, entry)
    if rows:
        connection.execute(insert(aliases), rows)


def _alias_rows(coalition: int, identity: str, entry: Entry) -> list[dict[str, Any]]:
    pairs = {pair for names in permutations(entry.known_as, 2) for pair in _same(*names) if all(pair) and pair[0] != pair[1]}
    return [{"coalition": coalition, "record": identity, "known_as": known_as, "other": other} for known_as, other in sorted(pairs)]


def _same(name: str, other: str) -> Iterator[tuple[str, str]]:
    """What stands for what: one whole name for the other, and the one word in which two spellings of a name differ."""
    yield spelled(name), spelled(other)
    own, others = set(spelled(name).split()), set(spelled(other).split())
    if own & others and len(own - others) == len(others - own) == 1:
        yield next(iter(own - others)), next(iter(others - own))


def spelled(text: str) -> str:
    """A name as a query would spell it: normalised words, hyphens joined, without the words that say nothing."""
    return " ".join(spelling.stem(word.spelled) for word in spelling.asked(text))


def _terms(entry: Entry, word: str) -> set[Term]:
    """The words of a record for the vocabulary."""
    personal = word == "member"
    proper = {Term(spelled, True, personal) for spelled in _spellings(entry.proper)}
    return proper | {Term(spelled, False, personal) for spelled in _spellings(f"{entry.title} {entry.body}")}


def _spellings(text: str) -> Iterator[str]:
    for word in spelling.words(text):
        yield from filter(spelling.comparable, (word.spelled, *word.parts))


def _term_row(coalition: int, term: Term) -> dict[str, Any]:
    own = {"stem": spelling.stem(term.word), "sound": spelling.sound(term.word), "length": len(term.word)}
    return {"coalition": coalition, **term._asdict(), **own}


def _learn(connection: Connection, coalition: int, terms: Collection[Term]) -> None:
    """Add words to the vocabulary, in one order so that two writers never wait for each other."""
    query = insert_into(connection.dialect.name, vocabulary).on_conflict_do_nothing()
    if terms:
        connection.execute(query, [_term_row(coalition, term) for term in sorted(terms)])


def _unlearn(connection: Connection, coalition: int, gone: Collection[str], *, personal: bool) -> None:
    """Take words out of the vocabulary that no document holds any more."""
    spelled = sorted(filter(str.isalpha, gone))
    if spelled:
        dialect = connection.dialect.name
        connection.execute(_forgetting(dialect, personal), {"own": coalition, "given": stems.listed(dialect, spelled)})


@cache
def _forgetting(dialect: str, personal: bool) -> Any:
    """Delete those words of the stems `given` that stand in no member's document (`personal`), or in none of another kind."""
    stem, own = counts.c, vocabulary.c.coalition == bindparam("own", type_=Integer)
    kind = stem.word == "member" if personal else stem.word != "member"
    held = exists().where(stem.coalition == vocabulary.c.coalition, stem.stem == vocabulary.c.stem, kind)
    return delete(vocabulary).where(own, vocabulary.c.personal.is_(personal), stems.among(dialect, vocabulary.c.stem), ~held)
