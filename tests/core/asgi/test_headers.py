"""Headers by their names."""

from hypothesis import given
from hypothesis import strategies as st

from threadly.core.asgi import headers_by_name

Pairs = list[tuple[bytes, bytes]]
pairs = st.lists(st.tuples(st.sampled_from([b"host", b"cookie", b"origin", b"via"]), st.binary(max_size=3)), max_size=8)


@given(pairs)
def test_a_name_is_told_as_a_walk_through_the_list_would_tell_it(sent: Pairs) -> None:
    found = headers_by_name({"headers": sent})
    for name in (b"host", b"cookie", b"origin", b"via", b"missing"):
        values = [value for each, value in sent if each == name]
        assert found.all(name) == values
        assert found.first(name) == (values[0] if values else None)
        assert found.get(name) == (values[0] if len(values) == 1 else None)
        assert (name in found) is (len(values) == 1)


def test_they_are_gone_through_once_for_each_list() -> None:
    scope: dict[str, object] = {"headers": [(b"host", b"shop")]}
    assert headers_by_name(scope) is headers_by_name({**scope})


def test_another_list_is_gone_through_anew() -> None:
    scope = {"headers": [(b"host", b"shop"), (b"cookie", b"a=b")]}
    headers_by_name(scope)
    assert b"cookie" not in headers_by_name({**scope, "headers": [(b"host", b"shop")]})
    assert headers_by_name(scope)[b"cookie"] == b"a=b"
