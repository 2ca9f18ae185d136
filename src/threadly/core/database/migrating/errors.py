"""What moving a schema refuses."""


class MigrationRefused(Exception):
    """The database cannot be migrated as it is; the message says why, and what to do."""

    code = "migration_refused"
