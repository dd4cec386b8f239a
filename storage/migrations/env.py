"""What Alembic runs: the migrations, inside the transaction that `storage.upgrading` began."""

from alembic import context

from storage import kinds, schema
from storage.kept import metadata

__all__ = ["kinds", "schema"]  # Imported for the tables that they declare.

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
