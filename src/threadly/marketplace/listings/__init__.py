"""What is for sale, and what was."""

from threadly.marketplace.listings.audience import Audience
from threadly.marketplace.listings.errors import (
    ListingChanged,
    ListingNotFound,
    ListingNotOver,
    ListingOfAnother,
    ListingPictureNotFound,
    ListingRemoved,
    ListingSettled,
)
from threadly.marketplace.listings.jobs import ForgetLooks, count_now, counting, forget_looks
from threadly.marketplace.listings.models import (
    FOR_SALE,
    PUBLIC,
    SAMPLED,
    SOLD,
    UNSOLD,
    Listing,
    ListingPicture,
    ListingPrice,
    ListingStatus,
    ListingView,
    ListingViews,
)
from threadly.marketplace.listings.owned import expect_edit, expect_picture
from threadly.marketplace.listings.pictures import arrange, attach, describe, detach, show
from threadly.marketplace.listings.policy import ALT, BRAND, DESCRIPTION, PICTURES, PRICE_MINOR, TITLE, Changes
from threadly.marketplace.listings.service import Standing, draft, edit, publish, rehearse, relist, remove, restore

__all__ = [
    "ALT",
    "BRAND",
    "DESCRIPTION",
    "FOR_SALE",
    "PICTURES",
    "PRICE_MINOR",
    "PUBLIC",
    "SAMPLED",
    "SOLD",
    "TITLE",
    "UNSOLD",
    "Audience",
    "Changes",
    "ForgetLooks",
    "Listing",
    "ListingChanged",
    "ListingNotFound",
    "ListingNotOver",
    "ListingOfAnother",
    "ListingPicture",
    "ListingPictureNotFound",
    "ListingPrice",
    "ListingRemoved",
    "ListingSettled",
    "ListingStatus",
    "ListingView",
    "ListingViews",
    "Standing",
    "arrange",
    "attach",
    "count_now",
    "counting",
    "describe",
    "detach",
    "draft",
    "edit",
    "expect_edit",
    "expect_picture",
    "forget_looks",
    "publish",
    "rehearse",
    "relist",
    "remove",
    "restore",
    "show",
]
