"""How endpoints are declared."""

from litestar import HttpMethod

from threadly.api import ENDPOINTS
from threadly.api.endpoints import DECLARED, Declared
from threadly.api.listings import ListingsAsked


def test_each_endpoint_is_a_get_with_its_head() -> None:
    for handler in ENDPOINTS:
        assert handler.http_methods == {HttpMethod.GET, HttpMethod.HEAD}


def test_what_is_asked_is_declared_by_the_type_of_a_parameter() -> None:
    find, get, categories = (handler.opt[DECLARED] for handler in ENDPOINTS)
    assert isinstance(find, Declared)
    assert find.asked is not None
    assert find.asked.kind is ListingsAsked
    assert get.asked is None
    assert categories.asked is None
