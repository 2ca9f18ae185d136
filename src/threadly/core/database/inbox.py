"""Effects that happen once, though what causes them arrives twice.

    async def take_payment(tx: Tx, notice: Notice) -> None:
        if not await inbox.first_time(tx, consumer="payments.stripe", message_id=notice.id):
            return
        …  # the effect, in the same transaction

Guaranteed: of all transactions that ask for one message, at most one commits having heard True; a second one that
asks meanwhile waits for the first to end. Not guaranteed: anything about effects outside the database (for those,
send the message's id along as an idempotency key), nor for messages that arrive again after `KEPT`.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core.database.model import Model
from threadly.core.database.sessions import Tx

KEPT: Final = timedelta(days=30)
"""How long a message is remembered at least; longer than anybody sends again."""


class InboxMessage(Model):
    """A message whose effect is in this database."""

    __tablename__ = "inbox"

    consumer: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("char_length(consumer) <= 100 AND char_length(message_id) <= 255", name="lengths"),
        Index("ix_inbox_received_at", "received_at", postgresql_using="brin"),
    )


async def first_time(tx: Tx, *, consumer: str, message_id: str) -> bool:
    """Whether this transaction is the one in which the consumer's effect of this message belongs."""
    statement = (
        insert(InboxMessage)
        .values(consumer=consumer, message_id=message_id)
        .on_conflict_do_nothing()
        .returning(InboxMessage.message_id)
    )
    return await tx.scalar(statement) is not None
