"""What the tables refuse, whoever writes."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.core.database.jobs import shop
from threadly.core.database import Database

JOB = "INSERT INTO jobs (name, payload, created_at, {}) VALUES ('shop.greet', '{{}}', now(), {})"

OUTBOX = "INSERT INTO outbox (kind, name, payload, {}) VALUES ('job', 'a', '{{}}', {})"


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        ("ck_jobs_name_form", "INSERT INTO jobs (name, payload, created_at) VALUES ('Shop greet', '{}', now())"),
        ("ck_jobs_attempts_are_counted", JOB.format("attempts", "-1")),
        ("ck_jobs_last_error_length", JOB.format("last_error", "repeat('x', 201)")),
        ("ck_jobs_the_dead_tell_why", JOB.format("dead_at", "now()")),
        ("ck_jobs_the_dead_tell_why", JOB.format("dead_at, last_error, worker", "now(), 'oops', 'w1'")),
        ("ck_schedules_name_form", "INSERT INTO schedules (name, due_at) VALUES ('', now())"),
        ("pk_schedules", "INSERT INTO schedules (name, due_at) VALUES ('a', now()), ('a', now())"),
        ("ck_outbox_kind", "INSERT INTO outbox (kind, name, payload) VALUES ('rumour', 'a', '{}')"),
        ("ck_outbox_name_form", "INSERT INTO outbox (kind, name, payload) VALUES ('event', 'a.', '{}')"),
        ("ck_outbox_delay_is_bounded", OUTBOX.format("delay", "'-1 s'")),
        ("ck_outbox_delay_is_bounded", OUTBOX.format("delay", "'366 days 1 s'")),
        ("ck_outbox_key_length", OUTBOX.format("key", "repeat('x', 256)")),
        ("ck_inbox_lengths", "INSERT INTO inbox (consumer, message_id) VALUES ('a', repeat('x', 256))"),
        ("ck_inbox_lengths", "INSERT INTO inbox (consumer, message_id) VALUES (repeat('x', 101), '1')"),
        ("pk_inbox", "INSERT INTO inbox (consumer, message_id) VALUES ('a', '1'), ('a', '1')"),
    ],
)
async def test_a_row_that_breaks_a_rule_is_refused(db: Database, constraint: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{constraint}"'):
        await shop.change(db, statement)
    for table in ("jobs", "schedules", "outbox", "inbox"):
        assert await shop.count(db, table) == 0
