"""What platforms say of accounts, and what the bot keeps of its conversations on them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _profiles()


def _profiles() -> None:
    """What platforms say of accounts."""
    op.add_column("accounts", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("zone", sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    _cards()


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("record", sa.Text(), primary_key=True),
        sa.Column("platform", sa.Text(), primary_key=True),
        sa.Column("room", sa.Text(), primary_key=True),
        sa.Column("reference", sa.Text(), nullable=False),
    )
