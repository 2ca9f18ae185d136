"""Alembic runs this file for every command; the connection and the tables come from `core.database.migrate`.

Without a connection it writes what it would have sent.
"""

from alembic import context

to = (
    {"dialect_name": "postgresql", "literal_binds": True}
    if context.is_offline_mode()
    else {"connection": context.config.attributes["connection"]}
)
context.configure(
    **to,
    target_metadata=context.config.attributes["metadata"],
    transaction_per_migration=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
