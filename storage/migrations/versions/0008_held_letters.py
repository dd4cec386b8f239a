"""Letters that are held until they are due."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("letters", sa.Column("due", sa.DateTime(timezone=True)))
