"""Takes out of a text what has the form of a secret or of a person's data.

Guaranteed: linear time (each pattern begins where a word does, and looks back over nothing twice); a text longer than
`LONGEST` is cut, and no half of a secret is left at the cut; cards count by Luhn's sum and IBANs by theirs, so
that prices, ids, sizes, days and times stay whole. Not guaranteed: what has no form, as a password in a sentence, or a
street; those are known by their name alone (`is_private`). What else is not looked for stands in decision 0020.
"""

import re
from collections.abc import Callable
from string import digits
from typing import Final

from threadly.core.observability.scrubbing import numbers
from threadly.core.observability.scrubbing.glance import may_be_private

LONGEST: Final = 2000
"""Characters of a text that are told."""
_AHEAD: Final = 512  # is read beyond the cut, so that a secret across it is seen whole

_Found = re.Match[str]
_BEGINS: Final = r"(?<![A-Za-z0-9])"
_PRIVATE_KEY: Final = r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
_HEADER: Final = r"(?i:\b(?:proxy-)?authorization|\b(?:set-)?cookie)[\"']?\s{0,3}[=:]\s{0,3}"
_SCHEME: Final = r"\b(?:[Bb]earer|[Bb]asic(?=\s+[a-z]*[A-Z0-9+/=]))\s+"
_SAID: Final = (
    r"(?i:passw(?:or)?d|passwort|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)"
    r"\w{0,32}"
)
_IS: Final = r"(?:[\"'\]\\]|%(?:25)?(?:2[27]|5[Dd])){0,4}\s{0,3}(?:[=:]|%(?:25)?3[ADad])\s{0,3}"
"""Between a name and its value: in prose, in a form, in JSON (and in JSON within JSON), in an address."""
_VALUE: Final = r"\"(?:[^\"\\]|\\.?)*+\"?|'(?:[^'\\]|\\.?)*+'?|\\{1,3}\"[^\"]*+\"?|[^\s,;&)}\]]++"
_PAIRED: Final = (
    r"(?i:[\"'](?:name|key|field)\\?[\"']\s{0,3}:\s{0,3}\\?[\"'][\w-]{0,32}?" + _SAID
    + r"\\?[\"']\s{0,3},\s{0,3}\\?[\"']value\\?[\"']\s{0,3}:\s{0,3})"
)  # fmt: skip
"""Where name and value are both values."""
_KEYS: Final = (
    r"(?:sk|pk|rk)_(?:live|test)_\w{8,}|whsec_[\w+/=]{8,}|(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|ghp_[A-Za-z0-9]{16,}|gh[ousr]_[A-Za-z0-9]{36,}|github_pat_\w{16,}|xox[a-z]-[A-Za-z0-9-]{10,}"
    r"|AIza[\w-]{30,}|sk-(?:(?:proj|ant|svcacct|admin)-[\w-]{16,}|[A-Za-z0-9]{32,})"
)
"""Stripe's and AWS's; GitHub's and Slack's; Google's, OpenAI's and Anthropic's."""
_JWT: Final = r"eyJ[\w-]{10,}(?:\.[\w-]*){0,4}"
_PHC: Final = r"\$(?:argon2\w{1,2}|2[aby]|scrypt|pbkdf2[\w-]*)\$[\w$+/.,=-]+"
_OWN: Final = r"(?<![\w-])(?=[a-z0-9_-]*[A-Z])(?=[A-Z0-9_-]*[a-z])[\w-]{43}(?![\w-])"
"""256 random bits in base64url, as sessions and bearers of ours have."""


_RULES: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[_Found], str]], ...]] = (
    (("-----BEGIN",), re.compile(_PRIVATE_KEY, re.DOTALL), "[private key]"),
    (("://",), re.compile(r"(\b[A-Za-z][\w+.-]{0,30}://)[^\s/@:]{0,256}:[^\s/]{1,256}@"), r"\1[credentials]@"),
    (("ookie", "OOKIE", "uthori", "UTHORI"), re.compile(f"({_HEADER})[^\n]+"), r"\1[secret]"),
    (("earer", "asic"), re.compile(f"({_SCHEME})[\\w.~+/=-]{{8,}}"), r"\1[token]"),
    (("eyJ",), re.compile(_JWT), "[token]"),
    (("_", "AKIA", "ASIA", "xox", "AIza", "sk-"), re.compile(_BEGINS + f"(?:{_KEYS})"), "[key]"),
    (("$",), re.compile(_PHC), "[password hash]"),
    ((), re.compile(_OWN), "[token]"),
    (("value", "VALUE", "Value"), re.compile(f"({_PAIRED})(?:{_VALUE})", re.DOTALL), r"\1[secret]"),
    (("=", ":", "%"), re.compile(f"({_SAID}{_IS})(?:{_VALUE})", re.DOTALL), r"\1[secret]"),
    (("@", "%40"), re.compile(r"(?<![\w.+'-])[\w.+'-]++(?:@|%40)\[?[\w-][\w.-]+"), "[e-mail]"),
    (tuple(digits), numbers.CARD, numbers.card_hidden),
    (tuple(digits), numbers.IBAN, numbers.iban_hidden),
)
"""Signs of which one must be there, the pattern, and what is told in its place."""


def scrub_text(text: str) -> str:
    """The text without what is private in it, and not longer than `LONGEST` and a note of how much there was."""
    length = len(text)
    if length <= LONGEST:
        whole = _encodable(text)
        return _scrubbed(whole) if may_be_private(whole) else whole
    seen = _scrubbed(_encodable(text[: LONGEST + _AHEAD]))
    return f"{seen[: max(0, min(len(seen) - _AHEAD, LONGEST))]}… ({length:,} characters)"


def _encodable(text: str) -> str:
    """Without halves of characters, which no encoding can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="backslashreplace").decode()
    return text


def _scrubbed(text: str) -> str:
    for signs, pattern, replacement in _RULES:
        if not signs or any(sign in text for sign in signs):
            text = pattern.sub(replacement, text)
    return text
