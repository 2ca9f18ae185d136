"""Each revision, taken back and run again in a shop that has data, loses what was told before, and nothing else."""

from typing import Any

from sqlalchemy import text

from tests.making import a_brand, a_credential, a_listing, a_member, a_picture, a_session
from threadly.core.database import Database
from threadly.core.database.migrate import chain, downgrade, status, upgrade
from threadly.core.database.migrating.integrity import examine
from threadly.core.database.migrating.losses import losses
from threadly.marketplace.listings import ListingStatus
from threadly.migrations import MIGRATIONS

REGAINED = {"0014": {"seller_totals"}}
"""Tables that the upgrade fills again by itself."""

REST = """
    insert into size_systems values ('eu', 'EU', 1);
    insert into sizes values (gen_random_uuid(), 'eu', '38', 1);
    insert into colours values ('red', 'Red', '#ff0000', 1);
    insert into materials values ('linen', 'Linen', 1);
    update listings set size_id = (select id from sizes), colour = 'red', material = 'linen' where status = 'available';
    insert into picture_files (name) select name from pictures;
    insert into listing_prices (listing_id, price_minor, currency, at)
    select id, price_minor, currency, now() from listings where price_minor is not null;
    insert into listing_view_counts select id, 7 from listings where status = 'available';
    insert into favourites select seller_id, id, now() from listings where status = 'available';
    insert into trending select id, 1 from listings where status = 'available';
    insert into audit_log (act, actor, cause, target) values ('member.signed_up', 'member 1', 'test', 'member 1');
    insert into security_events values (now(), 'limit_hit', 'ab', 1, now(), now(), null, '192.0.2.0/24', '{}');
    insert into search_terms values ('brand', 'levis', 'levis', 'Levi''s', 1)
"""


async def fill(db: Database) -> None:
    """Some of everything, a draft that is hardly begun included."""
    brand = await a_brand(db, "Levi's")
    seller = await a_member(db)
    await a_session(db, seller.id)
    await a_credential(db, seller.id)
    await a_picture(db, owner_id=seller.id)
    await a_listing(db, seller_id=seller.id, brand_id=brand.id)
    nothing: dict[str, Any] = {
        "category_id": None,
        "group_id": None,
        "department_id": None,
        "condition": None,
        "price_minor": None,
    }
    draft: dict[str, Any] = {
        "status": ListingStatus.DRAFT,
        "published_at": None,
        "title": "",
        "description": "",
        "brand_name": "Mine",
    }
    await a_listing(db, seller_id=seller.id, pictures=0, **nothing, **draft)
    async with db.engine.begin() as connection:
        for statement in REST.split(";"):
            await connection.execute(text(statement))


async def test_what_is_lost_is_what_was_told_and_the_schema_comes_back(owner: Database) -> None:
    await fill(owner)
    known = chain(MIGRATIONS)
    told_in_all = 0
    for at in reversed(range(len(known))):
        revision, below = known[at], known[at - 1] if at else "base"
        before = (await examine(owner, MIGRATIONS)).rows
        told = await losses(owner, MIGRATIONS, below)
        assert {loss.revision for loss in told} <= {revision}
        assert (await examine(owner, MIGRATIONS)).rows == before, "to look loses nothing"
        await downgrade(owner, MIGRATIONS, below)
        after = (await examine(owner, MIGRATIONS)).rows
        fewer = {table: had - after.get(table, 0) for table, had in before.items() if had != after.get(table, 0)}
        fewer = {table: rows for table, rows in fewer.items() if table not in REGAINED.get(revision, ())}
        assert fewer == {loss.table: loss.rows for loss in told if loss.column is None}, revision
        told_in_all += len(told)

        await upgrade(owner, MIGRATIONS, revision, anyway=True)
        assert (await status(owner, MIGRATIONS)).current == revision
        kept = (await examine(owner, MIGRATIONS)).rows
        assert {table: kept[table] for table in after} == after, revision
        await downgrade(owner, MIGRATIONS, below)
    assert told_in_all > 20
    await upgrade(owner, MIGRATIONS, anyway=True)
    assert (await examine(owner, MIGRATIONS)).findings == []


async def test_what_comes_back_by_itself_comes_back_as_it_was(owner: Database) -> None:
    await fill(owner)
    read = text("SELECT id, document FROM listings ORDER BY id")
    async with owner.engine.connect() as connection:
        before = (await connection.execute(read)).all()
    await downgrade(owner, MIGRATIONS, "0007")  # drafts are in the tables since then
    await downgrade(owner, MIGRATIONS, "0004")
    await upgrade(owner, MIGRATIONS, anyway=True)
    async with owner.engine.connect() as connection:
        after = (await connection.execute(read)).all()
    assert set(after) <= set(before)
    assert after
