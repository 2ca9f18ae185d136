"""What a member may be called and say of themselves; what each refusal says."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from threadly.core.auth import Discreet, passwords
from threadly.core.errors import FieldsRefused, Refusal
from threadly.core.lookalikes import is_name, is_of_one_alphabet, skeleton
from threadly.core.text import AsTyped, is_plain, is_seen, normalised
from threadly.core.words import words

MOST_DISPLAY_NAME: Final = 50
MOST_BIO: Final = 500
MOST_PLACE: Final = 100
MOST_EMAIL: Final = 254
MOST_USERNAME: Final = 20
LEAST_USERNAME: Final = 3

USERNAME_TAKEN: Final = Refusal(
    "username_taken", words("Somebody has this name already. If it is you, please sign in.")
)
PASSWORD_WRONG: Final = Refusal("password_wrong", words("This is not your current password."))

_USERNAME: Final = re.compile(r"[a-zA-Z0-9_-]{3,20}")
_EMAIL: Final = re.compile(r"[^@\s\"(),:;<>\\\[\]]{1,64}@[^@\s\"(),:;<>\\\[\]]+\.[^@\s\"(),:;<>\\\[\].]{2,}")

RESERVED: Final = frozenset(
    """
    about account accounts admin administrator api assets blog bg bot categories checkout contact de en everybody
    favourites ftp help home imprint info legal listings livez mail mailer me media member members messages
    moderator my news nobody notifications null offers official orders postmaster privacy readyz robots root search
    security sell seller shop sign-in sign-out sign-up signin signout signup site sitemap staff static stats store
    suggestions support system team terms threadly undefined webmaster www
    """.split()  # noqa: SIM905 - a table
)
"""Names that look like the shop's own, or like an address of it; with and without `-` and `_`."""
AUTHORITY: Final = ("admin", "moderator", "official", "security", "staff", "support", "threadly")
"""Who could speak for the shop: no name begins or ends with one of these, either."""
_LONG: Final = 6
"""The shop's own name is such a word if it has so many letters; a shorter one, as Anna, begins many other names."""
_BETWEEN: Final = re.compile(r"[\W_]+")


