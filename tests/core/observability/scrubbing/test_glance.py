"""A glance holds up all that looking closely would change, and lets most of what is ordinary pass."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.observability.scrubbing.texts import ORDINARY, SECRETS
from threadly.core.observability.scrubbing import text
from threadly.core.observability.scrubbing.glance import may_be_private


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_held_up_wherever_it_stands(secret: str) -> None:
    for before in ("", "x ", "«", "(", "a b c "):
        assert may_be_private(f"{before}{secret}, and so on"), before


@given(st.text(alphabet="aA0-_ @=:./\n$%eyJkBEGIN\u00a0é", max_size=80))
@example("4111\u00a01111\u00a01111\u00a01111")
@example("4111/1111.1111\n1111")
@example("".join(["ключ gh", "s_", "16C7e42F292c6912E7710c838347Ae178B4a"]))
@example("ключ tK3v9xQ2aBcD_fGh-jKlMnOpQrStUvWxYz012345678")
def test_what_looking_closely_would_change_is_held_up(told: str) -> None:
    if not may_be_private(told):
        assert text._scrubbed(told) == told


@pytest.mark.parametrize("told", [ORDINARY[0], ORDINARY[5], "0192f3a4-1c34-7a34-8b34-12345f789012"])
def test_what_is_ordinary_passes(told: str) -> None:
    assert not may_be_private(told)
