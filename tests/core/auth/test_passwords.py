"""Passwords: which may be one, what a hash costs, and that the event loop goes on meanwhile."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from threadly.core.auth import AuthSettings, Passwords, PasswordsBusy
from threadly.core.auth.passwords import MOST, prepared, refusal

SETTINGS = AuthSettings()
CHEAP = AuthSettings(hash_memory_kib=8 * 1024, hash_passes=1)


@pytest.fixture
def hashing() -> Iterator[Passwords]:
    """With the default cost."""
    passwords = Passwords(SETTINGS)
    yield passwords
    passwords.close()


def test_the_default_cost_is_at_least_owasps_minimum() -> None:
    assert SETTINGS.hash_memory_kib >= 19 * 1024
    assert SETTINGS.hash_passes >= 2
    assert SETTINGS.hash_lanes >= 1


async def test_a_password_is_recognised_and_others_are_not(hashing: Passwords) -> None:
    kept = await hashing.hash("correct horse")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "correct" not in kept
    assert await hashing.hash("correct horse") != kept
    assert await hashing.matches("correct horse", kept)
    for other in ("correct horse ", "Correct horse", "", "x" * 60_000):
        assert not await hashing.matches(other, kept)


async def test_a_password_is_the_same_from_every_keyboard(hashing: Passwords) -> None:
    kept = await hashing.hash("cafe\u0301 au lait")
    assert await hashing.matches("café\u00a0au lait", kept)
    assert not await hashing.matches("cafe au lait", kept)


@pytest.mark.parametrize("pair", [("x²", "x2"), ("ﬁ", "fi"), ("Ａ", "A")])
def test_what_is_written_otherwise_is_another_password(pair: tuple[str, str]) -> None:
    assert prepared(pair[0]) != prepared(pair[1])


class Timed(Passwords):
    """Writes down what each comparison takes of a core, whatever else the machine does."""

    def __init__(self, settings: AuthSettings) -> None:
        super().__init__(settings)
        self.seconds: list[float] = []

    def _matches(self, password: str, kept: str) -> bool:
        began = time.thread_time()
        found = super()._matches(password, kept)
        self.seconds.append(time.thread_time() - began)
        return found


async def test_where_nothing_is_kept_it_takes_as_long_and_nothing_matches() -> None:
    hashing = Timed(SETTINGS)
    kept = await hashing.hash("correct horse")
    for _ in range(9):
        assert not await hashing.matches("wrong horse", kept)
        assert not await hashing.matches("wrong horse", None)
    known, unknown = min(hashing.seconds[::2]), min(hashing.seconds[1::2])
    assert 0.8 < unknown / known < 1.25
    assert not await hashing.matches("", None)
    hashing.close()


async def test_what_is_kept_broken_matches_nothing(hashing: Passwords) -> None:
    for kept in ("", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "swordfish"):
        assert not await hashing.matches("swordfish", kept)


async def test_a_hash_of_other_settings_is_good_and_outdated() -> None:
    cheap, dear = Passwords(CHEAP), Passwords(SETTINGS)
    kept = await cheap.hash("correct horse")
    assert await dear.matches("correct horse", kept)
    assert dear.is_outdated(kept)
    assert not cheap.is_outdated(kept)
    cheap.close()
    dear.close()


async def test_one_more_than_may_wait_is_refused_at_once_and_the_others_are_served() -> None:
    passwords = Passwords(AuthSettings(hash_queue=2), threads=1)
    waiting = [asyncio.create_task(passwords.hash("correct horse")) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(PasswordsBusy) as refused:
        await passwords.hash("correct horse")
    assert not any(task.done() for task in waiting)
    assert refused.value.retry_after_seconds == 1
    assert len(await asyncio.gather(*waiting)) == 3
    assert await passwords.hash("correct horse")
    passwords.close()


async def test_who_leaves_makes_room_for_others() -> None:
    passwords = Passwords(AuthSettings(hash_queue=2), threads=1)
    for _ in range(4):
        leaving = [asyncio.create_task(passwords.hash("correct horse")) for _ in range(3)]
        await asyncio.sleep(0.01)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        await asyncio.sleep(0.3)
    assert await passwords.hash("correct horse")
    passwords.close()


async def test_the_event_loop_goes_on_while_twenty_sign_in(hashing: Passwords) -> None:
    """Counted is the processor time of the loop's own thread between two of its turns: others may use the machine."""
    kept = await hashing.hash("correct horse")
    turns: list[float] = []

    async def probe() -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            turns.append(now - before)
            before = now
            await asyncio.sleep(0.002)

    watching = asyncio.create_task(probe())
    assert all(await asyncio.gather(*(hashing.matches("correct horse", kept) for _ in range(20))))
    watching.cancel()
    assert len(turns) > 20  # a loop that waited for the hashes would have had one or two
    assert max(turns) < 0.020


@pytest.mark.parametrize(
    ("case", "password", "code"),
    [
        ("seven characters", "a1b2c3d", "password_too_short"),
        ("eight", "a1b2c3d9", None),
        ("eight, written as twelve", "e\u0301" * 4 + "abcd", None),
        ("seven, written as eight", "e\u0301abcdef", "password_too_short"),
        ("eight emoji", "🧵🧶👗👠👜🧥🧦👒", None),
        ("the longest", "ab" * (MOST // 2), None),
        ("one more", "ab" * (MOST // 2) + "c", "password_too_long"),
        ("the longest, decomposed", "e\u0301a" * (MOST // 2), None),
        ("60 KB", "a" * 60_000, "password_too_long"),
        ("60 KB of marks", "a" + "\u0316" * 30_000, "password_too_long"),
        ("only spaces", " " * 8, "password_common"),
        ("small letters only", "wollknaeuel", None),
        ("common", "password", "password_common"),
        ("common, in capitals", "PassWord123", "password_common"),
        ("common, in Cyrillic", "йцукенгш", "password_common"),
        ("one letter", "z" * 20, "password_common"),
        ("the username", "mila-ivanova", "password_names_you"),
        ("with the username in it", "xxMila-Ivanovaxx", "password_names_you"),
        ("the address", "mila@shop.example", "password_names_you"),
        ("a short name by chance", "abolition", None),
    ],
)
def test_a_password_must_be_long_enough_and_not_the_first_guess(case: str, password: str, code: str | None) -> None:
    found = refusal(password, about=("mila-ivanova", "mila@shop.example", "abo"))
    assert (found and found.code) == code


def test_sixty_kilobytes_cost_nothing() -> None:
    began = time.process_time()
    for _ in range(1_000):
        assert refusal("a" * 60_000) is not None
    assert time.process_time() - began < 0.1
