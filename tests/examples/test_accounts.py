"""examples/accounts: core/database alone in Starlette, its server hanging and killed while it is asked."""

import asyncio
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import Message
from functools import partial
from threading import Event
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.examples.serving import READY_SECONDS, ask, assert_typed, free_port, installed, refused, start
from tests.faults.breakable import PostgreSQL, a_postgresql
from tests.processes import eventually
from threadly.core.database import driver_url

SECRET: Final = "Zm9yIHRlc3RzLCBhbmQgZm9yIG5vdGhpbmcgZWxzZQ"
PASSWORD: Final = "correct horse battery"
DEADLINE_SECONDS: Final = 2.0
BUSY_SECONDS: Final = 5.0
"""What a busy machine may need on top of a deadline."""
PATIENT_SECONDS: Final = 120.0
BOUNDED_BY_THE_DEADLINE_ALONE: Final = {
    "ACCOUNTS_DATABASE__POOL_WAIT": "PT1M",
    "ACCOUNTS_DATABASE__STATEMENT_TIMEOUT": "PT1M",
}
UNHURRIED: Final = {"ACCOUNTS_DEADLINE": "PT1M", **BOUNDED_BY_THE_DEADLINE_ALONE}
"""Where something else than the deadline is tried: a busy machine takes long to hash, and to recover."""
READERS: Final = 4
TABLES_LOCK: Final = 4_711_001
"""As accounts.py has it."""


@dataclass(frozen=True)
class Accounts:
    """It runs."""

    at: str
    server: PostgreSQL

    def post(self, path: str, address: str, password: str = PASSWORD) -> tuple[int, Message, Any]:
        body = json.dumps({"address": address, "password": password}).encode()
        status, headers, answer = ask(self.at + path, body, within=PATIENT_SECONDS)
        return status, headers, json.loads(answer)

    def get(self, path: str, token: str = "") -> tuple[int, Message, Any]:
        status, headers, answer = ask(self.at + path, within=PATIENT_SECONDS, token=token)
        return status, headers, json.loads(answer)

    def signed_in(self, address: str) -> str:
        """The token of a new session."""
        status, _, answer = self.post("/sessions", address)
        assert status == 201
        return str(answer["token"])

    def member(self, address: str) -> str:
        """The same, of a new account."""
        assert self.post("/accounts", address)[0] == 201
        return self.signed_in(address)

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """What is kept."""
        with asked(self.server) as ask_server:
            return ask_server(statement, *values)

    def state(self, address: str) -> tuple[object, ...]:
        """Accounts with this address, wrong guesses, sessions."""
        (row,) = self.rows(
            "SELECT count(DISTINCT accounts.id), coalesce(max(failures), 0), count(sessions.id)"
            " FROM accounts LEFT JOIN sessions ON account_id = accounts.id WHERE address = $1",
            address,
        )
        return row


@contextmanager
def asked(server: PostgreSQL) -> Iterator[Callable[..., list[tuple[object, ...]]]]:
    """A connection past all that is tried; what it locks it keeps until the end."""
    loop = asyncio.new_event_loop()
    try:
        connection = loop.run_until_complete(asyncpg.connect(driver_url(server.direct_url)))
        try:
            yield lambda *question: [tuple(row) for row in loop.run_until_complete(connection.fetch(*question))]
        finally:
            loop.run_until_complete(connection.close())
    finally:
        loop.close()


