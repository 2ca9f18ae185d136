"""Over fifty ways for something to go wrong with a secret in hand: in pages, the API, SQL, jobs, code of ours."""

import asyncio
import gc
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from urllib.parse import quote

import httpx
import msgspec
import structlog
from sqlalchemy import text

from tests.observability.planting import Secret
from threadly.core.database import Tx, outbox
from threadly.core.database.jobs import Handlers, Retry, Run
from threadly.core.database.outbox import Job
from threadly.wiring import Services

_log: Final = structlog.get_logger("tests.canary")


@dataclass
class Shop:
    """The application, and who visits it."""

    services: Services
    stranger: httpx.AsyncClient
    member: httpx.AsyncClient
    """Signed in."""
    listing: str
    """A draft of hers."""
    bearer: dict[str, str]
    answers: list[httpx.Response] = field(default_factory=list)


class Lose(Job, frozen=True):
    """A job that goes wrong with what it is given."""

    name: ClassVar[str] = "tests.lose"
    how: str
    what: str


Path = Callable[[Shop, Secret], Awaitable[object]]
PATHS: Final[dict[str, Path]] = {}


def path(way: Path) -> Path:
    """One of them."""
    PATHS[way.__name__] = way
    return way


# Pages


def _page(name: str, method: str, address: str, *, as_member: bool = False, **how: Callable[[Secret], Any]) -> None:
    async def way(shop: Shop, secret: Secret) -> None:
        client = shop.member if as_member else shop.stranger
        at = address.replace("{secret}", quote(secret.text, safe="")).replace("{listing}", shop.listing)
        sent = {each: make(secret) for each, make in how.items()}
        shop.answers.append(await client.request(method, at, **sent))

    way.__name__ = name
    path(way)


def _post(name: str, address: str, /, **form: Callable[[Secret], str]) -> None:
    """A form, sent by a stranger."""
    _page(name, "POST", address, data=lambda secret: {field: make(secret) for field, make in form.items()})


def _call(name: str, body: Callable[[Secret], Any]) -> None:
    """JSON, sent to where one signs in."""
    _page(name, "POST", SESSION, json=body)


def _raw(name: str, address: str, body: Callable[[Secret], str], kind: str, *, as_member: bool = False) -> None:
    """Bytes of which it is said what they are."""
    headers = {"content-type": kind}
    _page(
        name, "POST", address, as_member=as_member, headers=lambda _: headers, content=lambda each: body(each).encode()
    )


def _asked(name: str, address: str, **headers: str) -> None:
    """An address, with headers in which `{}` is the secret."""
    _page(
        name, "GET", address, headers=lambda each: {at: what.format(quote(each.text)) for at, what in headers.items()}
    )


API: Final = "/api/v1"
SESSION: Final = f"{API}/session"
FORM: Final = "application/x-www-form-urlencoded"


def _text(secret: Secret) -> str:
    return secret.text


def _quoted(secret: Secret) -> str:
    return quote(secret.text)


