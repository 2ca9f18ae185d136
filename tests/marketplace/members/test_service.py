"""Members come, and change what they say of themselves. A refusal leaves nothing behind."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.making import a_credential, a_member, a_session
from threadly.core.auth import AuthSettings, Issued, sessions
from threadly.core.auth.sessions import Session
from threadly.core.database import Database
from threadly.core.errors import FieldsRefused
from threadly.marketplace import members
from threadly.marketplace.members import (
    Credential,
    Member,
    MemberNotFound,
    NewMember,
    PasswordChangedMeanwhile,
    Profile,
    ProfileChanges,
)

SETTINGS = AuthSettings()
HASH = "$argon2id$one"


def _new(username: str = "mila", email: str = "mila@shop.example") -> NewMember:
    return NewMember(username=username, email=email, password="seven wool coats")


async def _sign_up(db: Database, new: NewMember) -> Issued:
    return await db.run(members.sign_up, new, password_hash=HASH, settings=SETTINGS, user_agent="Firefox")


async def _counted(db: Database) -> tuple[int, ...]:
    async with db.read() as read:
        return tuple(
            [
                (await read.execute(select(func.count()).select_from(table))).scalar_one()
                for table in (Member, Credential, Session)
            ]
        )


async def test_who_signs_up_is_a_member_with_a_session(db: Database) -> None:
    issued = await _sign_up(db, _new("Mila"))
    assert await sessions.recognised(db, issued.token, settings=SETTINGS) == issued.actor
    async with db.read() as read:
        own = await members.account(read, issued.actor.id)
    assert (own.username, own.display_name, own.email) == ("Mila", "Mila", "mila@shop.example")


async def test_a_taken_username_is_refused_in_any_case_and_nothing_is_left(db: Database) -> None:
    await _sign_up(db, _new("mila"))
    before = await _counted(db)
    for name in ("mila", "MILA"):
        with pytest.raises(FieldsRefused) as refused:
            await _sign_up(db, _new(name, "other@shop.example"))
        assert refused.value.refusals["username"].code == "username_taken"
    assert await _counted(db) == before == (1, 1, 1)


async def test_of_many_who_want_one_username_at_once_one_gets_it(db: Database) -> None:
    answers = await asyncio.gather(*(_sign_up(db, _new()) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, Issued) for answer in answers) == 1
    assert sum(isinstance(answer, FieldsRefused) for answer in answers) == 4
    assert await _counted(db) == (1, 1, 1)


async def test_a_known_address_makes_another_account(db: Database) -> None:
    first = await _sign_up(db, _new("mila"))
    second = await _sign_up(db, _new("mila2"))
    assert first.actor.id != second.actor.id
    assert await _counted(db) == (2, 2, 2)


async def test_what_the_policy_refuses_is_not_written(db: Database) -> None:
    with pytest.raises(FieldsRefused):
        await _sign_up(db, _new("admin"))
    assert await _counted(db) == (0, 0, 0)


async def test_each_sign_in_is_a_session_of_its_own(db: Database) -> None:
    first = await _sign_up(db, _new())
    facts: dict[str, Any] = {"verified_hash": HASH, "settings": SETTINGS}
    second = await db.run(members.sign_in, first.actor.id, fresh_hash=None, **facts)
    assert second.actor.session_id != first.actor.session_id
    assert second.token != first.token

    await db.run(members.sign_in, first.actor.id, fresh_hash="$argon2id$two", **facts)
    async with db.read() as read:
        assert await members.kept_password(read, first.actor.id) == "$argon2id$two"
    with pytest.raises(PasswordChangedMeanwhile):
        await db.run(members.sign_in, first.actor.id, fresh_hash=None, **facts)
    assert await _counted(db) == (1, 1, 3)


async def test_another_password_ends_every_other_session(db: Database) -> None:
    here = await _sign_up(db, _new())
    there = await a_session(db, here.actor.id)
    somebody = await a_session(db, uuid4())
    await db.run(members.change_password, here.actor, verified_hash=HASH, new_hash="$argon2id$two")

    for issued, good in ((here, True), (there, False), (somebody, True)):
        assert (await sessions.recognised(db, issued.token, settings=SETTINGS) is not None) is good
    with pytest.raises(PasswordChangedMeanwhile):
        await db.run(members.change_password, here.actor, verified_hash=HASH, new_hash="$argon2id$three")
    async with db.read() as read:
        assert await members.kept_password(read, here.actor.id) == "$argon2id$two"


async def test_a_profile_is_changed_or_left_as_it_was(db: Database) -> None:
    member = await a_member(db, display_name="Mila", bio="Wool.")
    await a_credential(db, member.id)
    with pytest.raises(FieldsRefused):
        await db.run(members.edit_profile, member.id, Profile(display_name="Мила", bio="", place="x" * 101))
    async with db.read() as read:
        assert (await members.account(read, member.id)).display_name == "Mila"

    await db.run(members.edit_profile, member.id, Profile(display_name="Мила", bio="", place="Plovdiv"))
    async with db.read() as read:
        own = await members.account(read, member.id)
    assert (own.display_name, own.bio, own.place) == ("Мила", "", "Plovdiv")
    with pytest.raises(MemberNotFound):
        await db.run(members.edit_profile, uuid4(), Profile(display_name="Мила", bio="", place=""))


async def test_of_two_edits_at_once_neither_undoes_the_other(db: Database) -> None:
    member = await a_member(db, display_name="Mila", bio="", place="")
    await a_credential(db, member.id)
    for number in range(5):
        bio, place = f"Bio {number}", f"Place {number}"
        await asyncio.gather(
            db.run(members.edit_profile, member.id, ProfileChanges(bio=bio)),
            db.run(members.edit_profile, member.id, ProfileChanges(place=place)),
        )
        async with db.read() as read:
            own = await members.account(read, member.id)
        assert (own.display_name, own.bio, own.place) == ("Mila", bio, place)
