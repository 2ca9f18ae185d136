"""Imports every model, so that `metadata` is whole: for migrations, and for tests that compare the two."""

from threadly.core import audit
from threadly.core.audit.events import models as events
from threadly.core.auth import sessions
from threadly.core.database import Model, inbox, outbox
from threadly.core.database.jobs import models as jobs
from threadly.marketplace.catalog import models as catalog
from threadly.marketplace.favourites import models as favourites
from threadly.marketplace.listings import models as listings
from threadly.marketplace.media import models as media
from threadly.marketplace.members import models as members
from threadly.marketplace.search import models as search

MODULES = (outbox, inbox, jobs, sessions, audit, events, catalog, members, media, listings, search, favourites)
metadata = Model.metadata
TABLES = ("alembic_version", *sorted(metadata.tables))
AUDIT_LOG = audit.AuditRow.__tablename__
APPEND_ONLY = frozenset({AUDIT_LOG})
"""Tables to which whoever serves adds rows, and no more."""
