"""What is kept of settings, so that the next start can say which are others now, and nobody what they were.

Guaranteed: of each setting a short digest; of a secret only whether it is set, and of keys their ids. Two values have
the same digest once in four thousand million times.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from hashlib import blake2b
from itertools import groupby
from typing import Any, Final

import msgspec

from threadly.core.config.names import Names, Variable
from threadly.settings import CONVENTIONAL, Settings

_PREFIX: Final = "THREADLY_"
_OF_EACH_PROCESS: Final = "THREADLY_SERVER__WORKERS"
_KEYS: Final = "THREADLY_SECURITY__KEYS"
_DIGEST_BYTES: Final = 4


def marks(settings: Settings) -> Sequence[str]:
    """A text for each section: `CACHE__URL 3fa9c1d2`, and so on. In this form the log keeps it whole."""
    names = Names(Settings, prefix=_PREFIX, aliases=CONVENTIONAL)
    dumped = settings.model_dump(mode="json")
    kept = [variable for variable in names.variables.values() if variable.name != _OF_EACH_PROCESS]
    return [
        " ".join(f"{each.name.removeprefix(_PREFIX)} {_digest(_kept_of(each, dumped, settings))}" for each in section)
        for _, section in groupby(kept, key=lambda variable: variable.path[0])
    ]


def changed(before: Sequence[str], now: Sequence[str]) -> Sequence[str]:
    """The variables that are set otherwise, by name; also those that there were not before, or are no more."""
    was, is_now = _by_name(before), _by_name(now)
    return sorted(f"{_PREFIX}{name}" for name in was.keys() | is_now.keys() if was.get(name) != is_now.get(name))


def _kept_of(variable: Variable, dumped: Mapping[str, Any], settings: Settings) -> object:
    if variable.name == _KEYS:
        return [key.get_secret_value().partition(":")[0] for key in settings.security.keys]
    return reduce(lambda section, name: section[name], variable.path, dumped)


def _digest(value: object) -> str:
    return blake2b(msgspec.json.encode(value), digest_size=_DIGEST_BYTES).hexdigest()


def _by_name(marks: Sequence[str]) -> Mapping[str, str]:
    words = " ".join(marks).split()
    return dict(zip(words[::2], words[1::2], strict=False))
