"""Accounts and their sessions in PostgreSQL: Starlette on Threadly's database package. README.md says how to run it."""

import asyncio
import hashlib
import hmac
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final, TypeVar
from uuid import UUID

import msgspec
import uvicorn
from pydantic import Field
from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from threadly.core import clock, deadlines, ids
from threadly.core.asgi import ASGIApp, Living, Scope, Timely, bounded_body
from threadly.core.config import ConfigurationError, Secret, Section, load
from threadly.core.database import Cursors, Database, DatabaseSettings, Model, Prepared, ReadSession, Tx, constraint_of
from threadly.core.errors import Conflict, Invalid, Problem, Unauthenticated, Unavailable, kind_of
from threadly.core.keys import KeyRing

T = TypeVar("T")

# What it can be told


class Settings(Section):
    """By variables ACCOUNTS_… or by files that they name."""

    database: DatabaseSettings
    secret: Secret = Field(min_length=32, json_schema_extra={"made_by": "openssl rand -base64 32"})
    """Signs the marks that lead from page to page."""

    deadline: timedelta = Field(default=timedelta(seconds=2), ge=timedelta(seconds=0.1), le=timedelta(minutes=5))
    """Whoever asks has an answer by then, be it that there is none now."""

    port: int = Field(default=8083, ge=1, le=65535)
    """Where it answers, on this machine."""


# What it keeps


class Account(Model):
    """Somebody, and how often they were guessed at."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("address", name="accounts_address_once"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    password_hash: Mapped[bytes] = mapped_column(LargeBinary)
    failures: Mapped[int]
    """Wrong passwords since the last right one."""
    failed_at: Mapped[datetime | None]


class Session(Model):
    """A sign-in. Of its token only the hash is kept."""

    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_by_account", "account_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Of version 7, so that the order of ids is that of sign-ins."""
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    signed_in_at: Mapped[datetime]


_TABLES_LOCK: Final = 4_711_001


async def make_tables(tx: Tx) -> None:
    """What stands in the place of migrations; of two processes that start at once, the second finds them made."""
    await tx.execute(select(func.pg_advisory_xact_lock(_TABLES_LOCK)))
    await (await tx.connection()).run_sync(Model.metadata.create_all)


# What it refuses


class AddressTaken(Conflict):
    """There is an account with this address."""

    code = "address_taken"
    title = "There is an account with this address."


class SignInRefused(Unauthenticated):
    """No such account, another password, or too many wrong ones: nobody is told which."""

    code = "sign_in_refused"
    title = "This address and password do not belong together, or were tried too often."


# What it does


class Known(msgspec.Struct, frozen=True):
    """What is compared with what somebody claims."""

    account_id: UUID
    salt: bytes
    password_hash: bytes


class Key(msgspec.Struct, frozen=True):
    """Of a page's last row."""

    session_id: UUID


NOBODY: Final = Known(UUID(int=0), bytes(16), bytes(64))
"""Compared where there is no such account, so that this takes as long."""
MOST_FAILURES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
SESSION_LASTS: Final = timedelta(days=30)
PAGE_ROWS: Final = 10

WHO: Final = Prepared(
    select(Account.id, Account.address)
    .join(Session, Session.account_id == Account.id)
    .where(Session.token_hash == bindparam("token_hash"), Session.signed_in_at > bindparam("since"))
)
"""Asked by each request of somebody who is signed in: compiled once, then it goes straight to the driver."""


async def known(read: ReadSession, address: str) -> Known:
    """What is known of an account, or of nobody."""
    found = select(Account.id, Account.salt, Account.password_hash).where(Account.address == address)
    row = (await read.execute(found)).one_or_none()
    return NOBODY if row is None else Known(*row)


async def sign_up(tx: Tx, address: str, salt: bytes, password_hash: bytes) -> UUID:
    """Makes an account.

    Raises:
        AddressTaken: There is one.
    """
    account = Account(id=ids.new(), address=address, salt=salt, password_hash=password_hash, failures=0)
    tx.add(account)
    try:
        await tx.flush()
    except IntegrityError as refusal:
        if constraint_of(refusal) == "accounts_address_once":
            raise AddressTaken from None
        raise
    return account.id


async def sign_in(tx: Tx, claimed: Known, *, is_right: bool) -> str | None:
    """A new session's token, or None: then the failure is counted, and to be told after the commit.

    Of many who guess at once each waits for the row, so none is left uncounted.
    """
    account = await tx.get(Account, claimed.account_id, with_for_update=True)
    now = clock.now()
    if account is None:
        return None
    if account.failed_at is not None and now - account.failed_at > LOCKED_FOR:
        account.failures = 0
    if account.failures >= MOST_FAILURES:
        return None
    if (
        not is_right or account.password_hash != claimed.password_hash
    ):  # habit: compare-in-constant-time - both are ours
        account.failures, account.failed_at = account.failures + 1, now
        return None
    account.failures, account.failed_at = 0, None
    token = secrets.token_urlsafe(32)
    tx.add(Session(id=ids.new(), token_hash=hash_of(token), account_id=account.id, signed_in_at=now))
    return token


async def sessions_of(read: ReadSession, account_id: UUID, before: Key | None) -> list[tuple[UUID, datetime]]:
    """One page and one row more, newest first; `before` is the key of the last row above."""
    page = select(Session.id, Session.signed_in_at).where(Session.account_id == account_id)
    if before is not None:
        page = page.where(Session.id < before.session_id)
    rows = await read.execute(page.order_by(Session.id.desc()).limit(PAGE_ROWS + 1))
    return [(id, signed_in_at) for id, signed_in_at in rows]


