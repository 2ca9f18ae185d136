"""The description of the API: complete, valid, and true of what the server answers."""

import asyncio
import os
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.making import a_brand, a_listing
from threadly.api import ENDPOINTS, PREFIX
from threadly.api.endpoints import reads
from threadly.api.openapi import document
from threadly.core.database import Database
from threadly.core.errors import FieldsRefused
from threadly.marketplace.storefront import Seller
from threadly.wiring import Services

EXAMPLES = int(os.environ.get("THREADLY_TEST_SCHEMATHESIS_EXAMPLES", "12"))
"""For each operation and each way of generating; the long form sets more."""

DESCRIBED = document(ENDPOINTS, prefix=PREFIX, title="Threadly")
OPERATIONS = [(method, operation) for item in DESCRIBED["paths"].values() for method, operation in item.items()]


def test_it_says_all_there_is_to_say() -> None:
    assert DESCRIBED["openapi"] == "3.1.0"
    assert {"/api/v1/listings", "/api/v1/listings/{listing_id}", "/api/v1/categories"} <= DESCRIBED["paths"].keys()
    assert len({operation["operationId"] for _, operation in OPERATIONS}) == len(OPERATIONS) == len(ENDPOINTS)
    for method, operation in OPERATIONS:
        assert operation["tags"]
        assert operation["summary"]
        assert operation["description"]
        assert {"400", "414", "431", "500", "503"} <= operation["responses"].keys()
        assert ("304" in operation["responses"]) is (method == "get" and "security" not in operation)
        assert ("401" in operation["responses"]) is ("security" in operation or operation["operationId"] == "sign_in")
        assert ("415" in operation["responses"]) is ("requestBody" in operation)
        for parameter in operation["parameters"]:
            assert parameter["description"]
            one = parameter["schema"].get("items", parameter["schema"])
            assert {"enum", "minimum", "maxLength", "format"} & one.keys()


def test_what_answers_with_a_list_is_found_and_what_is_ones_own_is_under_me() -> None:
    shapes = DESCRIBED["components"]["schemas"]
    for path, item in DESCRIBED["paths"].items():
        assert "/me" not in path or path.startswith("/api/v1/me")
        if "get" in item:
            content = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            is_list = "items" in shapes[content["$ref"].rpartition("/")[2]]["properties"]
            assert item["get"]["operationId"].startswith("find_" if is_list else "get_"), path


def test_every_problem_has_an_example_that_names_its_code() -> None:
    for _, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                examples = answer["content"]["application/problem+json"]["examples"]
                assert all(example["value"]["code"] == code for code, example in examples.items())
                assert all(example["value"]["status"] == int(status) for example in examples.values())


def test_a_time_is_a_date_time() -> None:
    assert DESCRIBED["components"]["schemas"]["Card"]["properties"]["published_at"]["format"] == "date-time"


class SellerOut(msgspec.Struct):
    """A shape whose public name another one has."""

    place: str


class Collision(msgspec.Struct):
    """Shows both."""

    one: Seller
    other: SellerOut


def test_two_shapes_cannot_share_a_public_name() -> None:
    @reads("/collisions", id="collide", tag="Listings", summary="Collide", kept_for=1)
    async def collide(services: Services) -> Collision:
        raise NotImplementedError

    with pytest.raises(ValueError, match="SellerOut"):
        document([collide], prefix=PREFIX, title="Threadly")


def test_no_name_of_ours_stands_in_it() -> None:
    names = set(DESCRIBED["components"]["schemas"])
    assert {"Listing", "Listings", "Card", "Category", "Problem"} <= names
    assert not [name for name in names if name.endswith("Out") or name == "Node"]


async def test_it_is_served_as_it_is_made(window: httpx.AsyncClient) -> None:
    answer = await window.get("/api/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == DESCRIBED


async def test_the_way_to_a_session_that_is_shown_leads_there(window: httpx.AsyncClient, db: Database) -> None:
    signing_up, _, asking = DESCRIBED["info"]["description"].partition("    curl ")[2].splitlines()
    path, _, new = shlex.split(signing_up)
    token = (await window.post(path.removeprefix("$SHOP"), json=msgspec.json.decode(new))).json()["token"]
    _, path, _, header = shlex.split(asking)
    name, _, value = header.replace("$TOKEN", token).partition(": ")
    assert (await window.get(path.removeprefix("$SHOP"), headers={name: value})).json()["username"] == "mila"


@pytest.fixture
async def stocked(db: Database) -> None:
    """A shop with a little of everything."""
    brand = await a_brand(db, "Arket")
    for price in range(1, 40):
        category = "women/clothing/dresses" if price % 2 else "men/shoes/boots"
        await a_listing(db, price_minor=price, brand_id=brand.id, category=category)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:schemathesis.*")
async def test_the_server_answers_only_what_is_documented(stocked: None, server: str) -> None:
    """Schemathesis asks what the description allows, and what it forbids; no 5xx, nothing undocumented."""
    await asyncio.to_thread(_ask_everything, server)


LONG = 4000


def _beyond_description(query: Mapping[str, Any], described: Mapping[str, Any]) -> list[Any]:
    """No schema says what rules say, whose cursors and colours there are, or that bands and addresses have limits."""
    if len(urlencode(query, doseq=True)) > LONG:
        return [positive_data_acceptance, negative_data_rejection]
    band = query.get("min_price"), query.get("max_price")
    upside_down = all(isinstance(end, int) for end in band) and band[0] > band[1]  # type: ignore[operator]
    has_rules = str(FieldsRefused.status) in described["responses"]
    return [positive_data_acceptance] if {"cursor", "colour"} & query.keys() or upside_down or has_rules else []


def _signed_up(server: str, number: int) -> dict[str, str]:
    """The header of a new member."""
    new = {"username": f"member-{number}", "email": "m@shop.example", "password": "seven wool coats"}
    token = httpx.post(f"{server}/api/v1/members", json=new).raise_for_status().json()["token"]
    return {"Authorization": f"Bearer {token}"}


def _ask_everything(server: str) -> None:
    load_all_checks()
    schema = schemathesis.openapi.from_url(f"{server}/api/v1/openapi.json")
    refusals = schema.config.checks.negative_data_rejection
    refusals.expected_statuses = [*refusals.expected_statuses, "413"]  # more parts than a form may have
    asked = 0
    for number, result in enumerate(schema.get_all_operations()):
        operation = result.ok()  # type: ignore[union-attr]  # an error has none, and fails here
        described = DESCRIBED["paths"][operation.path][operation.method.lower()]
        caller = _signed_up(server, number) if "security" in described else {}
        takes_nothing = not described["parameters"] and "requestBody" not in described
        for mode in [GenerationMode.POSITIVE] if takes_nothing else [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]:
            asked += _ask(operation, mode, described, caller)
    assert asked > EXAMPLES


def _ask(operation: Any, mode: GenerationMode, described: Mapping[str, Any], caller: dict[str, str]) -> int:  # noqa: ANN401
    """How often one operation was asked, in one way of generating."""
    asked = 0

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:  # noqa: ANN401
        nonlocal asked
        asked += 1
        beyond = _beyond_description(case.query or {}, described)
        case.call_and_validate(timeout=10, headers=caller, excluded_checks=beyond)

    ask()
    return asked
