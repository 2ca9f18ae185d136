"""What failed is told on the private address, as JSON, with errors before warnings."""

import json

from tests.core.observability.errors.failing import raised_in, tracker
from threadly.core.auth import SignInNeeded
from threadly.core.errors import NotFound
from threadly.core.observability import Work
from threadly.core.observability.errors import Said
from threadly.core.observability.private.errors import told
from threadly.core.observability.private.listener import Asked


async def test_each_kind_is_told_with_one_of_them_looked_at_closely() -> None:
    errors = tracker()
    for _ in range(3):
        errors.capture(raised_in("shop.orders", ValueError("no"), deep=0), Work(method="GET", route="/orders/{id}"))
    errors.capture(raised_in("shop.orders", NotFound(), deep=0), Work(method="GET"))

    answer = await told(errors.said)(Asked("/errors"))
    said = json.loads(answer.body)
    (group,) = said["groups"]
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert (group["level"], group["type"], group["count"]) == ("error", "ValueError", 3)
    assert group["where"] == ["shop.orders:sell"]
    assert group["sample"]["context"] == {"method": "GET", "route": "/orders/{id}"}
    assert group["sample"]["failure"]["message"] == "no"
    assert said["dropped"] == {"refused": 1}
    assert said["forgotten"] == 0


async def test_errors_come_before_warnings() -> None:
    errors = tracker()
    errors.capture(raised_in("shop.orders", ValueError("no")))
    errors.capture(raised_in("shop.orders", SignInNeeded()), Work(method="GET"))
    groups = json.loads((await told(errors.said)(Asked("/errors"))).body)["groups"]
    assert [group["level"] for group in groups] == ["error", "warning"]


async def test_nothing_is_told_where_nothing_failed() -> None:
    answer = await told(lambda: Said([]))(Asked("/errors"))
    assert json.loads(answer.body) == {"groups": [], "forgotten": 0, "dropped": {}}