_post("wrong_password", "/sign-in", name=lambda _: "nobody", password=_text)
_post("unknown_name", "/sign-in", name=_text, password=lambda _: "wrong-password-1")
_page("unknown_field", "POST", "/sign-in", data=lambda each: {"name": "a", "password": "b", each.text: each.text})
_raw("field_twice", "/sign-in", lambda each: f"name={_quoted(each)}&name=b&password=c", FORM)
_raw("broken_form", "/sign-in", lambda each: f"name=%ff%fe&password={each.text}", FORM)
_post("huge_form", "/sign-in", name=lambda each: each.text * 20_000, password=lambda _: "x")
_post("sign_up_refused", "/sign-up", username=lambda _: "x", email=_text, password=lambda each: each.text[:5])
_page(
    "cross_site", "POST", "/sign-in", data=lambda each: {"name": each.text}, headers=lambda _: {"sec-fetch-site": "x"}
)
_asked("unknown_session", "/account", cookie="threadly_session={0}; x={0}")
_asked("unknown_parameter", "/?{secret}={secret}")
_asked("bad_price", "/search?max_price={secret}&q={secret}")
_asked("bad_cursor", "/search?after={secret}")
_asked("no_category", "/categories/{secret}")
_asked("no_member", "/members/{secret}")
_asked("no_asset", "/static/{secret}")
_asked("no_picture", "/media/{secret}")
_asked("no_page_of_the_owner", "/about/{secret}")
_asked("no_sitemap", "/sitemaps/{secret}")
_asked("no_such_address", "/nowhere/{secret}")
_asked("long_address", "/search?q=" + "{secret}" * 300)
_asked("long_headers", "/", **{"x-note": "{0}" * 900})
_asked("odd_headers", "/account", **{"user-agent": "{}", "referer": "https://x.example/?q={}", "x-api-key": "{}"})
_asked("odd_ids", "/account", **{"x-request-id": "{}", "traceparent": "{}", "x-forwarded-for": "{}"})
_asked("odd_host", "/account", host="{}")
_page("wrong_method", "DELETE", "/members/{secret}")
_page("password_not_changed", "POST", "/account/password", as_member=True, data=lambda each: {
    "current_password": each.text, "new_password": each.text,
})  # fmt: skip
_page("profile_refused", "POST", "/account", as_member=True, data=lambda each: {
    "display_name": each.text * 20, "place": each.text * 20,
})  # fmt: skip
_page("draft_refused", "POST", "/sell/{listing}", as_member=True, files=lambda each: {
    "description": (None, each.text), "price": (None, each.text), "version": (None, each.text),
})  # fmt: skip
_page("no_picture_at_all", "POST", "/sell/{listing}/photos", as_member=True, files=lambda each: {
    "photos": (f"{each.text}.jpg", each.text.encode(), "image/jpeg")
})  # fmt: skip
_raw("broken_upload", "/sell/{listing}/photos", lambda each: f"--b\r\n{each.text}\r\n\r\n{each.text}",
     "multipart/form-data; boundary=b", as_member=True)  # fmt: skip

# The API

_call("api_sign_in", lambda each: {"name": each.text, "password": each.text})
_call("wrong_type", lambda each: {"name": [each.text], "password": {each.text: each.text}})
_call("unknown_key", lambda each: {"name": "x", "password": "y", each.text: each.text})
_raw("broken_json", SESSION, lambda each: f'{{"name": "{each.text}", "password": {each.text}', "application/json")
_raw("odd_media_type", SESSION, _text, "text/plain")
_page("api_sign_up", "POST", f"{API}/members", json=lambda each: {
    "username": each.text, "email": each.text, "password": each.text,
})  # fmt: skip
_asked("unknown_bearer", f"{API}/me", authorization="Bearer {}")
_asked("basic", f"{API}/me", authorization="Basic {}")
_asked("api_parameter", f"{API}/listings?{{secret}}={{secret}}&max_price={{secret}}")
_asked("api_cursor", f"{API}/listings?cursor={{secret}}")
_asked("api_id", f"{API}/listings/{{secret}}")
_page("api_draft", "PATCH", f"{API}/listings/{{listing}}", as_member=True, json=lambda each: {
    "title": each.text * 9, "price": each.text,
})  # fmt: skip

# SQL: what PostgreSQL says of values


async def _unique(services: Services, what: str) -> None:
    async def twice(tx: Tx) -> None:
        for _ in range(2):
            await tx.execute(
                text("INSERT INTO inbox (consumer, message_id, received_at) VALUES ('x', :what, now())"),
                {"what": what[:60]},
            )

    await services.db.run(twice)


async def _check(services: Services, what: str) -> None:
    async def once(tx: Tx) -> None:
        await tx.execute(text("INSERT INTO outbox (kind, name, payload) VALUES (:what, :what, '{}')"), {"what": what})

    await services.db.run(once)


