"""What a page says to programs: schema.org, as JSON-LD, and who shares it reads the same from its head.

A block of data runs nothing, so every policy lets it stand in a page. It must not end early: what could close it, or
be taken for markup or a line's end in a script, is escaped within its strings.
"""

from typing import Any, Final

import msgspec
from markupsafe import Markup

from threadly.languages import decimals_of
from threadly.marketplace.catalog import Condition
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.storefront import Detail

_SCHEMA: Final = "https://schema.org"
_AVAILABILITY: Final = {
    ListingStatus.AVAILABLE: "InStock",
    ListingStatus.RESERVED: "Reserved",
    ListingStatus.SOLD: "SoldOut",
}
_NEW: Final = (Condition.NEW_WITH_TAGS, Condition.NEW_WITHOUT_TAGS)
_ESCAPED: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def block(data: object) -> Markup:
    """The content of a `<script type="application/ld+json">`, which nothing in `data` can end."""
    return Markup(msgspec.json.encode(data).decode().translate(_ESCAPED))  # noqa: S704 - escaped right here


def decimal(minor: int, currency: str) -> str:
    """An amount as programs write it: `24.50` euros, `2450` yen, `2.450` dinars."""
    decimals = decimals_of(currency)
    whole, part = divmod(minor, 10**decimals)
    return f"{whole}.{part:0{decimals}}" if decimals else str(whole)


def listing(found: Detail, *, url: str, at: str = "", media_at: str = "") -> dict[str, Any]:
    """A listing as a product with its offer, and the way to it.

    Args:
        found: The listing.
        url: Where the shop is.
        at: The language's prefix.
        media_at: The origin of pictures, if it is not the shop's.
    """
    address = f"{url}{at}/listings/{found.id}"
    condition = "NewCondition" if found.condition in _NEW else "UsedCondition"
    product = {
        "@type": "Product",
        "@id": address,
        "name": found.title,
        "description": found.description,
        "image": [f"{media_at or url}/media/{picture.name}-1280.webp" for picture in found.pictures],
        "sku": str(found.id),
        "brand": found.brand and {"@type": "Brand", "name": found.brand},
        "color": found.colour and found.colour.name,
        "material": found.material,
        "size": found.size,
        "category": " > ".join(step.name for step in found.categories),
        "itemCondition": f"{_SCHEMA}/{condition}",
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": decimal(found.price_minor, found.currency),
            "priceCurrency": found.currency,
            "availability": f"{_SCHEMA}/{_AVAILABILITY[found.status]}",
            "itemCondition": f"{_SCHEMA}/{condition}",
            "seller": {
                "@type": "Person",
                "name": found.seller.display_name,
                "url": f"{url}{at}/members/{found.seller.username}",
            },
        },
    }
    steps = [(step.name, f"{url}{at}/categories/{step.path}") for step in found.categories]
    given = {name: value for name, value in product.items() if value}
    return {"@context": _SCHEMA, "@graph": [given, way([*steps, (found.title, address)])]}


def way(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """Breadcrumbs: names and absolute addresses, outermost first."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }


def breadcrumbs(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page, by itself."""
    return {"@context": _SCHEMA} | way(steps)
