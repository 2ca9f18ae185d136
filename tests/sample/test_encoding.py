"""What is encoded here is what PostgreSQL reads."""

from datetime import UTC, datetime
from uuid import UUID

from threadly.core.database import Database
from threadly.sample import encoding
from threadly.sample.loading import copy

ID = UUID("019b76da-a800-7bd8-8ac8-662f5085f4a4")
MOMENT = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


async def test_every_kind_of_field_arrives_as_it_was_sent(db: Database) -> None:
    kinds = "a text, b text, c uuid, d bigint, e integer, f smallint, g timestamptz, h timestamptz, i timestamptz"
    async with db.engine.begin() as connection:
        await connection.exec_driver_sql(f"CREATE TEMPORARY TABLE sent ({kinds})")
        raw = await connection.get_raw_connection()
        fields = (
            encoding.text("Чудно, \t\\N\n£"),
            encoding.text(None),
            encoding.uuid(ID),
            encoding.bigint(-(1 << 62)),
            encoding.integer(-7),
            encoding.smallint(7),
            encoding.timestamp(MOMENT),
            encoding.timestamps(encoding.microseconds(MOMENT), None),
        )
        row = encoding.COUNT(9) + b"".join(fields)
        await copy(raw.driver_connection, "sent", tuple("abcdefghi"), [row, row])
        found = (await connection.exec_driver_sql("SELECT * FROM sent")).all()
    assert [tuple(arrived) for arrived in found] == [
        ("Чудно, \t\\N\n£", None, ID, -(1 << 62), -7, 7, MOMENT, MOMENT, None)
    ] * 2
