"""What authentication wants to be told."""

from datetime import timedelta

from pydantic import Field

from threadly.core.config import Section


class AuthSettings(Section):
    """How members show who they are, and for how long they have."""

    hash_memory_kib: int = Field(default=19 * 1024, ge=8 * 1024, le=1024 * 1024)
    """Memory that one hash of a password takes, in KiB. The default is OWASP's minimum for Argon2id; more is safer and
    slower. Who signs in after a change is hashed anew."""

    hash_passes: int = Field(default=2, ge=1, le=20)
    """How often a hash goes over that memory."""

    hash_lanes: int = Field(default=1, ge=1, le=16)
    """Lanes of a hash that are computed side by side."""

    hash_queue: int = Field(default=32, ge=0, le=10_000)
    """Attempts that may wait for a core in each worker; one more is refused at once, to be tried again."""

    session_idle: timedelta = Field(default=timedelta(days=30), ge=timedelta(minutes=5), le=timedelta(days=3650))
    """A session that nobody has used for so long ends."""

    session_longest: timedelta = Field(default=timedelta(days=180), ge=timedelta(minutes=5), le=timedelta(days=3650))
    """A session ends after so long, however much it is used."""
