"""examples/guarded: the protections around a FastAPI application, its Valkey hanging and killed while it is asked."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
import pytest
from redis import Redis

from tests.examples.serving import READY_SECONDS, assert_typed, free_port, installed, refused, start
from tests.faults.breakable import MEMORY, Valkey
from tests.processes import eventually

NOT_NEEDED: Final = ("sqlalchemy", "asyncpg", "alembic", "litestar", "granian", "jinja2", "babel", "pyvips", "argon2")
TOKEN: Final = "Zm9yIHByb2dyYW1zLCBpbiB0ZXN0cyBhbmQgbm93aGVyZSBlbHNl"
CHANGES: Final = 10
"""A minute, as guarded.py has it."""
PATIENT_SECONDS: Final = 30.0
ELSEWHERE: Final = "https://elsewhere.example"
PICTURE: Final = b"GIF89a" + bytes(1000)
MOST_BYTES: Final = 256 * 1024


@dataclass(frozen=True)
class Wishes:
    """It runs."""

    at: str
    valkey: Valkey

    @contextmanager
    def browser(self, **headers: str) -> Iterator[tuple[httpx.Client, str]]:
        """Of a reader, who has the page before them; with the token in its forms."""
        with httpx.Client(base_url=self.at, headers=headers, timeout=PATIENT_SECONDS) as client:
            page = client.get("/")
            yield client, page.text.partition('name="csrf_token" value="')[2].partition('"')[0]

    def kept(self) -> list[str]:
        """All wishes."""
        wishes: list[str] = httpx.get(f"{self.at}/api/wishes", timeout=PATIENT_SECONDS).json()["wishes"]
        return wishes

    def health(self) -> dict[str, str]:
        """As it tells it."""
        told: dict[str, str] = httpx.get(f"{self.at}/healthz", timeout=PATIENT_SECONDS).json()
        return told

    def wish(self, text: str) -> httpx.Response:
        """As a program makes one."""
        shown = {"authorization": f"Bearer {TOKEN}"}
        return httpx.post(f"{self.at}/api/wishes", json={"text": text}, headers=shown, timeout=PATIENT_SECONDS)


@contextmanager
def served(valkey: Valkey, **more: str) -> Iterator[Wishes]:
    port = free_port()
    at = f"http://127.0.0.1:{port}"
    told = {"GUARDED_VALKEY_URL": valkey.url, "GUARDED_PORT": str(port), "GUARDED_SITE": at, "GUARDED_TOKEN": TOKEN}
    told |= {"GUARDED_SECRET": "Zm9yIGZvcm1zLCBpbiB0ZXN0cyBhbmQgbm93aGVyZSBlbHNlLg", **more}
    process = start("guarded", told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    one = Wishes(at, valkey)
    try:
        eventually(partial(answers, one), within=READY_SECONDS, what="it answers")
        yield one
    finally:
        process.kill()
        process.wait()


def answers(one: Wishes) -> bool:
    try:
        answer = httpx.get(f"{one.at}/healthz", timeout=PATIENT_SECONDS)
    except httpx.TransportError:
        return False
    return answer.is_redirect or answer.json()["status"] == "pass"


@pytest.fixture(scope="module", autouse=True)
def environment() -> None:
    """Its environment is made."""
    refused("guarded", {})


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    with TemporaryDirectory(dir=MEMORY) as folder:
        one = Valkey(Path(folder))
        with one.proxy.running():
            one.start()
            try:
                yield one
            finally:
                one.stop()


@pytest.fixture
def wishes(valkey: Valkey) -> Iterator[Wishes]:
    """Started anew for each test, and nobody has asked anything yet."""
    with Redis.from_url(valkey.url) as memory:
        memory.flushall()
    with served(valkey) as one:
        yield one


def test_it_says_all_that_it_wants_to_be_told_and_repeats_no_value() -> None:
    said = refused("guarded", {"GUARDED_TOKEN": "swordfish", "GUARDED_PORT": "swordfish"})
    for name in ("GUARDED_VALKEY_URL", "GUARDED_SECRET", "GUARDED_TOKEN", "GUARDED_PORT"):
        assert name in said
    assert "swordfish" not in said


def test_nothing_of_the_marketplace_nor_of_the_database_is_installed_or_needed() -> None:
    needed = "threadly.core.security, threadly.core.security.limits, threadly.core.lifecycle"
    assert installed("guarded", NOT_NEEDED, needed=needed) == []


def test_its_types_are_right() -> None:
    assert_typed("guarded")


def test_a_form_works_for_its_reader_and_not_from_elsewhere(wishes: Wishes) -> None:
    with wishes.browser() as (client, token):
        new = client.post("/wishes", data={"text": "wool"}, headers={"origin": wishes.at})
        old = client.post("/wishes", data={"csrf_token": token, "text": "linen"})
        by_header = client.post("/wishes", data={"text": "silk"}, headers={"x-csrf-token": token})
        foreign = client.post("/wishes", data={"text": "rats"}, headers={"origin": ELSEWHERE})
        hidden = client.post("/wishes", data={"csrf_token": token, "text": "rats"}, headers={"origin": "null"})
        bare = client.post("/wishes", data={"text": "rats"})
    with wishes.browser() as (other, _):
        borrowed = other.post("/wishes", data={"csrf_token": token, "text": "rats"})

    assert [answer.status_code for answer in (new, old, by_header)] == [303, 303, 303]
    for refusal in (foreign, hidden, bare, borrowed):
        assert (refusal.status_code, refusal.json()["code"]) == (403, "cross_origin_refused")
        assert refusal.headers["content-type"] == "application/problem+json"
    assert wishes.kept() == ["wool", "linen", "silk"]


def test_what_is_typed_is_text_on_the_page_and_browsers_are_told_to_run_nothing_else(wishes: Wishes) -> None:
    assert wishes.wish("<script>alert(1)</script>").status_code == 201
    page = httpx.get(wishes.at)
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"


def test_a_program_shows_its_token_and_needs_no_other(wishes: Wishes) -> None:
    assert wishes.wish("wool").json() == {"text": "wool"}
    wrong = {"authorization": f"Bearer {TOKEN[::-1]}"}
    assert httpx.post(f"{wishes.at}/api/wishes", json={"text": "rats"}, headers=wrong).status_code == 401
    assert httpx.post(f"{wishes.at}/api/wishes", json={"text": "rats"}).status_code == 401
    assert wishes.kept() == ["wool"]


def test_only_its_own_address_is_answered(wishes: Wishes) -> None:
    answer = httpx.get(wishes.at, headers={"host": "elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (421, "host_unknown")


def test_a_picture_is_taken_and_one_that_is_too_large_is_not(wishes: Wishes) -> None:
    with wishes.browser(origin=wishes.at) as (client, _):
        taken = client.post("/pictures", files={"picture": ("cat.gif", PICTURE, "image/gif")})
        assert (taken.status_code, taken.json()) == (201, {"bytes": len(PICTURE)})
        told = client.post("/pictures", files={"picture": ("cat.gif", bytes(MOST_BYTES), "image/gif")})
        parts = {"content-type": "multipart/form-data; boundary=part"}
        head = b'--part\r\nContent-Disposition: form-data; name="picture"; filename="cat.gif"\r\n\r\n'
        untold = client.post("/pictures", content=iter([head, *[bytes(64 * 1024)] * 5]), headers=parts)
        for refusal in (told, untold):
            assert (refusal.status_code, refusal.json()["code"]) == (413, "body_too_large")
        elsewhere = client.post("/wishes", content=bytes(20 * 1024))
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (413, "body_too_large")
        assert elsewhere.headers["connection"] == "close"
    assert wishes.kept() == []


def test_limits_are_told_and_hold_for_whatever_changes_something(wishes: Wishes) -> None:
    answers = [wishes.wish(f"{number}") for number in range(CHANGES + 1)]
    left = [answer.headers["ratelimit"].partition(";r=")[2].partition(";")[0] for answer in answers]
    assert left == [*map(str, reversed(range(CHANGES))), "0"]
    assert answers[0].headers["ratelimit-policy"] == '"changes";q=10;w=60'
    refusal = answers[-1]
    assert (refusal.status_code, refusal.json()["code"]) == (429, "limit_reached")
    assert 1 <= int(refusal.headers["retry-after"]) <= 6  # one of ten a minute
    assert len(wishes.kept()) == CHANGES
    assert httpx.get(wishes.at).status_code == 200


def sent_for(wishes: Wishes, number: int) -> int:
    """As a proxy would send on what another address asks."""
    said = {"x-forwarded-for": f"203.0.{number}.1", "authorization": f"Bearer {TOKEN}"}
    return httpx.post(f"{wishes.at}/api/wishes", json={"text": "wool"}, headers=said).status_code


def test_nobody_is_believed_to_ask_for_another_unless_they_are_a_proxy_that_was_named(wishes: Wishes) -> None:
    asked = [sent_for(wishes, number) for number in range(CHANGES + 2)]
    assert asked == [201] * CHANGES + [429] * 2

    with served(wishes.valkey, GUARDED_PROXIES="192.0.2.0/24") as elsewhere:
        assert sent_for(elsewhere, CHANGES + 2) == 429


@pytest.mark.parametrize("proxies", ["127.0.0.1", "127.0.0.1/32", "10.0.0.0/8, 127.0.0.1"])
def test_a_proxy_that_was_named_is_believed_however_that_is_written(wishes: Wishes, proxies: str) -> None:
    with served(wishes.valkey, GUARDED_PROXIES=proxies) as behind:
        assert [sent_for(behind, number) for number in range(CHANGES + 2)] == [201] * (CHANGES + 2)


def test_nobody_is_believed_to_have_come_by_https_unless_a_proxy_that_was_named_says_so(wishes: Wishes) -> None:
    said = {"x-forwarded-proto": "https"}
    with served(wishes.valkey, GUARDED_SITE="https://127.0.0.1") as bare:
        refusal = httpx.get(bare.at, headers=said)
        assert (refusal.status_code, refusal.headers["location"]) == (308, "https://127.0.0.1/")
        changing = httpx.post(f"{bare.at}/wishes", data={"text": "rats"}, headers=said)
        assert (changing.status_code, changing.json()["code"]) == (403, "https_needed")
    with served(wishes.valkey, GUARDED_SITE="https://127.0.0.1", GUARDED_PROXIES="127.0.0.1") as behind:
        assert httpx.get(behind.at, headers=said).status_code == 200


@pytest.mark.parametrize("trouble", ["hangs", "is killed"])
def test_limits_carry_on_while_valkey_is_gone_and_nothing_is_granted_twice(wishes: Wishes, trouble: str) -> None:
    assert wishes.health() == {"status": "pass", "limits": "shared"}
    began = time.monotonic()
    before = [wishes.wish("before").status_code for _ in range(4)]
    with wishes.valkey.frozen() if trouble == "hangs" else wishes.valkey.killed():
        meanwhile = [wishes.wish("meanwhile").status_code for _ in range(CHANGES)]
        assert wishes.health()["status"] == "warn"
        assert httpx.get(wishes.at, timeout=PATIENT_SECONDS).status_code == 200
    eventually(lambda: wishes.health()["status"] == "pass", within=PATIENT_SECONDS, what="limits are shared again")
    after = [wishes.wish("after").status_code for _ in range(CHANGES)]
    come_back = (time.monotonic() - began) * CHANGES / 60

    assert before == [201] * 4
    tried = before + meanwhile + after
    assert set(tried) == {201, 429}
    assert meanwhile[:2] == [201] * 2
    assert tried.count(201) <= CHANGES + come_back + 1
    assert len(wishes.kept()) == tried.count(201)
