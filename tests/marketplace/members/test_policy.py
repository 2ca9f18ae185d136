"""What a member may be called and say of themselves."""

import pytest

from threadly.core.errors import FieldsRefused
from threadly.marketplace.members import RESERVED, NewMember, Profile, check_new, check_profile
from threadly.marketplace.members.policy import compared, display_name_refusal, username_refusal
from threadly.web import entrance as pages

GOOD = {"username": "mila", "email": "mila@shop.example", "password": "seven wool coats"}


def _refused(**written: str) -> dict[str, str]:
    """The codes by field."""
    try:
        check_new(NewMember(**GOOD | written))
    except FieldsRefused as refused:
        return {field: refusal.code for field, refusal in refused.refusals.items()}
    return {}


@pytest.mark.parametrize(
    "name", ["mil", "Mila_Ivanova", "mila-1", "_mila_", "a" * 20, "123", "mila-shop", "steam_1", "Badminton"]
)
def test_a_name_of_letters_figures_and_dashes_is_fine(name: str) -> None:
    assert _refused(username=name) == {}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "username_too_short"),
        ("mi", "username_too_short"),
        ("a" * 21, "username_too_long"),
        ("a" * 60_000, "username_too_long"),
        ("мила", "username_form"),
        ("mila ivanova", "username_form"),
        ("mila.ivanova", "username_form"),
        ("mila@shop", "username_form"),
        ("mila\n", "username_form"),
        ("mila\u202e", "username_form"),
        ("ｍｉｌａ", "username_form"),
        ("admin", "username_reserved"),
        ("Threadly", "username_reserved"),
        ("ad-min", "username_reserved"),
        ("_support_", "username_reserved"),
        ("sign_in", "username_reserved"),
        ("SIGN-UP", "username_reserved"),
        ("---", "username_reserved"),
        ("threadlysupport", "username_reserved"),
        ("Threadly_Team", "username_reserved"),
        ("ThreadIy", "username_reserved"),
        ("support1", "username_reserved"),
        ("adm1n", "username_reserved"),
        ("m0derator_Mila", "username_reserved"),
        ("mila-0fficia1", "username_reserved"),
        ("r00t", "username_reserved"),
    ],
)
def test_other_names_are_refused_each_with_its_reason(name: str, code: str) -> None:
    assert _refused(username=name) == {"username": code}


@pytest.mark.parametrize(
    ("shop", "name", "is_kept"),
    [
        ("Kleine Runde", "kleine-runde", True),
        ("Kleine Runde", "K1eineRunde_2", True),
        ("Kleine Runde", "die_kleine_runde", True),
        ("Kleine Runde", "kleine", False),
        ("Anna", "anna", True),
        ("Anna", "annabel", False),
        ("Дрехи", "mila", False),
        ("", "mila", False),
    ],
)
def test_nobody_has_the_shops_own_name(shop: str, name: str, is_kept: bool) -> None:
    refusal = username_refusal(name, shop=shop)
    assert (None if refusal is None else refusal.code) == ("username_reserved" if is_kept else None)


@pytest.mark.parametrize(
    ("shop", "name", "is_kept"),
    [
        ("Kleine Runde", "Kleine Runde", True),
        ("Kleine Runde", "KL\u0415INE  RUNDE \u2013 Team", True),
        ("Kleine Runde", "Runde", False),
        ("Дрехи", "ДРЕХИ", True),
        ("Дрехи", "Дрехи на Мила", False),
        ("Anna", "Anna Karenina", False),
        ("", "Mila", False),
    ],
)
def test_nobody_is_shown_as_the_shop(shop: str, name: str, is_kept: bool) -> None:
    refusal = display_name_refusal(name, shop=shop)
    assert (None if refusal is None else refusal.code) == ("display_name_reserved" if is_kept else None)


def test_a_name_is_looked_for_in_one_form() -> None:
    assert compared("\uff4d\uff49\uff4c\uff41") == "mila"
    assert compared("Mila@Shop.example") == "Mila@Shop.example"
    assert compared("\u0301" * 60_000) == "\u0301" * 60_000  # which nobody is called, and which would take long


def test_the_names_that_the_shop_keeps_for_itself() -> None:
    issued = "admin root threadly support help api www mail ftp blog shop store"
    segments = "categories search suggestions listings members sign-up sign-in sign-out account sell my about static"
    assert {*issued.split(), *segments.split()} <= RESERVED


