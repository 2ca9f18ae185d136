"""Two hundred secrets, twenty of each kind, made anew from a seed: none stands in the repository.

What each is looked for by: itself, as it is written in an address, and the part of it that must not be told even alone.
"""

import base64
import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus

SECRETS_OF_A_KIND: Final = 20
_STREETS: Final = ("Hazelwick", "Brunnenthaler", "Quarrymoor", "Lindenbrook", "Saltmarsh")


@dataclass(frozen=True)
class Secret:
    """Something that nobody may be told."""

    kind: str
    text: str
    core: str
    """Enough of it to do harm."""

    @property
    def has_form(self) -> bool:
        """Whether its form gives it away; else only its name does."""
        return self.kind not in {"password", "address"}

    @property
    def needles(self) -> set[bytes]:
        """What it is looked for by."""
        written = {self.text, self.core}
        written |= {quote(each) for each in written} | {quote_plus(each) for each in written}
        return {each.encode() for each in written} | {json.dumps(each)[1:-1].encode() for each in written}


def planted(seed: int) -> list[Secret]:
    """All of them."""
    drawn = random.Random(seed)
    return [make(drawn) for make in _KINDS for _ in range(SECRETS_OF_A_KIND)]


def _letters(drawn: random.Random, length: int, among: str = string.ascii_letters + string.digits) -> str:
    return "".join(drawn.choice(among) for _ in range(length))


def _card(drawn: random.Random) -> Secret:
    number = f"4{_letters(drawn, 14, string.digits)}"
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(number))
    number += str(-total % 10)
    parts = [number[at : at + 4] for at in range(0, 16, 4)]
    return Secret("card", drawn.choice(("", " ", "-", ".")).join(parts), number)


def _jwt(drawn: random.Random) -> Secret:
    claims = base64.urlsafe_b64encode(json.dumps({"sub": _letters(drawn, 12)}).encode()).decode().rstrip("=")
    signature = _letters(drawn, 43)
    return Secret("jwt", f"eyJhbGciOiJIUzI1NiJ9.{claims}.{signature}", signature)


def _email(drawn: random.Random) -> Secret:
    name = f"{_letters(drawn, 8, string.ascii_lowercase)}.{_letters(drawn, 8, string.ascii_lowercase)}"
    return Secret("e-mail", f"{name}@mailbox.example", name)


def _key(drawn: random.Random) -> Secret:
    core = _letters(drawn, 24)
    return Secret("key", drawn.choice(("sk_live_", "rk_live_", "whsec_", "ghp_", "sk-proj-", "xoxb-")) + core, core)


def _password(drawn: random.Random) -> Secret:
    text = f"{_letters(drawn, 7)}-{_letters(drawn, 5, string.digits)}!{_letters(drawn, 4)}"
    return Secret("password", text, text)


def _address(drawn: random.Random) -> Secret:
    street = f"{drawn.choice(_STREETS)}{_letters(drawn, 4, string.ascii_lowercase)} Street"
    return Secret(
        "address", f"{drawn.randrange(100, 999)} {street}, {_letters(drawn, 5, string.digits)} Springfield", street
    )


def _session(drawn: random.Random) -> Secret:
    token = f"aZ{_letters(drawn, 41)}"
    return Secret("session", token, token)


def _database(drawn: random.Random) -> Secret:
    password = _letters(drawn, 16)
    return Secret("database", f"postgresql://shop:{password}@db.internal:5432/shop", password)


def _iban(drawn: random.Random) -> Secret:
    account = _letters(drawn, 18, string.digits)
    check = 98 - int(account + "131400") % 97
    return Secret("iban", f"DE{check:02d}{account}", account)


def _hash(drawn: random.Random) -> Secret:
    core = _letters(drawn, 43)
    return Secret("hash", f"$argon2id$v=19$m=65536,t=3,p=4${_letters(drawn, 22)}${core}", core)


_KINDS: Final[tuple[Callable[[random.Random], Secret], ...]] = (
    *(_card, _jwt, _email, _key, _password),
    *(_address, _session, _database, _iban, _hash),
)
