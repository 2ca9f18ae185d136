"""Every route says beside itself which limit it is under."""

from tests.route_table import routes
from threadly.core.security.limits import Sharing
from threadly.settings import LimitsSettings, Settings
from threadly.tiers import ACCOUNT, EXACT, Tier, limit
from threadly.wiring import Services, services

_LOOKS = {"GET", "HEAD", "OPTIONS"}


async def test_every_route_has_a_tier_of_its_own(installed: Services) -> None:
    found = list(routes(installed))
    assert [(method, path) for method, path, tier in found if not isinstance(tier, Tier)] == []
    changing = [(method, path, tier) for method, path, tier in found if method not in _LOOKS]
    assert len(changing) >= 30
    assert {tier for _, _, tier in changing} <= {*EXACT, Tier.GENERAL, Tier.WEBHOOK}, "never as wide as a page"


async def test_where_passwords_are_tried_and_photos_sent_the_limit_is_exact(installed: Services) -> None:
    strict = {(method, path): tier for method, path, tier in routes(installed) if tier in EXACT}
    assert strict == {
        ("POST", "/sign-up"): Tier.AUTH,
        ("POST", "/sign-in"): Tier.AUTH,
        ("POST", "/account/password"): Tier.AUTH,
        ("POST", "/api/v1/members"): Tier.AUTH,
        ("POST", "/api/v1/session"): Tier.AUTH,
        ("POST", "/account/avatar"): Tier.UPLOAD,
        ("POST", "/sell/{listing_id:uuid}/photos"): Tier.UPLOAD,
        ("PUT", "/api/v1/me/avatar"): Tier.UPLOAD,
        ("POST", "/api/v1/listings/{listing_id:uuid}/pictures"): Tier.UPLOAD,
    }


async def test_a_shop_that_has_set_nothing_has_the_limits_that_were_promised(settings: Settings) -> None:
    async with services(settings.model_copy(update={"limits": LimitsSettings()})) as built:
        assert {name: (limit.quota, limit.at_once, limit.seconds) for name, limit in built.limits.items()} == {
            name: (quota, quota, 3600.0 if name == ACCOUNT else 60.0)
            for name, quota in {
                "auth": 10, "payment": 20, "upload": 10, "message": 30, "general": 100, "search": 60, "webhook": 600,
                "wide": 3000, "account": 20,
            }.items()
        }  # fmt: skip


def test_exact_tiers_are_asked_for_and_all_others_leased() -> None:
    assert {tier for tier in Tier if limit(tier, 10).sharing is Sharing.EXACT} == EXACT
    assert limit(ACCOUNT, 10).sharing is Sharing.EXACT
