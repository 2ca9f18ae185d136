"""Names whose values are nobody's business, whatever these look like.

Guaranteed: `Password`, `user-password`, `NEW_PASSWORD_2` and `newPassword` are one name; what is remembered of names is
bounded. Not guaranteed: a secret under a name that says nothing of it; then its form decides (`scrub_text`).
"""

import re
from typing import Final

_ANYWHERE: Final = re.compile(
    r"passw|passphrase|secret|token|authori[sz]ation|cookie|credential|apikey|accesskey|privatekey|signingkey"
    r"|sessionid|cardnumber|cardholder|securitycode|socialsecurity|ibannumber|accountnumber|sortcode|email|e_mail"
    r"|phonenumber|dateofbirth|postcode|postalcode|zipcode"
)
"""In a name without its joints, at any place."""
_WORDS: Final = frozenset(
    {
        *("pwd", "pass", "auth", "pin", "otp", "totp", "nonce", "signature", "jwt", "sid", "dsn"),
        *("card", "pan", "cvc", "cvv", "cvn", "iban", "bic", "swift"),
        *("mail", "phone", "mobile", "telephone", "street", "address", "zip", "birthday", "birthdate", "ssn"),
    }
)
"""As a word of a name."""
_HARMLESS: Final = re.compile(
    r"(?:^|_)(?:count|counts|bytes|seconds|length|kind|type|id_type|valid|expired|expires_at|limit|total|retries)$"
    r"|^(?:ip|mac|listen|bind|remote|client|server|host|peer)_address$|^max_tokens$|card_brand$"
)
"""What tells about such a value, not the value."""
_JOINT: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_LONGEST: Final = 200
_MOST_KNOWN: Final = 4096

_private: set[str] = set()
_harmless: set[str] = set()


def is_private(name: str) -> bool:
    """Whether what stands under this name must not be told."""
    if name in _harmless:
        return False
    if name in _private:
        return True
    if len(_private) + len(_harmless) >= _MOST_KNOWN:
        _private.clear()
        _harmless.clear()
    verdict = _judged(name[:_LONGEST])
    (_private if verdict else _harmless).add(name)
    return verdict


are_known_harmless: Final = _harmless.issuperset
"""Whether all these names have been judged, and none is private; the quick way for those that are told all the time."""


def _judged(name: str) -> bool:
    words = [word.lower() for word in _JOINT.split(name) if word]
    joined = "_".join(words)
    if _HARMLESS.search(joined):
        return False
    return bool(_ANYWHERE.search("".join(words)) or _ANYWHERE.search(joined) or not _WORDS.isdisjoint(words))
