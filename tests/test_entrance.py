"""Signing up and in as both faces do it: each attempt costs one hash, and tells nothing but whether it worked.

The long form of the measurement: THREADLY_TEST_SIGN_IN_ROUNDS=200.
"""

import os
import statistics
import time
from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY

from threadly import entrance
from threadly.core.auth import AuthSettings, Passwords, sessions
from threadly.core.errors import FieldsRefused
from threadly.marketplace import members
from threadly.marketplace.members import NewMember, SignInRefused
from threadly.settings import Settings
from threadly.wiring import Services, services

ROUNDS = int(os.environ.get("THREADLY_TEST_SIGN_IN_ROUNDS", "5"))
ADDRESS, PASSWORD, HOME = "mila@shop.example", "seven wool coats", "192.0.2.7"


class Counted(Passwords):
    """Counts what it hashes."""

    hashes = 0

    def _matches(self, password: str, kept: str) -> bool:
        self.hashes += 1
        return super()._matches(password, kept)

    async def hash(self, password: str) -> str:
        self.hashes += 1
        return await super().hash(password)


@pytest.fixture
async def counted(installed: Services) -> AsyncIterator[tuple[Services, Counted]]:
    """Services that count hashes, with a member."""
    passwords = Counted(installed.settings.auth)
    built = Services(**{name: getattr(installed, name) for name in installed.__slots__} | {"passwords": passwords})
    await _sign_up(built, "mila")
    passwords.hashes = 0
    yield built, passwords
    passwords.close()


async def _sign_up(installed: Services, username: str, email: str = ADDRESS, password: str = PASSWORD) -> None:
    await entrance.sign_up(
        installed, NewMember(username=username, email=email, password=password), user_agent="", network=HOME
    )


async def _sign_in(installed: Services, name: str, password: str) -> bool:
    try:
        await entrance.sign_in(installed, name, password, user_agent="", network=HOME)
    except SignInRefused:
        return False
    return True


@pytest.mark.parametrize(
    ("case", "name", "password", "welcome"),
    [
        ("username", "mila", PASSWORD, True),
        ("username, in capitals", "MILA", PASSWORD, True),
        ("address", ADDRESS, PASSWORD, True),
        ("wrong password", "mila", "seven wool goats", False),
        ("wrong password, by address", ADDRESS, "seven wool goats", False),
        ("unknown name", "nobody", PASSWORD, False),
        ("unknown address", "nobody@shop.example", PASSWORD, False),
        ("no name", "", PASSWORD, False),
        ("no password", "mila", "", False),
        ("neither", "", "", False),
        ("a NUL's worth of nonsense", "a" * 500_000, PASSWORD, False),
    ],
)
async def test_each_attempt_to_sign_in_costs_one_hash(
    counted: tuple[Services, Counted], case: str, name: str, password: str, welcome: bool
) -> None:
    installed, passwords = counted
    assert await _sign_in(installed, name, password) is welcome
    assert passwords.hashes == 1


async def test_an_address_that_several_wrote_down_costs_one_hash_too(counted: tuple[Services, Counted]) -> None:
    installed, passwords = counted
    await _sign_up(installed, "eve", password="eve was here first")
    passwords.hashes = 0
    assert not await _sign_in(installed, ADDRESS, "eve was here first")
    assert await _sign_in(installed, ADDRESS, PASSWORD)
    assert await _sign_in(installed, "eve", "eve was here first")
    assert passwords.hashes == 3


@pytest.mark.parametrize("email", [ADDRESS, "new@shop.example"])
async def test_each_sign_up_costs_one_hash_whoever_has_the_address(
    counted: tuple[Services, Counted], email: str
) -> None:
    installed, passwords = counted
    await _sign_up(installed, "mila2", email)
    assert passwords.hashes == 1


async def test_what_is_refused_for_its_form_costs_no_hash(counted: tuple[Services, Counted]) -> None:
    installed, passwords = counted
    for attempt in (
        _sign_up(installed, "admin"),
        _sign_up(installed, "mila3", password="a" * 60_000),
        _sign_in(installed, "mila", "a" * 60_000),
    ):
        with pytest.raises(FieldsRefused):
            await attempt
    assert passwords.hashes == 0


