"""Who is meant by a name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.conftest import CountStatements
from tests.making import a_credential, a_member
from threadly.core.database import Database
from threadly.marketplace import members
from threadly.marketplace.members import MemberNotFound

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADDRESS = "mila@shop.example"


async def _meant(db: Database, name: str) -> UUID | None:
    async with db.read() as read:
        found = await members.candidate(read, name)
    return None if found is None else found.member_id


async def test_a_username_means_its_owner_in_any_case(db: Database) -> None:
    member = await a_member(db, username="Mila_I")
    await a_credential(db, member.id)
    for name, known in (("mila_i", True), ("MILA_I", True), ("mila-i", False), ("", False), ("%", False)):
        assert await _meant(db, name) == (member.id if known else None)


async def test_who_cannot_sign_in_is_nobody(db: Database) -> None:
    await a_member(db, username="mila")
    assert await _meant(db, "mila") is None


async def test_an_address_means_the_first_who_wrote_it_down_until_one_has_confirmed_it(db: Database) -> None:
    first, second, third = [await a_member(db) for _ in range(3)]
    await a_credential(db, second.id, email=ADDRESS.upper(), created_at=THEN + timedelta(hours=1))
    await a_credential(db, first.id, email=ADDRESS, created_at=THEN)
    assert await _meant(db, ADDRESS) == first.id
    await a_credential(
        db, third.id, email=ADDRESS, created_at=THEN + timedelta(hours=2), email_confirmed_at=THEN + timedelta(days=1)
    )
    assert await _meant(db, "Mila@Shop.Example") == third.id


async def test_looking_for_somebody_is_one_statement_whoever_it_is(
    db: Database, count_statements: CountStatements
) -> None:
    await a_credential(db, (await a_member(db, username="mila")).id, email=ADDRESS)
    async with db.read() as read:
        for name in ("mila", "nobody", ADDRESS, "nobody@shop.example"):
            assert await count_statements(db, members.candidate(read, name)) == 1


async def test_a_member_sees_all_of_their_account(db: Database) -> None:
    member = await a_member(db, username="mila", bio="Wool.")
    await a_credential(db, member.id, email=ADDRESS)
    async with db.read() as read:
        own = await members.account(read, member.id)
        assert (own.username, own.email, own.bio, own.joined_at) == ("mila", ADDRESS, "Wool.", member.joined_at)
        assert await members.kept_password(read, member.id) == "$argon2id$x"
        assert await members.kept_password(read, uuid4()) is None
        with pytest.raises(MemberNotFound):
            await members.account(read, uuid4())