async def _raised(services: Services, what: str) -> None:
    async def once(tx: Tx) -> None:
        await tx.execute(text("SELECT lose(:what)"), {"what": what})

    await services.db.run(once)


async def _syntax(services: Services, what: str) -> None:
    async def once(tx: Tx) -> None:
        await tx.execute(text("SELECT CAST(CAST(:what AS text) AS integer)"), {"what": what})

    await services.db.run(once)


async def _json(services: Services, what: str) -> None:
    async def once(tx: Tx) -> None:
        await tx.execute(text("SELECT CAST(CAST(:what AS text) AS jsonb)"), {"what": f'{{"a": {what}'})

    await services.db.run(once)


# Code of ours that says too much


async def _integer(_: Services, what: str) -> None:
    int(what)


async def _key(_: Services, what: str) -> None:
    {"a": 1}[what]


async def _day(_: Services, what: str) -> None:
    datetime.fromisoformat(what)


async def _file(_: Services, what: str) -> None:
    with open(f"/nonexistent/{what}.jpg"):  # noqa: PTH123, ASYNC230
        pass


async def _enum(_: Services, what: str) -> None:
    msgspec.convert(what, Literal["a", "b"])


async def _named(_: Services, what: str) -> None:
    password = what
    raise ValueError(f"refused: password={password!r}")


async def _chained(services: Services, what: str) -> None:
    try:
        await _integer(services, what)
    except ValueError as failure:
        raise ExceptionGroup("several", [failure, KeyError(what)]) from failure


JOBS: Final = {
    "unique": _unique, "check": _check, "raised": _raised, "syntax": _syntax, "json": _json, "integer": _integer,
    "key": _key, "day": _day, "file": _file, "enum": _enum, "named": _named, "chained": _chained,
}  # fmt: skip


def handlers() -> Handlers[Services]:
    """Who loses things."""
    table = Handlers[Services]()
    table.job(Lose, lose, retry=Retry(attempts=1))
    return table


async def lose(services: Services, job: Lose, _run: Run) -> None:
    """Goes wrong as it is told, and says so."""
    await go_wrong(services, job.how, job.what)


async def go_wrong(services: Services, how: str, what: str) -> None:
    """As a job does, or a request."""
    try:
        await JOBS[how](services, what)
    except Exception:
        _log.exception("It has gone wrong.", how=how)
        raise


def request(how: str) -> Path:
    """The same within a request: `POST /tests/lose/{how}`, with the secret as its body."""

    async def way(shop: Shop, secret: Secret) -> None:
        shop.answers.append(await shop.stranger.post(f"/tests/lose/{how}", content=secret.text.encode()))

    way.__name__ = f"request_{how}"
    return way


def job(how: str) -> Path:
    """The same within a job, which a worker takes up."""

    async def way(shop: Shop, secret: Secret) -> None:
        async def ask(tx: Tx) -> None:
            outbox.enqueue(tx, Lose(how=how, what=secret.text))

        await shop.services.db.run(ask)

    way.__name__ = f"job_{how}"
    return way


for _how in JOBS:
    path(request(_how))
    path(job(_how))


@path
async def left_behind(shop: Shop, secret: Secret) -> None:
    """A task of nobody's."""
    task = asyncio.create_task(_named(shop.services, secret.text))
    await asyncio.wait([task])
    del task
    gc.collect(0)


@path
async def logged(_: Shop, secret: Secret) -> None:
    """Fields that should not have been told, and libraries that tell what they please."""
    _log.warning("It was refused.", password=secret.text, address=secret.text, headers={"cookie": secret.text})
    _log.error("It failed.", exc_info=ValueError(f"token={secret.text!r}"))
    if secret.has_form:
        logging.getLogger("library").warning("lost %s", secret.text)
        _log.info(f"Mailed {secret.text}.", note=secret.text, nested=[{"x": secret.text}])
        _log.info(
            "Asked.", url=f"https://user:{quote(secret.text, safe='')}@x.example/?q=1", body=json.dumps([secret.text])
        )
