"""Forms: what browsers send is read, and nothing else."""

from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Request, Response, post

from threadly.core.asgi import BodyLimit
from threadly.core.errors import Problem
from threadly.core.text import AsTyped
from threadly.web.forms import FormMalformed, FormTooLarge, form, read


class Wear(StrEnum):
    """A choice."""

    NEW = "new"
    WORN = "worn"


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of each kind."""

    title: str = ""
    note: str | None = None
    colours: tuple[str, ...] = ()
    is_gift: bool = False
    brand_id: UUID | None = None
    wear: Wear | None = None
    password: AsTyped = ""


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field that must be there."""

    id: UUID


class Loose(msgspec.Struct):
    """Ignores what it does not know."""


BRAND = UUID("0197f2a0-4d5e-7c3b-9a1f-2b6c8d7e9f01")


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("", {}),
        ("title=", {"title": ""}),
        ("title=+A+coat%0D%0Aand+more%0D+", {"title": "A coat\nand more"}),
        ("title=e%CC%81", {"title": "é"}),
        ("title=1", {"title": "1"}),
        ("note=", {"note": None}),
        ("note=+", {"note": None}),
        ("note=x", {"note": "x"}),
        ("colours=red&colours=blue", {"colours": ("red", "blue")}),
        ("is_gift=on", {"is_gift": True}),
        ("is_gift=", {"is_gift": True}),
        (f"brand_id={BRAND}", {"brand_id": BRAND}),
        ("brand_id=", {"brand_id": None}),
        ("wear=worn", {"wear": Wear.WORN}),
        ("wear=", {"wear": None}),
        ("password=+a%0D%0Ab+", {"password": " a\r\nb "}),
        ("password=e%CC%81", {"password": "é"}),
    ],
)
def test_what_browsers_send_is_read(raw: str, written: dict[str, Any]) -> None:
    assert read(raw.encode(), Written) == Written(**written)


@pytest.mark.parametrize(
    "raw",
    [
        "price=5",
        "Title=x",
        "title=a&title=b",
        "note=&note=",
        "title=%00",
        "title=%ff",
        "title=%4",
        "brand_id=5",
        "wear=torn",
        "colours=%00",
        "&" * 250,
    ],
)
def test_what_no_page_sends_is_refused(raw: str) -> None:
    with pytest.raises(FormMalformed):
        read(raw.encode(), Written)


def test_what_must_be_there_must_be_there() -> None:
    with pytest.raises(FormMalformed):
        read(b"", Strict)


def test_a_struct_that_ignores_what_it_does_not_know_cannot_be_read() -> None:
    with pytest.raises(TypeError, match="Loose"):
        read(b"", Loose)


@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=100))
def test_whatever_is_typed_is_read_and_tidied_once(text: str) -> None:
    tidied = read(urlencode({"title": text}).encode(), Written).title
    assert read(urlencode({"title": tidied}).encode(), Written).title == tidied
    assert tidied == tidied.strip()
    assert "\r" not in tidied


@post("/form", status_code=200)
async def sent(request: Request[Any, Any, Any]) -> str:
    return (await form(request, Written, limit=BodyLimit(100, too_large=FormTooLarge))).title


def _tell(_: Request[Any, Any, Any], failure: Problem) -> Response[str]:
    return Response(failure.code, status_code=failure.status)


@pytest.mark.parametrize(
    ("case", "media_type", "body", "status", "told"),
    [
        ("a form", "application/x-www-form-urlencoded", "title=coat", 200, "coat"),
        ("a form in UTF-8", "application/x-www-form-urlencoded; charset=utf-8", "title=coat", 200, "coat"),
        ("as long as is read", "application/x-www-form-urlencoded", "title=" + "a" * 94, 200, "a" * 94),
        ("a byte more", "application/x-www-form-urlencoded", "title=" + "a" * 95, 413, "form_too_large"),
        ("JSON", "application/json", "{}", 415, "media_type_unsupported"),
        ("text", "text/plain", "title=coat", 415, "media_type_unsupported"),
        ("nothing said", "", "title=coat", 415, "media_type_unsupported"),
    ],
)
async def test_a_form_comes_as_one_and_is_bounded(
    case: str, media_type: str, body: str, status: int, told: str
) -> None:
    app = Litestar([sent], exception_handlers={Problem: _tell}, openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        answer = await client.post("/form", content=body, headers={"content-type": media_type})
    assert (answer.status_code, answer.text) == (status, told)


def test_quoted_names_are_names() -> None:
    assert read(f"{quote('title')[:-1]}%65=x".encode(), Written).title == "x"
