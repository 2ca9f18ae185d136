"""What answers are made of: times, money and pictures as a client needs them."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from threadly.marketplace.media import WIDTHS
from threadly.marketplace.storefront import Photo

_ADDRESSES = tuple((str(width), f"-{width}.webp") for width in WIDTHS)

Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its offset, which is always UTC here; msgspec documents its format only when it must be aware."""


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """An amount of money, as a whole number of the currency's smallest unit: 2450 in EUR is 24.50 €."""

    amount_minor: Annotated[int, Meta(ge=0, examples=[2450])]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["EUR"])]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, in several widths. Its addresses follow from its content, so each can be cached for ever."""

    urls: Annotated[dict[str, str], Meta(description="The address for each width in pixels: 320, 640 and 1280. WebP.")]
    width: Annotated[int, Meta(ge=1, description="Of the original, in pixels.")]
    height: Annotated[int, Meta(ge=1, description="Of the original, in pixels.")]
    placeholder: Annotated[str, Meta(description="A data URI of a few pixels, to show until the picture arrives.")]
    alt: Annotated[str, Meta(description="What the picture shows, for those who cannot see it.")]


def picture(photo: Photo, at: str) -> Picture:
    """A picture with its addresses, at the origin of pictures (`Services.media_at`)."""
    begin = f"{at}/media/{photo.name}"
    return Picture(
        urls={width: begin + end for width, end in _ADDRESSES},
        width=photo.width,
        height=photo.height,
        placeholder=photo.placeholder,
        alt=photo.alt,
    )
