"""What adapters keep over a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _notes()


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("platform", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
