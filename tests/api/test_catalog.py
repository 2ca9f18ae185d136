"""The category tree, in JSON."""

import httpx

from tests.conftest import CountStatements
from tests.making import a_category
from threadly.wiring import Services


async def test_the_tree_is_told_whole_in_one_statement(
    client: httpx.AsyncClient, installed: Services, count_statements: CountStatements
) -> None:
    leaf = await a_category(installed.db, "women/clothing/dresses")
    answers = []

    async def ask() -> None:
        answers.append(await client.get("/api/v1/categories"))

    assert await count_statements(installed.db, ask()) == 1
    (department,) = answers[0].json()["items"]
    (group,) = department["children"]
    assert department["path"] == "women"
    assert group["children"] == [
        {"id": str(leaf.id), "name": "Dresses", "slug": "dresses", "path": "women/clothing/dresses", "children": []}
    ]


async def test_it_takes_no_parameter(window: httpx.AsyncClient) -> None:
    answer = await window.get("/api/v1/categories?depth=2")
    assert (answer.status_code, answer.json()["code"]) == (400, "parameter_unknown")
    assert answer.json()["detail"] == "It knows: none."
