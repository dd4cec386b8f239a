"""Letters that are held until they are due, and cards that are found by the thread that they begin."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("letters", sa.Column("due", sa.DateTime(timezone=True)))
    op.create_index("ix_cards_thread", "cards", ["coalition", "platform", "room", "reference"])
