"""What must follow from a change is written down with it, in the same transaction.

    class OfferMade(Event, frozen=True):
        name: ClassVar[str] = "offers.made"
        offer_id: UUID

    outbox.add(tx, OfferMade(offer_id=offer.id))                        # told to whoever subscribed, be it nobody
    outbox.enqueue(tx, RemindSeller(offer_id=offer.id), delay=ONE_DAY)  # done by the one handler of this job

Guaranteed: what was added is delivered at least once if the transaction commits, and never if it does not. The events
of one `key` are handled in the order in which they were added, as long as transactions that write events of that key
lock what it stands for before they add (as a service does: lock, refuse, change, announce). Not guaranteed: order
between keys; that a handler runs once only (see `inbox`).
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import DDL, CheckConstraint, Identity, Interval, event, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core.database import tracing
from threadly.core.database.model import Model
from threadly.core.database.sessions import Tx

CHANNEL = "outbox"
"""What a worker listens to; a trigger on the table notifies it when a transaction that added something commits."""

NOTIFYING: Final = (
    (
        "CREATE OR REPLACE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$"
    ),
    "CREATE TRIGGER outbox_notifies AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox()",
)
"""Makes the trigger; whatever makes the table by its metadata (`create_all`) does so, a revision has to. Without it,
workers find messages only when they look."""

STORAGE = {"autovacuum_vacuum_scale_factor": "0.0", "autovacuum_vacuum_threshold": "2000"}
"""Tables through which rows only pass are cleaned after so many rows, however few or many remain in them."""

LONGEST_DELAY: Final = timedelta(days=366)
LARGEST_BYTES: Final = 256 * 1024
"""A message holds facts, as JSON; what is larger belongs in a table or a file, and its key in the message."""

NAME_FORM = "^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$"


class Message(msgspec.Struct, frozen=True):
    """Facts of one kind, as JSON keeps them. Add fields with defaults only: yesterday's are still under way."""

    name: ClassVar[str]
    """What the kind is called in the database: stable, whatever becomes of the class. As `offers.made`."""

    @property
    def key(self) -> str | None:
        """Messages of one key are handled in order and one at a time by each handler; None: in no order."""
        return None


class Event(Message, frozen=True):
    """Something happened. Whoever subscribed is told."""

    def __init_subclass__(cls) -> None:
        _refuse_nameless(cls)


class Job(Message, frozen=True):
    """Something is to be done, by one handler."""

    def __init_subclass__(cls) -> None:
        _refuse_nameless(cls)


def _refuse_nameless(kind: type[Message]) -> None:
    if not isinstance(getattr(kind, "name", None), str):
        raise TypeError(f'{kind.__qualname__} has no name of its kind, as `name: ClassVar[str] = "offers.made"`')


class OutboxMessage(Model):
    """A message on its way to whom it concerns; gone once it has been handed on.

    `refusal` is PostgreSQL's code if it could not be: the message then stays for somebody to look at, and the others
    pass it. What is set to NULL again is tried again.
    """

    __tablename__ = "outbox"

    position: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    key: Mapped[str | None]
    delay: Mapped[timedelta] = mapped_column(Interval, server_default=sql("'00:00:00'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    refusal: Mapped[str | None]
    traceparent: Mapped[str | None]
    """The span in which it was written (W3C), so that what follows belongs to the same trace."""

    __table_args__ = (
        CheckConstraint("kind IN ('event', 'job')", name="kind"),
        CheckConstraint(f"name ~ '{NAME_FORM}'", name="name_form"),
        CheckConstraint(f"delay BETWEEN '00:00:00' AND '{LONGEST_DELAY.days} days'", name="delay_is_bounded"),
        CheckConstraint("char_length(key) <= 255", name="key_length"),
        {"postgresql_with": STORAGE},
    )


for _statement in NOTIFYING:
    event.listen(OutboxMessage.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]


def add(tx: Tx, event: Event) -> None:
    """Tells everybody who subscribed to this kind of event, after the commit.

    Raises:
        ValueError: It is larger than `LARGEST_BYTES`.
    """
    tx.add(_row("event", event, timedelta(0)))


def enqueue(tx: Tx, job: Job, *, delay: timedelta = timedelta(0)) -> None:
    """Has a job done after the commit; not before `delay` has passed since this transaction began.

    Raises:
        ValueError: The delay is negative, or longer than `LONGEST_DELAY`; or the job is larger than `LARGEST_BYTES`.
    """
    if not timedelta(0) <= delay <= LONGEST_DELAY:
        raise ValueError(f"A job can be put off by 0 to {LONGEST_DELAY.days} days, not by {delay}.")
    tx.add(_row("job", job, delay))


def _row(kind: str, message: Message, delay: timedelta) -> OutboxMessage:
    if (size := len(msgspec.json.encode(message))) > LARGEST_BYTES:
        raise ValueError(f"{message.name} has {size:,} bytes; a message may have {LARGEST_BYTES:,}.")
    payload = msgspec.to_builtins(message)
    with tracing.sending(message.name) as traceparent:
        return OutboxMessage(
            kind=kind, name=message.name, payload=payload, key=message.key, delay=delay, traceparent=traceparent
        )
