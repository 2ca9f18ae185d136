"""Whoever has found a weakness is told whom to tell, where the operator has said it (RFC 9116)."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import ValidationError

from tests.answers import headers_alike
from threadly.app import create
from threadly.settings import Settings, SiteSettings
from threadly.wiring import services

PATH = "/.well-known/security.txt"


async def told(settings: Settings, site: SiteSettings) -> list[str]:
    """The lines, which a HEAD says as much of as a GET."""
    async with services(settings.model_copy(update={"site": site})) as built:
        transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=site.url) as visitor:
            answer, head = await visitor.get(PATH), await visitor.head(PATH)
            elsewhere = await visitor.get(f"/bg{PATH}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert (head.status_code, head.content, headers_alike(head)) == (200, b"", headers_alike(answer))
    assert elsewhere.status_code == 404  # it has one address, whatever the language
    return answer.text.splitlines()


@pytest.mark.parametrize("contact", ["mailto:security@shop.example", "https://shop.example/report"])
async def test_the_contact_of_the_operator_is_told_and_when_to_ask_again(settings: Settings, contact: str) -> None:
    lines = await told(settings, SiteSettings(url="http://localhost:8000", security_contact=contact))

    assert lines[0] == f"Contact: {contact}"
    expires = datetime.fromisoformat(lines[1].removeprefix("Expires: "))
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert lines[2:] == ["Preferred-Languages: en, bg, de"]


async def test_a_shop_reached_by_https_says_where_the_text_belongs(settings: Settings) -> None:
    site = SiteSettings(url="https://localhost", security_contact="mailto:security@shop.example")
    assert (await told(settings, site))[-1] == f"Canonical: https://localhost{PATH}"


async def test_without_a_contact_there_is_no_such_address(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get(PATH)).status_code == 404


@pytest.mark.parametrize(
    "contact",
    ["", "security@shop.example", "http://shop.example/report", "mailto:nobody", "mailto:a@b.example\nExpires: never"],
)
def test_a_contact_is_an_address_that_programs_can_follow(contact: str) -> None:
    with pytest.raises(ValidationError):
        SiteSettings(security_contact=contact)
