"""In how many records of each kind a stem stands. It is derived from the records: whoever migrates fills it afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "search_stems",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("stem", sa.Text(), primary_key=True),
        sa.Column("word", sa.Text(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
