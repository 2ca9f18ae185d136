"""What moving a schema refuses."""


class MigrationRefused(Exception):
    """The database cannot be migrated as it is; the message says why, and what to do."""

    code = "migration_refused"


class MigrationsHurt(MigrationRefused):
    """What is to be run would keep people waiting, or break the release that still runs. Nothing was changed."""

    code = "migration_hurts"
