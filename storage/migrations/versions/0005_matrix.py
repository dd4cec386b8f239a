"""What adapters keep over a restart, and forms that are filled in with several messages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _notes()
    _interviews()
    _transactions()


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("platform", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def _interviews() -> None:
    """Whether a long answer is being written, and the event by which a form was confirmed."""
    op.add_column("interviews", sa.Column("writing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("interviews", sa.Column("sent", sa.Text(), nullable=False, server_default=""))


def _transactions() -> None:
    """The platform's event by which a change was asked for."""
    op.add_column("transactions", sa.Column("key", sa.Text(), nullable=False, server_default=""))
