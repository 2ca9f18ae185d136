"""Who sells and buys: how they sign up and in, and what they say of themselves."""

from threadly.marketplace.members.errors import (
    CurrentPasswordWrong,
    MemberNotFound,
    PasswordChangedMeanwhile,
    SignInRefused,
)
from threadly.marketplace.members.models import Credential, Member
from threadly.marketplace.members.policy import (
    MOST_BIO,
    MOST_DISPLAY_NAME,
    MOST_EMAIL,
    MOST_PLACE,
    MOST_USERNAME,
    PASSWORD_WRONG,
    RESERVED,
    NewMember,
    Profile,
    ProfileChanges,
    check_new,
    check_profile,
    known_of,
)
from threadly.marketplace.members.queries import Account, Candidate, account, candidate, kept_password
from threadly.marketplace.members.service import change_password, edit_profile, sign_in, sign_out_elsewhere, sign_up

__all__ = [
    "MOST_BIO",
    "MOST_DISPLAY_NAME",
    "MOST_EMAIL",
    "MOST_PLACE",
    "MOST_USERNAME",
    "PASSWORD_WRONG",
    "RESERVED",
    "Account",
    "Candidate",
    "Credential",
    "CurrentPasswordWrong",
    "Member",
    "MemberNotFound",
    "NewMember",
    "PasswordChangedMeanwhile",
    "Profile",
    "ProfileChanges",
    "SignInRefused",
    "account",
    "candidate",
    "change_password",
    "check_new",
    "check_profile",
    "edit_profile",
    "kept_password",
    "known_of",
    "sign_in",
    "sign_out_elsewhere",
    "sign_up",
]