def test_every_first_segment_of_a_page_is_kept() -> None:
    for handler in (pages.sign_up, pages.sign_in, pages.sign_out):
        for path in handler.paths:
            assert path.split("/")[1] in RESERVED


@pytest.mark.parametrize(
    "email", ["a@b.bg", "Mila.Ivanova+x@shop.example", "мила@поща.бг", "o'brien@mail.shop.example", "a" * 64 + "@b.co"]
)
def test_an_address_is_anything_that_a_mail_could_reach(email: str) -> None:
    assert _refused(email=email) == {}


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("", "email_missing"),
        ("mila", "email_form"),
        ("mila@", "email_form"),
        ("@shop.example", "email_form"),
        ("mila@shop", "email_form"),
        ("mila@shop@example.com", "email_form"),
        ("mila ivanova@shop.example", "email_form"),
        ("mila@shop..example", "email_form"),
        ("mila@shop.example,eve@evil.example", "email_form"),
        ("Mila <mila@shop.example>", "email_form"),
        ("mila@shop.example\nbcc: eve@evil.example", "email_form"),
        ("mila\u202e@shop.example", "email_form"),
        ("mi\u00adla@shop.example", "email_form"),
        ("mi\u200dla@shop.example", "email_form"),
        ("m\u0456la@shop.example", "email_letters"),
        ("mila@sh\u043ep.example", "email_letters"),
        ("\uff4dila@shop.example", "email_letters"),
        ("mila@\u24e2hop.example", "email_letters"),
        ("mila@" + "a" * 250 + ".com", "email_too_long"),
    ],
)
def test_what_is_no_address_is_refused(email: str, code: str) -> None:
    assert _refused(email=email) == {"email": code}


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert _refused(username="", email="x", password="short") == {
        "username": "username_too_short",
        "email": "email_form",
        "password": "password_too_short",
    }


@pytest.mark.parametrize("password", ["mila@shop.example", "xx-mila-xx", "MILAshop123"])
def test_a_password_does_not_name_its_owner(password: str) -> None:
    assert _refused(password=password) == {"password": "password_names_you"}


PROFILE = {"display_name": "Mila", "bio": "", "place": ""}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("display_name", "Мила É & Co. 🧶", None),
        ("display_name", "שלום", None),
        ("display_name", "Mila Мила محمد", None),
        ("display_name", "👩\u200d🎤", None),
        ("display_name", "ж" * 50, None),
        ("display_name", "ж" * 51, "display_name_too_long"),
        ("display_name", "", "display_name_missing"),
        ("display_name", "\u200d", "display_name_missing"),
        ("display_name", "\u3164"[:0] + "\u00ad", "display_name_missing"),
        ("display_name", "Mila\u202eevil", "display_name_unreadable"),
        ("display_name", "Mi\u200dla", "display_name_unreadable"),
        ("display_name", "Mila\u3164", "display_name_unreadable"),
        ("display_name", "Support", "display_name_reserved"),
        ("display_name", "Mila, Admin", "display_name_reserved"),
        ("display_name", "Thre\u0430dly", "display_name_reserved"),
        ("display_name", "\uff33upport", "display_name_reserved"),
        ("display_name", "Badminton Mila", None),
        ("display_name", "Mila\x07", "display_name_unreadable"),
        ("display_name", "Mila\nIvanova", "display_name_unreadable"),
        ("display_name", "M" + "\u0316" * 9, "display_name_unreadable"),
        ("bio", "Two lines\nof wool.", None),
        ("bio", "x" * 500, None),
        ("bio", "x" * 501, "bio_too_long"),
        ("bio", "a\0b", "bio_unreadable"),
        ("bio", "<script>alert(1)</script>", None),
        ("place", "", None),
        ("place", "x" * 100, None),
        ("place", "x" * 101, "place_too_long"),
        ("place", "Sofia\nPlovdiv", "place_unreadable"),
    ],
)
def test_a_profile_may_say_anything_that_can_be_shown(field: str, text: str, code: str | None) -> None:
    profile = Profile(**PROFILE | {field: text})
    if code is None:
        check_profile(profile)
        return
    with pytest.raises(FieldsRefused) as refused:
        check_profile(profile)
    assert {name: refusal.code for name, refusal in refused.value.refusals.items()} == {field: code}


def test_a_new_members_password_is_in_no_log() -> None:
    assert GOOD["password"] not in repr(NewMember(**GOOD))
