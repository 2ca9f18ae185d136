"""The keys that sign what travels through other hands."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from threadly.core.config import Secret, Section
from threadly.core.keys import LEAST_CHARACTERS, Key, KeyRing
from threadly.core.security.events import EventSettings

_BETWEEN: Final = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class _Form:
    """What the setting takes, in words."""

    form: str


def _split(given: object) -> object:
    """The keys of a text, by commas or by lines; what is a list already stays."""
    return [part for part in _BETWEEN.split(given) if part] if isinstance(given, str) else given


def _readable(written: Secret) -> Secret:
    Key.read(written.get_secret_value())
    return written


def _different(written: tuple[Secret, ...]) -> tuple[Secret, ...]:
    """Refuses an id that stands there twice, and a secret under two ids; ids are none, and are told."""
    parts = [key.get_secret_value().partition(":") for key in written]
    ids, reused = Counter(id for id, _, _ in parts), Counter(secret for _, _, secret in parts)
    if twice := [id for id, times in ids.items() if times > 1]:
        raise ValueError(f"has two keys with the id {twice[0]}")
    if shared := [id for id, _, secret in parts if reused[secret] > 1]:
        raise ValueError(f"has the same secret in the keys {' and '.join(shared)}")
    return written


class SecuritySettings(Section):
    """Secrets that sign what travels through other hands: one for a shop that begins, a ring of keys to change it."""

    secret: Secret | None = Field(
        default=None, min_length=LEAST_CHARACTERS, json_schema_extra={"made_by": "openssl rand -base64 32"}
    )
    """Signs the tokens in forms and the cursors of lists, and hides who looked at what; beside
    THREADLY_SECURITY__KEYS it is the oldest key, with the id `first`, and may go."""

    keys: Annotated[
        tuple[Annotated[Secret, AfterValidator(_readable)], ...],
        BeforeValidator(_split),
        AfterValidator(_different),
        _Form(f"keys, by commas or by lines, each an id, a colon and {LEAST_CHARACTERS} characters or more, secret"),
    ] = Field(default=(), json_schema_extra={"made_by": "threadly keys new"})
    """Keys with the time that each was made as its id, in any order: the newest signs, all verify. `threadly keys
    rotate` adds one, `threadly keys retire` takes one away; docs/runbooks/keys.md tells when."""

    keys_rest: timedelta = Field(default=timedelta(hours=1), ge=timedelta(0), le=timedelta(days=7))
    """How long a new key only verifies before it signs: within that time, all processes are started anew with it."""

    events: EventSettings = EventSettings()

    @model_validator(mode="after")
    def _has_a_key(self) -> Self:
        if self.secret is None and not self.keys:
            raise PydanticCustomError("one_is_missing", "needs a secret or keys", {"field": "secret"})
        if self.secret in [Secret(key.get_secret_value().partition(":")[2]) for key in self.keys]:
            raise ValueError("THREADLY_SECURITY__SECRET is one of THREADLY_SECURITY__KEYS, too; leave it out")
        return self

    @cached_property
    def ring(self) -> KeyRing:
        """All of them."""
        keys = [Key.read(key.get_secret_value()) for key in self.keys]
        first = [] if self.secret is None else [Key(self.secret.get_secret_value().encode())]
        return KeyRing([*keys, *first], rests=self.keys_rest)
