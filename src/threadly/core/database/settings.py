"""What the database package wants to be told."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from threadly.core.config import Secret, Section, address_of, listed


class DatabaseSettings(Section):
    """Which PostgreSQL to use, and how much of it."""

    url: Annotated[Secret, address_of("postgresql", "postgres", "postgresql+asyncpg")] = Field(
        examples=["postgresql://threadly_serving:password@127.0.0.1:5432/threadly"]
    )
    """PostgreSQL 16 or newer, by an address as libpq writes it. By a socket:
    postgresql://user:password@/name?host=/socket/folder."""

    owner_url: Annotated[Secret, address_of("postgresql", "postgres", "postgresql+asyncpg")] | None = Field(
        default=None, examples=["postgresql://threadly_owner:another-password@127.0.0.1:5432/threadly"]
    )
    """The same database by the role that owns it, for whoever migrates; to be given to nobody else. An upgrade gives
    the other role what serving takes, and no more: it can change no table, and nothing of a log that only grows."""

    replicas: Annotated[
        tuple[Annotated[Secret, address_of("postgresql", "postgres", "postgresql+asyncpg")], ...],
        BeforeValidator(listed),
    ] = Field(default=(), max_length=16, examples=["postgresql://threadly_serving:password@127.0.0.1:5433/threadly"])
    """Streaming replicas of it, which answer reads of requests, separated by commas; each names one server."""

    replica_lag: timedelta = Field(default=timedelta(seconds=10), ge=timedelta(seconds=1), le=timedelta(hours=1))
    """A replica that is further behind than this is not read from."""

    replica_lag_mib: int = Field(default=16, ge=1)
    """The same in the log that it has not replayed yet, in MiB."""

    pool_size: int = Field(default=10, ge=2, le=1000)
    """Connections that each worker may hold; two at least, since a migration needs one to see whom it waits for."""

    pool_wait: timedelta = Field(default=timedelta(seconds=5), ge=timedelta(milliseconds=1), le=timedelta(hours=1))
    """How long a request waits for a connection before it is refused."""

    pool_waiters: int = Field(default=100, ge=1)
    """How many may wait for a connection at once, in each worker; one more is refused at once, instead of in vain."""

    statement_timeout: timedelta = Field(
        default=timedelta(seconds=5), ge=timedelta(milliseconds=1), le=timedelta(days=20)
    )
    """How long one statement may run, by the server's clock; commands that migrate or seed set their own. Who has heard
    nothing a second later takes the server for gone, and drops the connection."""

    slow_after: timedelta = Field(default=timedelta(seconds=0.5), ge=timedelta(0), le=timedelta(hours=1))
    """A statement that takes so long is told in the log, with its plan and never with its values; each kind once in
    five minutes. 0 turns this off."""

    connections: int | None = Field(default=None, ge=3, examples=["100"])
    """Connections that the server keeps for this installation: its max_connections without those for others. What all
    processes together may hold is compared with it, and it with what the server has."""

    @property
    def as_owner(self) -> "DatabaseSettings":
        """The same for who migrates: by the role that owns the database, if it is another one."""
        if self.owner_url is None:
            return self
        return self.model_copy(update={"url": self.owner_url, "owner_url": None, "replicas": ()})
