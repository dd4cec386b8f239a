"""The tables of the search. They are derived from the records: whoever migrates fills them afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = (
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
)
POSTGRESQL = (
    "ALTER TABLE search_documents ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(array_remove("
    "string_to_array(title_words || ' ' || name_words || ' ' || body_words, ' '), ''))) STORED",
    "CREATE INDEX ix_search_documents_vector ON search_documents USING gin (vector)",
)


def upgrade() -> None:
    _texts_and_documents()
    _words_and_aliases()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def _texts_and_documents() -> None:
    op.create_table(
        "search_texts",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("record", sa.Text(), primary_key=True),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("name_words", sa.Text(), nullable=False),
        sa.Column("body_words", sa.Text(), nullable=False),
    )
    op.create_index("ix_search_texts_root", "search_texts", ["coalition", "root", "record"])
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("name_words", sa.Text(), nullable=False),
        sa.Column("body_words", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "root"),
    )


def _words_and_aliases() -> None:
    op.create_table(
        "search_words",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("word", sa.Text(), primary_key=True),
        sa.Column("name", sa.Boolean(), primary_key=True),
        sa.Column("personal", sa.Boolean(), primary_key=True),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("sound", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
    )
    op.create_index("ix_search_words_stem", "search_words", ["coalition", "stem"])
    op.create_index("ix_search_words_sound", "search_words", ["coalition", "sound", "length"])
    op.create_table(
        "search_aliases",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("record", sa.Text(), primary_key=True),
        sa.Column("known_as", sa.Text(), primary_key=True),
        sa.Column("other", sa.Text(), primary_key=True),
    )
    op.create_index("ix_search_aliases_known_as", "search_aliases", ["coalition", "known_as"])
