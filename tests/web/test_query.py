"""A link that somebody shared works, whatever was hung on it; everything else is read to the letter."""

import httpx
import pytest

from threadly.core.asgi import ParameterRepeated, ParameterUnknown
from threadly.web.query import read_query


@pytest.mark.parametrize("added", [b"utm_source=x&utm_medium=mail", b"fbclid=IwAR0%00", b"gclid", b"mc_eid=1&mc_cid=2"])
def test_what_networks_add_to_a_link_is_passed_over(added: bytes) -> None:
    assert read_query(added, {"sort"}) == {}
    assert read_query(b"sort=newest&" + added, {"sort"}) == {"sort": "newest"}


@pytest.mark.parametrize("unknown", [b"utm=1", b"utm_=1", b"xfbclid=1", b"UTM_SOURCE=1", b"%75tm_source=1"])
def test_what_only_looks_like_it_is_refused(unknown: bytes) -> None:
    with pytest.raises(ParameterUnknown):
        read_query(unknown, {"sort"})


def test_our_own_parameters_stay_strict_beside_them() -> None:
    with pytest.raises(ParameterRepeated):
        read_query(b"sort=newest&utm_source=x&sort=newest", {"sort"})


async def test_a_shared_link_shows_the_page(visitor: httpx.AsyncClient) -> None:
    plain, shared = await visitor.get("/"), await visitor.get("/?utm_source=letter&fbclid=x")

    assert shared.status_code == 200
    assert shared.text == plain.text
