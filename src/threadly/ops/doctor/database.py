"""PostgreSQL: does it answer, is it new enough, does it hold this release, and does it let all of us in."""

import time
from typing import Any, Final

from threadly.core import clock
from threadly.core.config import Profile
from threadly.core.database import driver_url, roles
from threadly.core.database.ownership import OWNERSHIP, Ownership, of_row
from threadly.core.database.primary import Primary
from threadly.ops.checks import LATE_JOBS_SECONDS, OVERDUE_SECONDS
from threadly.ops.doctor.certificates import judge_certificate
from threadly.ops.doctor.clocks import judge_clock
from threadly.ops.doctor.findings import Findings
from threadly.ops.doctor.owner import PATIENCE_SECONDS, UNREACHED, judge_owner, why_not
from threadly.ops.doctor.replicas import end_of_log, judge_replicas
from threadly.ops.revisions import revisions
from threadly.settings import Settings, connections_of
from threadly.tables import AUDIT_LOG, TABLES

_OLDEST: Final = 160000
_EXTENSIONS: Final = ("unaccent", "pg_trgm", "btree_gin")

_FACTS: Final = """
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
           clock_timestamp() AS now, current_setting('max_connections')::int AS most,
           current_setting('superuser_reserved_connections')::int
               + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
           (SELECT datctype FROM pg_database WHERE datname = current_database()) AS ctype, lower('РОКЛЯ É') AS lower,
           ARRAY(SELECT extname::text FROM pg_extension) AS extensions,
           to_regclass('alembic_version') IS NOT NULL AS is_migrated,
           has_table_privilege(to_regclass('jobs'), 'SELECT')
               AND has_table_privilege(to_regclass('schedules'), 'SELECT')
               AND has_table_privilege(to_regclass('outbox'), 'SELECT') AS has_jobs,
           coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS is_encrypted
"""
_JOBS: Final = """
    SELECT count(*) FILTER (WHERE dead_at IS NULL AND worker IS NULL) AS waiting,
           count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead,
           coalesce(extract(epoch FROM clock_timestamp() - min(due_at) FILTER (WHERE dead_at IS NULL)), 0)::float
               AS late,
           (SELECT extract(epoch FROM clock_timestamp() - min(due_at))::float FROM schedules) AS overdue,
           (SELECT count(*) FROM outbox WHERE refusal IS NOT NULL) AS refused
    FROM (SELECT * FROM jobs LIMIT 100000) AS looked_at
"""


async def look(settings: Settings, found: Findings) -> None:
    """Looks at all of it, on one connection."""
    url = driver_url(settings.database.url.get_secret_value())
    began = time.perf_counter()
    try:
        connection = await Primary(url).connect(  # which asks all hosts at once
            timeout=PATIENCE_SECONDS, server_settings={"application_name": "threadly doctor"}
        )
    except UNREACHED as refusal:
        seen, do = why_not(refusal)
        do = f"{do} THREADLY_DATABASE__URL says where it is: docs/runbooks/database.md"
        found.judge("answers", seen, expected="an answer", do=do, is_good=False)
        return
    try:
        asked_at = clock.now()
        facts = await connection.fetchrow(_FACTS)
        taken = (time.perf_counter() - began) * 1000
        found.good("answers", f"PostgreSQL {facts['version']}, in {taken:.0f} ms", expected="an answer")
        judge_clock(facts["now"], asked_at=asked_at, found=found)
        _judge_server(facts, settings, found)
        serving = of_row(await connection.fetchrow(OWNERSHIP.format(tables="$1::text[]"), TABLES))
        await _judge_schema(connection, facts, serving, found)
        await _judge_audit(connection, settings, found)
        if settings.database.owner_url is not None:
            await judge_owner(settings.database.owner_url, serving, found)
        if settings.database.replicas:
            await judge_replicas(await end_of_log(connection), settings, found)
    finally:
        connection.terminate()  # never in good order: it may hang
    if facts["is_encrypted"]:
        await judge_certificate(url, found)


