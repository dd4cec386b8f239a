"""What a card says, so that it is not changed to the same, and items that are found by their state: those carried over."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("cards", sa.Column("shown", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_agenda_items_state", "agenda_items", ["coalition", "state"])
