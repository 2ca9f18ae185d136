"""`threadly security events`: what protections have seen, for people and programs."""

import msgspec
import pytest
from sqlalchemy import text

from tests.making import a_credential, a_member
from threadly.cli import app
from threadly.commands.errors import MigrationsMissing, OptionInvalid
from threadly.core.config import ConfigurationError
from threadly.core.database import Database
from threadly.core.keys import Key, KeyRing
from threadly.core.security.events.accounts import digest_now

MEMBER = "00000000-0000-0000-0000-000000000007"
OTHER = "20260901T080000Z:mK9jH3gF7dS1aP5oI2uY8tR4eW6qZ0xN"
ROWS = f"""
    INSERT INTO security_events VALUES
    (now(), 'limit_hit', 'a', 12, now(), now(), NULL, '203.0.113.0/24', '{{"limit": "auth"}}'),
    (now(), 'sign_in_failed', 'b', 3, now(), now(), '{MEMBER}', '203.0.113.0/24', '{{"account": "ab12"}}'),
    (now() - interval '1 day', 'limit_hit', 'a', 1, now(), now(), NULL, '198.51.100.0/24', '{{"limit": "search"}}')
"""


async def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    await app.run_async(["security", "events", *arguments], result_action="return_value")
    return capsys.readouterr().out


@pytest.fixture
async def seen(stocked: Database) -> None:
    """Three rows."""
    async with stocked.engine.begin() as connection:
        await connection.execute(text(ROWS))


@pytest.mark.usefixtures("seen")
async def test_people_read_what_was_seen_and_how_often(capsys: pytest.CaptureFixture[str]) -> None:
    said = await run(capsys)
    assert [line.split() for line in said.splitlines()[:4]] == [
        ["In", "all"], ["kind", "events", "subjects"], ["limit_hit", "13", "1"], ["sign_in_failed", "3", "1"],
    ]  # fmt: skip
    rows = [line.split()[2:] for line in said.splitlines()[7:]]
    assert rows == [
        ["sign_in_failed", "3", "203.0.113.0/24", MEMBER, "account", "ab12"],
        ["limit_hit", "12", "203.0.113.0/24", "–", "limit", "auth"],
        ["limit_hit", "1", "198.51.100.0/24", "–", "limit", "search"],
    ]


@pytest.mark.usefixtures("seen")
@pytest.mark.parametrize(
    ("arguments", "fingerprints"),
    [
        ((), "baa"),
        (("--kind", "limit_hit"), "aa"),
        (("--since", "2h"), "ba"),
        (("--member", MEMBER), "b"),
        (("--network", "203.0.113.99"), "ba"),
        (("--network", "198.51.100.0/24"), "a"),
        (("--kind", "unknown_host"), ""),
    ],
)
async def test_programs_read_what_they_asked_for(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], fingerprints: str
) -> None:
    told = msgspec.json.decode(await run(capsys, "--json", *arguments))
    assert "".join(row["fingerprint"] for row in told["events"]) == fingerprints
    assert told["next"] is None


@pytest.fixture
async def tried(stocked: Database) -> Database:
    """Sign-ins that failed: by a member's username, by their address, by a name of nobody, and under another key."""
    member = await a_member(stocked, username="mila")
    await a_credential(stocked, member.id, email="mila.k@shop.example")
    ring, other = KeyRing.of(b"0123456789abcdef" * 2), KeyRing([Key.read(OTHER)])
    accounts = {
        "username": digest_now("mila", ring),
        "address": digest_now("mila.k@shop.example", ring),
        "nobodys": digest_now("sergej", ring),
        "other key": digest_now("mila", other),
    }
    rows = [
        f"(now(), 'sign_in_failed', '{name}', 1, now(), now(), NULL, NULL, jsonb_build_object('account', '{account}'))"
        for name, account in accounts.items()
    ]
    async with stocked.engine.begin() as connection:
        await connection.execute(text(f"INSERT INTO security_events VALUES {', '.join(rows)}"))
    return stocked


