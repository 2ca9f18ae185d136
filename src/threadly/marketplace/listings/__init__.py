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
from threadly.marketplace.listings.jobs import ForgetLooks, count_now, forget_looks, keep_counting
from threadly.marketplace.listings.models import (
    FOR_SALE,
    PUBLIC,
    SAMPLED,
    Listing,
    ListingPicture,
    ListingPrice,
    ListingStatus,
    ListingView,
    ListingViews,
)
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
    "TITLE",
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
    "describe",
    "detach",
    "draft",
    "edit",
    "forget_looks",
    "keep_counting",
    "publish",
    "rehearse",
    "relist",
    "remove",
    "restore",
    "show",
]