async def test_known_and_unknown_take_the_same_time(settings: Settings) -> None:
    """By the default cost; each known one right before an unknown one, since the machine does other things too."""

    async def taken(installed: Services, name: str) -> float:
        began = time.perf_counter()
        assert not await _sign_in(installed, name, "seven wool goats")
        return time.perf_counter() - began

    async with services(settings.model_copy(update={"auth": AuthSettings()})) as installed:
        await _sign_up(installed, "mila")
        ratios = [
            await taken(installed, known) / await taken(installed, unknown)
            for _ in range(ROUNDS)
            for known, unknown in (("mila", "nobody"), (ADDRESS, "nobody@shop.example"))
        ]
    bound = 1.15 if ROUNDS >= 100 else 2
    assert 1 / bound < statistics.median(ratios) < bound


async def test_who_signs_in_after_a_change_of_settings_is_hashed_anew(installed: Services) -> None:
    await _sign_up(installed, "mila")
    dearer = installed.settings.auth.model_copy(update={"hash_memory_kib": 9 * 1024})
    changed = installed.settings.model_copy(update={"auth": dearer})
    async with services(changed) as built:
        for _ in range(2):
            assert await _sign_in(built, "mila", PASSWORD)
        async with built.db.read() as read:
            found = await members.candidate(read, "mila")
        assert found is not None
        assert "m=9216" in found.password_hash


async def test_a_password_is_changed_by_who_knows_it(installed: Services) -> None:
    issued = await entrance.sign_up(
        installed, NewMember(username="mila", email=ADDRESS, password=PASSWORD), user_agent="", network=HOME
    )
    elsewhere = await entrance.sign_in(installed, "mila", PASSWORD, user_agent="", network=HOME)
    for current, new, field, code in (
        ("wrong", "eight wool coats", "current_password", "password_wrong"),
        ("a" * 60_000, "eight wool coats", "current_password", "password_wrong"),
        (PASSWORD, "short", "new_password", "password_too_short"),
        (PASSWORD, "a" * 60_000, "new_password", "password_too_long"),
        (PASSWORD, "password1", "new_password", "password_common"),
        (PASSWORD, "xx-mila-xx", "new_password", "password_names_you"),
    ):
        with pytest.raises(FieldsRefused) as refused:
            await entrance.change_password(installed, issued.actor, current=current, new=new)
        assert {name: refusal.code for name, refusal in refused.value.refusals.items()} == {field: code}
    assert await sessions.recognised(installed.db, elsewhere.token, settings=installed.settings.auth)

    await entrance.change_password(installed, issued.actor, current=PASSWORD, new="eight wool coats")
    assert not await _sign_in(installed, "mila", PASSWORD)
    assert await _sign_in(installed, "mila", "eight wool coats")
    assert not await sessions.recognised(installed.db, elsewhere.token, settings=installed.settings.auth)
    assert await sessions.recognised(installed.db, issued.token, settings=installed.settings.auth)


async def test_nobody_signs_up_as_the_shop(installed: Services) -> None:
    site = installed.settings.site.model_copy(update={"name": "Kleine Runde"})
    settings = installed.settings.model_copy(update={"site": site})
    theirs = Services(**{name: getattr(installed, name) for name in installed.__slots__} | {"settings": settings})

    with pytest.raises(FieldsRefused) as refused:
        await _sign_up(theirs, "kleine_runde")
    assert [refusal.code for refusal in refused.value.refusals.values()] == ["username_reserved"]
    await _sign_up(installed, "kleine_runde")


async def test_attempts_are_counted_by_how_they_come_out(installed: Services) -> None:
    def came_out(outcome: str) -> float:
        return REGISTRY.get_sample_value("threadly_sign_ins_total", {"outcome": outcome}) or 0.0

    await _sign_up(installed, "mila")
    before = {outcome: came_out(outcome) for outcome in ("signed_in", SignInRefused.code)}
    assert await _sign_in(installed, "mila", PASSWORD)
    assert not await _sign_in(installed, "mila", "another password")
    assert not await _sign_in(installed, "nobody", PASSWORD)
    assert {outcome: came_out(outcome) - value for outcome, value in before.items()} == {
        "signed_in": 1,
        SignInRefused.code: 2,
    }
