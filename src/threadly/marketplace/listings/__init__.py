"""What is for sale, and what was."""

from threadly.marketplace.listings.audience import Audience
from threadly.marketplace.listings.errors import (
    ListingChanged,
    ListingNotFound,
    ListingNotOver,
    ListingOfAnother,
    ListingOnSaleAlready,
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
    SellerTotals,
)
from threadly.marketplace.listings.owned import Standing, expect_edit, expect_picture
from threadly.marketplace.listings.pictures import (
    add_picture,
    describe_pictures,
    move_picture,
    order_pictures,
    remove_picture,
)
from threadly.marketplace.listings.policy import ALT, BRAND, DESCRIPTION, PICTURES, PRICE_MINOR, TITLE, Changes
from threadly.marketplace.listings.removal import relist, remove, restore
from threadly.marketplace.listings.service import draft, edit, publish, rehearse

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
    "ListingOnSaleAlready",
    "ListingPicture",
    "ListingPictureNotFound",
    "ListingPrice",
    "ListingRemoved",
    "ListingSettled",
    "ListingStatus",
    "ListingView",
    "ListingViews",
    "SellerTotals",
    "Standing",
    "add_picture",
    "count_now",
    "counting",
    "describe_pictures",
    "draft",
    "edit",
    "expect_edit",
    "expect_picture",
    "forget_looks",
    "move_picture",
    "order_pictures",
    "publish",
    "rehearse",
    "relist",
    "remove",
    "remove_picture",
    "restore",
]
