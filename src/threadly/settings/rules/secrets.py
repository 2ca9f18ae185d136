"""Secrets are one's own, hard to guess, and each for one use."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from threadly.core.config import Broken, Rule, Secret, Weight, asked_of, bits, hosts_of, is_near, password_of
from threadly.core.config.forms import holds_password, is_secret
from threadly.core.config.names import Names, Variable
from threadly.settings.installation import Installation

_LEAST_BITS: Final = 100
_MADE: Final = "THREADLY_SECURITY__SECRET, what `openssl rand -base64 32` prints: made once, and kept."
_ALTERED: Final = "Make another password (`openssl rand -hex 24`): ALTER ROLE … PASSWORD …, and then here."
_ASKED_FOR: Final = "Make another (`openssl rand -hex 24`), first for the server that asks for it, then here."
_ROTATED: Final = "Take that key away, and make another: `threadly keys rotate`, `threadly keys retire`."
_FROM_A_PAGE: Final = re.compile(
    r"change.?me|example|insecure|passw(?:or)?d|placeholder|replace.?(?:me|this)|secret|your[._-]", re.IGNORECASE
)
_OF_THE_PRODUCT: Final = re.compile("threadly", re.IGNORECASE)
_HEADERS: Final = "THREADLY_OBSERVABILITY__TRACING__HEADERS"
_SECRET: Final = "THREADLY_SECURITY__SECRET"  # noqa: S105  its name
_KEYS: Final = "THREADLY_SECURITY__KEYS"
_DATABASE: Final = ("THREADLY_DATABASE__URL", "THREADLY_DATABASE__REPLICAS")
"""One use: a replica knows the same roles, by the same passwords."""
_SERVERS: Final = (*_DATABASE, "THREADLY_DATABASE__OWNER_URL")
_GUESSED_FIRST: Final = frozenset(
    ("", "1234", "12345", "123456", "admin", "letmein", "pass", "pg", "postgres", "qwerty", "root", "test", "user")
)


def _secrets() -> Iterator[Variable]:
    names = Names(Installation, prefix="THREADLY_", aliases={})
    return (variable for variable in names.variables.values() if is_secret(variable.field))


_SECRETS: Final = tuple(_secrets())
_ADDRESSES: Final = {variable.name for variable in _SECRETS if holds_password(variable.field)}
_NAMES: Final = tuple(variable.name for variable in _SECRETS)


def _texts(installation: Installation, variables: Iterable[Variable] = _SECRETS) -> Iterator[tuple[str, str]]:
    """Each secret that is set, by its variable; of an address, the password in it; of a key, what follows its id."""
    for variable in variables:
        for found in _of(installation, variable):
            text = found.get_secret_value()
            if variable.name in _ADDRESSES:
                text = password_of(found)
            elif variable.name == _KEYS:
                text = text.partition(":")[2]
            if text:
                yield variable.name, text


def _of(installation: Installation, variable: Variable) -> Sequence[Secret]:
    """The secret, or those of a list; none where none is set."""
    found: object = installation
    for name in variable.path:
        found = getattr(found, name, None)  # what could not be read is not there
    return found if isinstance(found, tuple) else (found,) if isinstance(found, Secret) else ()


def _are_random(installation: Installation) -> Broken | None:
    signing = (variable for variable in _SECRETS if variable.name in {_SECRET, _KEYS})
    guessed = [(name, least) for name, text in _texts(installation, signing) if (least := bits(text)) < _LEAST_BITS]
    if not guessed:
        return None
    name, least = guessed[0]
    says = f"can be guessed: it has {least:.0f} bits at most"
    return Broken(says, (name,), mends="" if name == _SECRET else _ROTATED)


def _are_ones_own(installation: Installation) -> Broken | None:
    known = _each_once(name for name, text in _texts(installation) if _is_from_a_page(name, text))
    if not known:
        return None
    passwords = [name for name in known if name in _ADDRESSES]
    which = (
        "its password"
        if len(passwords) == len(known)
        else "this, or of an address its password,"
        if passwords
        else "it"
    )
    return Broken(f"{which} looks like one from a page, or from a template", known, " ".join(_replaced(known)))


def _replaced(variables: Sequence[str]) -> Iterator[str]:
    """What to do about each kind of these."""
    if _SECRET in variables:
        yield _MADE
    if _KEYS in variables:
        yield _ROTATED
    if not set(_SERVERS).isdisjoint(variables):
        yield _ALTERED
    if not {_SECRET, _KEYS, *_SERVERS}.issuperset(variables):
        yield _ASKED_FOR


def _is_from_a_page(name: str, text: str) -> bool:
    if name == _HEADERS:  # their names are no secrets, and a value may name the product: a dataset, a service
        return any(_FROM_A_PAGE.search(pair.partition("=")[2]) for pair in text.split(","))
    return bool(_FROM_A_PAGE.search(text) or _OF_THE_PRODUCT.search(text))


def _serve_one_use(installation: Installation) -> Broken | None:
    uses: dict[str, list[str]] = {}
    for name, text in _texts(installation):
        uses.setdefault(text, []).append(name)
    shared = next((_each_once(names) for names in uses.values() if not _is_one_use(names)), None)
    return Broken("the same secret serves all of these", shared) if shared else None


def _is_one_use(names: Sequence[str]) -> bool:
    return len(set(names)) == 1 or set(names) <= set(_DATABASE)


def _are_no_guess(installation: Installation) -> Broken | None:
    servers = (variable for variable in _SECRETS if variable.name in _SERVERS)
    guessed = tuple(each.name for each in servers if any(map(_is_guessed, _of(installation, each))))
    return Broken("has no password, or one that is guessed first", guessed) if guessed else None


def _is_guessed(url: Secret) -> bool:
    signs_in = "@" in url.get_secret_value() or not {"user", "password"}.isdisjoint(asked_of(url))
    signs_in_by_password = signs_in and not all(is_near(host) for host in hosts_of(url))
    return signs_in_by_password and password_of(url).lower() in _GUESSED_FIRST


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


SECRETS: Final[tuple[Rule[Installation], ...]] = (
    Rule(
        "secret-is-random",
        Weight.UNSAFE,
        (_SECRET, _KEYS),
        f"The secret has {_LEAST_BITS} bits or more, as `openssl rand -base64 32` makes it.",
        _are_random,
        each=True,
        mends=_MADE,
    ),
    Rule(
        "secrets-are-your-own",
        Weight.UNSAFE,
        _NAMES,
        "No secret is one that others can read in a page or a template.",
        _are_ones_own,
        each=True,
    ),
    Rule(
        "secrets-serve-one-use",
        Weight.UNSAFE,
        _NAMES,
        "Each secret has one use: whoever learns it from one place must not get into another.",
        _serve_one_use,
        each=True,
        mends="Make another (`openssl rand -hex 24`) for all but one: for the server that asks, then here.",
    ),
    Rule(
        "database-password-is-no-guess",
        Weight.UNSAFE,
        _SERVERS,
        "A database that can be reached from outside has a password that nobody guesses.",
        _are_no_guess,
        each=True,
        mends=_ALTERED,
    ),
)
