"""How wide each limit is."""

from tests.settings.installations import GOOD
from threadly.settings import LimitsSettings, read
from threadly.tiers import ACCOUNT, WIDE, Tier


def test_each_tier_that_has_a_limit_of_its_own_can_be_set() -> None:
    named = set(LimitsSettings.model_fields) - {"widened", "address_at_once", "member_at_once"}
    assert named == ({*Tier} - {Tier.PAGE, Tier.FILE}) | {WIDE, ACCOUNT}


def test_a_limit_is_at_least_one() -> None:
    told = read({**GOOD, "THREADLY_LIMITS__AUTH": "0"})
    assert [mistake.variable for mistake in told.mistakes] == ["THREADLY_LIMITS__AUTH"]