@pytest.mark.usefixtures("tried")
@pytest.mark.parametrize(
    ("account", "keys", "fingerprints"),
    [
        ("mila", "", {"username", "address"}),
        (" Mila.K@SHOP.example", "", {"username", "address"}),
        ("mila", OTHER, {"username", "address", "other key"}),
        ("sergej", "", {"nobodys"}),
        ("somebody-else", "", set()),
    ],
)
async def test_sign_ins_that_failed_are_found_by_the_name_that_people_know(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, account: str, keys: str, fingerprints: set[str]
) -> None:
    monkeypatch.setenv("THREADLY_SECURITY__KEYS", keys)
    told = msgspec.json.decode(await run(capsys, "--json", "--account", account))
    assert {row["fingerprint"] for row in told["events"]} == fingerprints
    assert sum(total["count"] for total in told["totals"]) == len(fingerprints)


@pytest.mark.usefixtures("tried")
@pytest.mark.parametrize("account", ["mila", "mila.k@shop.example", "sergej", "nobody-at-all"])
async def test_the_name_of_an_account_is_neither_printed_nor_logged(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, account: str
) -> None:
    caplog.set_level(0)
    await app.run_async(["security", "events", "--account", account], result_action="return_value")
    said = capsys.readouterr()
    assert account not in said.out + said.err + caplog.text


@pytest.mark.usefixtures("seen")
async def test_without_the_key_no_account_is_said_to_be_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THREADLY_SECURITY__SECRET")
    with pytest.raises(ConfigurationError, match="THREADLY_SECURITY__SECRET is missing"):
        await app.run_async(["security", "events", "--account", "mila"], result_action="return_value")


@pytest.mark.usefixtures("seen")
async def test_a_page_says_how_to_ask_for_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    said = await run(capsys, "--most", "2")
    cursor = said.splitlines()[-1].rpartition("--after ")[2]
    told = msgspec.json.decode(await run(capsys, "--json", "--most", "2", "--after", cursor))
    assert [row["facts"] for row in told["events"]] == [{"limit": "search"}]


async def test_the_newest_comes_first_also_within_a_window_and_a_line_is_never_broken(
    stocked: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stocked.engine.begin() as connection:
        rows = (
            "VALUES (now(), 'limit_hit', 'a', 1, now(), now(), NULL, NULL, jsonb_build_object('at', repeat('x', 150)))"
        )
        await connection.execute(text(f"INSERT INTO security_events {rows}"))
        rows = "VALUES (now(), 'unknown_host', 'b', 1, $$2020-01-01Z$$, $$2020-01-01Z$$, NULL, NULL, '{}')"
        await connection.execute(text(f"INSERT INTO security_events {rows}"))
    lines = (await run(capsys)).splitlines()[-2:]
    assert [line.split()[2] for line in lines] == ["limit_hit", "unknown_host"]
    assert "x" * 150 in lines[0]


@pytest.mark.usefixtures("stocked")
async def test_of_an_account_of_which_nothing_is_found_it_is_said_under_which_keys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said, not_found = (await run(capsys, "--account", "nobody-at-all")).splitlines()
    assert said == "✓ Nothing was seen under the keys that are set here: first."
    assert not_found.endswith("is not found by name.")


@pytest.mark.usefixtures("stocked")
async def test_nothing_is_said_to_be_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(capsys) == "✓ Nothing was seen.\n"


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--kind", "limits"), "--kind is one of: body_refused, csp_violation, csrf_violation, "),
        (("--network", "here"), "--network is an address"),
        (("--since", "then"), "--since is"),
        (("--member", "nobody-at-all"), "--member is the id or the username"),
        (("--after", "?"), "--after is"),
        (("--account", " "), "--account is a username or an address"),
        (("--account", "mila\udcff"), "--account is a username or an address, as people sign in by it.$"),
        (("--account", "mila", "--kind", "limit_hit"), "--kind is sign_in_failed where --account is said"),
    ],
)
async def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], why: str) -> None:
    with pytest.raises(OptionInvalid, match=why):
        await app.run_async(["security", "events", *arguments], result_action="return_value")


@pytest.mark.usefixtures("bare")
async def test_before_the_tables_are_there_it_is_refused() -> None:
    with pytest.raises(MigrationsMissing):
        await app.run_async(["security", "events"], result_action="return_value")