def waiting(server: PostgreSQL) -> object:
    """How many wait for what another has locked."""
    with asked(server) as ask_server:
        return ask_server("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0]


@contextmanager
def started(server: PostgreSQL, **told: str) -> Iterator[Accounts]:
    """One that may not answer yet."""
    port = free_port()
    settings = {"ACCOUNTS_DATABASE__URL": server.url, "ACCOUNTS_SECRET": SECRET, "ACCOUNTS_PORT": str(port)}
    process = start("accounts", settings | told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Accounts(f"http://127.0.0.1:{port}", server)
    finally:
        process.kill()
        process.wait()


def answers(one: Accounts) -> bool:
    try:
        return one.get("/me")[0] == 401
    except OSError:
        return False


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """One that nobody else uses, and an environment that is made."""
    refused("accounts", {})
    with a_postgresql() as postgresql:
        yield postgresql


@pytest.fixture(scope="module")
def accounts(server: PostgreSQL) -> Iterator[Accounts]:
    """One of two that came at once to make the tables, and both answer."""
    with ExitStack() as running:
        with asked(server) as other:
            other("SELECT pg_advisory_lock($1)", TABLES_LOCK)
            both = [running.enter_context(started(server, **UNHURRIED)) for _ in range(2)]
            eventually(lambda: waiting(server) == len(both), within=READY_SECONDS, what="both wait for their turn")
        for each in both:
            eventually(partial(answers, each), within=READY_SECONDS, what="it answers")
        yield both[0]


def test_all_that_is_wrong_with_its_settings_is_said_at_once_and_no_value_is_repeated() -> None:
    said = refused("accounts", {"ACCOUNTS_SECRET": "swordfish", "ACCOUNTS_PROT": "8083"})
    assert "ACCOUNTS_DATABASE__URL is missing" in said
    assert "ACCOUNTS_SECRET (environment) should be text, secret, 32 characters or more" in said
    assert "ACCOUNTS_PROT (environment) is no setting; did you mean ACCOUNTS_PORT?" in said
    assert "swordfish" not in said


def test_without_its_database_it_ends_and_says_why_in_a_sentence(server: PostgreSQL) -> None:
    told = {"ACCOUNTS_DATABASE__URL": f"postgresql://accounts@127.0.0.1:{free_port()}/accounts"}
    said = refused("accounts", told | {"ACCOUNTS_SECRET": SECRET, "ACCOUNTS_PORT": str(free_port())}, code=3)
    assert "The application cannot start: DatabaseUnavailable (database_unavailable), by ConnectionRefusedError" in said
    assert "Traceback" not in said


def test_where_its_server_has_no_such_database_it_says_that_in_a_sentence(server: PostgreSQL) -> None:
    told = {"ACCOUNTS_DATABASE__URL": urlsplit(server.direct_url)._replace(path="/nope").geturl()}
    said = refused("accounts", told | {"ACCOUNTS_SECRET": SECRET, "ACCOUNTS_PORT": str(free_port())}, code=3)
    assert "The application cannot start: DatabaseMissing (database_missing), by InvalidCatalogNameError: " in said
    assert 'database "nope" does not exist' in said
    assert "Traceback" not in said


def test_nothing_of_threadly_but_its_database_package_is_installed_or_needed(server: PostgreSQL) -> None:
    others = ("litestar", "granian", "jinja2", "babel", "cyclopts", "rich", "pyvips", "redis", "argon2", "fastapi")
    assert installed("accounts", others, needed="threadly.core.database, starlette") == []


def test_its_types_are_right(server: PostgreSQL) -> None:
    assert_typed("accounts")


def test_whoever_signs_up_and_in_is_known_by_a_token_and_neither_it_nor_the_password_is_kept(
    accounts: Accounts,
) -> None:
    token = accounts.member("Ada@example.org")
    status, _, me = accounts.get("/me", token)
    assert (status, me["address"]) == (200, "ada@example.org")
    assert accounts.state("ada@example.org") == (1, 0, 1)
    (kept,) = accounts.rows(
        "SELECT accounts::text || sessions::text, password_hash, token_hash FROM accounts"
        " JOIN sessions ON account_id = accounts.id WHERE address = 'ada@example.org'"
    )
    for secret in (PASSWORD, token):
        assert secret not in str(kept)
        assert secret.encode().hex() not in str(kept[0])


def test_an_address_that_is_taken_is_a_typed_refusal_and_nothing_has_changed(accounts: Accounts) -> None:
    accounts.member("grace@example.org")
    before = accounts.rows("SELECT * FROM accounts ORDER BY id")
    status, headers, problem = accounts.post("/accounts", "GRACE@example.org", "quite another one")
    assert (status, problem["code"]) == (409, "address_taken")
    assert headers["content-type"] == "application/problem+json"
    assert accounts.rows("SELECT * FROM accounts ORDER BY id") == before


def test_wrong_passwords_are_counted_and_after_five_the_right_one_is_refused_too(accounts: Accounts) -> None:
    accounts.member("alan@example.org")
    for count in range(1, 6):
        status, _, problem = accounts.post("/sessions", "alan@example.org", f"wrong password {count}")
        assert (status, problem["code"]) == (401, "sign_in_refused")
        assert accounts.state("alan@example.org") == (1, count, 1)
    refusals = [accounts.post("/sessions", address) for address in ("alan@example.org", "nobody@example.org")]
    assert [refusal[2]["code"] for refusal in refusals] == ["sign_in_refused"] * 2  # nor is it told who has an account
    assert refusals[0][2] == refusals[1][2]
    assert accounts.state("alan@example.org") == (1, 5, 1)


def test_many_who_guess_at_once_have_no_more_guesses_than_one(accounts: Accounts) -> None:
    accounts.member("joan@example.org")
    guess = partial(accounts.post, "/sessions", "joan@example.org")
    with ThreadPoolExecutor(8) as guessers:
        with asked(accounts.server) as other:
            other("BEGIN")
            other("SELECT 1 FROM accounts WHERE address = 'joan@example.org' FOR UPDATE")
            guesses = [guessers.submit(guess, f"a wrong guess, {number}") for number in range(8)]
            eventually(lambda: waiting(accounts.server) == 8, within=READY_SECONDS, what="all wait for their turn")
        assert {each.result()[0] for each in guesses} == {401}
    assert accounts.state("joan@example.org") == (1, 5, 1)


def test_a_right_password_forgets_the_wrong_ones(accounts: Accounts) -> None:
    accounts.member("mary@example.org")
    assert accounts.post("/sessions", "mary@example.org", "a wrong password")[0] == 401
    assert accounts.state("mary@example.org") == (1, 1, 1)
    accounts.signed_in("mary@example.org")
    assert accounts.state("mary@example.org") == (1, 0, 2)


def test_sessions_are_shown_page_by_page_and_another_s_mark_leads_nowhere(accounts: Accounts) -> None:
    mine = [accounts.member("edsger@example.org"), *(accounts.signed_in("edsger@example.org") for _ in range(10))]
    _, _, first = accounts.get("/sessions", mine[0])
    _, _, last = accounts.get(f"/sessions?after={first['after']}", mine[0])
    assert (len(first["sessions"]), len(last["sessions"]), last["after"]) == (10, 1, None)
    shown = [session["id"] for session in first["sessions"] + last["sessions"]]
    assert shown == sorted(set(shown), reverse=True)
    other = accounts.member("barbara@example.org")
    status, _, problem = accounts.get(f"/sessions?after={first['after']}", other)
    assert (status, problem["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    ("case", "body", "status"),
    [
        ("no JSON", b"{", 400),
        ("not all of it", b'{"address": "a@example.org"}', 400),
        ("more than there is", b'{"address": "a@b.c", "password": "long enough it is", "admin": true}', 400),
        ("a NUL", b'{"address": "a\\u0000@b.c", "password": "long enough it is"}', 400),
        ("half a character", b'{"address": "\\ud800@b.c", "password": "long enough it is"}', 400),
        ("half a character in the password", b'{"address": "a@b.c", "password": "\\ud800long enough"}', 400),
        ("a short password", b'{"address": "a@b.c", "password": "elevenchars"}', 400),
        ("too large", b" " * 5000, 413),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_has_changed(
    accounts: Accounts, case: str, body: bytes, status: int
) -> None:
    before = accounts.rows("SELECT count(*) FROM accounts")
    told, headers, answer = ask(f"{accounts.at}/accounts", body)
    assert (told, headers["content-type"]) == (status, "application/problem+json"), case
    assert json.loads(answer)["status"] == status
    assert accounts.rows("SELECT count(*) FROM accounts") == before


def test_who_is_not_signed_in_and_what_is_nowhere_are_problems_as_well(accounts: Accounts) -> None:
    status, headers, problem = accounts.get("/me", "made-up")
    assert (status, problem["code"], headers["www-authenticate"]) == (401, "unauthenticated", "Bearer")
    assert [accounts.get(path)[2]["code"] for path in ("/nowhere", "/accounts")] == ["not_found", "method_not_allowed"]


def test_while_the_server_hangs_answers_come_by_the_deadline_and_nothing_is_written(server: PostgreSQL) -> None:
    told = {"ACCOUNTS_DEADLINE": f"PT{DEADLINE_SECONDS}S", **BOUNDED_BY_THE_DEADLINE_ALONE}
    with started(server, **told) as one:
        eventually(partial(answers, one), within=READY_SECONDS, what="it answers")
        token = eventually_member(one, "linus@example.org")
        before = one.state("linus@example.org")
        questions = partial(one.get, "/me", token), partial(one.post, "/sessions", "linus@example.org")
        with server.frozen():
            for question in questions:
                began = time.monotonic()
                status, headers, problem = question()
                took = time.monotonic() - began
                assert (status, problem["status"]) == (503, 503)
                assert problem["code"] in {"database_too_slow", "database_unavailable"}
                assert (headers["content-type"], headers["retry-after"]) == ("application/problem+json", "1")
                assert took < DEADLINE_SECONDS + BUSY_SECONDS
        eventually(lambda: one.get("/me", token)[0] == 200, within=READY_SECONDS, what="it answers again")
        assert one.state("linus@example.org") == before


def eventually_member(one: Accounts, address: str) -> str:
    """As `member`; on a busy machine the first try may miss a deadline."""
    eventually(lambda: one.post("/accounts", address)[0] in {201, 409}, within=READY_SECONDS, what="signed up")
    tokens: list[str] = []

    def tried() -> bool:
        tokens.extend(filter(None, [one.post("/sessions", address)[2].get("token")]))
        return bool(tokens)

    eventually(tried, within=READY_SECONDS, what="signed in")
    return tokens[0]


def test_no_read_fails_while_the_server_is_killed_and_started_again(accounts: Accounts) -> None:
    token = accounts.member("dennis@example.org")
    statuses, is_over = [], Event()

    def read() -> None:
        while not is_over.is_set():
            statuses.append(accounts.get("/me", token)[0])

    with ThreadPoolExecutor(READERS) as readers:
        reading = [readers.submit(read) for _ in range(READERS)]
        try:
            eventually(lambda: len(statuses) > 10 * READERS, within=READY_SECONDS, what="they read")
            with accounts.server.killed():
                pass
            read_until_then = len(statuses)
            eventually(
                lambda: len(statuses) > read_until_then + 10 * READERS, within=PATIENT_SECONDS, what="they go on"
            )
        finally:
            is_over.set()
    assert [each.result() for each in reading] == [None] * READERS
    assert set(statuses) == {200}
    assert accounts.state("dennis@example.org") == (1, 0, 1)
    assert accounts.signed_in("dennis@example.org")
