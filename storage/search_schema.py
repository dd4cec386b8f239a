"""The tables of the search, which both engines index: SQLite with FTS5, PostgreSQL with a `tsvector` and GIN.

What is indexed are words that we normalised (`bot.coalition.spelling`), separated by blanks, so that neither engine's own
ideas of a word matter: `ascii` takes every other character as part of a word, an array of lexemes is taken as it is.
"""

from sqlalchemy import DDL, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, event

from storage.kept import metadata

texts = Table(
    "search_texts",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("record", Text, primary_key=True),
    Column("root", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("title_words", Text, nullable=False),
    Column("name_words", Text, nullable=False),
    Column("body_words", Text, nullable=False),
    Index("ix_search_texts_root", "coalition", "root", "record"),
)
"""What can be found of each record, as it reads and as normalised words; `root` is the record whose part it is."""

documents = Table(
    "search_documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("coalition", Integer, ForeignKey("deployments.id"), nullable=False),
    Column("root", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_words", Text, nullable=False),
    Column("name_words", Text, nullable=False),
    Column("body_words", Text, nullable=False),
    UniqueConstraint("coalition", "root"),
)
"""One row for each record that a search lists, with the words of its parts (role slots, agenda items, reports, …)."""

vocabulary = Table(
    "search_words",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("word", Text, primary_key=True),
    Column("name", Boolean, primary_key=True),
    Column("personal", Boolean, primary_key=True),
    Column("stem", Text, nullable=False),
    Column("sound", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Index("ix_search_words_stem", "coalition", "stem"),
    Index("ix_search_words_sound", "coalition", "sound", "length"),
)
"""Every distinct word, for near spellings. `name`: it stands in a proper name; `personal`: in what is known of a member."""

counts = Table(
    "search_stems",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("stem", Text, primary_key=True),
    Column("word", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""In how many documents of a kind (`word`) each stem stands; no row for none. The documents' marks count as stems."""

aliases = Table(
    "search_aliases",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("record", Text, primary_key=True),
    Column("known_as", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    Index("ix_search_aliases_known_as", "coalition", "known_as"),
)
"""Two names of the same body or person, as normalised words."""

CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(title_words, name_words, body_words,"
        " content='search_documents', content_rowid='id', tokenize='ascii')",
        "INSERT INTO search_index (search_index, rank) VALUES ('rank', 'bm25(8.0, 4.0, 1.0)')",
        "CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN"
        " INSERT INTO search_index (rowid, title_words, name_words, body_words)"
        " VALUES (new.id, new.title_words, new.name_words, new.body_words); END",
        "CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN"
        " INSERT INTO search_index (search_index, rowid, title_words, name_words, body_words)"
        " VALUES ('delete', old.id, old.title_words, old.name_words, old.body_words); END",
        "CREATE TRIGGER search_documents_changed AFTER UPDATE OF title_words, name_words, body_words ON search_documents BEGIN"
        " INSERT INTO search_index (search_index, rowid, title_words, name_words, body_words)"
        " VALUES ('delete', old.id, old.title_words, old.name_words, old.body_words);"
        " INSERT INTO search_index (rowid, title_words, name_words, body_words)"
        " VALUES (new.id, new.title_words, new.name_words, new.body_words); END",
    ),
    "postgresql": (
        "ALTER TABLE search_documents ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(array_remove("
        "string_to_array(title_words || ' ' || name_words || ' ' || body_words, ' '), ''))) STORED",
        "CREATE INDEX ix_search_documents_vector ON search_documents USING gin (vector)",
    ),
}
"""What each engine adds to the tables."""

for _dialect, _statements in CREATE.items():
    for _statement in _statements:
        event.listen(documents, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