class NewMember(Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What signing up takes."""

    username: Annotated[str, Meta(description="3 to 20 characters: letters from A to Z, digits, - and _.")]
    email: Annotated[str, Meta(description="At most 254 characters.")]
    password: Annotated[AsTyped, Meta(description="8 characters or more.")]


class ProfileChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change in your profile; what is left out stays."""

    display_name: Annotated[str, Meta(description="1 to 50 characters.")] | UnsetType = UNSET
    bio: Annotated[str, Meta(description="At most 500 characters.")] | UnsetType = UNSET
    place: Annotated[str, Meta(description="At most 100 characters.")] | UnsetType = UNSET


class Profile(ProfileChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member says of themselves: nothing is left out."""

    display_name: str
    bio: str
    place: str


def check_new(new: NewMember, *, shop: str = "") -> None:
    """Refuses what can be refused without looking anything up.

    Args:
        shop: The shop's own name, which nobody else can have.

    Raises:
        FieldsRefused: Each field with its reason.
    """
    _raise_any(
        {
            "username": username_refusal(new.username, shop=shop),
            "email": email_refusal(new.email),
            "password": passwords.refusal(new.password, about=known_of(new.username, new.email)),
        }
    )


def check_profile(profile: Profile, *, shop: str = "") -> None:
    """Refuses a profile that would not be shown as it was meant.

    Args:
        shop: The shop's own name, which nobody else can have.

    Raises:
        FieldsRefused: Each field with its reason.
    """
    _raise_any(
        {
            "display_name": display_name_refusal(profile.display_name, shop=shop),
            "bio": _text_refusal("bio", profile.bio, most=MOST_BIO, lines=True),
            "place": _text_refusal("place", profile.place, most=MOST_PLACE),
        }
    )


def known_of(username: str, email: str) -> tuple[str, ...]:
    """What others may know of a member, and so must not be in the password."""
    return tuple(known for known in (username, email, email.partition("@")[0]) if known)


def username_refusal(username: str, *, shop: str = "") -> Refusal | None:
    """Why nobody can have this username in a shop of this name; that somebody has it, only the table knows."""
    if len(username) < LEAST_USERNAME:
        return Refusal("username_too_short", words("Please use {least} characters or more."), {"least": LEAST_USERNAME})
    if len(username) > MOST_USERNAME:
        return Refusal("username_too_long", words("Please use {most} characters at most."), {"most": MOST_USERNAME})
    if _USERNAME.fullmatch(username) is None:
        return Refusal("username_form", words("Please use letters from A to Z, figures, - and _ only."))
    if _is_kept(username, shop):
        return Refusal("username_reserved", words("This name is kept for the shop. Please choose another."))
    return None


def email_refusal(email: str) -> Refusal | None:
    """Why this cannot be an address. Whether it is one, and whose, only a mail can find out."""
    if not email:
        return Refusal("email_missing", words("Please write your e-mail address."))
    if len(email) > MOST_EMAIL:
        return Refusal("email_too_long", words("Please use {most} characters at most."), {"most": MOST_EMAIL})
    if _EMAIL.fullmatch(email) is None or not is_name(email) or ".." in email:
        return Refusal("email_form", words("Please write it like name@example.com."))
    if compared(email) != email or not all(map(is_of_one_alphabet, re.split("[@.]", email))):
        return Refusal(
            "email_letters", words("Some of these letters only look like others. Please write it with usual ones.")
        )
    return None


def display_name_refusal(name: str, *, shop: str = "") -> Refusal | None:
    """Why nobody can be called so. Any script will do, and any mixture; emoji too; but not what looks like the shop."""
    if not is_seen(name):
        return Refusal("display_name_missing", words("Please write a name that others can see."))
    if (refusal := _text_refusal("display_name", name, most=MOST_DISPLAY_NAME)) is not None:
        return refusal
    if not is_name(name):
        return Refusal("display_name_unreadable", words("Please leave out characters that cannot be seen or shown."))
    if _speaks_for_the_shop(name, shop):
        return Refusal("display_name_reserved", words("This name is kept for the shop. Please choose another."))
    return None


def compared(name: str) -> str:
    """A username or an address as it is looked for: in one form (NFKC), whose case the database leaves out."""
    return name if name.isascii() or len(name) > MOST_EMAIL else unicodedata.normalize("NFKC", normalised(name))


def _is_kept(username: str, shop: str) -> bool:
    """Whether it could be taken for the shop, as `adm1n` and `Threadly_Team` could."""
    name, own = _folded(username), _folded(shop)
    words_of_authority = (*map(_folded, AUTHORITY), *([own] if len(own) >= _LONG else []))
    kept = {"", own, *map(_folded, RESERVED)}
    return name in kept or name.startswith(words_of_authority) or name.endswith(words_of_authority)


def _speaks_for_the_shop(name: str, shop: str) -> bool:
    """Whether one of its words is one of authority, or all of it begins or ends with the shop's name."""
    whole, own = _folded(name), _folded(shop)
    is_own = bool(own) and (whole == own or (len(own) >= _LONG and (whole.startswith(own) or whole.endswith(own))))
    return is_own or not set(map(_folded, AUTHORITY)).isdisjoint(map(skeleton, _BETWEEN.split(name)))


def _folded(name: str) -> str:
    """What it looks like without all that stands between letters: 0 as o, 1 and l as i, Cyrillic as Latin."""
    return _BETWEEN.sub("", skeleton(name))


def _text_refusal(field: str, text: str, *, most: int, lines: bool = False) -> Refusal | None:
    if len(text) > most:
        return Refusal(f"{field}_too_long", words("Please use {most} characters at most."), {"most": most})
    if not is_plain(text, lines=lines):
        return Refusal(f"{field}_unreadable", words("Please leave out characters that cannot be seen or shown."))
    return None


def _raise_any(found: Mapping[str, Refusal | None]) -> None:
    refusals = {field: refusal for field, refusal in found.items() if refusal is not None}
    if refusals:
        raise FieldsRefused(refusals=refusals)
