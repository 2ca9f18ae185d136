"""An append-only log of acts that matter: who did what to what, because of what, and what it was before and after.

    who = audit.named("account", actor.id)
    await audit.record(tx, PasswordChanged, actor=who, target=who)

Guaranteed: a row is written in the transaction of its act, so nothing that was acknowledged is missing, and what was
rolled back leaves none; texts are scrubbed as lines of the log are; the role that serves can neither change nor remove
a row, nor write one with the time of another day (`core.database.roles`; `threadly doctor` says where it could). Not
guaranteed: that a process which is not ours any more tells the truth, or anything at all; nor anything of who owns the
database, or its disk. Rows are in no chain of digests: each would wait for the one before to commit.
"""

from threadly.core.audit.acts import Act, every_act
from threadly.core.audit.models import AuditRow
from threadly.core.audit.queries import Recorded, search
from threadly.core.audit.recording import SYSTEM, acting, named, operator, record

__all__ = [
    "SYSTEM",
    "Act",
    "AuditRow",
    "Recorded",
    "acting",
    "every_act",
    "named",
    "operator",
    "record",
    "search",
]