def hash_of(token: str) -> bytes:
    """A token is random, so a plain hash hides it."""
    return hashlib.sha256(token.encode()).digest()


def stretched(password: str, salt: bytes) -> bytes:
    """16 MiB and a tenth of a second for each guess."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=5)


async def apart(function: Callable[[], T]) -> T:
    """Computes in a thread, and leaves it behind at the deadline.

    Raises:
        Unavailable: It was not done by then.
    """
    try:
        async with asyncio.timeout(deadlines.left()):
            return await asyncio.to_thread(function)
    except TimeoutError:
        raise Unavailable from None


# What it answers


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who somebody says they are."""

    address: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(min_length=12, max_length=128)]


async def claim_of(request: Request) -> Claim:
    try:
        claim = msgspec.json.decode(await bounded_body(request.receive, 4096), type=Claim)
    except msgspec.DecodeError as refusal:
        raise Invalid(str(refusal)) from None
    if not re.fullmatch(r"[^@\s\x00]+@[^@\s\x00]+", claim.address):  # PostgreSQL keeps no NUL
        raise Invalid("This is no address.")
    return msgspec.structs.replace(claim, address=claim.address.lower())


class Accounts:
    """The routes."""

    def __init__(self, db: Database, cursors: Cursors) -> None:
        self._db = db
        self._cursors = cursors

    async def sign_up(self, request: Request) -> JSONResponse:
        claim = await claim_of(request)
        salt = secrets.token_bytes(16)
        password_hash = await apart(partial(stretched, claim.password, salt))
        account_id = await self._db.run(sign_up, claim.address, salt, password_hash)
        return JSONResponse({"id": str(account_id)}, 201)

    async def sign_in(self, request: Request) -> JSONResponse:
        claim = await claim_of(request)
        async with self._db.read(latest=True) as read:
            claimed = await known(read, claim.address)
        # Slow, so outside of any connection and transaction.
        password_hash = await apart(partial(stretched, claim.password, claimed.salt))
        is_right = hmac.compare_digest(password_hash, claimed.password_hash)
        token = await self._db.run(sign_in, claimed, is_right=is_right)
        if token is None:
            raise SignInRefused
        return JSONResponse({"token": token}, 201)

    async def me(self, request: Request) -> JSONResponse:
        async with self._db.read() as read:
            account_id, address = await self._who(read, request)
        return JSONResponse({"id": str(account_id), "address": address})

    async def sessions(self, request: Request) -> JSONResponse:
        async with self._db.read() as read:
            account_id, _ = await self._who(read, request)
            query, after = f"sessions of {account_id}", request.query_params.get("after")
            key = None if after is None else self._cursors.open(after, Key, query=query)
            rows = await sessions_of(read, account_id, key)
        page = rows[:PAGE_ROWS]
        more = self._cursors.seal(Key(page[-1][0]), query=query) if len(rows) > PAGE_ROWS else None
        items = [{"id": str(id), "signed_in_at": at.isoformat()} for id, at in page]
        return JSONResponse({"sessions": items, "after": more})

    async def _who(self, read: ReadSession, request: Request) -> tuple[UUID, str]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        since = clock.now() - SESSION_LASTS
        for account_id, address in await WHO.fetch(read, {"token_hash": hash_of(token), "since": since}):
            return account_id, address
        raise Unauthenticated


async def problem(_: Request, failure: Exception) -> JSONResponse:
    """Problem details (RFC 9457), with what the type of the failure says."""
    if isinstance(failure, HTTPException):
        failure = kind_of(failure.status_code)()
    told = failure if isinstance(failure, Problem) else Problem()
    body = {"type": "about:blank", "title": told.title, "status": told.status, "code": told.code, "detail": told.detail}
    headers = {"content-type": "application/problem+json"}
    if told.retry_after_seconds is not None:
        headers["retry-after"] = str(told.retry_after_seconds)
    if told.status == Unauthenticated.status:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse({name: value for name, value in body.items() if value is not None}, told.status, headers)


def api(accounts: Accounts) -> Starlette:
    return Starlette(
        routes=[
            Route("/accounts", accounts.sign_up, methods=["POST"]),
            Route("/sessions", accounts.sign_in, methods=["POST"]),
            Route("/sessions", accounts.sessions),
            Route("/me", accounts.me),
        ],
        exception_handlers={Problem: problem, HTTPException: problem, Exception: problem},
    )


# How it runs


@asynccontextmanager
async def started(settings: Settings, _: Scope) -> AsyncIterator[ASGIApp]:
    """The application, until the server stops."""
    seconds = settings.deadline.total_seconds()
    db = Database(settings.database, application_name="accounts", bridged_seconds=seconds)
    try:
        await db.run(make_tables)
        cursors = Cursors(KeyRing.of(settings.secret.get_secret_value().encode()))
        yield Timely(api(Accounts(db, cursors)), seconds=seconds)
    finally:
        await db.close()


def main() -> int:
    """Serves until it is told to stop; 2 if the settings cannot be used."""
    try:
        settings = load(Settings, os.environ, prefix="ACCOUNTS_")
    except ConfigurationError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    uvicorn.run(Living(partial(started, settings)), port=settings.port, timeout_graceful_shutdown=5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
