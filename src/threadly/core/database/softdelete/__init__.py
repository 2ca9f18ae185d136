"""Deletes that can be undone: no query sees what is hidden, unless it says so. docs/decisions/0027 tells why so.

class Lamp(SoftDeleted, Model):
    __tablename__ = "lamps"
    __table_args__ = (unique_among_kept("name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]

await softdelete.delete(tx, Lamp, [lamp_id])
await softdelete.restore(tx, Lamp, [lamp_id])
await softdelete.erase(tx, Lamp, [lamp_id])

every = with_deleted(Lamp)
select(every.id, every.deleted_at).where(every.name == "desk")
"""

from threadly.core.database.softdelete.changing import delete, erase, restore
from threadly.core.database.softdelete.marker import SoftDeleted, unique_among_kept, with_deleted
from threadly.core.database.softdelete.purge import PurgeDeleted, purge, purger

__all__ = [
    "PurgeDeleted",
    "SoftDeleted",
    "delete",
    "erase",
    "purge",
    "purger",
    "restore",
    "unique_among_kept",
    "with_deleted",
]
