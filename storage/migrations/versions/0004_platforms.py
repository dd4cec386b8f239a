"""What platforms say of accounts, and what the bot keeps of its conversations on them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _profiles()
    _cards()
    _arrivals()
    _codes()
    _everyone()
    _lists()


def _profiles() -> None:
    """What platforms say of accounts."""
    op.add_column("accounts", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("zone", sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))


def _codes() -> None:
    """Codes that join accounts, and wrong ones that were tried."""
    op.create_table(
        "codes",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("record", sa.Text(), primary_key=True),
        sa.Column("platform", sa.Text(), primary_key=True),
        sa.Column("room", sa.Text(), primary_key=True),
        sa.Column("reference", sa.Text(), nullable=False),
    )


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.Text()),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("code", sa.Text()),
    )
    held = sa.text("until IS NOT NULL")
    op.create_index("ix_arrivals_until", "arrivals", ["coalition", "until"], sqlite_where=held, postgresql_where=held)


def _everyone() -> None:
    """Reminders that tell everybody in their room."""
    op.add_column("reminders", sa.Column("everyone", sa.Boolean(), nullable=False, server_default=sa.false()))


def _lists() -> None:
    """What follows on the lists that people saw."""
    op.create_table(
        "lists",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("platform", sa.Text(), primary_key=True),
        sa.Column("room", sa.Text(), primary_key=True),
        sa.Column("thread", sa.Text(), primary_key=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
