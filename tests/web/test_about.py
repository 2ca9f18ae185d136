"""The pages about the shop have addresses, and the footer leads there."""

import httpx
import pytest

from threadly.core.database import Database


@pytest.mark.parametrize(("at", "heading"), [("", "Terms"), ("/bg", "Условия"), ("/de", "Nutzungsbedingungen")])
async def test_a_page_is_read_in_the_language_of_its_address(
    visitor: httpx.AsyncClient, db: Database, at: str, heading: str
) -> None:
    home = await visitor.get(f"{at}/")
    answer = await visitor.get(f"{at}/about/terms")

    assert f'href="{at}/about/terms">{heading}</a>' in home.text
    assert answer.status_code == 200
    assert f"<h1>{heading}</h1>" in answer.text


@pytest.mark.parametrize("address", ["/about/nothing", "/about/../site.toml", "/about/", "/about"])
async def test_what_is_no_page_is_not_found(visitor: httpx.AsyncClient, db: Database, address: str) -> None:
    assert (await visitor.get(address)).status_code == 404


async def test_a_page_takes_no_parameters(visitor: httpx.AsyncClient, db: Database) -> None:
    assert (await visitor.get("/about/terms?a=1")).status_code == 400