def _judge_server(facts: Any, settings: Settings, found: Findings) -> None:  # noqa: ANN401 - the driver's row
    found.judge(
        "version",
        facts["version"],
        expected="16 or newer",
        do="Bring it to a release that is maintained.",
        is_good=facts["number"] >= _OLDEST,
    )
    knows_letters = facts["ctype"] not in {"C", "POSIX"} and facts["lower"] == "рокля é"
    found.judge(
        "locale",
        f"{facts['ctype']}{'' if knows_letters else ': it knows the letters of English only'}",
        expected="C.UTF-8, ICU or another that knows all letters; not C",
        do="Create the database anew: … LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'.",
        is_good=knows_letters,
    )
    asked, most = connections_of(settings), facts["most"] - facts["reserved"]
    found.judge(
        "connections",
        f"we may ask for {asked} of {most} ({facts['most']} without {facts['reserved']} in reserve)",
        expected=f"{asked} or more",
        do="Raise max_connections, or lower THREADLY_DATABASE__POOL_SIZE or THREADLY_SERVER__WORKERS.",
        is_good=asked <= most,
    )


async def _judge_schema(connection: Any, facts: Any, serving: Ownership, found: Findings) -> None:  # noqa: ANN401
    ours = revisions()
    if serving.may_look:
        at = await connection.fetchval("SELECT version_num FROM alembic_version") if facts["is_migrated"] else None
        found.judge(
            "migrations",
            f"at {at or 'nothing'}",
            expected=f"at {ours.newest}",
            do="Restart what runs with the release that migrated it." if ours.is_ahead(at) else "threadly db upgrade",
            is_good=at == ours.newest,
            warns=ours.is_ahead(at),
        )
    else:
        found.judge(
            "rights",
            f"{serving.role} may not read the tables, which belong to {serving.owner}",
            expected="what `threadly db upgrade` gives the role that serves",
            do=f"threadly db upgrade, with THREADLY_DATABASE__OWNER_URL naming {serving.owner}, or who is to own them",
            is_good=False,
        )
    missing = [name for name in _EXTENSIONS if name not in facts["extensions"]]
    found.judge(
        "extensions",
        f"{', '.join(missing)} missing" if missing else ", ".join(_EXTENSIONS),
        expected=", ".join(_EXTENSIONS),
        do="threadly db upgrade; they come with PostgreSQL, and the database's owner may create them.",
        is_good=not missing,
    )
    if facts["has_jobs"]:
        _judge_jobs(await connection.fetchrow(_JOBS), found)


async def _judge_audit(connection: Any, settings: Settings, found: Findings) -> None:  # noqa: ANN401
    """Whether whoever serves can change what the audit log has recorded; nothing, where there is none yet."""
    row = await connection.fetchrow(roles.POWERS.format(table="$1::text"), AUDIT_LOG)
    if row is None:
        return
    powers = roles.in_words(row)
    found.judge(
        "audit log",
        f"the role that serves could change it: it {' and '.join(powers)}" if powers else "only grows for who serves",
        expected="a role that adds to it, and changes nothing",
        do="Let one role own the database, and another one serve: docs/guide/operations.md",
        is_good=not powers,
        warns=settings.profile is not Profile.PRODUCTION,
    )


def _judge_jobs(jobs: Any, found: Findings) -> None:  # noqa: ANN401 - the driver's row
    overdue, late = jobs["overdue"], max(jobs["late"], 0.0)
    found.judge(
        "job worker",
        "none has ever run here" if overdue is None else f"schedules were kept {max(overdue, 0.0):.0f} s late",
        expected=f"schedules within {OVERDUE_SECONDS:.0f} s",
        do="Start threadly work: docs/runbooks/jobs.md",
        is_good=overdue is not None and overdue <= OVERDUE_SECONDS,
        warns=True,
    )
    found.judge(
        "jobs",
        f"{jobs['waiting']} wait, the first {late:.0f} s late; {jobs['dead']} are dead, {jobs['refused']} were refused",
        expected=f"at most {LATE_JOBS_SECONDS:.0f} s late, none dead or refused",
        do="docs/runbooks/jobs.md",
        is_good=late <= LATE_JOBS_SECONDS and not jobs["dead"] and not jobs["refused"],
        warns=True,
    )
